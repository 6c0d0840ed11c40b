import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLunaError } from '#kernel/errors';
import { binaryContentType, checkFormat, decodeBase64 } from './picture-format.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const formats = suite('picture formats');

formats('base64 in any of its forms is decoded, and garbage is refused', () => {
  const hello = Buffer.from('hello?>');
  for (const text of [
    'aGVsbG8/Pg==',
    'aGVsbG8/Pg',
    'aGVsbG8_Pg',
    'aGVs\r\nbG8/\nPg==\n',
    'data:image/jpeg;base64,aGVsbG8/Pg==',
  ]) {
    assert.equal(Buffer.from(decodeBase64(text)), hello, text);
  }
  for (const text of ['', '====', '!!!!', 'aGVs*G8=', 'aGVsbG8/Pg==aGVs', 'ä']) {
    assert.throws(
      () => decodeBase64(text),
      (error: unknown) => isLunaError(error, 'Base64'),
      text,
    );
  }
});

formats('the declared type has to fit the first bytes', () => {
  const png = bytes('\x89PNG\r\n\x1a\n');
  checkFormat(png, 'image/png');
  checkFormat(png, null);
  assert.throws(
    () => checkFormat(png, 'image/jpeg'),
    (e: unknown) => isLunaError(e, 'ContentTypeMismatch'),
  );
  for (const nothing of ['', 'hello', '<svg>']) {
    assert.throws(
      () => checkFormat(bytes(nothing), 'image/png'),
      (e: unknown) => isLunaError(e, 'ImageLoading'),
    );
  }
  assert.is(binaryContentType('image/x-portable-pixmap-base64'), 'image/x-portable-pixmap');
  assert.is(binaryContentType('image/x-jpeg-base64'), 'image/jpeg');
  assert.is(binaryContentType('image/webp'), 'image/webp');
});
formats.run();
