import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { DescriptorVersion } from '#domain/descriptor';
import { createLog } from '#kernel/log';
import { createMatching, type Gallery as Engine, type Matching } from '#matching/matching';
import { prepareKernels } from '../kernels/compile.ts';
import type { BenchContext, BenchDefinition, Sample } from './definition.ts';
import { approximate } from './matching-cells.ts';
import { writeLatencyChart } from './matching-chart.ts';
import { type Gallery, makeGallery } from './matching-data.ts';
import { startNativeSides } from './matching-native.ts';
import { compileFaiss, compileScan, type Peer } from './matching-peers.ts';
import { alone, compare, k, ours, type Side, timed } from './matching-sides.ts';

const batch = 32;
/** Rows from which on it is worth seeing what approximate answers would bring. */
const fewestForCells = 100_000;
const log = createLog('warn');

const versionOf = (length: number): DescriptorVersion => ({
  version: 30000 + length,
  name: `unit-${length}`,
  length,
  metric: 'cosine',
  similarity: { slope: 1, offset: 0 },
});

/** The loop anyone would write first, on the thread it is called from. */
function scanPlain(data: Gallery, query: Float32Array): number {
  const start = performance.now();
  const rows = new Float32Array(data.rows);
  const best: number[] = [];
  for (let i = 0; i < data.count; i++) {
    let dot = 0;
    for (let j = 0, at = i * data.dimensions; j < data.dimensions; j++)
      dot += (rows[at + j] as number) * (query[j] as number);
    if (best.length < k || dot > (best[k - 1] as number)) {
      best.push(dot);
      best.sort((a, b) => b - a);
      best.length = Math.min(best.length, k);
    }
  }
  return performance.now() - start;
}

/** Bytes of int8 rows that ours reads per second against the best plain read of the same run, in percent. */
async function* bandwidth(
  shape: string,
  engine: Engine,
  data: Gallery,
  scan: Peer,
  rounds: number,
): AsyncGenerator<Sample> {
  const side = ours(engine, data);
  let [best, stream] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    best = Math.max(best, (data.count * data.dimensions) / (await side.measure(round % data.queries.length, 1)) / 1e6);
    const [ms = 1, bytes = 0] = await scan.ask(`stream ${data.count}`);
    stream = Math.max(stream, bytes / ms / 1e6);
  }
  yield {
    case: `bandwidth-${shape}/stream-read`,
    unit: 'GB/s',
    better: 'higher',
    ours: best,
    peer: 'stream-read',
    peerValue: stream,
  };
}

/** Answers, in batches and one by one, that differ from those of f64 arithmetic. */
async function* agreement(
  shape: string,
  engine: Engine,
  data: Gallery,
  scan: Peer,
  queries: number,
): AsyncGenerator<Sample> {
  let mismatches = 0;
  for (let q = 0; q < queries; q += batch) {
    const answers = await engine.search({ queries: data.queries.slice(q, q + batch), k });
    for (const [i, hits] of answers.entries()) {
      const truth = await scan.ask(`truth ${data.count} ${q + i} ${k}`);
      const [single = []] = await engine.search({ queries: data.queries.slice(q + i, q + i + 1), k });
      for (const found of [hits, single]) {
        if (truth.join() !== found.map((hit) => hit.key).join()) mismatches += 1;
      }
    }
  }
  yield alone(`mismatches-to-f64-of-${queries}-queries-${shape}`, 'answers', 'lower', mismatches);
}

/** Shares of the rows by label: 1 = 0.1 %, 2 = 1 %, 3 = 10 %, 4 = 50 %, scattered. */
function labelsOf(key: number): number[] {
  const place = Math.imul(key + 1, 0x9e3779b1) >>> 0;
  const share = place / 2 ** 32;
  return [share < 0.001 && 1, share < 0.01 && 2, share < 0.1 && 3, share < 0.5 && 4].filter((label) => label !== false);
}

async function* filters(shape: string, engine: Engine, data: Gallery, rounds: number): AsyncGenerator<Sample> {
  const full = { ...ours(engine, data), name: 'full-scan' };
  for (const [percent, label] of [
    [0.1, 1],
    [1, 2],
    [10, 3],
    [50, 4],
  ] as const) {
    yield* compare(
      `filter-${percent}%-${shape}`,
      ours(engine, data, { selection: { labels: [[label]] } }),
      [full],
      rounds,
      1,
      data.queries.length,
    );
  }
  yield* compare(
    `filter-100%-${shape}`,
    ours(engine, data, { selection: { minKey: 0 } }),
    [full],
    rounds,
    1,
    data.queries.length,
  );
}

/** Longest waits of the main thread while 64 searches at a time keep all workers busy. */
async function* mainThread(shape: string, engine: Engine, data: Gallery, ms: number): AsyncGenerator<Sample> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const until = performance.now() + ms;
  let answered = 0;
  await Promise.all(
    Array.from({ length: 64 }, async (_, client) => {
      for (let q = client; performance.now() < until; q++, answered++) {
        await engine.search({ queries: [data.queries[q % data.queries.length] as Float32Array], k });
      }
    }),
  );
  delay.disable();
  yield alone(`main-thread-delay-p99-${shape}`, 'ms', 'lower', delay.percentile(99) / 1e6);
  yield alone(`searches-of-64-clients-${shape}`, 'per s', 'higher', (answered / ms) * 1000);
}

async function* writes(shape: string, engine: Engine, data: Gallery): AsyncGenerator<Sample> {
  const count = Math.min(20_000, data.count);
  const first = 2 ** 40;
  let ms = await timed(async () => {
    for (let i = 0; i < count; i++) engine.upsert(first + i, data.row(i));
    await engine.settled();
  });
  yield alone(`insert-${shape}`, 'rows/s', 'higher', (count / ms) * 1000);
  ms = await timed(async () => {
    for (let i = 0; i < count; i++) engine.remove(first + i);
    await engine.settled();
  });
  yield alone(`delete-${shape}`, 'rows/s', 'higher', (count / ms) * 1000);
}

interface Tools {
  readonly scan: string | undefined;
  readonly faiss: string | undefined;
  readonly kernels: string;
}

async function* shape(count: number, dimensions: number, tools: Tools, context: BenchContext): AsyncGenerator<Sample> {
  const name = `${count}x${dimensions}`;
  context.progress(`${name}: making data`);
  const truths = context.quick ? 64 : 1024;
  const data = makeGallery(count, dimensions, Math.max(truths, 128));
  const dir = await mkdtemp(join(tmpdir(), 'bench-matching-'));
  const open = (): Matching => createMatching({ kernels: tools.kernels, log, dir, rerank: 'file' });
  let matching = open();
  const peers: Peer[] = [];
  try {
    await matching.start();
    let engine = matching.gallery('bench', versionOf(dimensions));
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

    const sides = await startNativeSides(tools, data, dir);
    peers.push(...new Set(sides.map(({ peer }) => peer)));
    const scan = sides.find(({ name: side }) => side === 'c-f32')?.peer;
    if (scan) context.progress(`own C int8 kernel: ${scan.greeting.split(' ')[1]}`);
    const plain: Side = { name: 'js-f32', measure: async (q) => scanPlain(data, data.queries[q] as Float32Array) };
    const us = ours(engine, data);
    const singleRounds = context.quick ? 15 : 60;
    yield* compare(`b1-${name}-exact`, us, sides, singleRounds, 1, data.queries.length);
    yield* compare(`b1-${name}-exact`, us, [plain], context.quick ? 3 : 10, 1, data.queries.length);
    const batchSides = sides.filter((side) => side.name !== 'faiss-sq8');
    yield* compare(`b${batch}-${name}-exact`, us, batchSides, context.quick ? 4 : 12, batch, data.queries.length);
    if (scan) {
      yield* bandwidth(name, engine, data, scan, context.quick ? 10 : 40);
      yield* agreement(name, engine, data, scan, truths);
    }
    for (const peer of peers.splice(0)) await peer.end();
    yield* filters(name, engine, data, context.quick ? 10 : 30);
    yield* mainThread(name, engine, data, context.quick ? 1500 : 5000);
    yield* writes(name, engine, data);

    const saveMs = await timed(() => engine.snapshot({ generation: '1' }));
    yield alone(`snapshot-write-${name}`, 'ms', 'lower', saveMs);
    await matching.stop();
    matching = open();
    const coldMs = await timed(async () => {
      await matching.start();
      engine = matching.gallery('bench', versionOf(dimensions));
      const outcome = await engine.restore(() => true);
      if (!outcome.restored) throw new Error(outcome.reason);
      await engine.search({ queries: data.queries.slice(0, 1), k });
    });
    yield alone(`cold-start-to-first-answer-${name}`, 'ms', 'lower', coldMs);
    if (count < fewestForCells) return;
    await matching.stop();
    matching = open();
    await matching.start();
    context.progress(`${name}: making cells`);
    const gallery = matching.gallery('bench', versionOf(dimensions), { cells: { minRows: fewestForCells, probes: 1 } });
    await gallery.restore(() => true);
    yield* approximate(name, gallery, data, { dir, faiss: tools.faiss, rounds: context.quick ? 20 : 60 });
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
    for (const peer of [native, faiss]) if ('missing' in peer) context.progress(`left out: ${peer.missing}`);
    const tools: Tools = {
      scan: 'program' in native ? native.program : undefined,
      faiss: 'program' in faiss ? faiss.program : undefined,
      kernels: await prepareKernels({ outDir: 'dist' }),
    };
    const shapes = context.quick
      ? ([
          [10_000, 128],
          [100_000, 128],
          [10_000, 512],
          [100_000, 512],
        ] as const)
      : ([
          [10_000, 128],
          [100_000, 128],
          [1_000_000, 128],
          [10_000, 512],
          [100_000, 512],
          [1_000_000, 512],
        ] as const);
    const samples: Sample[] = [];
    for (const [count, dimensions] of shapes) {
      for await (const sample of shape(count, dimensions, tools, context)) {
        samples.push(sample);
        yield sample;
      }
    }
    for (const dimensions of [128, 512]) context.progress(`chart: ${writeLatencyChart(dimensions, samples)}`);
  },
};
