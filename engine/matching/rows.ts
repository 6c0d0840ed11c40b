import type { DescriptorVersion } from '#domain/descriptor';
import { lunaError } from '#kernel/errors';
import { createKeyIndex } from './key-index.ts';
import { createLabelSets, type LabelSets } from './labels.ts';
import { blockOffset, type Layout, pageBytes } from './layout.ts';
import { type QuantisedRow, quantiseRow } from './quantise.ts';
import type { VectorStore } from './vectors.ts';

/** Two i32 per block, shared with the workers: rows in it, and the label set of all its rows or -1 when they differ. */
export interface Directory {
  readonly shared: SharedArrayBuffer;
  readonly entries: Int32Array;
}

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
  readonly slots: SlotBook;
  has(key: number): boolean;
  /** Row number of a key, or -1. */
  find(key: number): number;
  put(key: number, vector: Float32Array, labels: readonly number[]): void;
  remove(key: number): boolean;
  relabel(key: number, labels: readonly number[]): boolean;
  clear(): void;
  /** Bytes of a block in its memory; `blocks` grows to hold it. */
  blockBytes(block: number): Uint8Array;
  /** Takes over blocks filled from outside: rebuilds the key index. `onSlice` is awaited now and then. */
  adopt(counts: readonly { count: number; label: number }[], onSlice: () => Promise<void>): Promise<void>;
  /** Called with the number of a block before its rows change. */
  beforeWrite: ((block: number) => void) | undefined;
  /** Key and vector slot of every row. */
  places(): Iterable<{ key: number; slot: number }>;
  /** Memory in use: blocks as far as rows were ever written, key index, scratch areas. */
  sizeBytes(): number;
}

/** Which records of the vector store are free. Freed ones wait for the next snapshot if an older one may need them. */
export interface SlotBook {
  next: number;
  free: number[];
  held: number[];
  hold: boolean;
}

interface View {
  i8: Int8Array;
  u8: Uint8Array;
  f32: Float32Array;
  f64: Float64Array;
  u32: Uint32Array;
  u16: Uint16Array;
}

/** A label set gets blocks of its own once this many blocks would be full of it: then a search for it reads in sequence. */
const ownBlocksFrom = 4;
const mixed = -1;

export function createRows(deps: {
  gallery: string;
  layout: Layout;
  version: DescriptorVersion;
  vectors: VectorStore;
  maxRows: number;
  maxLabelSets: number;
}): Rows {
  const { layout, version, vectors } = deps;
  const { blockRows, stride, columns, blocksPerMemory } = layout;
  // Every block is full except one per cluster, and a cluster is worth `ownBlocksFrom` blocks when it begins.
  const maxBlocks = 2 * Math.ceil(deps.maxRows / blockRows) + 16;
  const shared = new SharedArrayBuffer(maxBlocks * 8);
  const directory: Directory = { shared, entries: new Int32Array(shared) };
  const memories: WebAssembly.Memory[] = [];
  const views: View[] = [];
  const labels = createLabelSets(deps.gallery, deps.maxLabelSets);
  const slots: SlotBook = { next: 0, free: [], held: [], hold: false };
  const scratchRow: QuantisedRow = { values: new Int8Array(stride), scale: 0, squares: 0, errorBits: 0 };
  let size = 0;
  let blocks = 0;
  let shape = 0;
  /** Most rows that each block has held: what of it takes up memory. */
  const touched = new Int32Array(maxBlocks);
  let freeBlocks: number[] = [];
  /** Cluster -> its block with room. -1 is the common cluster, others are label sets. */
  const open = new Map<number, number>();
  const clusterOfBlock = new Map<number, number>();

  function grow(block: number): void {
    const index = Math.floor(block / blocksPerMemory);
    const pages = Math.ceil((blockOffset(layout, block) + layout.blockBytes) / pageBytes);
    let memory = memories[index];
    if (!memory) {
      memory = new WebAssembly.Memory({ initial: pages, maximum: layout.maxPages, shared: true });
      memories[index] = memory;
    } else if (memory.buffer.byteLength < pages * pageBytes) {
      memory.grow(pages - memory.buffer.byteLength / pageBytes);
    } else if (views[index]) return;
    shape += 1;
    const { buffer } = memory;
    views[index] = {
      i8: new Int8Array(buffer),
      u8: new Uint8Array(buffer),
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
      u32: new Uint32Array(buffer),
      u16: new Uint16Array(buffer),
    };
  }

  const blockOf = (row: number): number => Math.floor(row / blockRows);
  const viewOf = (block: number): View => views[Math.floor(block / blocksPerMemory)] as View;
  const countOf = (block: number): number => directory.entries[block * 2] as number;

  function keyAt(row: number): number {
    const block = blockOf(row);
    return viewOf(block).f64[(blockOffset(layout, block) + columns.keys) / 8 + (row % blockRows)] as number;
  }
  const index = createKeyIndex(keyAt);

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
    grow(block);
    clusterOfBlock.set(block, cluster);
    blocks = Math.max(blocks, block + 1);
    directory.entries[block * 2] = 0;
    directory.entries[block * 2 + 1] = mixed;
    open.set(cluster, block);
    return block;
  }

  function noteLabel(block: number, label: number): void {
    const at = block * 2 + 1;
    if (countOf(block) === 0) directory.entries[at] = label;
    else if (directory.entries[at] !== label) directory.entries[at] = mixed;
  }

  function setCount(block: number, count: number): void {
    directory.entries[block * 2] = count;
    if (count > (touched[block] as number)) touched[block] = count;
  }

  const at32 = (block: number, column: number, i: number): number => (blockOffset(layout, block) + column) / 4 + i;

  function store(row: number, q: QuantisedRow, slot: number, label: number): void {
    const block = blockOf(row);
    const i = row % blockRows;
    const view = viewOf(block);
    view.i8.set(q.values, blockOffset(layout, block) + i * stride);
    view.f32[at32(block, columns.scales, i)] = q.scale;
    view.u32[at32(block, columns.squares, i)] = q.squares;
    view.u32[at32(block, columns.slots, i)] = slot;
    view.u32[at32(block, columns.labels, i)] = label;
    view.u16[(blockOffset(layout, block) + columns.errors) / 2 + i] = q.errorBits;
  }

  /** Copies a row over another one, in any block. */
  function copyRow(from: number, to: number): void {
    const source = blockOf(from);
    const target = blockOf(to);
    const i = from % blockRows;
    const j = to % blockRows;
    const a = blockOffset(layout, source);
    const b = blockOffset(layout, target);
    const view = viewOf(source);
    viewOf(target).u8.set(view.u8.subarray(a + i * stride, a + (i + 1) * stride), b + j * stride);
    for (const [column, width] of [
      [columns.keys, 8],
      [columns.scales, 4],
      [columns.squares, 4],
      [columns.slots, 4],
      [columns.labels, 4],
      [columns.errors, 2],
    ] as const) {
      const start = a + column + i * width;
      viewOf(target).u8.set(view.u8.subarray(start, start + width), b + column + j * width);
    }
  }

  const labelAt = (row: number): number =>
    viewOf(blockOf(row)).u32[at32(blockOf(row), columns.labels, row % blockRows)] as number;
  const slotAt = (row: number): number =>
    viewOf(blockOf(row)).u32[at32(blockOf(row), columns.slots, row % blockRows)] as number;

  function takeSlot(): number {
    return slots.free.pop() ?? slots.next++;
  }

  function freeSlot(slot: number): void {
    if (slots.hold) slots.held.push(slot);
    else slots.free.push(slot);
  }

  /** Empties a row; its place is taken by the last row of its block. A block is never left with a hole inside. */
  function vacate(row: number): void {
    const block = blockOf(row);
    rows.beforeWrite?.(block);
    const last = block * blockRows + countOf(block) - 1;
    if (last !== row) {
      copyRow(last, row);
      index.move(keyAt(last), row);
    }
    directory.entries[block * 2] = countOf(block) - 1;
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
      copyRow(last, row);
      setCount(block, countOf(block) + 1);
      directory.entries[current * 2] = countOf(current) - 1;
      index.move(keyAt(row), row);
    }
    if (countOf(current) === 0) drop(current, cluster);
  }

  function drop(block: number, cluster: number): void {
    if (open.get(cluster) === block) open.delete(cluster);
    clusterOfBlock.delete(block);
    freeBlocks.push(block);
  }

  const rows: Rows = {
    beforeWrite: undefined,
    memories,
    directory,
    labels,
    slots,
    get size() {
      return size;
    },
    get shape() {
      return shape;
    },
    get blocks() {
      return blocks;
    },
    has: (key) => index.find(key) >= 0,
    find: (key) => index.find(key),
    put(key, vector, labelList) {
      const before = index.find(key);
      if (before < 0 && size >= deps.maxRows) {
        throw lunaError('GalleryFull', { gallery: deps.gallery, what: 'rows', limit: deps.maxRows });
      }
      scratchRow.values.fill(0);
      quantiseRow(version.metric, vector, scratchRow);
      const slot = takeSlot();
      try {
        vectors.write(slot, key, vector);
      } catch (error) {
        slots.free.push(slot);
        throw lunaError('StorageFailed', { reason: 'a vector could not be written' }, error);
      }
      const label = labels.take(labelList);
      if (before >= 0) {
        const block = blockOf(before);
        rows.beforeWrite?.(block);
        freeSlot(slotAt(before));
        labels.release(labelAt(before));
        noteLabel(block, label);
        store(before, scratchRow, slot, label);
        return;
      }
      const cluster = labels.rowsOf(label) > ownBlocksFrom * blockRows ? label : mixed;
      const block = roomFor(cluster);
      rows.beforeWrite?.(block);
      noteLabel(block, label);
      const row = block * blockRows + countOf(block);
      viewOf(block).f64[(blockOffset(layout, block) + columns.keys) / 8 + (row % blockRows)] = key;
      store(row, scratchRow, slot, label);
      setCount(block, countOf(block) + 1);
      index.add(key, row);
      size += 1;
    },
    remove(key) {
      const row = index.find(key);
      if (row < 0) return false;
      index.remove(key);
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
      viewOf(block).u32[at32(block, columns.labels, row % blockRows)] = label;
      return true;
    },
    clear() {
      for (let block = 0; block < blocks; block++) {
        if (countOf(block) > 0) rows.beforeWrite?.(block);
        for (let i = 0; slots.hold && i < countOf(block); i++) slots.held.push(slotAt(block * blockRows + i));
        directory.entries[block * 2] = 0;
      }
      freeBlocks = Array.from({ length: blocks }, (_, i) => blocks - 1 - i);
      if (!slots.hold) Object.assign(slots, { next: 0, free: [] });
      open.clear();
      clusterOfBlock.clear();
      index.clear();
      labels.clear();
      size = 0;
    },
    blockBytes(block) {
      grow(block);
      const start = blockOffset(layout, block);
      return viewOf(block).u8.subarray(start, start + layout.blockBytes);
    },
    async adopt(counts, onSlice) {
      blocks = counts.length;
      size = 0;
      for (const [block, { count, label }] of counts.entries()) {
        setCount(block, count);
        directory.entries[block * 2 + 1] = label;
        if (count === 0) {
          freeBlocks.push(block);
          continue;
        }
        // Blocks with room: one goes on as the open one of its cluster; the others stay as they are.
        const cluster = label >= 0 && labels.rowsOf(label) > ownBlocksFrom * blockRows ? label : mixed;
        clusterOfBlock.set(block, cluster);
        if (count < blockRows) open.set(cluster, block);
        const base = block * blockRows;
        for (let i = 0; i < count; i++) index.add(keyAt(base + i), base + i);
        size += count;
        await onSlice();
      }
    },
    *places() {
      for (let block = 0; block < blocks; block++) {
        for (let row = block * blockRows; row < block * blockRows + countOf(block); row++) {
          yield { key: keyAt(row), slot: slotAt(row) };
        }
      }
    },
    sizeBytes() {
      const perRow = layout.blockBytes / blockRows;
      const scratch = memories.length * (pageBytes + layout.workers * layout.scratchBytes);
      return touched.reduce((sum, count) => sum + count, 0) * perRow + index.sizeBytes + scratch;
    },
  };
  return rows;
}
