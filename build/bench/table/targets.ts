import type { CaseResult } from './summary.ts';

/** What a case should reach. `of`: our value, or how many times better than the peer it is. */
export interface Target {
  readonly bench: string;
  readonly cases: RegExp;
  readonly of: 'ours' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The goals that the work on matching was given. They are printed beside what was measured, and nothing fails. */
export const targets: readonly Target[] = [
  { bench: 'matching', cases: /^b1-.*\/c-f32$/, of: 'ratio', atLeast: 2.5 },
  { bench: 'matching', cases: /^b1-.*\/c-int8$/, of: 'ratio', atLeast: 0.75 },
  { bench: 'matching', cases: /^b1-.*\/faiss-flat$/, of: 'ratio', atLeast: 10 },
  { bench: 'matching', cases: /^b32-.*\/faiss-flat$/, of: 'ratio', atLeast: 1.2 },
  { bench: 'matching', cases: /^bandwidth-/, of: 'ratio', atLeast: 0.55 },
  // A tenth of a whole scan.
  { bench: 'matching', cases: /^filter-1%-/, of: 'ratio', atLeast: 10 },
  { bench: 'matching', cases: /^memory-per-row-beyond-values-/, of: 'ours', atMost: 32 },
  { bench: 'matching', cases: /^mismatches-to-f64-/, of: 'ours', atMost: 0 },
  { bench: 'matching', cases: /^main-thread-delay-p99-/, of: 'ours', atMost: 10 },
  { bench: 'enrolment', cases: /^main-thread-delay-p99-/, of: 'ours', atMost: 10 },
  { bench: 'enrolment', cases: /^enrol-/, of: 'ours', atLeast: 2000 },
  { bench: 'enrolment', cases: /^daemon-ready-.*-snapshot$/, of: 'ours', atMost: 2000 },
  { bench: 'enrolment', cases: /^daemon-ready-.*-rebuilding$/, of: 'ours', atMost: 15_000 },
];

/** A result with its target in words, and whether it was met; null where it has none. */
export interface JudgedResult extends CaseResult {
  target: string | null;
  met: boolean | null;
}

export function judge(bench: string, result: CaseResult): JudgedResult {
  const target = targets.find((one) => one.bench === bench && one.cases.test(result.case));
  const value = target?.of === 'ratio' ? result.ratio : result.ours;
  if (!target || value === null) return { ...result, target: null, met: null };
  const { atLeast, atMost } = target;
  const unit = target.of === 'ratio' ? 'x' : ` ${result.unit}`;
  const words = atLeast === undefined ? `<= ${atMost}${unit}` : `>= ${atLeast}${unit}`;
  return { ...result, target: words, met: atLeast === undefined ? value <= (atMost ?? 0) : value >= atLeast };
}
