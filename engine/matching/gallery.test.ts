import { mkdtemp, open as openFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import {
  createOracle,
  createRandom,
  createVectors,
  fill,
  matchingSuite,
  refusal,
  tiny,
  versionOf,
} from './matching.fixture.ts';
import { createMatching } from './matching.ts';

const matching = matchingSuite('galleries');

matching('a row is found by the search called right after its upsert, also while scans run', async ({ open }) => {
  const engine = await open();
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

matching('bad descriptors, keys, k and full galleries are refused and leave nothing behind', async ({ open }) => {
  const engine = await open({ ...tiny, maxRows: 3, maxWaitingQueries: 5, maxKeys: 4 });
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

matching('writes that wait for a scan are bounded', async ({ open }) => {
  const engine = await open({ ...tiny, maxWaitingWrites: 20 });
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

matching('a worker that dies is replaced and the search answers all the same', async ({ open }) => {
  const engine = await open();
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

async function damageVectors(dir: string, position: number): Promise<void> {
  const [name] = (await readdir(dir)).filter((file) => file.endsWith('.f32'));
  const file = await openFile(join(dir, String(name)), 'r+');
  await file.write(Uint8Array.of(7), 0, 1, position);
  await file.close();
}

matching('a damaged record of the vector file is an error, not a wrong score', async ({ folder, open }) => {
  const dir = await mkdtemp(join(folder, 'damaged-'));
  const engine = await open(tiny, 'file', dir);
  const gallery = engine.gallery('damage', versionOf('cosine', 64));
  const vector = new Float32Array(64).fill(1);
  gallery.upsert(1, vector);
  await gallery.search({ queries: [vector], k: 1 });
  await damageVectors(dir, 100);
  assert.is(await refusal(() => gallery.search({ queries: [vector], k: 1 })), 'StorageFailed');
  await engine.stop();
});

matching(
  'with an origin damaged vectors are fetched again, once, and the answer is right',
  async ({ folder, open }) => {
    const dir = await mkdtemp(join(folder, 'mended-'));
    const engine = await open(tiny, 'file', dir);
    const version = versionOf('euclidean', 64);
    const oracle = createOracle(version);
    const asked: number[][] = [];
    const gallery = engine.gallery('mended', version, {
      origin: (keys) => {
        asked.push([...keys].sort((a, b) => a - b));
        return keys.flatMap((key) => {
          const vector = oracle.rows.get(key)?.vector;
          return vector ? [{ key, vector }] : [];
        });
      },
    });
    const random = createRandom(17);
    const next = (): Float32Array => Float32Array.from({ length: 64 }, () => random() - 0.5);
    await fill(gallery, oracle, 500, next, (key) => [key % 3]);
    const record = 16 + 64 * 4;
    await gallery.settled();
    for (const key of [3, 4, 77]) await damageVectors(dir, key * record + 40);
    // 77 is gone where the vectors come from: it is about to be removed, and not found any more.
    oracle.rows.delete(77);
    const queries = Array.from({ length: 5 }, next);
    for (const selection of [{}, { labels: [[0, 1]] }]) {
      const answers = await gallery.search({ queries, k: 500, selection });
      for (const [i, query] of queries.entries()) {
        assert.equal(answers[i], oracle.search(query, 500, Number.NEGATIVE_INFINITY, selection));
      }
    }
    assert.equal(asked, [[3, 4, 77]]);
    await engine.stop();
  },
);

matching('a gallery that becomes full while a scan runs leaves out what came last, and goes on', async ({ open }) => {
  const engine = await open({ ...tiny, maxLabelSets: 3 });
  const version = versionOf('euclidean', 64);
  const gallery = engine.gallery('full', version);
  const vectorOf = (key: number): Float32Array => Float32Array.from({ length: 64 }, (_, i) => Math.sin(key * 64 + i));
  for (let key = 0; key < 4; key++) gallery.upsert(key, vectorOf(key), [1]);
  const searching = gallery.search({ queries: [vectorOf(0)], k: 9 });
  await new Promise(setImmediate);
  // The third set of labels is one too many (one is the empty set); the row is taken out, those after it still come.
  gallery.upsert(5, vectorOf(5), [2]);
  gallery.relabel(0, [3]);
  gallery.upsert(6, vectorOf(6), [4]);
  gallery.upsert(7, vectorOf(7), [1]);
  await searching;
  const [hits = []] = await gallery.search({ queries: [vectorOf(7)], k: 9 });
  assert.equal(
    hits.map((hit) => hit.key).sort((a, b) => a - b),
    [1, 2, 3, 5, 7],
  );
  assert.is(engine.stats().galleries[0]?.refusedWrites, 2);
  await engine.stop();
});

matching('searches within the time budget share a scan', async ({ kernels }) => {
  const engine = createMatching({ kernels, log: createLog('silent'), rerank: 'memory', workers: 1, coalesceMs: 300 });
  await engine.start();
  const gallery = engine.gallery('shared', versionOf('euclidean', 64));
  const vector = new Float32Array(64).fill(1);
  gallery.upsert(1, vector);
  await engine.ready();
  const first = gallery.search({ queries: [vector], k: 1 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const second = gallery.search({ queries: [vector], k: 1 });
  assert.equal(await Promise.all([first, second]), [[[{ key: 1, score: 0 }]], [[{ key: 1, score: 0 }]]]);
  assert.is(engine.stats().scans, 1);
  await engine.stop();
});

matching('many equal rows cost few reads: their vectors are read in runs', async ({ open }) => {
  const engine = await open({ maxRows: 50_000 });
  const version = versionOf('euclidean', 64);
  const gallery = engine.gallery('equal', version);
  const vector = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
  await gallery.load(Array.from({ length: 30_000 }, (_, key) => ({ key, vector })));
  const near = vector.map((value) => value * 1.01);
  const [hits = []] = await gallery.search({ queries: [near], k: 3 });
  assert.equal(
    hits.map((hit) => hit.key),
    [0, 1, 2],
  );
  await engine.stop();
});

matching('stop during searches: what runs is finished, what waits is refused, nothing hangs', async ({ open }) => {
  const engine = await open();
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
