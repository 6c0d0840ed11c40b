import type { DescriptorVersion } from '#domain/descriptor';
import { isLunaError, lunaError } from '#kernel/errors';
import { type QuantisedRow, quantiseRow } from '../scan/quantise.ts';
import { createBlocks, type Directory, mixed } from './blocks.ts';
import { createKeyIndex, mostIndexedRows } from './key-index.ts';
import { createLabelSets, type LabelSets } from './labels.ts';
import type { Layout } from './layout.ts';
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

/** A cluster of label sets gets blocks of its own once this many would be full of it: then a search for it reads in sequence. */
const ownBlocksFrom = 4;

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
  // Every block is full except one per cluster, and a cluster is worth `ownBlocksFrom` blocks when it begins.
  const maxBlocks = 2 * Math.ceil(deps.maxRows / blockRows) + 16;
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
  let blocks = 0;
  let freeBlocks: number[] = [];
  /** Cluster -> its block with room. -1 is the common one, for rows whose cluster is small. */
  const open = new Map<number, number>();
  const clusterOfBlock = new Map<number, number>();

  const index = createKeyIndex(keyAt);

  const clusterOf = (label: number): number => {
    const cluster = labels.clusterOf(label);
    return labels.rowsOfCluster(cluster) > ownBlocksFrom * blockRows ? cluster : mixed;
  };

  /** The cluster that all rows of a filled block belong to, if it is a large one. */
  function clusterOfRows(block: number, count: number): number {
    const first = block * blockRows;
    const cluster = labels.clusterOf(labelAt(first));
    for (let i = 1; i < count; i++) if (labels.clusterOf(labelAt(first + i)) !== cluster) return mixed;
    return clusterOf(labelAt(first));
  }

  /** A block with room in the cluster, or a new one. */
  function roomFor(cluster: number): number {
    const current = open.get(cluster);
    if (current !== undefined && countOf(current) < blockRows) return current;
    const block = freeBlocks.pop() ?? blocks;
    if (block >= maxBlocks) {
      // Too many clusters with little in them: placement is for speed only, any block will do.
      for (const other of open.values()) if (countOf(other) < blockRows) return other;
      throw lunaError('GalleryFull', { gallery: deps.gallery, what: 'rows', limit: deps.maxRows });
    }
    blockStore.grow(block);
    clusterOfBlock.set(block, cluster);
    blocks = Math.max(blocks, block + 1);
    setCount(block, 0, mixed);
    open.set(cluster, block);
    return block;
  }

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

  /** Empties a row; its place is taken by the last row of its block. A block is never left with a hole inside. */
  function vacate(row: number): void {
    const block = blockOf(row);
    rows.beforeWrite?.(block);
    const last = block * blockRows + countOf(block) - 1;
    if (last !== row) moveRow(last, row);
    setCount(block, countOf(block) - 1);
    settle(block);
  }

  /** Keeps at most one block with room per cluster: a block that lost a row is refilled from the cluster's open one. */
  function settle(block: number): void {
    const cluster = clusterOfBlock.get(block) ?? mixed;
    const current = open.get(cluster);
    if (current === undefined || current === block) {
      if (countOf(block) > 0) open.set(cluster, block);
      else drop(block, cluster);
      return;
    }
    const last = current * blockRows + countOf(current) - 1;
    if (countOf(current) > 0) {
      rows.beforeWrite?.(current);
      const row = block * blockRows + countOf(block);
      noteLabel(block, labelAt(last));
      moveRow(last, row);
      setCount(block, countOf(block) + 1);
      setCount(current, countOf(current) - 1);
    }
    if (countOf(current) === 0) drop(current, cluster);
  }

  /** Moves a row whose labels have changed to a block of its cluster. Its number may be another one then. */
  function placeByCluster(row: number): void {
    const block = blockOf(row);
    const cluster = clusterOf(labelAt(row));
    if ((clusterOfBlock.get(block) ?? mixed) === cluster) return;
    // Not worth a refusal: placement is for speed only.
    if (freeBlocks.length === 0 && blocks >= maxBlocks) return;
    const target = roomFor(cluster);
    rows.beforeWrite?.(target);
    noteLabel(target, labelAt(row));
    moveRow(row, target * blockRows + countOf(target));
    setCount(target, countOf(target) + 1);
    vacate(row);
  }

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
      block = before >= 0 ? blockOf(before) : roomFor(clusterOf(label));
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

  function drop(block: number, cluster: number): void {
    if (open.get(cluster) === block) open.delete(cluster);
    clusterOfBlock.delete(block);
    freeBlocks.push(block);
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
      return blocks;
    },
    has: (key) => index.find(key) >= 0,
    find: (key) => index.find(key),
    labelAt,
    put(key, vector, labelList) {
      writeRow(key, vector, labelList);
      placeByCluster(index.find(key));
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
      vacate(row);
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
      placeByCluster(row);
      return true;
    },
    clear() {
      for (let block = 0; block < blocks; block++) {
        if (countOf(block) > 0) rows.beforeWrite?.(block);
        for (let i = 0; slots.hold && i < countOf(block); i++) slots.held.push(slotAt(block * blockRows + i));
        setCount(block, 0);
      }
      freeBlocks = Array.from({ length: blocks }, (_, i) => blocks - 1 - i);
      if (!slots.hold) Object.assign(slots, { next: 0, free: [] });
      open.clear();
      clusterOfBlock.clear();
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
        blocks = block + 1;
        setCount(block, count, label);
        if (count === 0) {
          freeBlocks.push(block);
          continue;
        }
        // Blocks with room: one goes on as the open one of its cluster; the others stay as they are.
        const cluster = label >= 0 ? clusterOf(label) : clusterOfRows(block, count);
        clusterOfBlock.set(block, cluster);
        if (count < blockRows) open.set(cluster, block);
        keys.set(blockStore.keysOf(block), n);
        for (let i = 0; i < count; i++) rowNumbers[n + i] = block * blockRows + i;
        n += count;
      }
      index.addMany(keys, rowNumbers);
      size += total;
    },
    *places() {
      for (let block = 0; block < blocks; block++) {
        for (let row = block * blockRows; row < block * blockRows + countOf(block); row++) {
          yield { key: keyAt(row), slot: slotAt(row) };
        }
      }
    },
    sizeBytes: () => blockStore.sizeBytes() + index.sizeBytes,
  };
  return rows;
}
