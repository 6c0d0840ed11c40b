import { randomFillSync } from 'node:crypto';

/** Randomness as the rest of the house sees it. Handed in, so that a test can compare whole answers. */
export interface Chance {
  /** `sizeBytes` random bytes. */
  bytes(sizeBytes: number): Uint8Array;
}

export const systemChance: Chance = { bytes: (sizeBytes) => randomFillSync(new Uint8Array(sizeBytes)) };

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
