import { randomFillSync } from 'node:crypto';

/** Randomness as the rest of the house sees it. Handed in, so that a test can compare whole answers. */
export interface Chance {
  /** `sizeBytes` random bytes. */
  bytes(sizeBytes: number): Uint8Array;
}

/** Asking the system costs more than the bytes: they are fetched for many calls, and each is handed out once and wiped. */
const pool = new Uint8Array(4096);
let used = pool.length;

export const systemChance: Chance = {
  bytes(sizeBytes) {
    if (sizeBytes > pool.length) return randomFillSync(new Uint8Array(sizeBytes));
    if (used + sizeBytes > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = pool.slice(used, used + sizeBytes);
    pool.fill(0, used, used + sizeBytes);
    used += sizeBytes;
    return bytes;
  },
};

/** Repeatable bytes from a seed (mulberry32). For tests and benchmarks only: not for secrets. */
export function createSeededChance(seed: number): Chance {
  let state = seed >>> 0;
  const nextByte = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) & 0xff;
  };
  return { bytes: (sizeBytes) => Uint8Array.from({ length: sizeBytes }, nextByte) };
}
