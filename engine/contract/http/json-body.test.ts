import { Packr } from 'msgpackr';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LunaError } from '#kernel/errors';
import { limits } from '../established/names.ts';
import { bytesToBase64, unpackMsgpack } from '../matching/raw-descriptors.ts';
import { parseJsonBytes } from './json-body.ts';

const parse = (text: string): unknown => parseJsonBytes(Buffer.from(text));

function refusal(work: () => unknown): LunaError {
  try {
    work();
  } catch (error) {
    if (error instanceof LunaError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const bodies = suite('JSON bodies');

bodies('what is JSON comes out as the parser reads it, brackets and quotes in strings included', () => {
  for (const text of ['[]', ' {"a":[{},"]}[{","\\"{[","\\\\"]} ', '"[[["', '7', '[[],[],{"":{"a":null}}]']) {
    assert.equal(parse(text), JSON.parse(text), text);
  }
  assert.equal(parse('\ufeff{"a":1}'), { a: 1 });
});

bodies('the deepest that is allowed comes through, one more is refused', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.ok(parse(nested(limits.bodyDepth)));
  assert.is(refusal(() => parse(nested(limits.bodyDepth + 1))).code, 12022);
  assert.ok(parse(`[${'[[]],'.repeat(1000)}[]]`), 'many beside each other are not deep');
});

bodies('the refusal names the path of what is too deep', () => {
  const deep = `{"x":"[","urls":[1,{"key":2,"meta\\"":${'['.repeat(100_000)}`;
  assert.match(refusal(() => parse(deep)).message, /Path: 'urls\.1\.meta\\"\.0\.0\./);
});

bodies('what is no JSON is 12002, what is empty 12005', () => {
  for (const text of ['{', ']]]]', '"', '"\\', '[,:]', ',', ':', '}{']) {
    assert.is(refusal(() => parse(text)).code, 12002, text);
  }
  assert.is(refusal(() => parse(' \n')).code, 12005);
});

bodies('msgpack is bounded alike, whatever its reader can take', () => {
  let value: unknown = 'inside';
  for (let i = 0; i < limits.bodyDepth; i++) value = [value];
  const packr = new Packr();
  assert.equal(unpackMsgpack(packr.pack(value)), value);
  const error = refusal(() => unpackMsgpack(packr.pack({ references: [value] })));
  assert.is(error.code, 12022);
  assert.match(error.message, /Path: 'references\.0\.0\./);
  const deepest = Buffer.concat([Buffer.alloc(100_000, 0x91), Buffer.from([0xc0])]);
  assert.is(refusal(() => unpackMsgpack(deepest)).code, 12022);
});

bodies('bytes of an answer become base64, and what the client keeps in meta is left as it is', () => {
  const meta = { any: ['thing'] };
  const answer = bytesToBase64({ events: [{ meta, face: { data: Buffer.from('ab') } }] }) as {
    events: { meta: unknown; face: unknown }[];
  };
  assert.equal(answer.events[0]?.face, { data: 'YWI=' });
  assert.is(answer.events[0]?.meta, meta);
});

bodies.run();
