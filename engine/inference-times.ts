import type { Inference } from '#inference/inference';

export interface TimedInference extends Inference {
  /** Milliseconds in the networks' stages of the last pictures; null before the first. */
  recentMs(): { p50: number; p95: number } | null;
}

const remembered = 256;

/** Remembers how long the last pictures took, for the health message. */
export function timed(inference: Inference): TimedInference {
  const times: number[] = [];
  let next = 0;
  return {
    ...inference,
    async estimate(picture, request, signal) {
      const estimate = await inference.estimate(picture, request, signal);
      times[next] = Object.values(estimate.stagesMs).reduce((sum, ms) => sum + ms, 0);
      next = (next + 1) % remembered;
      return estimate;
    },
    recentMs() {
      if (times.length === 0) return null;
      const sorted = [...times].sort((a, b) => a - b);
      const at = (share: number): number =>
        Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
      return { p50: at(0.5), p95: at(0.95) };
    },
  };
}
