import { createSecretKey } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { AccountType } from '#domain/access';
import type { Chance } from '#kernel/chance';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { TokenRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import { allPermissions, toAnswer } from './permissions.ts';
import type { TokenBody } from './token.schema.ts';

/** The owner as far as tokens depend on it. */
export interface TokenOwner {
  account_id: string;
  account_type: AccountType;
}

/**
 * Tokens (LP5 1.5). A token is a signed name (JWT, HS256) of its row; what it grants, until when, and whether it still
 * does, stands in the row only. So a change or a removal holds from the next request on.
 */
export interface Tokens {
  /** Throws `BadJson` for a visibility that the account does not have, `TooManyTokens`. */
  create(owner: TokenOwner, body: TokenBody): Promise<{ row: TokenRow; token: string }>;
  /** A token with all rights of the account for some hours. */
  createSession(owner: TokenOwner): Promise<{ row: TokenRow; token: string }>;
  /** Throws `TokenNotFound`. */
  get(accountId: string, tokenId: string): TokenRow;
  page(accountId: string, limit: number, offset: number): TokenRow[];
  /** What it grants; the token itself stays the same. */
  replace(owner: TokenOwner, tokenId: string, body: TokenBody): void;
  /** It is refused from now on. */
  remove(accountId: string, tokenId: string): void;
  /** Ends what logins opened. */
  removeSessions(accountId: string): void;
  /**
   * The row behind a token. Throws `TokenCorrupted` unless we signed it, `AuthorizationFailed` when it is expired or
   * revoked.
   */
  open(token: string): Promise<TokenRow>;
}

const algorithm = 'HS256';
const secretBytes = 32;
const secretKey = 'accounts.token_secret';
const sessionMs = 12 * 3_600_000;
const sessionsPerAccount = 50;
const tokensPerAccount = 1000;

export function createTokens(deps: {
  storage: Pick<Storage, 'atomically' | 'tokens' | 'meta'>;
  clock: Clock;
  chance: Chance;
  ids: Ids;
}): Tokens {
  const { storage, clock, chance, ids } = deps;
  const { tokens, meta } = storage;

  const secret = createSecretKey(
    storage.atomically(() => {
      const made = Buffer.from(chance.bytes(secretBytes)).toString('base64url');
      const stored = meta.get(secretKey) ?? made;
      if (stored === made) meta.set(secretKey, made);
      return stored;
    }),
    'base64url',
  );
  const sign = (row: TokenRow): Promise<string> =>
    new SignJWT()
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setJti(row.token_id)
      .setSubject(row.account_id)
      .setIssuedAt(Math.floor(row.create_time / 1000))
      .sign(secret);
  const requireVisibility = (owner: TokenOwner, body: TokenBody): void => {
    if (body.visibility_area === 'all' && owner.account_type === 'user') {
      throw lunaError('BadJson', { path: 'visibility_area', message: "an account of type 'user' has no 'all'" });
    }
  };
  const grants = (body: TokenBody) => ({
    description: body.description,
    expiration_time: body.expiration_time,
    visibility_area: body.visibility_area,
    permissions: JSON.stringify(toAnswer(body.permissions)),
  });
  const newRow = (owner: TokenOwner, body: TokenBody, session: 0 | 1): TokenRow => ({
    ...grants(body),
    token_id: ids.random(),
    account_id: owner.account_id,
    session,
    create_time: clock.now(),
  });

  return {
    async create(owner, body) {
      requireVisibility(owner, body);
      const row = newRow(owner, body, 0);
      storage.atomically(() => {
        if (tokens.count(owner.account_id, 0) >= tokensPerAccount) {
          throw lunaError('TooManyTokens', { limit: tokensPerAccount });
        }
        tokens.insert(row);
      });
      return { row, token: await sign(row) };
    },
    async createSession(owner) {
      const now = clock.now();
      const body: TokenBody = {
        description: 'login',
        expiration_time: now + sessionMs,
        visibility_area: owner.account_type === 'user' ? 'account' : 'all',
        permissions: allPermissions(),
      };
      const row = newRow(owner, body, 1);
      storage.atomically(() => {
        tokens.insert(row);
        tokens.removeExpiredSessions(owner.account_id, now);
        tokens.removeOldSessions(owner.account_id, sessionsPerAccount);
      });
      return { row, token: await sign(row) };
    },
    get(accountId, tokenId) {
      const row = tokens.findById(tokenId, accountId);
      if (!row) throw lunaError('TokenNotFound', { tokenId });
      return row;
    },
    page: tokens.page,
    replace(owner, tokenId, body) {
      requireVisibility(owner, body);
      if (!tokens.update({ ...grants(body), token_id: tokenId, account_id: owner.account_id })) {
        throw lunaError('TokenNotFound', { tokenId });
      }
    },
    remove(accountId, tokenId) {
      if (!tokens.remove(tokenId, accountId)) throw lunaError('TokenNotFound', { tokenId });
    },
    removeSessions: (accountId) => void tokens.removeOldSessions(accountId, 0),
    async open(token) {
      let tokenId: string | undefined;
      let accountId: string | undefined;
      try {
        const { payload } = await jwtVerify(token, secret, {
          algorithms: [algorithm],
          typ: 'JWT',
          requiredClaims: ['jti', 'sub'],
          currentDate: new Date(clock.now()),
        });
        tokenId = payload.jti;
        accountId = payload.sub;
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        throw lunaError('TokenCorrupted', { reason: 'not a token of this appliance' }, error);
      }
      const row = tokenId && accountId ? tokens.findById(tokenId, accountId) : undefined;
      if (!row) throw lunaError('AuthorizationFailed', { reason: 'the token was revoked' });
      if (row.expiration_time !== null && row.expiration_time <= clock.now()) {
        throw lunaError('AuthorizationFailed', { reason: 'the token is expired' });
      }
      return row;
    },
  };
}
