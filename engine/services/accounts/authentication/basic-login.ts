import { createHmac } from 'node:crypto';
import type { Chance } from '#kernel/chance';
import type { Clock } from '#kernel/clock';
import { type LunaError, lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import type { AccountRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { LoginBrake } from './login-brake.ts';
import type { Passwords } from './passwords.ts';

/** Verified credentials are trusted this long without hashing the password again, so that a request costs no hash. */
const trustedMs = 300_000;
const trustedLogins = 1000;

/** A password that was right for exactly this stored hash: a change of the password ends it. */
interface Trusted {
  accountId: string;
  storedHash: string;
  untilMs: number;
}

function wrongCredentials(): LunaError {
  return lunaError('AuthorizationFailed', { reason: 'login or password is wrong' });
}

/** Where a login is tried. */
export interface LoginPlace {
  /** As `hostOf` says. */
  host: string;
  /** A program on the appliance that is taken at its word: never slowed. */
  isTrusted: boolean;
}

/** Throws `AuthorizationFailed` for a wrong login or password, `LoginSlowed`, or `ServiceBusy` when too many try at once. */
export type BasicLogin = (login: string, password: string, place: LoginPlace) => Promise<AccountRow>;

export function createBasicLogin(deps: {
  storage: Pick<Storage, 'accounts'>;
  clock: Clock;
  chance: Chance;
  log: Log;
  passwords: Passwords;
  brake: LoginBrake;
}): BasicLogin {
  const { clock, log, passwords, brake } = deps;
  const { accounts } = deps.storage;
  const secret = deps.chance.bytes(32);
  const trusted = new Map<string, Trusted>();
  const underWay = new Map<string, Promise<AccountRow>>();

  const remember = (key: string, row: AccountRow): void => {
    trusted.delete(key);
    trusted.set(key, { accountId: row.account_id, storedHash: row.password, untilMs: clock.now() + trustedMs });
    if (trusted.size > trustedLogins) trusted.delete(trusted.keys().next().value ?? key);
  };
  const recall = (key: string, login: string): AccountRow | undefined => {
    const known = trusted.get(key);
    if (!known) return undefined;
    const leftMs = known.untilMs - clock.now();
    const row = leftMs > 0 && leftMs <= trustedMs ? accounts.findById(known.accountId) : undefined;
    if (row && row.password === known.storedHash && row.login === login) return row;
    trusted.delete(key);
    return undefined;
  };
  const verify = async (login: string, password: string, { host, isTrusted }: LoginPlace): Promise<AccountRow> => {
    const attempt = isTrusted ? undefined : brake.begin(login, host);
    const row = accounts.findByLogin(login);
    let right: boolean;
    try {
      right = await passwords.verify(row?.password, password, isTrusted ? 'loopback' : 'elsewhere');
    } catch (error) {
      attempt?.cancel();
      throw error;
    }
    // What happened while the hash was computed counts: the account may be gone or its password changed.
    const current = row && accounts.findById(row.account_id);
    if (!right || !current || current.password !== row.password) {
      log.warn({ accountId: row?.account_id ?? null, host }, 'login failed');
      throw wrongCredentials();
    }
    attempt?.succeed();
    return current;
  };

  return async (login, password, place) => {
    const { host, isTrusted } = place;
    if (!isTrusted) brake.check(login, host);
    // Per place: what one proved must not let another one guess past the brake.
    const key = createHmac('sha256', secret)
      .update(JSON.stringify([isTrusted, host, login, password]))
      .digest('base64');
    const known = recall(key, login);
    if (known) return known;
    let verification = underWay.get(key);
    if (!verification) {
      verification = verify(login, password, place).finally(() => underWay.delete(key));
      underWay.set(key, verification);
    }
    const row = await verification;
    remember(key, row);
    return row;
  };
}
