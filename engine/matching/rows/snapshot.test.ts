import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { createMatching, type Gallery, type Hit, type Matching } from '../matching.ts';

const snapshots = suite('snapshots of galleries');
const version: DescriptorVersion = {
  version: 30001,
  name: 'test',
  length: 64,
  metric: 'euclidean',
  similarity: { slope: 1, offset: 0 },
};
const limits = { blockRows: 64, maxRows: 5000, maxLabelSets: 64, memoryBytes: 1 << 20 };
let root = '';

snapshots.before(async () => {
  root = await mkdtemp(join(tmpdir(), 'snapshots-'));
});
snapshots.after(() => rm(root, { recursive: true, force: true }));

const vectorOf = (key: number): Float32Array => Float32Array.from({ length: 64 }, (_, i) => Math.sin(key * 64 + i));
const snapshotFile = (dir: string): string => join(dir, 'faces-30001.snapshot');

/** Opens the engine on a folder, hands its gallery to `use` and stops it. `crash` leaves without a clean end. */
async function withGallery<T>(
  dir: string,
  use: (gallery: Gallery, engine: Matching) => Promise<T>,
  rerank: 'file' | 'memory' = 'file',
): Promise<T> {
  const kernels = await prepareKernels({ outDir: 'dist' });
  const engine = createMatching({ kernels, log: createLog('silent'), dir, rerank, workers: 2, limits });
  await engine.start();
  try {
    return await use(engine.gallery('faces', version), engine);
  } finally {
    await engine.stop();
  }
}

const ask = (gallery: Gallery): Promise<Hit[][]> =>
  gallery.search({ queries: [1, 500, 777, 5000].map(vectorOf), k: 25 });

/** A folder with a snapshot at generation 'g1' of 1,000 rows, a third of them labelled, some replaced, some removed. */
async function made(rerank: 'file' | 'memory' = 'file'): Promise<{ dir: string; answers: Hit[][] }> {
  const dir = await mkdtemp(join(root, 'case-'));
  const answers = await withGallery(
    dir,
    async (gallery) => {
      for (let key = 0; key < 1100; key++) gallery.upsert(key, vectorOf(key), key % 3 ? [] : [9]);
      for (let key = 0; key < 300; key++) gallery.upsert(key, vectorOf(key), [5]);
      for (let key = 1000; key < 1100; key++) gallery.remove(key);
      const written = await gallery.snapshot({ generation: 'g1' });
      assert.is(written.rows, 1000);
      assert.is((await stat(snapshotFile(dir))).size, written.bytes);
      return ask(gallery);
    },
    rerank,
  );
  return { dir, answers };
}

for (const rerank of ['file', 'memory'] as const) {
  snapshots(
    `a restored gallery answers as the one that was written (vectors in ${rerank}) and can be changed`,
    async () => {
      const { dir, answers } = await made(rerank);
      await withGallery(
        dir,
        async (gallery) => {
          assert.equal(await gallery.restore((generation) => generation === 'g1'), {
            restored: true,
            generation: 'g1',
          });
          assert.is(gallery.size, 1000);
          assert.equal(await ask(gallery), answers);
          const [labelled] = await gallery.search({ queries: [vectorOf(1)], k: 5000, selection: { labels: [[9]] } });
          assert.is(labelled?.length, 234);
          gallery.remove(500);
          gallery.upsert(5000, vectorOf(5000), [9]);
          const [, without, , added] = await ask(gallery);
          assert.not.ok(without?.some((hit) => hit.key === 500));
          assert.is(added?.[0]?.key, 5000);
          assert.equal((await readdir(dir)).length, 2, 'one snapshot, one file of vectors');
        },
        rerank,
      );
    },
  );
}

snapshots('a stale generation, a missing, shortened or foreign file is refused with the reason', async () => {
  const { dir } = await made();
  const reasonOf = (accept: boolean): Promise<string> =>
    withGallery(dir, async (gallery) => {
      const outcome = await gallery.restore(() => accept);
      assert.is(gallery.size, 0);
      gallery.upsert(1, vectorOf(1));
      assert.is((await ask(gallery))[0]?.length, 1, 'goes on as an empty gallery');
      return outcome.restored ? '' : outcome.reason;
    });
  assert.match(await reasonOf(false), /generation 'g1' is stale/);
  const file = await open(snapshotFile(dir), 'r+');
  await file.truncate((await file.stat()).size - 1);
  assert.match(await reasonOf(true), /cut short/);
  await file.truncate(40);
  assert.match(await reasonOf(true), /cut short/);
  await file.write('something else entirely, and longer', 0);
  assert.match(await reasonOf(true), /not a snapshot/);
  await file.close();
  await rm(snapshotFile(dir));
  assert.match(await reasonOf(true), /there is none/);
});

snapshots('any flipped byte is noticed', async () => {
  const { dir } = await made();
  const file = await open(snapshotFile(dir), 'r+');
  const { size } = await file.stat();
  const byte = Buffer.alloc(1);
  const places = [
    0,
    9,
    13,
    16,
    200,
    ...Array.from({ length: 20 }, (_, i) => Math.floor((size * (i + 0.5)) / 20)),
    size - 1,
  ];
  await withGallery(dir, async (gallery) => {
    for (const place of places) {
      await file.read(byte, 0, 1, place);
      await file.write(Uint8Array.of((byte[0] ?? 0) ^ 4), 0, 1, place);
      const outcome = await gallery.restore(() => true);
      assert.is(outcome.restored, false, `byte ${place} of ${size}`);
      assert.is(gallery.size, 0);
      await file.write(byte, 0, 1, place);
    }
    assert.is((await gallery.restore(() => true)).restored, true);
  });
  await file.close();
});

snapshots('rows written while a snapshot is under way are in the gallery and not in the snapshot', async () => {
  const { dir } = await made();
  const answers = await withGallery(dir, async (gallery) => {
    await gallery.restore(() => true);
    const before = await ask(gallery);
    const writing = gallery.snapshot({ generation: 'g2' });
    for (let turn = 0; turn < 20; turn++) {
      await new Promise(setImmediate);
      for (let key = turn * 50; key < turn * 50 + 40; key++) {
        if (key % 2) gallery.remove(key);
        else gallery.upsert(key, vectorOf(key + 7));
      }
    }
    await writing;
    assert.is.not(gallery.size, 1000);
    return before;
  });
  await withGallery(dir, async (gallery) => {
    assert.equal(await gallery.restore((generation) => generation === 'g2'), { restored: true, generation: 'g2' });
    assert.equal(await ask(gallery), answers);
  });
});

snapshots('after a crash the last snapshot still fits: records that it needs were not written over', async () => {
  const { dir, answers } = await made();
  await withGallery(dir, async (gallery, engine) => {
    await gallery.restore(() => true);
    for (let round = 0; round < 3; round++) {
      for (let key = 0; key < 900; key++) gallery.upsert(key, vectorOf(key + 1000 * round));
      for (let key = 900; key < 1000; key++) gallery.remove(key);
    }
    await ask(gallery);
    assert.ok((engine.stats().galleries[0]?.heldRecords ?? 0) >= 1000);
  });
  await withGallery(dir, async (gallery) => {
    await gallery.restore(() => true);
    assert.equal(await ask(gallery), answers);
  });
});

snapshots('a very large number of records that became free is taken over', async () => {
  const dir = await mkdtemp(join(root, 'case-'));
  await withGallery(dir, async (gallery) => {
    await gallery.load(Array.from({ length: 100 }, (_, key) => ({ key, vector: vectorOf(key) })));
    await gallery.snapshot({ generation: 'g1' });
    // As many as would not go into one call as arguments.
    for (let round = 0; round < 1500; round++) {
      for (let key = 0; key < 100; key++) gallery.upsert(key, vectorOf(key + 1000));
    }
    await gallery.snapshot({ generation: 'g2' });
    const [hits = []] = await gallery.search({ queries: [vectorOf(1042)], k: 1 });
    assert.equal(hits, [{ key: 42, score: 0 }]);
  });
});

snapshots.run();
