import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLunaError } from '#kernel/errors';
import { parseMultipart } from './multipart.ts';

const type = 'multipart/form-data; boundary=xx';
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const part = (head: string, body: string): string => `--xx\r\n${head}\r\n\r\n${body}\r\n`;
const named = (name: string): string => `Content-Disposition: form-data; name="${name}"`;

const multipart = suite('multipart bodies');

multipart('parts have name, file name, type and exact bytes', () => {
  const binary = '\x00\r\n--x\r\n--\xff\r\n';
  const body =
    'preamble\r\n' +
    part(`${named('a')}; filename="b \\"c\\".jpg"\r\nContent-Type: IMAGE/JPEG; x=y`, binary) +
    part(`content-disposition: form-data; name=p\r\ncontent-type: application/json`, '{}') +
    part(`${named('utf')}; filename*=UTF-8''%C3%A4.jpg`, '') +
    '--xx--\r\nepilogue';
  const parts = parseMultipart(bytes(body), type);
  assert.equal(
    parts.map(({ bytes: content, ...rest }) => ({ ...rest, content: Buffer.from(content).toString('latin1') })),
    [
      { name: 'a', filename: 'b "c".jpg', contentType: 'image/jpeg', content: binary },
      { name: 'p', filename: '', contentType: 'application/json', content: '{}' },
      { name: 'utf', filename: 'ä.jpg', contentType: '', content: '' },
    ],
  );
});

multipart('what a browser makes is read', async () => {
  const form = new FormData();
  form.append('image', new Blob(['abc'], { type: 'image/png' }), 'ü.png');
  form.append('policies', '{}');
  const request = new Request('http://box/', { method: 'POST', body: form });
  const header = request.headers.get('content-type') ?? '';
  const parts = parseMultipart(new Uint8Array(await request.arrayBuffer()), header);
  assert.equal(
    parts.map(({ name, filename, contentType }) => [name, filename, contentType]),
    [
      ['image', 'ü.png', 'image/png'],
      ['policies', '', ''],
    ],
  );
});

const broken: readonly [what: string, body: string, header?: string][] = [
  ['no boundary in the header', part(named('a'), 'x'), 'multipart/form-data'],
  ['a boundary that is too long', part(named('a'), 'x'), `multipart/form-data; boundary=${'b'.repeat(71)}`],
  ['an empty body', ''],
  ['a boundary that does not occur', 'hello'],
  ['no part', '--xx--\r\n'],
  ['no end', `--xx\r\n${named('a')}\r\n\r\nbody`],
  ['headers without end', `--xx\r\n${named('a')}\r\nX: y`],
  ['headers that are too long', `${part(`${named('a')}\r\nX: ${'y'.repeat(9000)}`, 'x')}--xx--`],
  ['a header without a colon', `${part('nonsense', 'x')}--xx--`],
  ['no disposition', `${part('Content-Type: image/jpeg', 'x')}--xx--`],
  ['another disposition', `${part('Content-Disposition: attachment', 'x')}--xx--`],
  ['a transfer encoding', `${part(`${named('a')}\r\nContent-Transfer-Encoding: base64`, 'x')}--xx--`],
  ['a file name that is not UTF-8', `${part(`${named('a')}; filename*=UTF-8''%FF`, 'x')}--xx--`],
  ['too many parts', `${part(named('a'), 'x').repeat(65)}--xx--`],
];
for (const [what, body, header] of broken) {
  multipart(`${what} is bad data in multipart`, () => {
    let thrown: unknown;
    try {
      parseMultipart(bytes(body), header ?? type);
    } catch (error) {
      thrown = error;
    }
    assert.ok(isLunaError(thrown, 'BadMultipart'), String(thrown));
  });
}

multipart('no cut of a body hangs or is taken for whole', () => {
  const whole = bytes(`${part(`${named('a')}; filename="x"`, 'abc')}--xx--`);
  for (let end = 0; end < whole.length - 2; end++) {
    assert.throws(
      () => parseMultipart(whole.subarray(0, end), type),
      (error: unknown) => isLunaError(error, 'BadMultipart'),
      `${end}`,
    );
  }
});
multipart.run();
