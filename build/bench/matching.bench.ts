import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { createLog } from '#kernel/log';
import { createMatching, type Matching } from '#matching/matching';
import { prepareKernels } from '../kernels/compile.ts';
import type { BenchContext, BenchDefinition, Sample } from './definition.ts';
import { approximate } from './matching/matching-cells.ts';
import { writeLatencyChart } from './matching/matching-chart.ts';
import { makeGallery, stretched } from './matching/matching-data.ts';
import { startNativeSides } from './matching/matching-native.ts';
import {
  agreement,
  bandwidth,
  batch,
  filters,
  labelsOf,
  mainThread,
  scanPlain,
  writes,
} from './matching/matching-parts.ts';
import { compileFaiss, compileScan, type Peer } from './matching/matching-peers.ts';
import { alone, compare, k, ours, type Side, timed } from './matching/matching-sides.ts';

/** Rows from which on it is worth seeing what approximate answers would bring. */
const fewestForCells = 100_000;
const log = createLog('warn');

type Metric = DescriptorVersion['metric'];

const versionOf = (length: number, metric: Metric): DescriptorVersion => ({
  version: 30000 + length,
  name: `${metric}-${length}`,
  length,
  metric,
  similarity: { slope: 1, offset: 0 },
});

interface Tools {
  readonly scan: string | undefined;
  readonly faiss: string | undefined;
  readonly kernels: string;
}

interface Shape {
  readonly count: number;
  readonly dimensions: number;
  readonly metric: Metric;
}

const nameOf = ({ count, dimensions, metric }: Shape): string =>
  `${count}x${dimensions}${metric === 'cosine' ? '' : `-${metric}`}`;

async function* measure(shape: Shape, tools: Tools, context: BenchContext): AsyncGenerator<Sample> {
  const { count, dimensions, metric } = shape;
  const isCosine = metric === 'cosine';
  const name = nameOf(shape);
  context.progress(`${name}: making data`);
  const truths = context.quick ? 64 : 1024;
  const made = makeGallery(count, dimensions, Math.max(truths, 128));
  const data = isCosine ? made : stretched(made);
  const version = versionOf(dimensions, metric);
  const dir = await mkdtemp(join(tmpdir(), 'bench-matching-'));
  const open = (): Matching => createMatching({ kernels: tools.kernels, log, dir, rerank: 'file' });
  let matching = open();
  const peers: Peer[] = [];
  try {
    await matching.start();
    let engine = matching.gallery('bench', version);
    const rows = Array.from({ length: count }, (_, key) => key);
    const loadMs = await timed(() =>
      engine.load(
        (function* () {
          for (const key of rows) yield { key, vector: data.row(key), labels: labelsOf(key) };
        })(),
      ),
    );
    yield alone(`load-${name}`, 'rows/s', 'higher', (count / loadMs) * 1000);
    const [stats] = matching.stats().galleries;
    yield alone(`memory-per-row-beyond-values-${name}`, 'bytes', 'lower', (stats?.bytes ?? 0) / count - dimensions);

    const sides = await startNativeSides(tools, data, dir, metric);
    peers.push(...new Set(sides.map(({ peer }) => peer)));
    const scan = sides.find(({ name: side }) => side === 'c-f32')?.peer;
    for (const { peer, waiting, name: side } of sides) {
      const said = peer.greeting.replace('ready ', '');
      if (side === 'c-f32') context.record('peer_c', said);
      if (side === 'faiss-flat') context.record(`peer_faiss_${name}`, `${said}; waiting: ${waiting}`);
    }
    const { waiting } = sides.find((side) => side.waiting) ?? {};
    const plain: Side = { name: 'js-f32', measure: async (q) => scanPlain(data, data.queries[q] as Float32Array) };
    const us = ours(engine, data);
    const singleRounds = context.quick ? 15 : 60;
    yield* compare(`b1-${name}-exact`, us, sides, singleRounds, 1, data.queries.length);
    if (isCosine) yield* compare(`b1-${name}-exact`, us, [plain], context.quick ? 3 : 10, 1, data.queries.length);
    const batchSides = sides.filter((side) => side.name !== 'faiss-sq8');
    yield* compare(`b${batch}-${name}-exact`, us, batchSides, context.quick ? 4 : 12, batch, data.queries.length);
    if (scan) {
      if (isCosine) yield* bandwidth(name, engine, data, scan, context.quick ? 10 : 40);
      const truth = isCosine ? 'truth' : 'distances';
      yield* agreement(name, engine, data, { scan, truth, queries: truths });
    }
    for (const peer of peers.splice(0)) await peer.end();
    // What follows does not depend on the metric.
    if (!isCosine) return;
    yield* filters(name, engine, data, context.quick ? 10 : 30);
    yield* mainThread(name, engine, data, context.quick ? 1500 : 5000);
    yield* writes(name, engine, data);

    const first = { queries: data.queries.slice(0, 1), k };
    const before = await engine.search(first);
    const saveMs = await timed(() => engine.snapshot({ generation: '1' }));
    yield alone(`snapshot-write-${name}`, 'ms', 'lower', saveMs);
    await matching.stop();
    matching = open();
    let after: unknown;
    const coldMs = await timed(async () => {
      await matching.start();
      engine = matching.gallery('bench', version);
      const outcome = await engine.restore(() => true);
      if (!outcome.restored) throw new Error(outcome.reason);
      after = await engine.search(first);
    });
    if (JSON.stringify(after) !== JSON.stringify(before))
      throw new Error('the first answer after a start is another one');
    yield alone(`cold-start-to-first-answer-${name}`, 'ms', 'lower', coldMs);
    if (count < fewestForCells) return;
    await matching.stop();
    matching = open();
    await matching.start();
    context.progress(`${name}: making cells`);
    const gallery = matching.gallery('bench', version, { cells: { minRows: fewestForCells, probes: 1 } });
    await gallery.restore(() => true);
    yield* approximate(name, gallery, data, { dir, faiss: tools.faiss, waiting, rounds: context.quick ? 20 : 60 });
  } finally {
    for (const peer of peers) await peer.end().catch(() => {});
    await matching.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

export const bench: BenchDefinition = {
  name: 'matching',
  description:
    'Exact search of descriptors, ours (int8 SIMD in WebAssembly, f32 rerank from a file, all cores, main thread free) ' +
    'against own C scans on all cores, FAISS from Debian (--peers installs it) and a plain JavaScript loop; made-up faces.',
  async *run(context) {
    const native = compileScan();
    const faiss = compileFaiss(context.installPeers);
    if ('missing' in native) {
      context.progress(
        `left out: ${native.missing}. So there are no cases against c-f32, c-int8 and stream-read (bandwidth),`,
      );
      context.progress('and nothing is compared with f64 arithmetic (mismatches-to-f64)');
    }
    if ('missing' in faiss) {
      context.progress(`left out: ${faiss.missing}. So there are no cases against faiss-flat, faiss-sq8 and faiss-ivf`);
    }
    const tools: Tools = {
      scan: 'program' in native ? native.program : undefined,
      faiss: 'program' in faiss ? faiss.program : undefined,
      kernels: await prepareKernels({ outDir: 'dist' }),
    };
    const sizes = [10_000, 100_000, ...(context.quick ? [] : [1_000_000])];
    const shapes: Shape[] = [
      ...sizes.map((count) => ({ count, dimensions: 128, metric: 'cosine' as const })),
      ...sizes.slice(1).map((count) => ({ count, dimensions: 128, metric: 'euclidean' as const })),
      ...sizes.map((count) => ({ count, dimensions: 512, metric: 'cosine' as const })),
    ];
    const samples: Sample[] = [];
    for (const one of shapes.filter((shape) => nameOf(shape).includes(context.only ?? ''))) {
      for await (const sample of measure(one, tools, context)) {
        samples.push(sample);
        yield sample;
      }
    }
    for (const dimensions of [128, 512]) context.progress(`chart: ${writeLatencyChart(dimensions, samples)}`);
  },
};
