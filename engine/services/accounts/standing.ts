import { type Caller, ownAccountOf } from '#domain/access';
import type { Clock } from '#kernel/clock';
import type { AccountRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { AccountSettings } from './accounts.settings.ts';

/**
 * What the rights of a caller rest on now, as one text: as long as it stays the same, the credentials still open what
 * they opened. Null when they open nothing any more. For what outlives its request; two reads by key.
 */
export type StandingOf = (caller: Caller) => string | null;

export function createStanding(deps: {
  storage: Pick<Storage, 'accounts' | 'tokens'>;
  clock: Clock;
  settings: () => AccountSettings;
}): StandingOf {
  const { storage, clock, settings } = deps;

  const ofToken = (tokenId: string | undefined, account: AccountRow): string | null => {
    const token = tokenId === undefined ? undefined : storage.tokens.findById(tokenId, account.account_id);
    if (!token || (token.expiration_time !== null && token.expiration_time <= clock.now())) return null;
    return JSON.stringify([account.account_type, token.visibility_area, token.permissions]);
  };

  return (caller) => {
    const account = storage.accounts.findById(ownAccountOf(caller));
    // An id without an account is one, too; one whose account is gone is not what it was.
    if (caller.via === 'account_id') return `${settings().allowAccountHeader} ${account?.account_type ?? 'none'}`;
    if (!account) return null;
    if (caller.via === 'token') return ofToken(caller.tokenId, account);
    return JSON.stringify([account.account_type, account.login, account.password]);
  };
}
