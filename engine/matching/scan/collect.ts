import { roundDown } from './quantise.ts';

export interface Hit {
  readonly key: number;
  readonly score: number;
}

/**
 * Gathers the k best rows of one query from intervals: every row whose upper bound reaches the threshold waits in a
 * list; the threshold is the k-th best lower bound so far (why that is exact: `quantise.ts`, step 6). Memory is bounded:
 * a list that stays long (many equal rows) is scored early, and the k best exact scores then raise the threshold.
 */
export interface Collector {
  /** A row whose upper bound is strictly below cannot be among the k best. */
  readonly threshold: number;
  /** Takes over a threshold found by another worker for the same query. */
  raise(threshold: number): void;
  offer(row: number, lower: number, upper: number): void;
  /** The k best, best first, equal scores by ascending key. */
  finish(): Hit[];
}

export const byRank = (a: Hit, b: Hit): number => b.score - a.score || a.key - b.key;

/** `score`: undefined for a row that cannot be scored now; it is left out. */
export function createCollector(k: number, minScore: number, score: (row: number) => Hit | undefined): Collector {
  const capacity = Math.max(1024, 4 * k);
  /** Min-heap of the k best lower bounds. */
  const heap: number[] = [];
  let waiting: { row: number; upper: number }[] = [];
  const best: Hit[] = [];
  let threshold = minScore;

  function raise(to: number): void {
    if (to > threshold) threshold = to;
  }

  function pushLower(lower: number): void {
    if (heap.length < k) {
      let at = heap.push(lower) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if ((heap[parent] as number) <= lower) break;
        heap[at] = heap[parent] as number;
        at = parent;
      }
      heap[at] = lower;
    } else if (lower > (heap[0] as number)) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= k) break;
        if (child + 1 < k && (heap[child + 1] as number) < (heap[child] as number)) child += 1;
        if ((heap[child] as number) >= lower) break;
        heap[at] = heap[child] as number;
        at = child;
      }
      heap[at] = lower;
    }
    if (heap.length === k) raise(heap[0] as number);
  }

  /** Keeps `best` sorted and at most k long. */
  function rank(hit: Hit): void {
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (byRank(best[middle] as Hit, hit) < 0) low = middle + 1;
      else high = middle;
    }
    if (low >= k) return;
    best.splice(low, 0, hit);
    if (best.length > k) best.pop();
    if (best.length === k) raise((best[k - 1] as Hit).score);
  }

  /**
   * Scores what waits, most promising first: the threshold rises fastest and the fewest vectors are read. Equal ones
   * by row, since their vectors mostly lie in that order.
   */
  function scoreWaiting(): void {
    waiting.sort((a, b) => b.upper - a.upper || a.row - b.row);
    for (const { row, upper } of waiting) {
      if (upper < threshold) break;
      const hit = score(row);
      if (hit && hit.score >= minScore) rank(hit);
    }
    waiting = [];
  }

  return {
    get threshold() {
      return threshold;
    },
    raise,
    offer(row, lower, upper) {
      if (upper < threshold) return;
      pushLower(lower);
      waiting.push({ row, upper });
      if (waiting.length < capacity) return;
      waiting = waiting.filter((one) => one.upper >= threshold);
      if (waiting.length > capacity / 2) scoreWaiting();
    },
    finish() {
      scoreWaiting();
      return best;
    },
  };
}

const float = new Float32Array(1);
const int = new Int32Array(float.buffer);

/** An integer that sorts like the f32 at or below a threshold, so that workers can share it by compare-and-swap. */
export function toSortable(threshold: number): number {
  float[0] = roundDown(threshold);
  const bits = int[0] as number;
  return bits >= 0 ? bits : bits ^ 0x7fffffff;
}

export function fromSortable(sortable: number): number {
  int[0] = sortable >= 0 ? sortable : sortable ^ 0x7fffffff;
  return float[0] as number;
}
