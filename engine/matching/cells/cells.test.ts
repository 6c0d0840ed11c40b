import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { type CellOptions, createMatching, type Gallery, type Hit, type Matching } from '../matching.ts';

const test = suite<{ dir: string }>('cells for approximate search');
let kernels = '';
test.before(async () => {
  kernels = await prepareKernels({ outDir: 'dist' });
});
test.before.each(async (context) => {
  context.dir = await mkdtemp(join(tmpdir(), 'cells-'));
});
test.after.each(({ dir }) => rm(dir, { recursive: true, force: true }));

type Metric = DescriptorVersion['metric'];
const versionOf = (metric: Metric): DescriptorVersion => ({
  version: metric === 'cosine' ? 30065 : 30064,
  name: 'test',
  length: 64,
  metric,
  similarity: { slope: 1, offset: 0 },
});

/** Repeatable numbers -1..1 around 0. */
function createNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** People in 40 groups; `blur` 0 is the person's own ideal picture. */
function picture(who: number, blur = 0): Float32Array {
  const group = createNumbers((who % 40) * 7907 + 1);
  const person = createNumbers(who * 104729 + 5);
  const noise = createNumbers(who * 31 + 77);
  return Float32Array.from({ length: 64 }, () => group() + 0.6 * person() + blur * noise());
}

interface Line {
  msg: string;
  probes?: number;
  cells?: number;
  buildMs?: number;
  rowsScanned?: number;
  rows?: number;
}

async function withGallery<T>(
  options: { dir: string; metric?: Metric; cells?: CellOptions },
  use: (gallery: Gallery, engine: Matching, lines: Line[]) => Promise<T>,
): Promise<T> {
  const lines: Line[] = [];
  const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
  const limits = { blockRows: 256, maxRows: 50_000 };
  const engine = createMatching({ kernels, log, dir: options.dir, rerank: 'file', workers: 2, limits });
  await engine.start();
  try {
    const { cells } = options;
    return await use(engine.gallery('g', versionOf(options.metric ?? 'euclidean'), cells && { cells }), engine, lines);
  } finally {
    await engine.stop();
  }
}

const load = (gallery: Gallery, from: number, to: number): Promise<number> =>
  gallery.load(
    Array.from({ length: to - from }, (_, i) => ({
      key: from + i,
      vector: picture(from + i),
      labels: (from + i) % 10 === 0 ? [1] : [2],
    })),
  );
const queries = Array.from({ length: 40 }, (_, i) => picture(i * 97 + 3, 0.5));
const keysOf = (answers: Hit[][]): number[][] => answers.map((hits) => hits.map(({ key }) => key));

/** Share of the hits that an exact search finds. */
async function recallOf(gallery: Gallery): Promise<number> {
  const exact = keysOf(await gallery.search({ queries, k: 10, exact: true }));
  const found = keysOf(await gallery.search({ queries, k: 10 }));
  const hits = exact.flatMap((keys, i) => keys.map((key) => found[i]?.includes(key)));
  return hits.filter(Boolean).length / hits.length;
}

const approximations = (lines: Line[]): Line[] => lines.filter(({ msg }) => msg.includes('approximate:'));
const builds = (lines: Line[]): Line[] => lines.filter(({ msg }) => msg.includes('are made'));

for (const metric of ['euclidean', 'cosine'] as const) {
  test(`${metric}: the more cells are probed the fewer hits are missed; with all of them none`, async ({ dir }) => {
    const recalls: number[] = [];
    const looked: number[] = [];
    for (const probes of [1, 4, 16, 64]) {
      await withGallery(
        { dir, metric, cells: { minRows: 1000, probes, cells: 64 } },
        async (gallery, engine, lines) => {
          await load(gallery, 0, 6000);
          const stats = await gallery.buildCells();
          assert.is(stats?.cells, 64);
          assert.is(stats?.unassigned, 0);
          assert.ok((stats?.imbalance ?? 99) < 4, `imbalance ${stats?.imbalance}`);
          recalls.push(await recallOf(gallery));
          assert.is(engine.stats().approximate, queries.length);
          const [line] = approximations(lines);
          assert.is(line?.probes, probes);
          assert.is(line?.cells, 64);
          assert.ok((stats?.buildMs ?? 0) > 0 && line?.buildMs === stats?.buildMs, 'how long the cells took to make');
          assert.is(line?.rows, 6000);
          looked.push(line?.rowsScanned ?? -1);
          if (probes < 64) return;
          const all = { queries, k: 50, minScore: metric === 'cosine' ? 0.5 : -5 };
          assert.equal(await gallery.search(all), await gallery.search({ ...all, exact: true }));
        },
      );
    }
    const [few = 0, some = 0, many = 0, all = 0] = recalls;
    assert.ok(few < some && some <= many && many > 0.95, `recalls ${recalls}`);
    assert.ok(few > 0.2, `cells do not lie around the rows: recall ${few} with one of them`);
    assert.is(all, 1);
    assert.ok((looked[0] ?? 0) < 0.1 * 6000 * queries.length, `${looked[0]} rows looked at`);
    assert.is(looked[3], 6000 * queries.length);
  });
}

test('rows written after the cells were made are found at once, rows taken out are not', async ({ dir }) => {
  await withGallery({ dir, cells: { minRows: 1000, probes: 2, cells: 32 } }, async (gallery) => {
    await load(gallery, 0, 4000);
    await gallery.buildCells();
    const all = { queries, k: 20, probes: 32 };
    assert.equal(await gallery.search(all), await gallery.search({ ...all, exact: true }), 'a search may ask for more');
    const find = async (who: number) => keysOf(await gallery.search({ queries: [picture(who)], k: 1 }))[0];
    gallery.upsert(9000, picture(9000), [2]);
    assert.equal(await find(9000), [9000]);
    assert.equal(await find(17), [17]);
    // Another face under a key that had a cell.
    gallery.upsert(17, picture(9017), [2]);
    assert.equal(await find(9017), [17]);
    for (let key = 0; key < 500; key += 2) gallery.remove(key);
    assert.is.not((await find(100))?.[0], 100);
    assert.equal(await find(101), [101]);
    assert.is((await gallery.buildCells())?.unassigned, 0);
    assert.equal([await find(9000), await find(9017), await find(499)], [[9000], [17], [499]]);
    gallery.clear();
    assert.equal(await find(3), []);
    await load(gallery, 0, 1500);
    assert.equal(await find(3), [3]);
  });
});

test('few candidates, given keys and key ranges are searched exactly; large labels approximately', async ({ dir }) => {
  await withGallery({ dir, cells: { minRows: 1000, probes: 1, cells: 32 } }, async (gallery, engine) => {
    await load(gallery, 0, 900);
    assert.is(await gallery.buildCells(), undefined);
    await gallery.search({ queries, k: 5 });
    await load(gallery, 900, 4000);
    await gallery.buildCells();
    for (const selection of [
      { labels: [[1]] },
      { labels: [[1, 77]] },
      { keys: Array.from({ length: 3000 }, (_, i) => i) },
      { minKey: 10 },
      { maxKey: 3990, labels: [[2]] },
    ]) {
      await gallery.search({ queries, k: 5, selection });
      assert.is(engine.stats().approximate, 0, JSON.stringify(selection).slice(0, 40));
    }
    const [hits = []] = await gallery.search({ queries: queries.slice(0, 1), k: 2000, selection: { labels: [[2]] } });
    assert.is(engine.stats().approximate, 1);
    assert.ok(hits.length > 0 && hits.length < 1500);
    assert.not.ok(hits.some(({ key }) => key % 10 === 0));
  });
});

test('a gallery opened as usual has no cells and no approximate answers', async ({ dir }) => {
  await withGallery({ dir }, async (gallery, engine, lines) => {
    await load(gallery, 0, 3000);
    assert.is(await gallery.buildCells(), undefined);
    assert.is(await recallOf(gallery), 1);
    assert.is(engine.stats().approximate, 0);
    assert.equal(approximations(lines), []);
  });
});

test('searches and writes while cells are made are right, and cells follow once the gallery has doubled', async ({
  dir,
}) => {
  await withGallery({ dir, cells: { minRows: 1000, probes: 64, cells: 64 } }, async (gallery, _engine, lines) => {
    await load(gallery, 0, 5000);
    const building = gallery.buildCells();
    for (let turn = 0; turn < 30; turn++) {
      const key = 20_000 + turn;
      gallery.upsert(key, picture(key));
      gallery.remove(turn);
      const [hits] = await gallery.search({ queries: [picture(key)], k: 1 });
      assert.equal(hits, [{ key, score: 0 }]);
    }
    assert.is((await building)?.unassigned, 0);
    assert.is(await recallOf(gallery), 1);
    assert.is(builds(lines).length, 1);
    await load(gallery, 5000, 10_500);
    await gallery.buildCells();
    assert.is(builds(lines).length, 2);
    assert.is(await recallOf(gallery), 1);
  });
});

test('cells are kept with the snapshot; a damaged file costs only the time to make them anew', async ({ dir }) => {
  const cells = { minRows: 1000, probes: 3, cells: 32 };
  const before = await withGallery({ dir, cells }, async (gallery) => {
    await load(gallery, 0, 3000);
    await gallery.buildCells();
    gallery.upsert(7000, picture(7000));
    await gallery.snapshot({ generation: 'a' });
    return keysOf(await gallery.search({ queries, k: 5 }));
  });
  await withGallery({ dir, cells }, async (gallery, engine, lines) => {
    await gallery.restore(() => true);
    assert.equal(keysOf(await gallery.search({ queries, k: 5 })), before);
    assert.is(engine.stats().approximate, queries.length);
    assert.equal(builds(lines), []);
  });
  const file = await open(join(dir, 'g-30064.cells'), 'r+');
  await file.write(Uint8Array.of(255), 0, 1, 5000);
  await file.close();
  await withGallery({ dir, cells }, async (gallery, engine, lines) => {
    assert.is((await gallery.restore(() => true)).restored, true);
    assert.is(await recallOf(gallery), 1);
    assert.is(engine.stats().approximate, 0);
    await gallery.buildCells();
    assert.is(builds(lines).length, 1);
  });
});

test('a worker that dies and a stop while cells are made leave a gallery that answers and a process that ends', async ({
  dir,
}) => {
  await withGallery({ dir, cells: { minRows: 1000, probes: 256, cells: 256 } }, async (gallery, engine) => {
    await load(gallery, 0, 8000);
    const building = gallery.buildCells();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await engine.pool.kill(0);
    assert.is((await building)?.unassigned, 0);
    assert.is(await recallOf(gallery), 1);
    await load(gallery, 8000, 20_000);
    void gallery.buildCells();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

test.run();
