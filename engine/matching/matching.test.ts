import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DescriptorVersion } from '#domain/descriptor';
import { exactScore } from '#domain/similarity';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../build/kernels/compile.ts';
import { createMatching, type Gallery, type Matching, type MatchingLimits, type Selection } from './matching.ts';
import { byRank, type Hit } from './scan/collect.ts';

const matching = suite('matching');
let kernels = '';
let folder = '';

matching.before(async () => {
  kernels = await prepareKernels({ outDir: 'dist' });
  folder = await mkdtemp(join(tmpdir(), 'matching-'));
});
matching.after(() => rm(folder, { recursive: true, force: true }));

type Metric = DescriptorVersion['metric'];

function versionOf(metric: Metric, length: number): DescriptorVersion {
  const version = 30000 + length * 2 + (metric === 'cosine' ? 1 : 0);
  return { version, name: 'test', length, metric, similarity: { slope: 1, offset: 0 } };
}

/** Blocks and memories so small that a few hundred rows need several of each. */
const tiny: Partial<MatchingLimits> = { blockRows: 64, maxRows: 20_000, maxLabelSets: 4096 };

async function open2(
  limits: Partial<MatchingLimits> = tiny,
  rerank: 'file' | 'memory' = 'file',
  dir = folder,
): Promise<Matching> {
  const engine = createMatching({ kernels, log: createLog('silent'), dir, rerank, workers: 2, limits });
  await engine.start();
  return engine;
}

/** The truth that the engine is compared with: every row, f64, no shortcuts. */
function createOracle(version: DescriptorVersion) {
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
function createRandom(seed: number): () => number {
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
function createVectors(random: () => number, length: number) {
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

function isEqual(a: readonly Hit[], b: readonly Hit[] = []): boolean {
  return a.length === b.length && a.every((hit, i) => hit.key === b[i]?.key && hit.score === b[i]?.score);
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return String((error as { errorName?: string }).errorName ?? (error as Error).name);
  }
  return 'nothing thrown';
}

async function fill(
  gallery: Gallery,
  oracle: ReturnType<typeof createOracle>,
  count: number,
  next: () => Float32Array,
  labelsOf = (_: number): number[] => [],
): Promise<void> {
  for (let key = 0; key < count; key++) oracle.rows.set(key, { vector: next(), labels: labelsOf(key) });
  await gallery.load([...oracle.rows].map(([key, row]) => ({ key, ...row })));
}

for (const metric of ['euclidean', 'cosine'] as const) {
  matching(`${metric}: any sequence of writes and searches answers as f64 brute force does`, async () => {
    const engine = await open2({ ...tiny, memoryBytes: 1 << 20 });
    let round = 0;
    const action = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('upsert' as const),
          from: fc.nat(400),
          count: fc.integer({ min: 1, max: 120 }),
          label: fc.nat(3),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('remove' as const),
          from: fc.nat(400),
          count: fc.integer({ min: 1, max: 90 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('relabel' as const),
          from: fc.nat(400),
          count: fc.integer({ min: 1, max: 50 }),
          label: fc.nat(3),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('search' as const),
          queries: fc.integer({ min: 1, max: 40 }),
          k: fc.integer({ min: 1, max: 60 }),
          filter: fc.nat(6),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 3, maxLength: 14 }),
        fc.constantFrom(64, 100, 128, 512),
        fc.nat(),
        async (actions, length, seed) => {
          const version = versionOf(metric, length);
          const random = createRandom(seed);
          const next = createVectors(random, length);
          const gallery = engine.gallery(`g${round++}`, version);
          const oracle = createOracle(version);
          for (const step of actions) {
            if (step.kind === 'search') {
              const queries = Array.from({ length: step.queries }, next);
              const selections: Selection[] = [
                {},
                {},
                { labels: [[1]] },
                {
                  labels: [
                    [1, 2],
                    [2, 3],
                  ],
                },
                { minKey: 100, maxKey: 300 },
                { keys: [5, 1, 77, 200, 201, 202, 203, 9999] },
                { keys: Array.from({ length: 300 }, (_, i) => i * 2), labels: [[1, 2]] },
              ];
              const selection = selections[step.filter] ?? {};
              const minScore = random() < 0.3 ? (metric === 'cosine' ? 0.1 : -length / 4) : Number.NEGATIVE_INFINITY;
              const expected = () => queries.map((query) => oracle.search(query, step.k, minScore, selection));
              const answers = gallery.search({ queries, k: step.k, minScore, selection });
              // A write called while the search is under way: the answer is that of before or of after, never a mix.
              const late = next();
              const before = expected();
              gallery.upsert(401, late);
              oracle.rows.set(401, { vector: late, labels: [] });
              const after = expected();
              for (const [i, hits] of (await answers).entries()) {
                const wanted = isEqual(hits, before[i]) ? before : after;
                assert.equal(hits, wanted[i]);
              }
              continue;
            }
            for (let key = step.from; key < step.from + step.count; key++) {
              if (step.kind === 'remove') {
                gallery.remove(key);
                oracle.rows.delete(key);
              } else if (step.kind === 'relabel') {
                const labels = [step.label, 3];
                gallery.relabel(key, labels);
                const row = oracle.rows.get(key);
                if (row) oracle.rows.set(key, { ...row, labels });
              } else {
                const row = { vector: next(), labels: [step.label] };
                gallery.upsert(key, row.vector, row.labels);
                oracle.rows.set(key, row);
              }
            }
          }
          await gallery.settled();
          assert.is(gallery.size, oracle.rows.size);
          gallery.clear();
        },
      ),
      { numRuns: 25 },
    );
    await engine.stop();
  });

  matching(`${metric}: from 64 to 2048 values and from 0 to 10,000 rows nothing is missed`, async () => {
    const engine = await open2({ maxRows: 20_000, blockRows: 512 });
    for (const [length, count] of [
      [64, 10_000],
      [128, 5000],
      [512, 0],
      [512, 1],
      [513, 700],
      [1024, 300],
      [2048, 600],
    ] as const) {
      const version = versionOf(metric, length);
      const gallery = engine.gallery('sizes', version);
      const oracle = createOracle(version);
      const next = createVectors(createRandom(length + count), length);
      await fill(gallery, oracle, count, next);
      if (count === 1) gallery.remove(0);
      if (count === 1) oracle.rows.delete(0);
      const queries = Array.from({ length: 9 }, next);
      const [all, one] = await Promise.all([
        gallery.search({ queries, k: 20 }),
        gallery.search({ queries: queries.slice(0, 1), k: 20_000, selection: { minKey: 3 } }),
      ]);
      for (const [i, hits] of all.entries()) assert.equal(hits, oracle.search(queries[i] as Float32Array, 20));
      assert.equal(one[0], oracle.search(queries[0] as Float32Array, 20_000, Number.NEGATIVE_INFINITY, { minKey: 3 }));
      gallery.clear();
    }
    await engine.stop();
  });
}

matching(
  '100,000 rows in blocks as shipped: unit vectors, mated and unknown queries, alone and in batches',
  async () => {
    const engine = await open2({}, 'memory');
    const version = versionOf('euclidean', 64);
    const gallery = engine.gallery('large', version);
    const random = createRandom(7);
    const oracle = createOracle(version);
    const next = (): Float32Array => Float32Array.from({ length: 64 }, () => (random() + random() - 1) * 0.4);
    await fill(gallery, oracle, 100_000, next, (key) => (key % 10 === 0 ? [1] : key < 60_000 ? [2] : [3]));
    const queries = Array.from({ length: 6 }, (_, i) =>
      i % 2 ? next() : (oracle.rows.get(i * 999)?.vector ?? next()).map((v) => v + 0.05 * random()),
    );
    for (const selection of [{}, { labels: [[1]] }, { labels: [[2]] }, { minKey: 99_900 }] as Selection[]) {
      const batch = await gallery.search({ queries, k: 10, selection });
      for (const [i, query] of queries.entries()) {
        const wanted = oracle.search(query, 10, Number.NEGATIVE_INFINITY, selection);
        assert.equal(batch[i], wanted);
        assert.equal((await gallery.search({ queries: [query], k: 10, selection }))[0], wanted);
      }
    }
    const { scored, queries: asked } = engine.stats();
    assert.ok(scored / asked < 2000, `${scored / asked} rows scored per query: the bound does not prune`);
    await engine.stop();
  },
);

matching('a row is found by the search called right after its upsert, also while scans run', async () => {
  const engine = await open2();
  const version = versionOf('euclidean', 128);
  const gallery = engine.gallery('fresh', version);
  const next = createVectors(createRandom(3), 128);
  const running: Promise<unknown>[] = [];
  for (let key = 0; key < 300; key++) {
    const vector = Float32Array.from({ length: 128 }, (_, i) => Math.sin(key * 128 + i));
    gallery.upsert(key, vector);
    running.push(gallery.search({ queries: [vector], k: 1 }).then(([hits]) => assert.equal(hits, [{ key, score: 0 }])));
    if (key % 50 === 0) await new Promise(setImmediate);
  }
  await Promise.all(running);
  gallery.remove(7);
  const [rest] = await gallery.search({ queries: [next()], k: 300 });
  assert.is(rest?.length, 299);
  assert.not.ok(rest?.some((hit) => hit.key === 7));
  assert.ok(engine.stats().scans < running.length / 2, 'searches of the same turn share scans');
  await engine.stop();
});

matching('bad descriptors, keys, k and full galleries are refused and leave nothing behind', async () => {
  const engine = await open2({ ...tiny, maxRows: 3, maxWaitingQueries: 5, maxKeys: 4 });
  const gallery = engine.gallery('bad', versionOf('cosine', 64));
  const good = new Float32Array(64).fill(1);
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const vector = good.with(5, bad);
    assert.is(await refusal(() => gallery.upsert(1, vector)), 'InvalidDescriptor');
    assert.is(await refusal(() => gallery.search({ queries: [vector], k: 1 })), 'InvalidDescriptor');
  }
  assert.is(await refusal(() => gallery.upsert(1, new Float32Array(64))), 'InvalidDescriptor');
  assert.is(await refusal(() => gallery.upsert(1, new Float32Array(63).fill(1))), 'InvalidDescriptor');
  assert.is(await refusal(() => gallery.load([{ key: 1, vector: new Float32Array(65).fill(1) }])), 'InvalidDescriptor');
  for (const key of [-1, 1.5, 2 ** 53, Number.NaN])
    assert.is(await refusal(() => gallery.upsert(key, good)), 'RangeError');
  for (const k of [0, -1, 1.5, 1e9])
    assert.is(await refusal(() => gallery.search({ queries: [good], k })), 'RangeError');
  assert.is(
    await refusal(() => gallery.search({ queries: [good], k: 1, selection: { keys: [1, 2, 3, 4, 5] } })),
    'CrossMatchTooLarge',
  );
  assert.is(await refusal(() => gallery.search({ queries: Array(6).fill(good), k: 1 })), 'ServiceBusy');
  assert.equal(await gallery.search({ queries: [good], k: 1 }), [[]]);
  for (const key of [1, 2, 2 ** 53 - 1]) gallery.upsert(key, good);
  assert.is(await refusal(() => gallery.upsert(4, good)), 'GalleryFull');
  gallery.upsert(2, good);
  assert.is(gallery.size, 3);
  assert.equal(
    (await gallery.search({ queries: [good], k: 9 }))[0]?.map((hit) => hit.key),
    [1, 2, 2 ** 53 - 1],
  );
  assert.equal(await gallery.search({ queries: [good], k: 9, selection: { keys: [] } }), [[]]);
  assert.equal(await gallery.search({ queries: [good], k: 9, selection: { labels: [[77]] } }), [[]]);
  assert.equal(await gallery.search({ queries: [], k: 9 }), []);
  await engine.stop();
});

matching('writes that wait for a scan are bounded', async () => {
  const engine = await open2({ ...tiny, maxWaitingWrites: 20 });
  const gallery = engine.gallery('queue', versionOf('cosine', 64));
  const good = new Float32Array(64).fill(1);
  const searching = gallery.search({ queries: [good], k: 1 });
  await new Promise(setImmediate);
  void gallery.settled();
  const outcomes = await Promise.all(Array.from({ length: 40 }, (_, key) => refusal(() => gallery.upsert(key, good))));
  assert.is(outcomes.filter((name) => name === 'ServiceBusy').length, 20);
  await searching;
  await gallery.settled();
  assert.is(gallery.size, 20);
  assert.is(
    await gallery.load(
      (function* () {
        for (let key = 0; key < 500; key++) yield { key, vector: good };
      })(),
    ),
    500,
  );
  assert.is(gallery.size, 500);
  await engine.stop();
});

matching('a worker that dies is replaced and the search answers all the same', async () => {
  const engine = await open2();
  const version = versionOf('euclidean', 512);
  const gallery = engine.gallery('crash', version);
  const oracle = createOracle(version);
  const next = createVectors(createRandom(11), 512);
  await fill(gallery, oracle, 3000, next);
  // A kill may meet a worker that is only just being replaced: as many rounds as three deaths take.
  for (let round = 0; engine.stats().workersLost < 3 && round < 20; round++) {
    const query = next();
    const answer = gallery.search({ queries: Array(32).fill(query), k: 5 });
    await new Promise(setImmediate);
    await engine.pool.kill(round % 2);
    assert.equal((await answer)[0], oracle.search(query, 5));
  }
  assert.ok(engine.stats().workersLost >= 3);
  await engine.stop();
});

matching('a damaged record of the vector file is an error, not a wrong score', async () => {
  const dir = await mkdtemp(join(folder, 'damaged-'));
  const engine = await open2(tiny, 'file', dir);
  const gallery = engine.gallery('damage', versionOf('cosine', 64));
  const vector = new Float32Array(64).fill(1);
  gallery.upsert(1, vector);
  await gallery.search({ queries: [vector], k: 1 });
  const [name] = await readdir(dir);
  const file = await open(join(dir, String(name)), 'r+');
  await file.write(Uint8Array.of(7), 0, 1, 100);
  await file.close();
  assert.is(await refusal(() => gallery.search({ queries: [vector], k: 1 })), 'StorageFailed');
  await engine.stop();
});

matching('stop during searches: what runs is finished, what waits is refused, nothing hangs', async () => {
  const engine = await open2();
  const gallery = engine.gallery('stop', versionOf('cosine', 128));
  const next = createVectors(createRandom(5), 128);
  await gallery.load(Array.from({ length: 2000 }, (_, key) => ({ key, vector: next() })));
  const outcomes = Array.from({ length: 10 }, () =>
    refusal(() => gallery.search({ queries: Array.from({ length: 40 }, next), k: 3 })),
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  await engine.stop();
  for (const outcome of await Promise.all(outcomes))
    assert.ok(['nothing thrown', 'ServiceBusy'].includes(outcome), outcome);
  assert.is(await refusal(() => gallery.search({ queries: [next()], k: 3 })), 'ServiceBusy');
});

matching.run();
