import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exactScore } from '#domain/similarity';
import { isLunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../build/kernels/compile.ts';
import { createMatching, type Gallery, type Hit, type Matching, type MatchingLimits } from './matching.ts';
import { createLayout } from './rows/layout.ts';
import { WorkerLost } from './scan/pool.ts';

const recovery = suite<{ dir: string }>('galleries of several memories, searches whose workers are lost');
recovery.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'recovery-'));
});
recovery.after.each(({ dir }) => rm(dir, { recursive: true, force: true }));

const length = 64;
const version = {
  version: 30998,
  name: 'test',
  length,
  metric: 'euclidean' as const,
  similarity: { slope: 1, offset: 0 },
};
const small = { blockRows: 64, maxRows: 4000, maxLabelSets: 64, memoryBytes: 2 * 65_536 };
const vectorOf = (key: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(key * length + i));

async function openEngine(dir: string, limits: Partial<MatchingLimits> = small): Promise<Matching> {
  const kernels = await prepareKernels({ outDir: 'dist' });
  const engine = createMatching({ kernels, log: createLog('silent'), dir, rerank: 'file', workers: 1, limits });
  await engine.start();
  return engine;
}

const queries = [3, 999, 2500, 7000].map(vectorOf);
function truth(keys: Iterable<number>): Hit[][] {
  const all = [...keys].map((key) => ({ key, vector: vectorOf(key) }));
  return queries.map((query) =>
    all
      .map(({ key, vector }) => ({ key, score: exactScore(version, query, vector) }))
      .sort((a, b) => b.score - a.score || a.key - b.key)
      .slice(0, 30),
  );
}

async function check(gallery: Gallery, keys: ReadonlySet<number>): Promise<void> {
  assert.is(gallery.size, keys.size);
  assert.equal(await gallery.search({ queries, k: 30 }), truth(keys));
}

recovery(
  'a gallery of many memories answers, shrinks, grows again and comes back from its snapshot',
  async ({ dir }) => {
    const layout = createLayout({ ...small, dimensions: length, workers: 1 });
    const memories = Math.ceil(3000 / small.blockRows / layout.blocksPerMemory);
    assert.ok(memories >= 5, `${memories} memories`);
    const keys = new Set(Array.from({ length: 3000 }, (_, key) => key));
    const engine = await openEngine(dir);
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

    const again = await openEngine(dir);
    const restored = again.gallery('faces', version);
    assert.is((await restored.restore(() => true)).restored, true);
    await check(restored, keys);
    await again.stop();
  },
);

recovery('a snapshot of another layout is not used', async ({ dir }) => {
  const engine = await openEngine(dir);
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
    const other = await openEngine(dir, limits);
    const outcome = await other.gallery('faces', version).restore(() => true);
    assert.is(outcome.restored, false, JSON.stringify(limits));
    await other.stop();
  }
});

recovery(
  'a search whose workers are lost again and again ends with an error, and the next one answers',
  async ({ dir }) => {
    const engine = await openEngine(dir);
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
