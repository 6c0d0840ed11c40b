import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import type { Hit } from './scan/collect.ts';

/** Which rows a search looks at. All given conditions must hold; none = all rows. */
export interface Selection {
  /** Every group must be met by one of its labels: `[[account], [listA, listB]]`. */
  readonly labels?: readonly (readonly number[])[];
  /** Only these keys. Unknown ones are passed over. */
  readonly keys?: ArrayLike<number>;
  /** Bounds of the key, both inclusive: the time-bounded search when keys ascend with time. */
  readonly minKey?: number;
  readonly maxKey?: number;
}

export interface SearchRequest {
  readonly queries: readonly Float32Array[];
  /** At most this many hits per query. */
  readonly k: number;
  /** Hits below this vector score (see `scoreAt`) are left out. */
  readonly minScore?: number;
  readonly selection?: Selection;
  /** Never approximate, whatever the gallery was opened with. */
  readonly exact?: boolean;
  /** Cells to look into, if the answer is approximate at all; default: what the gallery was opened with. */
  readonly probes?: number;
}

/** Opens a gallery to approximate answers: those that choose from many rows look into some cells only (`cells/`). */
export interface CellOptions {
  /** Searches that choose from fewer rows, or from given keys, stay exact. */
  readonly minRows: number;
  /** Cells that a search looks into; the more, the fewer hits are missed. With all of them it is exact. */
  readonly probes: number;
  /** Default: about the square root of the rows. */
  readonly cells?: number;
}

/** Where a gallery gets vectors again that its file has lost: the rows that still exist, of these keys. */
export type VectorOrigin = (
  keys: readonly number[],
) => Iterable<{ readonly key: number; readonly vector: Float32Array }>;

/** What the cells of a gallery look like. */
export interface CellStats {
  readonly cells: number;
  readonly buildMs: number;
  /** 1 = all cells equally large; how much more rows than that a search looks at. */
  readonly imbalance: number;
  /** Rows that have no cell yet; every search looks at them. */
  readonly unassigned: number;
}

export interface GalleryRow {
  readonly key: number;
  readonly vector: Float32Array;
  readonly labels?: readonly number[];
}

/**
 * The searchable descriptors of one kind and version. Keys are the caller's: integers of 0..2^53-1, in practice SQLite
 * row ids. Writes are ordered and answer at once; a search sees every write called before it. While a scan runs, writes
 * wait in a bounded queue and are applied right after it, before the next one: a scan never sees half of a write.
 * Made to be fed from a change log: replaying a change that is already in is harmless, and `generation` of a snapshot
 * says where to go on.
 */
export interface Gallery {
  readonly name: string;
  readonly version: DescriptorVersion;
  /** Rows, as of the last applied write. */
  readonly size: number;
  /**
   * Adds or replaces. Throws `InvalidDescriptor` (length, NaN, infinity, zero), `GalleryFull`, or `ServiceBusy` when
   * too many writes wait for a scan. A row for which there is no room is not in the gallery, also when that is only
   * seen after a scan (`refusedWrites` of the statistics).
   */
  upsert(key: number, vector: Float32Array, labels?: readonly number[]): void;
  /** Takes a row out; a key that is not there is no error. */
  remove(key: number): void;
  /** Gives a row another set of labels; a key that is not there is no error. */
  relabel(key: number, labels: readonly number[]): void;
  clear(): void;
  /**
   * Adds many rows without blocking the thread or overflowing the write queue. Resolves to how many it added. A row
   * that `upsert` would refuse is told to `onRefused` and passed over; without `onRefused` it ends the loading.
   */
  load(
    rows: Iterable<GalleryRow> | AsyncIterable<GalleryRow>,
    onRefused?: (key: number, error: unknown) => void,
  ): Promise<number>;
  /** Resolves when every write called before is applied. */
  settled(): Promise<void>;
  /**
   * Exact: per query the k best hits, best first, equal scores by ascending key. Approximate only in a gallery that was
   * opened with `CellOptions`, and then each such answer has its line in the log.
   */
  search(request: SearchRequest): Promise<Hit[][]>;
  /** Brings the cells up to date now instead of by and by. Undefined: the gallery has none, or too few rows. */
  buildCells(): Promise<CellStats | undefined>;
  /** Writes a checksummed file from which `restore` starts fast. Searches and writes go on meanwhile. */
  snapshot(options: { generation: string }): Promise<{ bytes: number; rows: number }>;
  /**
   * Takes the rows from the snapshot if it is whole and `accept` says its generation may be used (exactly the current
   * one, or one from which the change log can catch up). Otherwise the gallery stays empty and the reason is told.
   */
  restore(
    accept: (generation: string) => boolean,
  ): Promise<{ restored: true; generation: string } | { restored: false; reason: string }>;
}
