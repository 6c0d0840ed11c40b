import type { Clock } from '#kernel/clock';

export interface Slope {
  /** Attempts without any delay. */
  free: number;
  /** One attempt is forgotten in this time. */
  forgetMs: number;
}

interface Slate {
  level: number;
  lastMs: number;
}

const longestDelayMs = 60_000;
/** Slates of each kind that are remembered; the least recently used go first. */
const remembered = 10_000;

/**
 * Counts attempts per key: the first ones are free, then each one doubles the time in which further ones are refused, up
 * to a minute.
 */
export function createSlates(clock: Clock, { free, forgetMs }: Slope) {
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
