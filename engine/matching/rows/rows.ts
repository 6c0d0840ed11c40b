import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { isLunaError, lunaError } from '#kernel/errors';
import { type QuantisedRow, quantiseRow } from '../scan/quantise.ts';
import { createBlocks, type Directory } from './blocks.ts';
import { createKeyIndex, mostIndexedRows } from './key-index.ts';
import { createLabelSets, type LabelSets } from './labels.ts';
import type { Layout } from './layout.ts';
import { createPlacement, mostBlocks } from './placement.ts';
import type { RowWatch } from './row-watch.ts';
import type { VectorStore } from './vectors.ts';

/** The rows of one gallery. Belongs to the main thread, which writes only while no worker scans. */
export interface Rows {
  readonly size: number;
  /** Grows by one whenever a memory was added or has grown: workers then need to look again. */
  readonly shape: number;
  readonly memories: WebAssembly.Memory[];
  readonly directory: Directory;
  readonly labels: LabelSets;
  /** Blocks from 0 to here may hold rows. */
  readonly blocks: number;
  /** Row numbers stay below. */
  readonly mostRows: number;
  readonly slots: SlotBook;
  has(key: number): boolean;
  /** Row number of a key, or -1. */
  find(key: number): number;
  /** The label set of a row, by row number. */
  labelAt(row: number): number;
  put(key: number, vector: Float32Array, labels: readonly number[]): void;
  remove(key: number): boolean;
  relabel(key: number, labels: readonly number[]): boolean;
  /** Another vector for a row that is there, which keeps its labels. */
  replaceVector(key: number, vector: Float32Array): void;
  clear(): void;
  /** Bytes of a block in its memory; `blocks` grows to hold it. */
  blockBytes(block: number): Uint8Array;
  /** Empty rows only: makes ready for `adopt` of this many rows, to which the label sets are already known. */
  expect(size: number): void;
  /** Takes over blocks filled from outside, by ascending number. */
  adopt(filled: readonly FilledBlock[]): void;
  /** Called with the number of a block before its rows change. */
  beforeWrite: ((block: number) => void) | undefined;
  /** Told of every row that comes, moves or goes. */
  readonly watches: Set<RowWatch>;
  /** Key and vector slot of every row. */
  places(): Iterable<{ key: number; slot: number }>;
  /** Memory in use: blocks as far as rows were ever written, key index, scratch areas. */
  sizeBytes(): number;
}

/** A block whose bytes came from elsewhere. `label`: see `Directory`. */
export interface FilledBlock {
  readonly block: number;
  readonly count: number;
  readonly label: number;
}

/** Which records of the vector store are free. Freed ones wait for the next snapshot if an older one may need them. */
export interface SlotBook {
  next: number;
  free: number[];
  held: number[];
  hold: boolean;
}

export function createRows(deps: {
  gallery: string;
  layout: Layout;
  version: DescriptorVersion;
  vectors: VectorStore;
  maxRows: number;
  maxLabelSets: number;
  /** Labels whose rows are kept together. */
  clusterBy?: ((label: number) => boolean) | undefined;
}): Rows {
  const { layout, version, vectors } = deps;
  const { blockRows, stride } = layout;
  const maxBlocks = mostBlocks(deps.maxRows, blockRows);
  if (maxBlocks * blockRows > mostIndexedRows) throw new RangeError(`a gallery cannot hold ${deps.maxRows} rows`);
  const blockStore = createBlocks(layout, maxBlocks, () =>
    lunaError('StorageFailed', { reason: `no memory for more rows of '${deps.gallery}'` }),
  );
  const { blockOf, countOf, setCount, noteLabel, keyAt, labelAt, slotAt, copyRow } = blockStore;
  const labels = createLabelSets(deps.gallery, deps.maxLabelSets, deps.clusterBy);
  const slots: SlotBook = { next: 0, free: [], held: [], hold: false };
  const scratchRow: QuantisedRow = { values: new Int8Array(stride), scale: 0, sum: 0, squares: 0, errorBits: 0 };
  const watches = new Set<RowWatch>();
  let size = 0;
  const index = createKeyIndex(keyAt);

  function takeSlot(): number {
    return slots.free.pop() ?? slots.next++;
  }

  function freeSlot(slot: number): void {
    if (slots.hold) slots.held.push(slot);
    else slots.free.push(slot);
  }

  function moveRow(from: number, to: number): void {
    copyRow(from, to);
    index.move(keyAt(from), to);
    for (const watch of watches) watch.moved(from, to);
  }

  const placement = createPlacement({
    layout,
    blockStore,
    labels,
    maxBlocks,
    moveRow,
    beforeWrite: (block) => rows.beforeWrite?.(block),
    full: () => lunaError('GalleryFull', { gallery: deps.gallery, what: 'rows', limit: deps.maxRows }),
  });

  /** Puts the row where it is, or a new one into a block of its cluster. */
  function writeRow(key: number, vector: Float32Array, labelList: readonly number[]): void {
    const before = index.find(key);
    if (before < 0 && size >= deps.maxRows) {
      throw lunaError('GalleryFull', { gallery: deps.gallery, what: 'rows', limit: deps.maxRows });
    }
    scratchRow.values.fill(0);
    quantiseRow(version.metric, vector, scratchRow);
    const label = labels.take(labelList);
    const slot = takeSlot();
    let block: number;
    try {
      block = before >= 0 ? blockOf(before) : placement.roomFor(label);
      vectors.write(slot, key, vector);
    } catch (error) {
      labels.release(label);
      slots.free.push(slot);
      if (isLunaError(error)) throw error;
      throw lunaError('StorageFailed', { reason: 'a vector could not be written' }, error);
    }
    rows.beforeWrite?.(block);
    if (before >= 0) {
      freeSlot(slotAt(before));
      labels.release(labelAt(before));
      noteLabel(block, label);
      blockStore.store(before, key, scratchRow, slot, label);
      for (const watch of watches) {
        watch.gone(before);
        watch.placed(before);
      }
      return;
    }
    noteLabel(block, label);
    const row = block * blockRows + countOf(block);
    blockStore.store(row, key, scratchRow, slot, label);
    setCount(block, countOf(block) + 1);
    index.add(key, row);
    size += 1;
    for (const watch of watches) watch.placed(row);
  }

  const rows: Rows = {
    beforeWrite: undefined,
    watches,
    memories: blockStore.memories,
    directory: blockStore.directory,
    labels,
    slots,
    mostRows: maxBlocks * blockRows,
    get size() {
      return size;
    },
    get shape() {
      return blockStore.shape;
    },
    get blocks() {
      return placement.blocks;
    },
    has: (key) => index.find(key) >= 0,
    find: (key) => index.find(key),
    labelAt,
    put(key, vector, labelList) {
      writeRow(key, vector, labelList);
      placement.byCluster(index.find(key));
    },
    replaceVector(key, vector) {
      const row = index.find(key);
      if (row >= 0) writeRow(key, vector, labels.labelsOf(labelAt(row)));
    },
    remove(key) {
      const row = index.find(key);
      if (row < 0) return false;
      index.remove(key);
      for (const watch of watches) watch.gone(row);
      freeSlot(slotAt(row));
      labels.release(labelAt(row));
      size -= 1;
      placement.vacate(row);
      return true;
    },
    relabel(key, labelList) {
      const row = index.find(key);
      if (row < 0) return false;
      const block = blockOf(row);
      rows.beforeWrite?.(block);
      const label = labels.take(labelList);
      labels.release(labelAt(row));
      noteLabel(block, label);
      blockStore.setLabel(row, label);
      placement.byCluster(row);
      return true;
    },
    clear() {
      for (let block = 0; block < placement.blocks; block++) {
        if (countOf(block) > 0) rows.beforeWrite?.(block);
        for (let i = 0; slots.hold && i < countOf(block); i++) slots.held.push(slotAt(block * blockRows + i));
        setCount(block, 0);
      }
      placement.clear();
      if (!slots.hold) Object.assign(slots, { next: 0, free: [] });
      index.clear();
      labels.clear();
      size = 0;
      for (const watch of watches) watch.cleared();
    },
    blockBytes: blockStore.bytes,
    expect: (count) => index.reserve(count),
    adopt(filled) {
      const total = filled.reduce((sum, { count }) => sum + count, 0);
      const keys = new Float64Array(total);
      const rowNumbers = new Int32Array(total);
      let n = 0;
      for (const { block, count, label } of filled) {
        setCount(block, count, label);
        placement.adopt(block, count, label);
        if (count === 0) continue;
        keys.set(blockStore.keysOf(block), n);
        for (let i = 0; i < count; i++) rowNumbers[n + i] = block * blockRows + i;
        n += count;
      }
      index.addMany(keys, rowNumbers);
      size += total;
    },
    *places() {
      for (let block = 0; block < placement.blocks; block++) {
        for (let row = block * blockRows; row < block * blockRows + countOf(block); row++) {
          yield { key: keyAt(row), slot: slotAt(row) };
        }
      }
    },
    sizeBytes: () => blockStore.sizeBytes() + index.sizeBytes,
  };
  return rows;
}
