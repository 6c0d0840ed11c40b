import { isTrusted } from '#contract/http/authorize';
import { callerOf, type LunaContext } from '#contract/http/http';
import { type Caller, ownAccountOf } from '#domain/access';
import { lunaError } from '#kernel/errors';
import type { Account, Accounts } from './accounts.service.ts';

/** The account of whoever signed in, never the one it acts for. Throws `AccountNotFound` for a bare id without account. */
export function requireOwnAccount(accounts: Accounts, c: LunaContext): Account {
  return accounts.get(ownAccountOf(callerOf(c)));
}

/** For what the bare header must not reach: it says who, but proves nothing. */
export function requirePassword(caller: Caller): void {
  if (caller.via !== 'basic') throw lunaError('AuthorizationFailed', { reason: 'login and password are needed here' });
}

/** For what lasts longer than the request: the bare header does from the appliance itself only, whoever else may send it. */
export function requireProof(c: LunaContext): void {
  const caller = callerOf(c);
  if (caller.via === 'account_id' && !isTrusted(c)) requirePassword(caller);
}
