import type { DescriptorVersion } from '#domain/descriptor';
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
}

export type ToWorker =
  | { kind: 'attach'; attachment: Attachment }
  | { kind: 'detach'; gallery: number }
  | { kind: 'scan'; scan: ScanJob }
  | { kind: 'stop' };

/** Per query `counts[i]` hits, one query after the other. */
export interface ScanAnswer {
  job: number;
  counts: Uint32Array;
  keys: Float64Array;
  scores: Float64Array;
  /** Rows scored exactly. */
  scored: number;
}

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'answer'; answer: ScanAnswer }
  | { kind: 'failed'; job: number; reason: string };

export const controlHead = 2;
