/**
 * Where things lie in the shared WebAssembly memories, computed alike by the main thread (which writes rows), the
 * workers (which scan them) and the snapshot (which stores blocks as they are).
 *
 * A memory is: 64 KiB left to the kernels, one scratch area per worker, then blocks. A block holds up to `blockRows`
 * rows column by column. A row is known by its row number: block number * blockRows + index in the block; block numbers
 * run through all memories of a gallery, `blocksPerMemory` in each (wasm32 ends at 4 GiB, so large galleries have several).
 */
export interface Layout {
  readonly dimensions: number;
  /** Bytes of an int8 row: dimensions rounded up to a multiple of 16. */
  readonly stride: number;
  readonly blockRows: number;
  readonly blocksPerMemory: number;
  readonly maxPages: number;
  readonly blockBytes: number;
  /** Byte offsets of the columns in a block; int8 rows start at 0. */
  readonly columns: {
    /** f64: the caller's key. */
    readonly keys: number;
    /** u32: value of one int8 step (bf16, above) and sum of the int8 values (i16, below). */
    readonly scales: number;
    /** u32: sum of the squared int8 values. */
    readonly squares: number;
    /** u32: record number in the f32 store. */
    readonly slots: number;
    /** u32: number of the row's label set. */
    readonly labels: number;
    /** bf16, rounded up: distance between the row and what its int8 values say. */
    readonly errors: number;
  };
  readonly scratch: ScratchLayout;
  readonly scratchBytes: number;
  readonly workers: number;
}

/** Byte offsets in one worker's scratch area. */
export interface ScratchLayout {
  readonly queries: number;
  readonly coarse: number;
  /** The coarse queries once more, four and four interleaved for the batch kernel; or a tile of centroids. */
  readonly packed: number;
  readonly constants: number;
  readonly counts: number;
  readonly mask: number;
  readonly allow: number;
  readonly ids: number;
  readonly wide: number;
  readonly numbers: number;
  readonly out: number;
  /** Rows of a widened part of a block. */
  readonly wideRows: number;
  /** Rows of a block that the batch kernel takes at a time. */
  readonly batchRows: number;
}

export const pageBytes = 65536;
/** Queries that share one scan. */
export const batchQueries = 32;
/** A widened part of a block stays in a core's second-level cache together with the centroids. */
const wideBytes = 131072;
/** Between two calls of the batch kernel the thresholds rise; fewer rows make more calls. */
const mostBatchRows = 512;
/** Floats of constants per query: three coarse, three fine. */
const constantsPerQuery = 6;

const align = (bytes: number, to = 64): number => Math.ceil(bytes / to) * to;

export function createLayout(options: {
  dimensions: number;
  blockRows: number;
  memoryBytes: number;
  workers: number;
  maxLabelSets: number;
}): Layout {
  const { dimensions, blockRows, workers } = options;
  const stride = align(dimensions, 16);
  let end = 0;
  const place = (bytes: number): number => {
    const at = end;
    end += align(bytes);
    return at;
  };
  place(blockRows * stride);
  const columns = {
    keys: place(blockRows * 8),
    scales: place(blockRows * 4),
    squares: place(blockRows * 4),
    slots: place(blockRows * 4),
    labels: place(blockRows * 4),
    errors: place(blockRows * 2),
  };
  const blockBytes = end;

  end = 0;
  const wideRows = Math.min(align(blockRows, 2), Math.max(16, 2 * Math.floor(wideBytes / (stride * 4))));
  const batchRows = Math.min(mostBatchRows, Math.ceil(blockRows / 2));
  const scratch: ScratchLayout = {
    queries: place(batchQueries * stride * 2),
    coarse: place(batchQueries * stride),
    packed: place(batchQueries * stride * 2),
    constants: place(batchQueries * constantsPerQuery * 4),
    counts: place(batchQueries * 4),
    mask: place(Math.ceil(blockRows / 32) * 4),
    allow: place(Math.ceil(options.maxLabelSets / 32) * 4),
    ids: place(blockRows * 4),
    wide: place(wideRows * stride * 2),
    numbers: place(Math.max(wideRows * 12, 32 + batchRows * 16)),
    out: place(Math.max(blockRows, batchRows * batchQueries, wideRows) * 8),
    wideRows,
    batchRows,
  };
  const scratchBytes = end;

  const maxPages = Math.min(65536, Math.ceil(options.memoryBytes / pageBytes));
  const blocksPerMemory = Math.floor((maxPages * pageBytes - pageBytes - workers * scratchBytes) / blockBytes);
  if (blocksPerMemory < 1) throw new RangeError(`a memory of ${options.memoryBytes} bytes holds no block`);
  return {
    dimensions,
    stride,
    blockRows,
    blocksPerMemory,
    maxPages,
    blockBytes,
    columns,
    scratch,
    scratchBytes,
    workers,
  };
}

/** Byte offset of a block in its memory. */
export function blockOffset(layout: Layout, block: number): number {
  return pageBytes + layout.workers * layout.scratchBytes + (block % layout.blocksPerMemory) * layout.blockBytes;
}

export function scratchOffset(layout: Layout, worker: number): number {
  return pageBytes + worker * layout.scratchBytes;
}
