import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LunaError } from '#kernel/errors';
import { parseAccountId, parseAuthorization } from './credentials.ts';

const base64 = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');

const headers = suite('credentials in headers');

headers('login and password of any characters come out as they went in', () => {
  const printable = fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .filter((s) => !/\p{Cc}/u.test(s) && s.isWellFormed());
  const login = printable.filter((s) => s !== '' && !s.includes(':'));
  fc.assert(
    fc.property(login, printable, (name, password) => {
      assert.equal(parseAuthorization(`Basic ${base64(`${name}:${password}`)}`), {
        kind: 'basic',
        login: name.toLowerCase(),
        password,
      });
    }),
    { numRuns: 500 },
  );
});

headers('the scheme is read in any case, padding may be missing, the password may hold colons', () => {
  const expected = { kind: 'basic', login: 'a', password: 'b:c' };
  assert.equal(parseAuthorization(`basic ${base64('a:b:c')}`), expected);
  assert.equal(parseAuthorization(`BASIC  ${base64('A:b:c').replace(/=/g, '')}`), expected);
  assert.equal(parseAuthorization('bearer a.b.c'), { kind: 'bearer', token: 'a.b.c' });
});

const malformed: readonly [what: string, header: string][] = [
  ['nothing', ''],
  ['blanks', '   '],
  ['no credentials', 'Basic'],
  ['empty credentials', 'Basic '],
  ['credentials without scheme', base64('a:b')],
  ['another scheme', 'Digest username="a"'],
  ['two values', `Basic ${base64('a:b')} ${base64('a:b')}`],
  ['two headers in one', `Basic ${base64('a:b')}, Basic ${base64('c:d')}`],
  ['broken base64', 'Basic a*b='],
  ['base64 cut off', 'Basic YTpiY'],
  ['base64 with the end in the middle', 'Basic YQ==YTpi'],
  ['base64 of URLs', 'Basic YTp-Pz8_'],
  ['no colon', `Basic ${base64('ab')}`],
  ['an empty login', `Basic ${base64(':b')}`],
  ['a NUL', `Basic ${base64('a:b\0c')}`],
  ['a line feed', `Basic ${base64('a\n:b')}`],
  ['bytes that are not UTF-8', `Basic ${base64(Uint8Array.of(0x61, 0x3a, 0xff, 0xfe))}`],
  ['half a surrogate pair', `Basic ${base64(Uint8Array.of(0x61, 0x3a, 0xed, 0xa0, 0x80))}`],
  ['a huge header', `Basic ${base64(`a:${'b'.repeat(30_000)}`)}`],
  ['a token with blanks inside', 'Bearer a b'],
  ['a token of other characters', 'Bearer ä.b.c'],
];
for (const [what, header] of malformed) {
  headers(`${what} is malformed: 12019, and the answer repeats no secret`, () => {
    try {
      parseAuthorization(header);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, LunaError);
      assert.is((error as LunaError).code, 12019);
      assert.is((error as LunaError).status, 401);
      const secret = header.split(' ').at(-1) ?? '';
      if (secret.length > 4) assert.not.ok((error as Error).message.includes(secret));
    }
  });
}

headers('whatever else is sent, the answer is 12019 or credentials, soon', () => {
  const base64ish = fc.stringMatching(/^(Basic|Bearer|basic|X) +[A-Za-z0-9+/=\-_. ]{0,200}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), base64ish), (header) => {
      try {
        const { kind } = parseAuthorization(header);
        assert.ok(kind === 'basic' || kind === 'bearer');
      } catch (error) {
        assert.is((error as LunaError).code, 12019);
      }
    }),
    { numRuns: 2000 },
  );
});

headers('an account id is a UUID in any case; everything else is 11037', () => {
  const id = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
  assert.is(parseAccountId(id.toUpperCase()), id);
  for (const value of ['', 'x', `${id}0`, `${id}, ${id}`, `{${id}}`, id.replaceAll('-', ''), '\0', 'é'.repeat(9999)]) {
    try {
      parseAccountId(value);
      assert.unreachable();
    } catch (error) {
      assert.is((error as LunaError).code, 11037);
      assert.ok((error as Error).message.length < 200);
    }
  }
});

headers.run();
