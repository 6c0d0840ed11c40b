import { createHash } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';

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

interface Slope {
  /** Wrong attempts without any delay. */
  free: number;
  /** One attempt is forgotten in this time. */
  forgetMs: number;
}

interface Slate {
  level: number;
  lastMs: number;
}

const longestDelayMs = 60_000;
const ofLogin: Slope = { free: 5, forgetMs: 60_000 };
/** A device with an outdated password, one attempt a minute, never gets its host here. */
const ofHost: Slope = { free: 50, forgetMs: 12_000 };
/** Slates of each kind that are remembered; the least recently used go first. */
const remembered = 10_000;

function createSlates(clock: Clock, { free, forgetMs }: Slope) {
  const slates = new Map<string, Slate>();
  const read = (key: string): Slate => {
    const slate = slates.get(key);
    const nowMs = clock.now();
    if (!slate) return { level: 0, lastMs: nowMs };
    // A clock that was set back must not lengthen anything.
    const elapsedMs = nowMs < slate.lastMs ? longestDelayMs : nowMs - slate.lastMs;
    return { level: Math.max(0, slate.level - elapsedMs / forgetMs), lastMs: slate.lastMs };
  };
  const write = (key: string, level: number): void => {
    slates.delete(key);
    if (level <= 0) return;
    slates.set(key, { level, lastMs: clock.now() });
    if (slates.size > remembered) slates.delete(slates.keys().next().value ?? key);
  };
  return {
    /** Milliseconds until the next attempt is looked at. */
    delayMs(key: string): number {
      const slate = slates.get(key);
      if (!slate || slate.level <= free) return 0;
      const nowMs = clock.now();
      const delayMs = Math.min(longestDelayMs, 1000 * 2 ** (Math.ceil(slate.level) - free - 1));
      return nowMs < slate.lastMs ? 0 : Math.max(0, slate.lastMs + delayMs - nowMs);
    },
    add: (key: string, attempts: number): void => write(key, read(key).level + attempts),
    clear: (key: string): void => void slates.delete(key),
  };
}

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
