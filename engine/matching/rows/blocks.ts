import { type QuantisedRow, scaleWord } from '../scan/quantise.ts';
import { blockOffset, type Layout, pageBytes } from './layout.ts';

/** Two i32 per block, shared with the workers: rows in it, and the label set of all its rows or -1 when they differ. */
export interface Directory {
  readonly shared: SharedArrayBuffer;
  readonly entries: Int32Array;
}

/** Label of a block whose rows differ in theirs. */
export const mixed = -1;

/** The shared memories of one gallery and the rows in them, by row number. Knows places, not keys: see `rows.ts`. */
export interface Blocks {
  readonly memories: WebAssembly.Memory[];
  readonly directory: Directory;
  /** Grows by one whenever a memory was added or has grown. */
  readonly shape: number;
  /** Makes room for a block. Throws what `outOfMemory` makes when there is none. */
  grow(block: number): void;
  blockOf(row: number): number;
  countOf(block: number): number;
  /** Sets the number of rows of a block and, when given, the label set of all its rows. */
  setCount(block: number, count: number, label?: number): void;
  /** To be called before a row with this label set is put into the block. */
  noteLabel(block: number, label: number): void;
  keyAt(row: number): number;
  /** Keys of a block's rows, as they lie in memory. */
  keysOf(block: number): Float64Array;
  labelAt(row: number): number;
  slotAt(row: number): number;
  setLabel(row: number, label: number): void;
  store(row: number, key: number, quantised: QuantisedRow, slot: number, label: number): void;
  /** Copies a row over another one, in any block. */
  copyRow(from: number, to: number): void;
  /** The bytes of a block as they lie in memory; makes room for it if there is none. */
  bytes(block: number): Uint8Array;
  /** Memory in use: blocks as far as rows were ever written, and scratch areas. */
  sizeBytes(): number;
}

interface View {
  i8: Int8Array;
  u8: Uint8Array;
  f32: Float32Array;
  f64: Float64Array;
  u32: Uint32Array;
  u16: Uint16Array;
}

export function createBlocks(layout: Layout, maxBlocks: number, outOfMemory: () => Error): Blocks {
  const { blockRows, stride, columns, blocksPerMemory } = layout;
  const shared = new SharedArrayBuffer(maxBlocks * 8);
  const directory: Directory = { shared, entries: new Int32Array(shared) };
  const memories: WebAssembly.Memory[] = [];
  const views: View[] = [];
  /** Keys of each block. Such a view stays good when its memory grows: a shared memory is never moved. */
  const keysByBlock: Float64Array[] = [];
  let shape = 0;
  /** Most rows that each block has held: what of it takes up memory. */
  const touched = new Int32Array(maxBlocks);

  function memoryFor(index: number, pages: number): WebAssembly.Memory {
    try {
      const memory = memories[index];
      if (memory) {
        const missing = pages - memory.buffer.byteLength / pageBytes;
        if (missing > 0) memory.grow(missing);
        return memory;
      }
      return new WebAssembly.Memory({ initial: pages, maximum: layout.maxPages, shared: true });
    } catch {
      throw outOfMemory();
    }
  }

  function grow(block: number): void {
    const index = Math.floor(block / blocksPerMemory);
    const start = blockOffset(layout, block);
    if (keysByBlock[block]) return;
    // A snapshot may begin with blocks without rows; the workers want a memory at every place.
    if (index > 0 && !memories[index - 1]) grow((index - 1) * blocksPerMemory);
    const bytes = start + layout.blockBytes;
    if (bytes > (views[index]?.u8.length ?? 0)) {
      const memory = memoryFor(index, Math.ceil(bytes / pageBytes));
      memories[index] = memory;
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
    keysByBlock[block] = new Float64Array(
      (memories[index] as WebAssembly.Memory).buffer,
      start + columns.keys,
      blockRows,
    );
  }

  const blockOf = (row: number): number => Math.floor(row / blockRows);
  const viewOf = (block: number): View => views[Math.floor(block / blocksPerMemory)] as View;
  const countOf = (block: number): number => directory.entries[block * 2] as number;

  const keyAt = (row: number): number => {
    const block = Math.floor(row / blockRows);
    return (keysByBlock[block] as Float64Array)[row - block * blockRows] as number;
  };

  const at32 = (block: number, column: number, i: number): number => (blockOffset(layout, block) + column) / 4 + i;

  function store(row: number, key: number, q: QuantisedRow, slot: number, label: number): void {
    const block = blockOf(row);
    const i = row % blockRows;
    const view = viewOf(block);
    view.i8.set(q.values, blockOffset(layout, block) + i * stride);
    view.f64[(blockOffset(layout, block) + columns.keys) / 8 + i] = key;
    view.u32[at32(block, columns.scales, i)] = scaleWord(q);
    view.u32[at32(block, columns.squares, i)] = q.squares;
    view.u32[at32(block, columns.slots, i)] = slot;
    view.u32[at32(block, columns.labels, i)] = label;
    view.u16[(blockOffset(layout, block) + columns.errors) / 2 + i] = q.errorBits;
  }

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

  return {
    memories,
    directory,
    get shape() {
      return shape;
    },
    grow,
    blockOf,
    countOf,
    setCount(block, count, label) {
      directory.entries[block * 2] = count;
      if (label !== undefined) directory.entries[block * 2 + 1] = label;
      if (count > (touched[block] as number)) touched[block] = count;
    },
    noteLabel(block, label) {
      const at = block * 2 + 1;
      if (countOf(block) === 0) directory.entries[at] = label;
      else if (directory.entries[at] !== label) directory.entries[at] = mixed;
    },
    keyAt,
    keysOf: (block) => (keysByBlock[block] as Float64Array).subarray(0, countOf(block)),
    labelAt,
    slotAt,
    setLabel(row, label) {
      const block = blockOf(row);
      viewOf(block).u32[at32(block, columns.labels, row % blockRows)] = label;
    },
    store,
    copyRow,
    bytes(block) {
      grow(block);
      const start = blockOffset(layout, block);
      return viewOf(block).u8.subarray(start, start + layout.blockBytes);
    },
    sizeBytes() {
      const perRow = layout.blockBytes / blockRows;
      const scratch = memories.length * (pageBytes + layout.workers * layout.scratchBytes);
      return touched.reduce((sum, count) => sum + count, 0) * perRow + scratch;
    },
  };
}
