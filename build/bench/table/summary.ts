import type { Sample } from '../definition.ts';

/** One line of the result: medians over the rounds. */
export interface CaseResult {
  case: string;
  unit: string;
  ours: number;
  peer: string | null;
  peer_value: number | null;
  /** Median of the rounds' own ratios; above 1 ours is better, whichever way the unit counts. */
  ratio: number | null;
  runs: number;
  /** Lowest and highest round: of the ratio where there is a peer, else of our value. */
  spread: [number, number];
}

export function medianOf(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value below which so much of the sample lies. `part`: 0..1. */
export function quantileOf(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** How many times better ours is in this round; null without a peer. */
export function ratioOf(sample: Sample): number | null {
  if (sample.peerValue === null) return null;
  return sample.better === 'higher' ? sample.ours / sample.peerValue : sample.peerValue / sample.ours;
}

/** One line per case, in the order in which the cases were first seen. */
export function summarize(samples: readonly Sample[]): CaseResult[] {
  const byCase = new Map<string, Sample[]>();
  for (const sample of samples) {
    const same = byCase.get(sample.case);
    if (same) same.push(sample);
    else byCase.set(sample.case, [sample]);
  }
  return [...byCase].map(([name, rounds]) => {
    const ratios = rounds.map(ratioOf).filter((ratio) => ratio !== null);
    const peerValues = rounds.map((round) => round.peerValue).filter((value) => value !== null);
    const ours = rounds.map((round) => round.ours);
    const spreadOver = ratios.length ? ratios : ours;
    return {
      case: name,
      unit: rounds[0]?.unit ?? '',
      ours: medianOf(ours),
      peer: rounds[0]?.peer ?? null,
      peer_value: peerValues.length ? medianOf(peerValues) : null,
      ratio: ratios.length ? medianOf(ratios) : null,
      runs: rounds.length,
      spread: [Math.min(...spreadOver), Math.max(...spreadOver)],
    };
  });
}

function short(value: number | null): string {
  if (value === null) return '';
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return value.toFixed(0);
  return value.toPrecision(3);
}

/** The results as a text table for a terminal. */
export function tableOf(results: readonly (CaseResult & { target?: string | null; met?: boolean | null })[]): string {
  const rows = [
    ['case', 'unit', 'ours', 'peer', 'ratio', 'spread', 'runs', 'against', 'target'],
    ...results.map((r) => [
      r.case,
      r.unit,
      short(r.ours),
      short(r.peer_value),
      short(r.ratio),
      `${short(r.spread[0])}..${short(r.spread[1])}`,
      String(r.runs),
      r.peer ?? '',
      r.target ? `${r.target} ${r.met ? 'met' : 'MISSED'}` : '',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number): boolean => column < 2 || column >= 7;
  const line = (row: string[]): string =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
