import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKeeper } from './keeper.ts';
import { refusal, versionOf } from './matching.fixture.ts';
import { createLayout } from './rows/layout.ts';
import { createRows } from './rows/rows.ts';
import { createMemoryVectors } from './rows/vectors.ts';

const test = suite('writes that cannot be kept');
const length = 64;
const version = versionOf('euclidean', length);
const limits = { blockRows: 64, maxRows: 1000, maxLabelSets: 4, memoryBytes: 1 << 20 };
const vectorOf = (key: number): Float32Array => new Float32Array(length).fill(key + 1);

function open(maxWaitingWrites = 100) {
  const disk = { isFull: false };
  const memory = createMemoryVectors(length);
  const write: typeof memory.write = (...record) => {
    if (disk.isFull) throw new Error('ENOSPC');
    memory.write(...record);
  };
  const vectors = { ...memory, write };
  const layout = createLayout({ ...limits, dimensions: length, workers: 1 });
  const rows = createRows({ ...limits, gallery: 'g', layout, version, vectors });
  const keeper = createKeeper({ ...limits, gallery: 'g', rows, vectors, layout, maxKeys: 10, maxWaitingWrites });
  const upsert = (key: number, labels: readonly number[] = []): void =>
    keeper.write({ kind: 'upsert', key, vector: vectorOf(key), labels });
  const settled = (): Promise<void> => keeper.quiet(async () => {});
  return { disk, rows, keeper, upsert, settled };
}

test('one that waited is told to every turn until there is room, then it is there, and what came after it', async () => {
  const { disk, rows, keeper, upsert, settled } = open();
  const scan = Promise.withResolvers<void>();
  const scanning = keeper.quiet(() => scan.promise);
  await new Promise(setImmediate);
  upsert(1);
  upsert(2);
  keeper.write({ kind: 'remove', key: 1 });
  disk.isFull = true;
  scan.resolve();
  await scanning;
  assert.is(await refusal(settled), 'StorageFailed');
  upsert(3);
  assert.is(await refusal(settled), 'StorageFailed');
  disk.isFull = false;
  await settled();
  assert.equal([rows.has(1), rows.has(2), rows.has(3), keeper.waitingWrites], [false, true, true, 0]);
});

test('a full queue of them is worked off once there is room, though nobody searches', async () => {
  const { disk, rows, keeper, upsert } = open(3);
  const scan = Promise.withResolvers<void>();
  const scanning = keeper.quiet(() => scan.promise);
  await new Promise(setImmediate);
  for (const key of [1, 2, 3]) upsert(key);
  disk.isFull = true;
  scan.resolve();
  await scanning;
  await new Promise(setImmediate);
  assert.is(await refusal(() => upsert(4)), 'ServiceBusy');
  await new Promise(setImmediate);
  disk.isFull = false;
  assert.is(await refusal(() => upsert(4)), 'ServiceBusy');
  await new Promise(setImmediate);
  upsert(4);
  assert.is(rows.size, 4);
});

test('what is thrown away with everything else is not waited for', async () => {
  const { disk, rows, keeper, upsert, settled } = open();
  const scan = Promise.withResolvers<void>();
  const scanning = keeper.quiet(() => scan.promise);
  await new Promise(setImmediate);
  upsert(1);
  disk.isFull = true;
  scan.resolve();
  await scanning;
  assert.is(await refusal(settled), 'StorageFailed');
  keeper.write({ kind: 'clear' });
  await settled();
  assert.is(rows.size, 0);
});

test('a row that is refused takes no record of a vector and no set of labels with it', () => {
  const { disk, rows, upsert } = open();
  for (const key of [1, 2, 3]) upsert(key, [key]);
  assert.is(rows.slots.next, 3);
  for (let n = 0; n < 10; n++) assert.throws(() => upsert(9, [9]), /different sets of labels/);
  assert.is(rows.slots.next + rows.slots.free.length, 3);
  rows.remove(3);
  disk.isFull = true;
  for (let n = 0; n < 10; n++) assert.throws(() => upsert(9, [9]), /could not be written/);
  disk.isFull = false;
  upsert(4, [4]);
  rows.remove(4);
  upsert(5, [5]);
  assert.is(rows.slots.next, 3);
});

test.run();
