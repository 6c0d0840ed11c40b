import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { DescriptorVersion } from '#domain/descriptor';
import { lunaError } from '#kernel/errors';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import { createKeeper, createSlices, type Gallery, type Keeper, type SearchRequest } from './gallery.ts';
import { createLayout } from './layout.ts';
import { createPool, type Pool } from './pool.ts';
import { createRows } from './rows.ts';
import { createScheduler, type Scheduler, type SearchCounts, type Target } from './schedule.ts';
import { readBlocks, readHeader, SnapshotRefused, writeSnapshot } from './snapshot.ts';
import { createFileVectors, createMemoryVectors, openVectors, type VectorStore } from './vectors.ts';

export type { Hit } from './collect.ts';
export type { Gallery, GalleryRow, SearchRequest, Selection } from './gallery.ts';

export interface MatchingLimits {
  /** Rows per gallery. */
  readonly maxRows: number;
  /** Hits per query. */
  readonly maxHits: number;
  /** Keys in one selection. */
  readonly maxKeys: number;
  readonly maxWaitingQueries: number;
  readonly maxWaitingWrites: number;
  readonly maxLabelSets: number;
  /** A worker that takes longer for one scan is replaced. */
  readonly scanTimeoutMs: number;
  /** Bytes of one WebAssembly memory; a gallery takes as many memories as it needs. */
  readonly memoryBytes: number;
  /** Rows that a worker claims at once. */
  readonly blockRows: number;
}

export const defaultLimits: MatchingLimits = {
  maxRows: 20_000_000,
  maxHits: 100_000,
  maxKeys: 1_000_000,
  maxWaitingQueries: 10_000,
  maxWaitingWrites: 16_384,
  maxLabelSets: 1_048_576,
  scanTimeoutMs: 60_000,
  memoryBytes: 2 ** 32,
  blockRows: 4096,
};

export interface Matching extends Subsystem {
  readonly name: 'matching';
  /** The gallery of this name and descriptor version; made empty at the first call. */
  gallery(name: string, version: DescriptorVersion): Gallery;
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
  /** Records of the vector file that wait for the next snapshot to be used again. */
  heldRecords: number;
}

/**
 * Exact search of face descriptors at the speed of memory: int8 rows in shared WebAssembly memory, scanned with SIMD by
 * one worker per core, then exact f32 scoring of the few rows that the bound leaves (`quantise.ts` has the proof,
 * `collect.ts` the selection). The main thread never scans. Writes go through `Gallery`; SQLite stays the truth, this
 * is an index that can be rebuilt from it.
 *
 * Where to look: `layout.ts` memory, `rows.ts` writes, `labels.ts` and `key-index.ts` what they use, `vectors.ts` f32,
 * `schedule.ts` queue of searches, `pool.ts` workers, `scan.ts` what a worker does, `snapshot.ts` fast start.
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
  const galleries = new Map<string, { gallery: Gallery; current(): Target }>();
  let ids = 0;

  function openTarget(name: string, version: DescriptorVersion, vectorsFile: string, keep: boolean): Target {
    const layout = createLayout({ ...limits, dimensions: version.length, workers });
    const path = dir === undefined ? undefined : join(dir, vectorsFile);
    const file = path === undefined ? undefined : createFileVectors(path, version.length, keep);
    const vectors: VectorStore = rerank === 'file' && file ? file : createMemoryVectors(version.length, file);
    const gallery = `${name}/${version.version}`;
    const rows = createRows({ ...limits, gallery, layout, version, vectors });
    const keeper: Keeper = createKeeper({ ...limits, gallery, rows, vectors, layout });
    return { id: ++ids, name: gallery, version, layout, keeper };
  }

  /** In memory mode: fills the memory from the file. */
  async function loadVectors(target: Target, path: string): Promise<void> {
    if (rerank === 'file') return;
    const reader = openVectors({ kind: 'file', path }, target.version.length);
    const slice = createSlices();
    try {
      for (const { key, slot } of target.keeper.rows.places()) {
        target.keeper.vectors.adopt(slot, reader.read(slot, key));
        await slice();
      }
    } finally {
      reader.close();
    }
  }

  function createGallery(name: string, version: DescriptorVersion): { gallery: Gallery; current(): Target } {
    const stem = `${name}-${version.version}`;
    const freshFile = (): string => `${stem}.${randomBytes(6).toString('hex')}.f32`;
    let vectorsFile = freshFile();
    let target = openTarget(name, version, vectorsFile, false);

    async function removeOtherVectors(folder: string): Promise<void> {
      for (const file of await readdir(folder)) {
        const ours = file.startsWith(`${stem}.`) && (file.endsWith('.f32') || file.includes('.snapshot.'));
        if (ours && file !== vectorsFile) await rm(join(folder, file), { force: true });
      }
    }

    async function restoreInto(folder: string, accept: (generation: string) => boolean): Promise<string> {
      const subject = { gallery: name, version: version.version, metric: version.metric, layout: target.layout };
      const opened = await readHeader(join(folder, `${stem}.snapshot`), subject);
      const { header, file } = opened;
      let draft: Target | undefined;
      try {
        if (!accept(header.generation)) throw new SnapshotRefused(`generation '${header.generation}' is stale`);
        if (basename(header.vectors) !== header.vectors) throw new SnapshotRefused('the header is damaged');
        draft = openTarget(name, version, header.vectors, true);
        await readBlocks(opened, draft.keeper.rows, draft.layout, createSlices());
        await loadVectors(draft, join(folder, header.vectors));
      } catch (error) {
        draft?.keeper.vectors.close();
        throw error;
      } finally {
        await file.close();
      }
      pool.detach(target.id);
      target.keeper.vectors.close();
      target = draft;
      vectorsFile = header.vectors;
      return header.generation;
    }

    function checkVector(key: number | string, vector: Float32Array): void {
      const refuse = (reason: string) => lunaError('InvalidDescriptor', { id: String(key), reason });
      if (vector.length !== version.length) throw refuse(`${version.length} values are needed, got ${vector.length}`);
      let any = false;
      for (let i = 0; i < vector.length; i++) {
        const value = vector[i] as number;
        if (!Number.isFinite(value)) throw refuse('not all values are finite');
        if (value !== 0) any = true;
      }
      if (!any) throw refuse('all values are zero');
    }

    function checkKey(key: number): void {
      if (!Number.isSafeInteger(key) || key < 0) throw new RangeError(`a key is an integer of 0..2^53-1, not ${key}`);
    }

    function checkLabels(labels: readonly number[]): void {
      if (!labels.every((label) => Number.isSafeInteger(label))) throw new RangeError('labels are integers');
    }

    function checkSearch({ queries, k, selection }: SearchRequest): void {
      for (const [i, query] of queries.entries()) checkVector(`query ${i}`, query);
      if (!Number.isInteger(k) || k < 1 || k > limits.maxHits)
        throw new RangeError(`k is 1..${limits.maxHits}, not ${k}`);
      if (selection?.keys && selection.keys.length > limits.maxKeys) {
        throw lunaError('CrossMatchTooLarge', { limit: limits.maxKeys });
      }
    }

    const gallery: Gallery = {
      name,
      version,
      get size() {
        return target.keeper.rows.size;
      },
      upsert(key, vector, labels = []) {
        checkKey(key);
        checkVector(key, vector);
        checkLabels(labels);
        target.keeper.write({ kind: 'upsert', key, vector: vector.slice(), labels: [...labels] });
      },
      remove(key) {
        target.keeper.write({ kind: 'remove', key });
      },
      relabel(key, labels) {
        checkLabels(labels);
        target.keeper.write({ kind: 'relabel', key, labels: [...labels] });
      },
      clear() {
        target.keeper.write({ kind: 'clear' });
      },
      async load(rows) {
        async function* checked() {
          for await (const row of rows) {
            checkKey(row.key);
            checkVector(row.key, row.vector);
            checkLabels(row.labels ?? []);
            yield row;
          }
        }
        return target.keeper.load(checked());
      },
      settled: () => target.keeper.quiet(async () => {}),
      async search(request) {
        checkSearch(request);
        return scheduler.search(target, request);
      },
      async snapshot({ generation }) {
        if (dir === undefined) throw new TypeError('snapshots need a dir');
        const subject = { gallery: name, version: version.version, metric: version.metric, layout: target.layout };
        // Only the beginning needs quiet rows; what it returns is wrapped so that the turn ends there.
        const { written } = await target.keeper.quiet(async () => ({
          written: writeSnapshot(join(dir, `${stem}.snapshot`), subject, target.keeper.rows, {
            generation,
            vectors: vectorsFile,
            syncVectors: () => target.keeper.vectors.sync(),
          }),
        }));
        const result = await written;
        await removeOtherVectors(dir);
        return result;
      },
      async restore(accept) {
        if (dir === undefined) return { restored: false, reason: 'there is no folder for snapshots' };
        if (target.keeper.rows.size > 0) return { restored: false, reason: 'the gallery is not empty' };
        const fresh = vectorsFile;
        try {
          const generation = await restoreInto(dir, accept);
          await rm(join(dir, fresh), { force: true });
          return { restored: true, generation };
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          log.warn({ gallery: stem, reason }, 'the snapshot is not used');
          return { restored: false, reason };
        }
      },
    };
    return { gallery, current: () => target };
  }

  return {
    name: 'matching',
    pool,
    async start() {
      await pool.start();
    },
    async stop() {
      await scheduler.stop();
      await pool.stop();
      for (const { current } of galleries.values()) {
        await current()
          .keeper.quiet(async () => {})
          .catch((error) => log.error({ err: error }, 'a gallery lost writes'));
        current().keeper.vectors.close();
      }
    },
    gallery(name, version) {
      const key = `${name}/${version.version}`;
      let entry = galleries.get(key);
      if (!entry) {
        if (!/^[a-z0-9-]+$/.test(name)) throw new RangeError(`not a gallery name: '${name}'`);
        entry = createGallery(name, version);
        galleries.set(key, entry);
      }
      return entry.gallery;
    },
    stats: () => ({
      ...scheduler.counts,
      waitingQueries: scheduler.waitingQueries,
      workersLost: pool.lost,
      galleries: [...galleries.values()].map(({ gallery, current }) => {
        const { rows, waitingWrites } = current().keeper;
        return {
          name: gallery.name,
          version: gallery.version.version,
          rows: rows.size,
          bytes: rows.sizeBytes(),
          waitingWrites,
          heldRecords: rows.slots.held.length,
        };
      }),
    }),
  };
}
