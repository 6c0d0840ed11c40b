/** Who may do what: credentials, tokens, accounts (LP5 numbers 11037 and 11059 to 11065, 12010, 12019). The block 37xxx is [P]. */
import { badInput, conflict, entry, forbidden, notFound } from './entry.ts';

export const accessErrors = {
  AccountIdNotUuid: entry<{ value: string }>(
    11037,
    400,
    badInput,
    (p) => `Header 'Luna-Account-Id' is not a UUID: '${p.value}'`,
  ),
  TokenLacksRight: entry<{ right: string; object: string }>(
    11059,
    403,
    forbidden,
    (p) => `The token has no permission '${p.right}' for '${p.object}'`,
  ),
  TokenLacksResource: entry<{ resource: string }>(
    11060,
    403,
    forbidden,
    (p) => `The token has no permission for resource '${p.resource}'`,
  ),
  AccountHeaderDisabled: entry(
    11061,
    403,
    forbidden,
    'Authorization by Luna-Account-Id is switched off for this request (ALLOW_LUNA_ACCOUNT_AUTH_HEADER)',
  ),
  TokenCorrupted: entry<{ reason: string }>(11062, 403, forbidden, (p) => `Token is corrupted: ${p.reason}`),
  TokenNotAllowed: entry(11064, 403, forbidden, 'This resource is not available with token authorization'),
  AuthorizationFailed: entry<{ reason: string }>(
    11065,
    401,
    'Unauthorized',
    (p) => `Authorization failed: ${p.reason}`,
  ),
  /** [P] status: LP5 shows no brake on logins. */
  LoginSlowed: entry<{ seconds: number }>(
    11065,
    429,
    'Unauthorized',
    (p) => `Too many failed attempts from this address. Try again in ${p.seconds} s.`,
    (p) => p.seconds,
  ),
  /** [P] number. */
  AccountTypeForbids: entry<{ accountType: string; what: string }>(
    11059,
    403,
    forbidden,
    (p) => `An account of type '${p.accountType}' may not ${p.what}`,
  ),
  AuthorizationMissing: entry(12010, 401, 'Unauthorized', "Header 'Authorization' or 'Luna-Account-Id' is required"),
  AuthorizationMalformed: entry<{ reason: string }>(
    12019,
    401,
    'Unauthorized',
    (p) => `Header 'Authorization' is malformed: ${p.reason}`,
  ),
  NoAccountForSocket: entry(29001, 403, forbidden, 'Subscribing needs an account'),
  AccountNotFound: entry<{ accountId: string }>(37001, 404, notFound, (p) => `Account '${p.accountId}' not found`),
  AccountExists: entry<{ what: string; value: string }>(
    37002,
    409,
    conflict,
    (p) => `An account with ${p.what} '${p.value}' exists already`,
  ),
  AccountCreationClosed: entry(
    37003,
    403,
    forbidden,
    'Accounts are created on the appliance itself or by an administrator',
  ),
  TokenNotFound: entry<{ tokenId: string }>(37004, 404, notFound, (p) => `Token '${p.tokenId}' not found`),
  TooManyTokens: entry<{ limit: number }>(37005, 403, forbidden, (p) => `An account has at most ${p.limit} tokens`),
  PageOfAnotherSite: entry(
    37006,
    403,
    forbidden,
    "A page of another site ('Origin', 'Sec-Fetch-Site') may change nothing with a remembered password or a bare Luna-Account-Id",
  ),
  SignUpSlowed: entry<{ seconds: number }>(
    37007,
    429,
    forbidden,
    (p) => `Too many new accounts from this address. Try again in ${p.seconds} s.`,
    (p) => p.seconds,
  ),
} as const;
