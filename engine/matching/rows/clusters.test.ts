import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom, versionOf } from '../matching.fixture.ts';
import { createLayout } from './layout.ts';
import { createRows, type Rows } from './rows.ts';
import { createMemoryVectors } from './vectors.ts';

const clusters = suite('rows of one list lie together');

const blockRows = 64;
const length = 16;
/** Even labels are lists, odd ones days. */
const isList = (label: number): boolean => label % 2 === 0;
const dayOf = (key: number): number => 2 * Math.floor(key / 40) + 1;

function openRows(clusterBy: (label: number) => boolean = isList): Rows {
  const limits = { blockRows, maxRows: 8000, memoryBytes: 1 << 20, maxLabelSets: 4096 };
  const layout = createLayout({ ...limits, dimensions: length, workers: 1 });
  const version = versionOf('euclidean', length);
  return createRows({ ...limits, gallery: 'test', layout, version, vectors: createMemoryVectors(length), clusterBy });
}

const vectorOf = (key: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(key * length + i));

/** Blocks that hold rows with the label, and how many rows there are in them in all. */
function blocksOf(rows: Rows, keys: Iterable<number>): { blocks: number; rows: number } {
  const blocks = new Set([...keys].map((key) => Math.floor(rows.find(key) / blockRows)));
  const entries = rows.directory.entries;
  return { blocks: blocks.size, rows: [...blocks].reduce((sum, block) => sum + (entries[block * 2] as number), 0) };
}

clusters('whatever their days: a search for the list reads few blocks, and nothing else in most of them', () => {
  const rows = openRows();
  const listOf = (key: number): number => 2 + 2 * (key % 5);
  for (let key = 0; key < 4000; key++) rows.put(key, vectorOf(key), [listOf(key), dayOf(key)]);
  const ofOne = Array.from({ length: 800 }, (_, n) => n * 5);
  // The first 256 rows of a list came before it was a large one and lie among others.
  const late = ofOne.slice(300);
  const found = blocksOf(rows, late);
  assert.ok(found.blocks <= late.length / blockRows + 2, JSON.stringify(found));
  assert.ok(found.rows <= late.length + 2 * blockRows, JSON.stringify(found));
});

for (const how of ['relabel', 'put'] as const) {
  clusters(`rows linked to the list later move to it (${how}), and away again`, () => {
    const rows = openRows();
    for (let key = 0; key < 3000; key++) rows.put(key, vectorOf(key), [2, dayOf(key)]);
    const change = (key: number, labels: number[]): void => {
      if (how === 'relabel') rows.relabel(key, labels);
      else rows.put(key, vectorOf(key), labels);
    };
    const linked = Array.from({ length: 900 }, (_, n) => n * 3);
    for (const key of linked) change(key, [2, 4, dayOf(key)]);
    const found = blocksOf(rows, linked.slice(300));
    assert.ok(found.blocks <= 600 / blockRows + 2 && found.rows <= 600 + 2 * blockRows, JSON.stringify(found));
    for (const key of linked) change(key, [2, dayOf(key)]);
    const size = Array.from({ length: rows.blocks }, (_, block) => rows.directory.entries[block * 2] as number);
    assert.is(
      size.reduce((sum, count) => sum + count, 0),
      3000,
    );
    assert.is(rows.size, 3000);
    const full = size.filter((count) => count === blockRows).length;
    assert.ok(full >= size.filter((count) => count > 0).length - 3, `half-empty blocks stay behind: ${size}`);
    for (let key = 0; key < 3000; key++) {
      assert.equal(
        rows.labels.labelsOf(labelAt(rows, key)),
        [2, dayOf(key)].sort((a, b) => a - b),
      );
    }
  });
}

clusters('any sequence of writes leaves each key with its labels, and each block full but one per cluster', () => {
  const rows = openRows();
  const random = createRandom(3);
  const below = (n: number): number => Math.floor(random() * n);
  const truth = new Map<number, number[]>();
  for (let step = 0; step < 20_000; step++) {
    const key = below(3000);
    const labels = [2 * (1 + below(random() < 0.8 ? 2 : 6)), 1 + 2 * below(9)].sort((a, b) => a - b);
    const dice = random();
    if (dice < 0.6) {
      rows.put(key, vectorOf(key), labels);
      truth.set(key, labels);
    } else if (dice < 0.8) {
      assert.is(rows.relabel(key, labels), truth.has(key));
      if (truth.has(key)) truth.set(key, labels);
    } else if (dice < 0.999) assert.is(rows.remove(key), truth.delete(key));
    else if (dice > 0.9999) {
      rows.clear();
      truth.clear();
    }
  }
  assert.is(rows.size, truth.size);
  for (const [key, labels] of truth) assert.equal(rows.labels.labelsOf(labelAt(rows, key)), labels);
  const partly = Array.from({ length: rows.blocks }, (_, block) => rows.directory.entries[block * 2] as number).filter(
    (count) => count > 0 && count < blockRows,
  );
  assert.ok(partly.length <= 8, `${partly.length} blocks are partly filled`);
});

function labelAt(rows: Rows, key: number): number {
  const row = rows.find(key);
  assert.ok(row >= 0, `key ${key} is lost`);
  return rows.labelAt(row);
}

clusters.run();
