/** What is measured of a gallery, one part each. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Gallery as Engine } from '#matching/matching';
import type { Sample } from '../definition.ts';
import type { Gallery } from './matching-data.ts';
import type { Peer } from './matching-peers.ts';
import { alone, compare, k, ours, timed } from './matching-sides.ts';

export const batch = 32;

/** The loop anyone would write first, on the thread it is called from. */
export function scanPlain(data: Gallery, query: Float32Array): number {
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
export async function* bandwidth(
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

/** Answers, in batches and one by one, that differ from those of f64 arithmetic by `truth` of the C program. */
export async function* agreement(
  shape: string,
  engine: Engine,
  data: Gallery,
  { scan, truth, queries }: { scan: Peer; truth: 'truth' | 'distances'; queries: number },
): AsyncGenerator<Sample> {
  let mismatches = 0;
  for (let q = 0; q < queries; q += batch) {
    const answers = await engine.search({ queries: data.queries.slice(q, q + batch), k });
    for (const [i, hits] of answers.entries()) {
      const best = await scan.ask(`${truth} ${data.count} ${q + i} ${k}`);
      const [single = []] = await engine.search({ queries: data.queries.slice(q + i, q + i + 1), k });
      for (const found of [hits, single]) {
        if (best.join() !== found.map((hit) => hit.key).join()) mismatches += 1;
      }
    }
  }
  yield alone(`mismatches-to-f64-of-${queries}-queries-${shape}`, 'answers', 'lower', mismatches);
}

/** Shares of the rows by label: 1 = 0.1 %, 2 = 1 %, 3 = 10 %, 4 = 50 %, scattered. */
export function labelsOf(key: number): number[] {
  const place = Math.imul(key + 1, 0x9e3779b1) >>> 0;
  const share = place / 2 ** 32;
  return [share < 0.001 && 1, share < 0.01 && 2, share < 0.1 && 3, share < 0.5 && 4].filter((label) => label !== false);
}

export async function* filters(shape: string, engine: Engine, data: Gallery, rounds: number): AsyncGenerator<Sample> {
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
export async function* mainThread(shape: string, engine: Engine, data: Gallery, ms: number): AsyncGenerator<Sample> {
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

export async function* writes(shape: string, engine: Engine, data: Gallery): AsyncGenerator<Sample> {
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
