import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { isLunaError } from '#kernel/errors';
import { createOracle, matchingSuite, versionOf } from './matching.fixture.ts';
import type { Gallery } from './matching.ts';
import { createLayout } from './rows/layout.ts';
import { WorkerLost } from './scan/pool.ts';

const recovery = matchingSuite('galleries of several memories, searches whose workers are lost');
const length = 64;
const version = versionOf('euclidean', length);
const small = { blockRows: 64, maxRows: 4000, maxLabelSets: 64, memoryBytes: 3 * 65_536 };
const vectorOf = (key: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(key * length + i));
const queries = [3, 999, 2500, 7000].map(vectorOf);

async function check(gallery: Gallery, keys: ReadonlySet<number>): Promise<void> {
  assert.is(gallery.size, keys.size);
  const { rows, search } = createOracle(version);
  for (const key of keys) rows.set(key, { vector: vectorOf(key), labels: [] });
  const answers = await gallery.search({ queries, k: 30 });
  assert.equal(
    answers,
    queries.map((query) => search(query, 30)),
  );
}

recovery(
  'a gallery of many memories answers, shrinks, grows again and comes back from its snapshot',
  async ({ folder, open }) => {
    const dir = await mkdtemp(join(folder, 'recovery-'));
    const layout = createLayout({ ...small, dimensions: length, workers: 2 });
    const memories = Math.ceil(3000 / small.blockRows / layout.blocksPerMemory);
    assert.ok(memories >= 3, `${memories} memories`);
    const keys = new Set(Array.from({ length: 3000 }, (_, key) => key));
    const engine = await open(small, 'file', dir);
    const gallery = engine.gallery('faces', version);
    await gallery.load([...keys].map((key) => ({ key, vector: vectorOf(key) })));
    await check(gallery, keys);
    // What is taken out is filled by the last row of all, out of the last memory.
    for (let key = 0; key < 2000; key++) {
      if (key % 3 === 0) continue;
      gallery.remove(key);
      keys.delete(key);
    }
    await gallery.settled();
    await check(gallery, keys);
    for (let key = 5000; key < 7300; key++) {
      gallery.upsert(key, vectorOf(key));
      keys.add(key);
    }
    await gallery.settled();
    await check(gallery, keys);
    await gallery.snapshot({ generation: 'g' });
    await engine.stop();

    const again = await open(small, 'file', dir);
    const restored = again.gallery('faces', version);
    assert.is((await restored.restore(() => true)).restored, true);
    await check(restored, keys);
    await again.stop();
  },
);

recovery('a snapshot whose first memories hold no rows any more comes back', async ({ folder, open }) => {
  const dir = await mkdtemp(join(folder, 'recovery-'));
  const tight = { ...small, memoryBytes: 2 * 65_536 };
  const engine = await open(tight, 'file', dir);
  const gallery = engine.gallery('faces', version);
  const rowOf = (key: number) => ({ key, vector: vectorOf(key), labels: [1] });
  // From some number on rows of one label lie in blocks of their own, behind the others.
  await gallery.load(Array.from({ length: 1000 }, (_, key) => rowOf(key)));
  const keys = new Set<number>();
  for (let key = 0; key < 1000; key++) {
    if (key < 400) gallery.remove(key);
    else keys.add(key);
  }
  await gallery.snapshot({ generation: 'g' });
  await engine.stop();

  const again = await open(tight, 'file', dir);
  const restored = again.gallery('faces', version);
  assert.is((await restored.restore(() => true)).restored, true);
  await check(restored, keys);
  for (let key = 0; key < 400; key++) {
    restored.upsert(key, vectorOf(key), [1]);
    keys.add(key);
  }
  await check(restored, keys);
  await again.stop();
});

recovery('a snapshot of another layout is not used', async ({ folder, open }) => {
  const dir = await mkdtemp(join(folder, 'recovery-'));
  const engine = await open(small, 'file', dir);
  const gallery = engine.gallery('faces', version);
  gallery.upsert(1, vectorOf(1));
  await gallery.snapshot({ generation: 'g' });
  await engine.stop();
  const others = [
    { version, limits: { ...small, blockRows: 128 } },
    { version: { ...version, metric: 'cosine' as const }, limits: small },
    { version: { ...version, length: 128 }, limits: small },
  ];
  for (const { version, limits } of others) {
    const other = await open(limits, 'file', dir);
    const outcome = await other.gallery('faces', version).restore(() => true);
    assert.is(outcome.restored, false, JSON.stringify(limits));
    await other.stop();
  }
});

recovery(
  'a search whose workers are lost again and again ends with an error, and the next one answers',
  async ({ folder, open }) => {
    const dir = await mkdtemp(join(folder, 'recovery-'));
    const engine = await open(small, 'file', dir);
    const gallery = engine.gallery('faces', version);
    gallery.upsert(1, vectorOf(1));
    const { scan } = engine.pool;
    let tries = 0;
    engine.pool.scan = () => {
      tries += 1;
      return Promise.reject(new WorkerLost('gone'));
    };
    const searches = [1, 2].map((k) => gallery.search({ queries: Array(40).fill(vectorOf(1)), k }));
    for (const outcome of await Promise.allSettled(searches)) {
      assert.is(outcome.status, 'rejected');
      assert.ok(isLunaError((outcome as PromiseRejectedResult).reason, 'Internal'));
    }
    assert.is(tries, 6);
    assert.is(engine.stats().waitingQueries, 0);
    let isFirst = true;
    engine.pool.scan = (...job) => {
      if (!isFirst) return scan(...job);
      isFirst = false;
      return Promise.reject(new WorkerLost('gone once'));
    };
    assert.equal(await gallery.search({ queries: [vectorOf(1)], k: 1 }), [[{ key: 1, score: 0 }]]);
    await engine.stop();
  },
);

recovery.run();
