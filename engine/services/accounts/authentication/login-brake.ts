import { createHash } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import { createSlates, type Slope } from './slates.ts';

/**
 * Slows those who guess passwords. What counts is a login from one host, and all logins from one host; so the owner
 * gets in from every other host, whoever guesses elsewhere. The first attempts are free, then each wrong one doubles the
 * time in which further ones are refused, right or wrong, unseen.
 */
export interface LoginBrake {
  /** Throws `LoginSlowed` while attempts from `host` at `login` are refused. */
  check(login: string, host: string): void;
  /** Counts an attempt as wrong before its outcome is known, so that parallel ones do not slip through. */
  begin(login: string, host: string): Attempt;
}

export interface Attempt {
  /** The password was right: the login's slate for this host is clean. */
  succeed(): void;
  /** Nothing was tried after all. */
  cancel(): void;
}

const ofLogin: Slope = { free: 5, forgetMs: 60_000 };
/** A device with an outdated password, one attempt a minute, never gets its host here. */
const ofHost: Slope = { free: 50, forgetMs: 12_000 };

export function createLoginBrake(deps: { clock: Clock }): LoginBrake {
  const logins = createSlates(deps.clock, ofLogin);
  const hosts = createSlates(deps.clock, ofHost);
  // A digest has the same size whatever was sent, and keeps no password that was typed as a login.
  const keyOf = (login: string, host: string): string =>
    createHash('sha256').update(`${host}\0${login}`).digest('base64');
  return {
    check(login, host) {
      const delayMs = Math.max(logins.delayMs(keyOf(login, host)), hosts.delayMs(host));
      if (delayMs > 0) throw lunaError('LoginSlowed', { seconds: Math.ceil(delayMs / 1000) });
    },
    begin(login, host) {
      const key = keyOf(login, host);
      logins.add(key, 1);
      hosts.add(host, 1);
      return {
        succeed() {
          logins.clear(key);
          hosts.add(host, -1);
        },
        cancel() {
          logins.add(key, -1);
          hosts.add(host, -1);
        },
      };
    },
  };
}
