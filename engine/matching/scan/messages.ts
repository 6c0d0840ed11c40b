import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import type { Layout } from '../rows/layout.ts';
import type { VectorSource } from '../rows/vectors.ts';

/** What main thread and matcher workers say to each other. Rows themselves travel by shared memory only. */
export interface WorkerSetup {
  kernels: WebAssembly.Module;
  /** Which scratch area is this worker's. */
  worker: number;
}

/** A gallery's shared parts; sent again whenever one was added. */
export interface Attachment {
  gallery: number;
  version: DescriptorVersion;
  layout: Layout;
  memories: WebAssembly.Memory[];
  directory: SharedArrayBuffer;
  vectors: VectorSource;
}

/** Conditions on rows; all must hold. Absent = no condition. */
export interface Condition {
  /** Bit per label set. */
  allow?: Uint32Array;
  minKey: number;
  maxKey: number;
  /** Bit per row number, blocks padded to whole words. */
  only?: SharedArrayBuffer;
}

export interface ScanJob {
  job: number;
  gallery: number;
  /** i32: next block, cancelled (0 or 1), then one sortable threshold per query. */
  control: SharedArrayBuffer;
  blocks: number;
  /** queries * dimensions. */
  queries: Float32Array;
  ks: number[];
  minScores: number[];
  condition?: Condition;
  /** Only with one query: the search is approximate and looks into its nearest cells alone. */
  cells?: ProbedCells;
}

/** See `cells/`. */
export interface ProbedCells {
  probes: number;
  /** f32, cells * dimensions. */
  centroids: SharedArrayBuffer;
  /** `CellMap.shared`. */
  map: SharedArrayBuffer;
}

/** Finds the nearest centroid of rows: of those without a cell, to give them one, or of a sample, to add it up. */
export interface AssignJob {
  job: number;
  gallery: number;
  /** i32: next of `blocks`. */
  control: SharedArrayBuffer;
  blocks: number[];
  centroids: SharedArrayBuffer;
  /** Changes whenever `centroids` do. */
  edition: number;
  /** Every how manieth row is in the sample, or where cells are kept. */
  work: { kind: 'sample'; step: number } | { kind: 'cells'; map: SharedArrayBuffer; rowsPerBlock: number };
}

export interface AssignAnswer {
  job: number;
  /** Rows per cell. */
  counts: Uint32Array;
  /** Of a sample: the sum of the rows of each cell. */
  sums: Float32Array;
  /** Blocks without rows that have no cell. */
  finished: number[];
}

export type ToWorker =
  | { kind: 'attach'; attachment: Attachment }
  | { kind: 'detach'; gallery: number }
  | { kind: 'scan'; scan: ScanJob }
  | { kind: 'assign'; assign: AssignJob }
  | { kind: 'stop' };

/** Per query `counts[i]` hits, one query after the other. */
export interface ScanAnswer {
  job: number;
  counts: Uint32Array;
  keys: Float64Array;
  scores: Float64Array;
  /** Rows scored exactly. */
  scored: number;
  /** Rows looked at. */
  looked: number;
  /** Keys of rows that could not be scored, because their vectors are damaged: the answer is not complete. */
  damaged: number[];
}

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'answer'; answer: ScanAnswer | AssignAnswer }
  | { kind: 'failed'; job: number; reason: string };

/** Places in `control` of a scan. */
export const cancelledAt = 1;
export const controlHead = 2;
