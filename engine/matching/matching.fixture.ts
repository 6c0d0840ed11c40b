/** For tests: an engine, what it must answer by comparing with every row, and vectors that are hard to get right. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type Test } from 'uvu';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { exactScore } from '#domain/descriptor/similarity';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../build/kernels/compile.ts';
import { createMatching, type Gallery, type Matching, type MatchingLimits, type Selection } from './matching.ts';
import { byRank, type Hit } from './scan/collect.ts';

type Metric = DescriptorVersion['metric'];

export function versionOf(metric: Metric, length: number): DescriptorVersion {
  const version = 30000 + length * 2 + (metric === 'cosine' ? 1 : 0);
  return { version, name: 'test', length, metric, similarity: { slope: 1, offset: 0 } };
}

/** Blocks so small that a few hundred rows need several. */
export const tiny: Partial<MatchingLimits> = { blockRows: 64, maxRows: 20_000, maxLabelSets: 4096 };

export interface MatchingContext {
  kernels: string;
  /** Gone after the tests of the file. */
  folder: string;
  /** A started engine of two workers; `dir`: default `folder`. */
  open(limits?: Partial<MatchingLimits>, rerank?: 'file' | 'memory', dir?: string): Promise<Matching>;
}

export function matchingSuite(name: string): Test<MatchingContext> {
  const test = suite<MatchingContext>(name);
  test.before(async (context) => {
    context.kernels = await prepareKernels({ outDir: 'dist' });
    context.folder = await mkdtemp(join(tmpdir(), 'matching-'));
    context.open = async (limits = tiny, rerank = 'file', dir = context.folder) => {
      const { kernels } = context;
      const engine = createMatching({ kernels, log: createLog('silent'), dir, rerank, workers: 2, limits });
      await engine.start();
      return engine;
    };
  });
  test.after(({ folder }) => rm(folder, { recursive: true, force: true }));
  return test;
}

/** The truth that the engine is compared with: every row, f64, no shortcuts. */
export function createOracle(version: DescriptorVersion) {
  const rows = new Map<number, { vector: Float32Array; labels: readonly number[] }>();
  return {
    rows,
    search(query: Float32Array, k: number, minScore = Number.NEGATIVE_INFINITY, selection: Selection = {}): Hit[] {
      const { labels, keys, minKey = 0, maxKey = Number.MAX_SAFE_INTEGER } = selection;
      const only = keys && new Set(Array.from(keys));
      return [...rows]
        .filter(([key]) => key >= minKey && key <= maxKey && (!only || only.has(key)))
        .filter(([, row]) => !labels || labels.every((group) => group.some((label) => row.labels.includes(label))))
        .map(([key, row]) => ({ key, score: exactScore(version, query, row.vector) }))
        .filter((hit) => hit.score >= minScore)
        .sort(byRank)
        .slice(0, k);
    },
  };
}

/** Repeatable numbers in 0..1 (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Vectors as networks give them, and vectors as an enemy would: equal, one-hot, tiny, huge, nearly equal, opposite. */
export function createVectors(random: () => number, length: number) {
  const made: Float32Array[] = [];
  const normal = (): number => random() + random() + random() + random() - 2;
  const pick = (): Float32Array => made[Math.floor(random() * made.length)] ?? new Float32Array(length).fill(1);
  const nonZero = (vector: Float32Array): Float32Array => {
    if (vector.every((value) => value === 0)) vector[0] = 1;
    return vector;
  };
  return (): Float32Array => {
    const kind = Math.floor(random() * 12);
    let vector = Float32Array.from({ length }, normal);
    if (kind === 0) vector = pick().slice();
    else if (kind === 1) vector = pick().map((value) => -value);
    else if (kind === 2) vector = pick().map((value) => value * (1 + 1e-6 * normal()));
    else if (kind === 3) vector = pick().map((value) => Math.fround(value * 2));
    else if (kind === 4) vector = new Float32Array(length).fill(0).fill(1, 0, 1 + Math.floor(random() * 3));
    else if (kind === 5) vector = vector.map((value) => value * 1e-30);
    else if (kind === 6) vector = vector.map((value) => value * 1e30);
    else if (kind === 7) vector = vector.map((value) => value * 10 ** (random() * 40 - 20));
    else if (kind === 8) vector = vector.map((value, i) => (i === 3 ? 1e6 : value));
    else if (kind === 9) vector = vector.map((value) => Math.sign(value) * 127);
    made.push(nonZero(vector));
    return vector;
  };
}

export async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return String((error as { errorName?: string }).errorName ?? (error as Error).name);
  }
  return 'nothing thrown';
}

export async function fill(
  gallery: Gallery,
  oracle: ReturnType<typeof createOracle>,
  count: number,
  next: () => Float32Array,
  labelsOf = (_: number): number[] => [],
): Promise<void> {
  for (let key = 0; key < count; key++) oracle.rows.set(key, { vector: next(), labels: labelsOf(key) });
  await gallery.load([...oracle.rows].map(([key, row]) => ({ key, ...row })));
}
