import { mkdirSync, writeFileSync } from 'node:fs';
import type { Sample } from '../definition.ts';
import { medianOf } from '../table/summary.ts';
import { drawLatencyChart } from './latency-chart.ts';

/** Peers whose answers may miss some of the ten best: they have no place among exact ones. */
const approximate = new Set(['c-int8', 'faiss-sq8', 'faiss-ivf']);

/** Medians of single exact searches by engine and gallery size. */
function linesOf(dimensions: number, samples: readonly Sample[]): Map<string, { n: number; ms: number }[]> {
  const measured = new Map<string, Map<number, number[]>>();
  const add = (engine: string, n: number, ms: number): void => {
    const sizes = measured.get(engine) ?? new Map<number, number[]>();
    measured.set(engine, sizes.set(n, [...(sizes.get(n) ?? []), ms]));
  };
  for (const { case: name, ours, peer, peerValue } of samples) {
    const [, count, length] = /^b1-(\d+)x(\d+)-exact\//.exec(name) ?? [];
    if (Number(length) !== dimensions) continue;
    add('ours', Number(count), ours);
    if (peer !== null && peerValue !== null && !approximate.has(peer)) add(peer, Number(count), peerValue);
  }
  const lines = [...measured].map(([engine, sizes]) => {
    const points = [...sizes].map(([n, values]) => ({ n, ms: medianOf(values) }));
    return [engine, points.sort((a, b) => a.n - b.n)] as const;
  });
  return new Map(lines);
}

/** Returns the path of the SVG. */
export function writeLatencyChart(dimensions: number, samples: readonly Sample[]): string {
  const file = `dist/bench/matching-latency-${dimensions}.svg`;
  mkdirSync('dist/bench', { recursive: true });
  writeFileSync(
    file,
    drawLatencyChart(`One query, ${dimensions} values, exact top 10`, linesOf(dimensions, samples), 'ours'),
  );
  return file;
}
