import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import type { CellOptions, Gallery, VectorOrigin } from './gallery.ts';
import { defaultLimits, type MatchingLimits } from './limits.ts';
import { type OpenGallery, openGallery } from './open-gallery.ts';
import { createPool, type Pool } from './scan/pool.ts';
import { createScheduler, type Scheduler, type SearchCounts } from './schedule.ts';

export type { CellOptions, CellStats, Gallery, GalleryRow, SearchRequest, Selection, VectorOrigin } from './gallery.ts';
export { defaultLimits, type MatchingLimits } from './limits.ts';
export type { Hit } from './scan/collect.ts';

export interface Matching extends Subsystem {
  readonly name: 'matching';
  /** Begins to start the workers and does not wait: galleries can be filled meanwhile, and searches wait for them. */
  start(): Promise<void>;
  /** Resolves when the workers are there and warm; rejects when one cannot start. */
  ready(): Promise<void>;
  /** Replaces workers that are gone. Rejects when one cannot start: then no search is answered. */
  repair(): Promise<void>;
  /**
   * The gallery of this name and descriptor version; made empty at the first call, which says with `cells` whether it
   * may give approximate answers (default: never), with `origin` where damaged vectors are to be had again, and with
   * `clusterBy` the labels whose rows are kept together, so that a search for one reads in sequence (default: all).
   */
  gallery(
    name: string,
    version: DescriptorVersion,
    options?: { cells?: CellOptions | undefined; origin?: VectorOrigin; clusterBy?: (label: number) => boolean },
  ): Gallery;
  stats(): SearchCounts & { waitingQueries: number; workersLost: number; galleries: GalleryStats[] };
  /** The worker threads, for tests of the recovery. */
  readonly pool: Pool;
}

export interface GalleryStats {
  name: string;
  version: number;
  rows: number;
  /** Memory of int8 rows, their columns and the key index. */
  bytes: number;
  waitingWrites: number;
  /** Writes for which there was no room since the start. */
  refusedWrites: number;
  /** Records of the vector file that wait for the next snapshot to be used again. */
  heldRecords: number;
}

/**
 * Exact search of face descriptors at the speed of memory: int8 rows in shared WebAssembly memory, scanned with SIMD by
 * one worker per core, then exact f32 scoring of the few rows that the bound leaves (`scan/quantise.ts` has the proof,
 * `scan/collect.ts` the selection). The main thread never scans. Writes go through `Gallery`; SQLite stays the truth, this
 * is an index that can be rebuilt from it.
 *
 * Rows of one list lie together where there are enough of them, so that a search for it reads in sequence; other filters
 * are met row by row, from a list of indexes below a fifth of a block and by a late mask above (`scan/members.ts`).
 *
 * Where to look: `rows/` holds the rows (layout, writes, key index, labels, f32 store, snapshot file), `scan/` searches
 * them (bounds, kernels' callers, workers), `keeper.ts` orders writes and scans of a gallery, `schedule.ts` queues
 * searches, `open-gallery.ts` puts a gallery together, `cells/` is for approximate answers, which are off unless a
 * gallery is opened with them.
 *
 * `rerank: 'file'` keeps f32 vectors in `dir` (memory per row: dimensions + 32 bytes), 'memory' also in memory.
 * Without `dir` there are no snapshots and rerank must be 'memory'.
 */
export function createMatching(deps: {
  /** `matching.wasm` (see `build/kernels`), its path or its bytes. */
  kernels: string | Uint8Array<ArrayBuffer>;
  log: Log;
  dir?: string;
  rerank: 'file' | 'memory';
  workers?: number;
  /** Waits this long for searches to share a scan with. 0 = those of the same turn and those that came during a scan. */
  coalesceMs?: number;
  limits?: Partial<MatchingLimits>;
}): Matching {
  const { log, dir, rerank } = deps;
  if (rerank === 'file' && dir === undefined) throw new TypeError("rerank 'file' needs a dir");
  if (dir !== undefined) mkdirSync(dir, { recursive: true });
  const limits: MatchingLimits = { ...defaultLimits, ...deps.limits };
  const workers = deps.workers ?? availableParallelism();
  const kernels = new WebAssembly.Module(typeof deps.kernels === 'string' ? readFileSync(deps.kernels) : deps.kernels);
  const pool = createPool({ kernels, workers, timeoutMs: limits.scanTimeoutMs, log });
  const scheduler: Scheduler = createScheduler({
    pool,
    log,
    maxWaitingQueries: limits.maxWaitingQueries,
    coalesceMs: deps.coalesceMs ?? 0,
  });
  const galleries = new Map<string, OpenGallery>();
  let ids = 0;
  let starting: Promise<void> = Promise.resolve();

  return {
    name: 'matching',
    pool,
    async start() {
      starting = pool.start();
      // Told by `ready`, and by every search.
      starting.catch(() => {});
    },
    ready: () => starting,
    repair: () => pool.repair(),
    async stop() {
      await scheduler.stop();
      for (const { current } of galleries.values()) await current().cells?.stop();
      await pool.stop();
      for (const { current } of galleries.values()) {
        await current()
          .keeper.quiet(async () => {})
          .catch((error) => log.error({ err: error }, 'a gallery lost writes'));
        current().keeper.vectors.close();
      }
    },
    gallery(name, version, { cells, origin, clusterBy } = {}) {
      const key = `${name}/${version.version}`;
      let entry = galleries.get(key);
      if (!entry) {
        if (!/^[a-z0-9-]+$/.test(name)) throw new RangeError(`not a gallery name: '${name}'`);
        const nextId = () => ++ids;
        entry = openGallery({
          name,
          version,
          dir,
          rerank,
          cells,
          origin,
          clusterBy,
          limits,
          workers,
          pool,
          scheduler,
          log,
          nextId,
        });
        galleries.set(key, entry);
      }
      return entry.gallery;
    },
    stats: () => ({
      ...scheduler.counts,
      waitingQueries: scheduler.waitingQueries,
      workersLost: pool.lost,
      galleries: [...galleries.values()].map(({ gallery, current }) => {
        const { rows, waitingWrites, refusedWrites } = current().keeper;
        return {
          name: gallery.name,
          version: gallery.version.version,
          rows: rows.size,
          bytes: rows.sizeBytes(),
          waitingWrites,
          refusedWrites,
          heldRecords: rows.slots.held.length,
        };
      }),
    }),
  };
}
