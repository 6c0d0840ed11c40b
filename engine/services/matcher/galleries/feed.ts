/**
 * Keeps the galleries in step with the database. SQLite is the truth: triggers write every change that matters to
 * `match_change` in the transaction of the change itself, and the galleries are an index that replays it. Replaying
 * twice is harmless, because a change only says which object to read again.
 *
 * A gallery starts from its snapshot and the changes since. A snapshot is used only if the database says so
 * (`matcher.snapshot.*` in `meta`), so that one that is newer or older than a restored database is never believed; then
 * the gallery is rebuilt from the rows. Changes are forgotten once every gallery has a snapshot past them, and a snapshot
 * from before what was forgotten is not believed either: its version was unknown for a time.
 *
 * A descriptor version that becomes known later, with a model pack, gets its galleries while the others go on.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import type { Ids } from '#kernel/ids';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import type { Matching as Engine, Gallery } from '#matching/matching';
import type { Storage } from '#storage/storage';
import type { MatcherSettings } from '../matcher.settings.ts';
import { createGalleryRows } from './gallery-rows.ts';
import { createLabelBook, isPlaceLabel, type LabelBook } from './labels.ts';

export type GalleryOrigin = 'faces' | 'events';
export type ChangeListener = (origin: GalleryOrigin, keys: readonly number[]) => void;

export interface GalleryFeed extends Subsystem {
  readonly labels: LabelBook;
  /**
   * With every change that was committed before the call. Waits for the galleries of a version that has just become
   * known to be filled; undefined for a version that nothing is known of.
   */
  gallery(origin: GalleryOrigin, version: number): Promise<Gallery | undefined>;
  /** Resolves when every change that was committed before the call is in the galleries. Cheap when there is none. */
  catchUp(): Promise<void>;
  onChange(listener: ChangeListener): () => void;
  /** Writes snapshots of all galleries and forgets the changes that they contain. */
  snapshot(): Promise<void>;
}

interface Kept {
  readonly origin: GalleryOrigin;
  readonly gallery: Gallery;
  /** The generations of snapshots that may be used; the last one is the newest. */
  generations: string[];
}

const changesPerRead = 8192;
const changesPerTrim = 2000;
const keysPerSlice = 256;
/** How often the galleries are brought up to date when nobody searches. */
const idleCatchUpMs = 500;

/** `<seq>:<id>`: the snapshot has all changes up to seq. */
const seqOf = (generation: string): number => Number.parseInt(generation, 10);
const metaKeyOf = ({ name, version }: Gallery): string => `matcher.snapshot.${name}/${version.version}`;
/** The change up to which changes are forgotten. */
const forgottenKey = 'matcher.forgotten';
const origins = ['faces', 'events'] as const satisfies readonly GalleryOrigin[];

export function createGalleryFeed(deps: {
  storage: Storage;
  engine: Engine;
  settings: Pick<MatcherSettings, 'snapshot_minutes' | 'snapshot_changes' | 'ivf'>;
  ids: Ids;
  log: Log;
}): GalleryFeed {
  const { storage, engine, settings, ids, log } = deps;
  const labels = createLabelBook(storage);
  const galleryRows = createGalleryRows({ storage, labels, log });
  const listeners = new Set<ChangeListener>();
  const kept: Kept[] = [];
  const adding = new Map<number, { done: Promise<void>; from: number }>();
  let cursor = 0;
  let snapshotCursor = 0;
  let applying: Promise<void> | undefined;
  let snapshotting: Promise<void> | undefined;
  let timers: NodeJS.Timeout[] = [];
  const forgottenUpTo = (): number => Number(storage.meta.get(forgottenKey) ?? 0);

  /** Fills the gallery. `from`: the change up to which it is current. `rebuilt`: there is no snapshot of what it holds. */
  const fill = async (one: Kept): Promise<{ from: number; rebuilt: boolean }> => {
    const { gallery } = one;
    const startedAt = performance.now();
    const outcome = await gallery.restore((generation) => one.generations.includes(generation));
    const from = outcome.restored ? seqOf(outcome.generation) : storage.matchChanges.lastSeq();
    if (!outcome.restored) await galleryRows.fill(one.origin, gallery);
    const ms = Math.round(performance.now() - startedAt);
    const how = outcome.restored ? 'from its snapshot' : `from the database (${outcome.reason})`;
    log.info(
      { gallery: gallery.name, version: gallery.version.version, rows: gallery.size, ms, how },
      'gallery is ready',
    );
    return { from, rebuilt: !outcome.restored && gallery.size > 0 };
  };

  /**
   * The next changes, the keys in slices between which others have their turn. False when there was none. An object that
   * changed often is read once.
   */
  const applySome = async (): Promise<boolean> => {
    const changes = storage.matchChanges.after(cursor, changesPerRead);
    const last = changes.at(-1);
    if (!last) return false;
    for (const origin of origins) {
      const changed = changes.filter((change) => change.origin === origin);
      const keys = [...new Set(changed.map((change) => change.object_key))];
      for (let start = 0; start < keys.length; start += keysPerSlice) {
        if (start > 0) await nextTurn();
        const slice = keys.slice(start, start + keysPerSlice);
        const stored = galleryRows.read(origin, slice);
        for (const one of kept) if (one.origin === origin) galleryRows.apply(origin, one.gallery, slice, stored);
        for (const listener of listeners) listener(origin, slice);
        // Keeps the queue of writes short while a scan runs.
        if (slice.length === keysPerSlice) for (const { gallery } of kept) await gallery.settled();
      }
    }
    cursor = last.seq;
    return true;
  };

  const catchUp = async (): Promise<void> => {
    const target = storage.matchChanges.lastSeq();
    while (cursor < target) {
      applying ??= applySome()
        .then((some) => {
          // Trimmed or rolled back: nothing is left to read up to there.
          if (!some) cursor = Math.max(cursor, target);
        })
        .finally(() => {
          applying = undefined;
        });
      await applying;
    }
  };

  const writeSnapshots = async (): Promise<void> => {
    for (const one of kept) {
      await catchUp();
      const generation = `${cursor}:${ids.random()}`;
      const metaKey = metaKeyOf(one.gallery);
      // Both are good until the file is known to be whole.
      one.generations = [...one.generations.slice(-1), generation];
      storage.meta.set(metaKey, JSON.stringify(one.generations));
      const { bytes, rows } = await one.gallery.snapshot({ generation });
      one.generations = [generation];
      storage.meta.set(metaKey, JSON.stringify(one.generations));
      log.debug({ gallery: one.gallery.name, rows, bytes }, 'gallery snapshot written');
    }
    const needed = [
      ...kept.map(({ generations }) => seqOf(generations[0] ?? '0')),
      ...[...adding.values()].map(({ from }) => from),
    ];
    const oldest = Math.min(...needed);
    storage.meta.set(forgottenKey, String(Math.max(oldest, forgottenUpTo())));
    while (storage.matchChanges.trim(oldest, changesPerTrim) > 0) await nextTurn();
    snapshotCursor = oldest;
  };

  const snapshot = (): Promise<void> => {
    snapshotting ??= writeSnapshots().finally(() => {
      snapshotting = undefined;
    });
    return snapshotting;
  };

  /** Galleries of a version with the generations that may be used, still empty. */
  const openGalleries = (version: DescriptorVersion): Kept[] => {
    const { enabled, min_rows: minRows, probes } = settings.ivf;
    const cells = enabled ? { minRows, probes } : undefined;
    return origins.map((origin) => {
      const gallery = engine.gallery(origin, version, {
        cells,
        origin: galleryRows.vectorsOf(origin, version),
        clusterBy: isPlaceLabel,
      });
      const generations = JSON.parse(storage.meta.get(metaKeyOf(gallery)) ?? '[]') as string[];
      return { origin, gallery, generations: generations.filter((one) => seqOf(one) >= forgottenUpTo()) };
    });
  };

  /** Fills the galleries of a version beside those that are searched, then takes them up among them. */
  const addVersion = async (version: DescriptorVersion, fresh: readonly Kept[]): Promise<void> => {
    const filled: Awaited<ReturnType<typeof fill>>[] = [];
    for (const one of fresh) filled.push(await fill(one));
    while (applying) await applying.catch(() => {});
    kept.push(...fresh);
    // What the others have had already is harmless to them.
    cursor = Math.min(cursor, ...filled.map(({ from }) => from));
    adding.delete(version.version);
    await catchUp();
  };

  /** Resolves when every version that is known now has its galleries. */
  const addVersions = async (): Promise<void> => {
    for (const version of descriptorVersions.values()) {
      const known = version.version;
      if (adding.has(known) || kept.some(({ gallery }) => gallery.version.version === known)) continue;
      const fresh = openGalleries(version);
      const seqs = fresh.flatMap(({ generations }) => generations.map(seqOf));
      const from = Math.min(storage.matchChanges.lastSeq(), ...seqs);
      const entry = { done: Promise.resolve(), from };
      adding.set(known, entry);
      entry.done = addVersion(version, fresh).finally(() => adding.delete(known));
    }
    await Promise.all([...adding.values()].map(({ done }) => done));
  };

  /** Says once what fails again and again. */
  let lastProblem = '';
  const inBackground = (what: string, work: () => Promise<void>): void => {
    work().then(
      () => {
        lastProblem = '';
      },
      (error) => {
        const problem = `${what} failed: ${error instanceof Error ? error.message : String(error)}`;
        if (problem !== lastProblem) log.error({ err: error }, problem);
        lastProblem = problem;
      },
    );
  };

  return {
    name: 'matcher-galleries',
    labels,
    catchUp,
    snapshot,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async gallery(origin, version) {
      const find = (): Gallery | undefined =>
        kept.find((one) => one.origin === origin && one.gallery.version.version === version)?.gallery;
      if (!find() && descriptorVersions.has(version)) await addVersions();
      await catchUp();
      return find();
    },
    async start() {
      for (const version of descriptorVersions.values()) kept.push(...openGalleries(version));
      const filled: Awaited<ReturnType<typeof fill>>[] = [];
      for (const one of kept) filled.push(await fill(one));
      cursor = Math.min(...filled.map(({ from }) => from));
      snapshotCursor = cursor;
      await catchUp();
      await engine.ready();
      // Nobody should wait for the same rebuilding twice, even if nothing changes until the next start.
      if (filled.some(({ rebuilt }) => rebuilt)) inBackground('a gallery snapshot', snapshot);
      timers = [
        setInterval(() => inBackground('catching up', () => addVersions().then(catchUp)), idleCatchUpMs),
        setInterval(() => {
          if (cursor - snapshotCursor >= settings.snapshot_changes) inBackground('a gallery snapshot', snapshot);
        }, settings.snapshot_minutes * 60_000),
      ];
      for (const timer of timers) timer.unref();
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.allSettled([...adding.values()].map(({ done }) => done));
      await snapshotting?.catch(() => {});
      if (storage.matchChanges.lastSeq() > snapshotCursor) {
        await snapshot().catch((error) => log.error({ err: error }, 'the last gallery snapshot failed'));
      }
    },
  };
}
