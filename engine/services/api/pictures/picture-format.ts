import { formatOfContentType } from '#contract/http/content-types';
import { formatOf } from '#domain/picture-format';
import { lunaError } from '#kernel/errors';

/** `image/jpeg` for `image/x-jpeg-base64`; the type itself for a binary one. */
export function binaryContentType(contentType: string): string {
  const word = /^image\/x-(\w[\w-]*?)-base64$/.exec(contentType)?.[1];
  if (word === undefined) return contentType;
  return word === 'portable-pixmap' ? 'image/x-portable-pixmap' : `image/${word}`;
}

/**
 * Throws `ImageLoading` 100022 for bytes that are no picture at all, `ContentTypeMismatch` 12025 when they are a picture
 * of another format than declared. Bytes that only look like a picture are found out by the decoder.
 */
export function checkFormat(bytes: Uint8Array, declared: string | null): void {
  if (bytes.length === 0) throw lunaError('ImageLoading', { reason: 'no bytes' });
  const actual = formatOf(bytes);
  const expected = declared === null ? null : (formatOfContentType(declared) ?? null);
  if (actual === null) throw lunaError('ImageLoading', { reason: 'not a picture of a known format' });
  if (expected !== null && actual !== expected) {
    throw lunaError('ContentTypeMismatch', { declared: declared ?? '', actual });
  }
}

/**
 * Bytes of base64 text, plain or url-safe, with or without padding, line ends or a `data:` prefix. Throws `Base64` 18001
 * when it holds other characters.
 */
export function decodeBase64(text: string): Uint8Array {
  const body = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  const compact = /\s/.test(body) ? body.replace(/\s+/g, '') : body;
  let end = compact.length;
  while (end > 0 && compact.length - end < 2 && compact[end - 1] === '=') end -= 1;
  const bytes = Buffer.from(compact, 'base64');
  // Node stops at or skips what is not base64: then fewer bytes come out than the characters stand for.
  if (bytes.length !== Math.floor((end * 3) / 4)) throw lunaError('Base64', { reason: 'other characters than base64' });
  if (bytes.length === 0) throw lunaError('Base64', { reason: 'empty' });
  return bytes;
}
