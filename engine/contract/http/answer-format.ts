/** Answers with descriptors: JSON with base64, or msgpack with bytes, as the client's `Accept` prefers (LP5 1.2). */
import { Packr } from 'msgpackr';
import { lunaError } from '#kernel/errors';
import { bytesToBase64 } from '../matching/raw-descriptors.ts';
import type { LunaContext } from './http.ts';

const formats = { json: /^(application|\*)\/(json|\*)$/, msgpack: /^application\/(x-)?msgpack$/ } as const;
export type AnswerFormat = keyof typeof formats;

/** JSON, unless the header names msgpack with a higher weight. Throws `NotAcceptable` when it takes neither. */
export function answerFormat(accept: string | undefined): AnswerFormat {
  if (!accept?.trim()) return 'json';
  let best: AnswerFormat | undefined;
  let bestWeight = 0;
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...params] = range.split(';').map((part) => part.trim());
    const weight = Number(params.find((param) => param.startsWith('q='))?.slice(2) ?? 1);
    const format = (['json', 'msgpack'] as const).find((name) => formats[name].test(type));
    if (!format || !(weight > bestWeight)) continue;
    best = format;
    bestWeight = weight;
  }
  if (!best) throw lunaError('NotAcceptable', { allowed: 'application/json, application/msgpack' });
  return best;
}

/** Answers 200 with `text`, which is JSON already. */
export function answerJson(context: LunaContext, text: string): Response {
  return context.body(text, 200, { 'Content-Type': 'application/json' });
}

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** Answers `body`, whose descriptors are bytes. */
export function answerWithBytes(context: LunaContext, body: object, status: 200 | 201): Response {
  if (answerFormat(context.req.header('accept')) === 'json') {
    return context.json(bytesToBase64(body) as object, status);
  }
  // A copy: the packer reuses its buffer.
  return context.body(new Uint8Array(packr.pack(body)), status, { 'Content-Type': 'application/msgpack' });
}
