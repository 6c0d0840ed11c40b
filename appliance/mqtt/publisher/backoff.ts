import type { Chance } from '#kernel/chance';

/** Waits between attempts: doubling from `firstMs` to `mostMs`, each 50 to 100 % of that, so that devices spread out. */
export function createBackoff(deps: { firstMs: number; mostMs: number; chance: Chance }) {
  let wholeMs = deps.firstMs;
  return {
    nextMs(): number {
      const share = 0.5 + (deps.chance.bytes(1)[0] ?? 0) / 510;
      const ms = Math.round(Math.max(deps.firstMs, wholeMs * share));
      wholeMs = Math.min(deps.mostMs, wholeMs * 2);
      return ms;
    },
    reset(): void {
      wholeMs = deps.firstMs;
    },
  };
}
