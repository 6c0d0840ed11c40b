import { isUuid } from '#contract/schemas';
import { lunaError } from '#kernel/errors';

export type Credentials = { kind: 'basic'; login: string; password: string } | { kind: 'bearer'; token: string };

/** Characters. A login and a password of 128 characters each, in UTF-8 and base64, fit twice. */
const longestHeader = 4096;

function malformed(reason: string): Error {
  return lunaError('AuthorizationMalformed', { reason });
}

function parseBasic(encoded: string): Credentials {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 === 1) throw malformed('not base64');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, 'base64'));
  } catch {
    throw malformed('not UTF-8');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617, 2 forbids exactly these
  if (/[\u0000-\u001f\u007f]/.test(text)) throw malformed('control characters');
  const colon = text.indexOf(':');
  if (colon < 0) throw malformed("no ':' between login and password");
  if (colon === 0) throw malformed('the login is empty');
  return { kind: 'basic', login: text.slice(0, colon).toLowerCase(), password: text.slice(colon + 1) };
}

/** Reads an `Authorization` header (RFC 7617, RFC 6750). Throws `AuthorizationMalformed`; no value appears in it. */
export function parseAuthorization(header: string): Credentials {
  if (header.length > longestHeader) throw malformed(`longer than ${longestHeader} characters`);
  const [, scheme, value] = /^(\S+) +(\S+)$/.exec(header.trim()) ?? [];
  if (scheme === undefined || value === undefined) throw malformed("not '<scheme> <credentials>'");
  switch (scheme.toLowerCase()) {
    case 'basic':
      return parseBasic(value);
    case 'bearer':
      if (!/^[A-Za-z0-9._~+/-]+=*$/.test(value)) throw malformed('not a token');
      return { kind: 'bearer', token: value };
    default:
      throw malformed("the scheme is neither 'Basic' nor 'Bearer'");
  }
}

/** The account of a `Luna-Account-Id`, in lower case. Throws `AccountIdNotUuid`. */
export function parseAccountId(value: string): string {
  const accountId = value.trim().toLowerCase();
  if (!isUuid(accountId)) throw lunaError('AccountIdNotUuid', { value: value.slice(0, 100) });
  return accountId;
}
