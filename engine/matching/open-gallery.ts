import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import { createCellIndex } from './cells/cell-index.ts';
import { readCells, writeCells } from './cells/cells-file.ts';
import type { CellOptions, Gallery, GalleryRow, VectorOrigin } from './gallery.ts';
import { createKeeper, createSlices } from './keeper.ts';
import type { MatchingLimits } from './limits.ts';
import { requireKey, requireLabels, requireSearch, requireVector } from './require.ts';
import { createLayout } from './rows/layout.ts';
import { createRows } from './rows/rows.ts';
import { readBlocks, readHeader, SnapshotRefused, writeSnapshot } from './rows/snapshot.ts';
import { createFileVectors, createMemoryVectors, openVectors, recordBytes } from './rows/vectors.ts';
import type { Pool } from './scan/pool.ts';
import type { Scheduler } from './schedule.ts';
import { attachmentOf, shapeOf, type Target } from './target.ts';

/** An open gallery and what the scheduler knows it by; another `current` after a snapshot was restored. */
export interface OpenGallery {
  readonly gallery: Gallery;
  current(): Target;
}

/** Opens an empty gallery: its rows, its f32 store and its snapshot file (`Gallery` says what each call does). */
export function openGallery(deps: {
  name: string;
  version: DescriptorVersion;
  dir: string | undefined;
  rerank: 'file' | 'memory';
  cells: CellOptions | undefined;
  origin: VectorOrigin | undefined;
  clusterBy: ((label: number) => boolean) | undefined;
  limits: MatchingLimits;
  workers: number;
  pool: Pool;
  scheduler: Scheduler;
  log: Log;
  nextId: () => number;
}): OpenGallery {
  const { name, version, dir, rerank, limits, workers, pool, scheduler, log } = deps;

  function openTarget(vectorsFile: string, keep: boolean): Target {
    const layout = createLayout({ ...limits, dimensions: version.length, workers });
    const path = dir === undefined ? undefined : join(dir, vectorsFile);
    const file = path === undefined ? undefined : createFileVectors(path, version.length, keep);
    const vectors = rerank === 'file' && file ? file : createMemoryVectors(version.length, file);
    const gallery = `${name}/${version.version}`;
    const rows = createRows({ ...limits, gallery, layout, version, vectors, clusterBy: deps.clusterBy });
    const keeper = createKeeper({ ...limits, gallery, rows, vectors, layout });
    const id = deps.nextId();
    const assign: Parameters<typeof createCellIndex>[0]['assign'] = (part, use) =>
      scheduler.run(() =>
        keeper.quiet(async () => {
          const job = { ...part, job: scheduler.nextJob(), gallery: id, control: new SharedArrayBuffer(4) };
          use(await pool.assign(job, () => attachmentOf(opened), shapeOf(opened)));
        }),
      );
    const { quiet } = keeper;
    const cells =
      deps.cells && createCellIndex({ gallery, rows, layout, version, options: deps.cells, log, assign, quiet });
    const mend = async (keys: readonly number[]): Promise<void> => {
      const reason = `${keys.length} vectors of gallery '${gallery}' are damaged`;
      if (!deps.origin) throw lunaError('StorageFailed', { reason });
      const gone = new Set(keys);
      for (const { key, vector } of deps.origin(keys)) {
        requireVector(version, String(key), vector);
        rows.replaceVector(key, vector);
        gone.delete(key);
      }
      // What exists no longer is about to be removed anyway.
      for (const key of gone) rows.remove(key);
      vectors.flush();
      log.error({ gallery, keys: keys.slice(0, 20), count: keys.length }, `${reason}; they were written again`);
    };
    const opened: Target = { id, name: gallery, version, layout, keeper, cells, mend };
    return opened;
  }

  /** Cells that belong to the snapshot just restored; without them they are made anew when they are needed. */
  async function restoreCells(draft: Target, folder: string, generation: string): Promise<void> {
    if (!draft.cells) return;
    const fits = { dimensions: version.length, places: draft.keeper.rows.blocks * draft.layout.blockRows };
    const saved = await readCells(join(folder, cellsFile), generation, fits);
    if (saved) draft.cells.restore(saved);
  }

  /** In memory mode: fills the memory from the file. */
  async function loadVectors(target: Target, path: string): Promise<void> {
    if (rerank === 'file') return;
    const reader = openVectors({ kind: 'file', path }, target.version.length);
    const slice = createSlices();
    try {
      for (const { key, slot } of target.keeper.rows.places()) {
        const vector = reader.read(slot, key);
        if (!vector) throw new SnapshotRefused('its vectors are damaged');
        target.keeper.vectors.adopt(slot, vector);
        await slice();
      }
    } finally {
      reader.close();
    }
  }

  const stem = `${name}-${version.version}`;
  const cellsFile = `${stem}.cells`;
  const freshFile = (): string => `${stem}.${randomBytes(6).toString('hex')}.f32`;
  let vectorsFile = freshFile();
  let saving = false;
  let target = openTarget(vectorsFile, false);

  /** Vectors and drafts that neither this gallery nor the snapshot needs: left behind by crashes. */
  async function removeOthers(folder: string, needed = vectorsFile): Promise<void> {
    for (const file of await readdir(folder)) {
      const ours = file.startsWith(`${stem}.`) && /\.f32$|\.(snapshot|cells)\./.test(file);
      if (ours && file !== vectorsFile && file !== needed) await rm(join(folder, file), { force: true });
    }
  }

  async function restoreInto(folder: string, accept: (generation: string) => boolean): Promise<string> {
    const subject = { gallery: name, version: version.version, metric: version.metric, layout: target.layout };
    const opened = await readHeader(join(folder, `${stem}.snapshot`), subject);
    const { header, file } = opened;
    await removeOthers(folder, header.vectors);
    let draft: Target | undefined;
    try {
      if (!accept(header.generation)) throw new SnapshotRefused(`generation '${header.generation}' is stale`);
      if (basename(header.vectors) !== header.vectors) throw new SnapshotRefused('the header is damaged');
      const { size } = await stat(join(folder, header.vectors)).catch(() => ({ size: 0 }));
      if (size < header.slots.next * recordBytes(version.length)) {
        throw new SnapshotRefused('its vectors are cut short');
      }
      draft = openTarget(header.vectors, true);
      await readBlocks(opened, draft.keeper.rows, draft.layout, createSlices());
      await loadVectors(draft, join(folder, header.vectors));
      await restoreCells(draft, folder, header.generation);
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

  const gallery: Gallery = {
    name,
    version,
    get size() {
      return target.keeper.rows.size;
    },
    upsert(key, vector, labels = []) {
      requireKey(key);
      requireVector(version, String(key), vector);
      requireLabels(labels);
      target.keeper.write({ kind: 'upsert', key, vector, labels });
    },
    remove(key) {
      target.keeper.write({ kind: 'remove', key });
    },
    relabel(key, labels) {
      requireLabels(labels);
      target.keeper.write({ kind: 'relabel', key, labels });
    },
    clear() {
      target.keeper.write({ kind: 'clear' });
    },
    async load(rows, onRefused) {
      const accepts = ({ key, vector, labels = [] }: GalleryRow): boolean => {
        requireKey(key);
        requireLabels(labels);
        try {
          requireVector(version, String(key), vector);
          return true;
        } catch (error) {
          if (!onRefused) throw error;
          onRefused(key, error);
          return false;
        }
      };
      return target.keeper.load(rows, accepts, onRefused);
    },
    settled: () => target.keeper.quiet(async () => {}),
    async buildCells() {
      await target.cells?.tend();
      return target.cells?.stats();
    },
    async search(request) {
      requireSearch(version, limits, request);
      return scheduler.search(target, request);
    },
    async snapshot({ generation }) {
      if (dir === undefined) throw new TypeError('snapshots need a dir');
      if (saving) throw lunaError('ServiceBusy', { queue: `snapshot of ${stem}` });
      saving = true;
      try {
        const subject = { gallery: name, version: version.version, metric: version.metric, layout: target.layout };
        // Only the beginning needs quiet rows; what it returns is wrapped so that the turn ends there.
        const { written, cells } = await target.keeper.quiet(async () => ({
          cells: target.cells?.save(),
          written: writeSnapshot(join(dir, `${stem}.snapshot`), subject, target.keeper.rows, {
            generation,
            vectors: vectorsFile,
            prepare: async () => {
              await target.keeper.vectors.sync();
              // Before the rows: cells of an older snapshot must not be taken for those of this one.
              await rm(join(dir, cellsFile), { force: true });
            },
          }),
        }));
        const result = await written;
        if (cells) await writeCells(join(dir, cellsFile), generation, cells);
        await removeOthers(dir);
        return result;
      } finally {
        saving = false;
      }
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
