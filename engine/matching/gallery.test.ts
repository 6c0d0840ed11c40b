import { mkdtemp, open as openFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
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

matching('a damaged record of the vector file is an error, not a wrong score', async ({ folder, open }) => {
  const dir = await mkdtemp(join(folder, 'damaged-'));
  const engine = await open(tiny, 'file', dir);
  const gallery = engine.gallery('damage', versionOf('cosine', 64));
  const vector = new Float32Array(64).fill(1);
  gallery.upsert(1, vector);
  await gallery.search({ queries: [vector], k: 1 });
  const [name] = await readdir(dir);
  const file = await openFile(join(dir, String(name)), 'r+');
  await file.write(Uint8Array.of(7), 0, 1, 100);
  await file.close();
  assert.is(await refusal(() => gallery.search({ queries: [vector], k: 1 })), 'StorageFailed');
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
