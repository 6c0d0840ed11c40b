import { isLunaError, lunaError } from '#kernel/errors';
import type { GalleryRow, Selection } from './gallery.ts';
import type { Layout } from './rows/layout.ts';
import type { Rows } from './rows/rows.ts';
import type { VectorStore } from './rows/vectors.ts';
import type { Condition } from './scan/messages.ts';

export type Write =
  | { kind: 'upsert'; key: number; vector: Float32Array; labels: readonly number[] }
  | { kind: 'remove'; key: number }
  | { kind: 'relabel'; key: number; labels: readonly number[] }
  | { kind: 'clear' };

/** What the scheduler does with a gallery between writes: the inner side of `Gallery`. */
export interface Keeper {
  readonly rows: Rows;
  readonly vectors: VectorStore;
  readonly waitingWrites: number;
  /** Writes that found no room; their rows are not in the gallery. */
  readonly refusedWrites: number;
  /** Grows with every write that was applied. */
  readonly edition: number;
  /** Runs `job` when nobody else works on the rows and all writes called before are applied. */
  quiet<T>(job: () => Promise<T>): Promise<T>;
  /** Copies what it is given if it has to wait. */
  write(write: Write): void;
  /** `accepts` is asked for each row before it is written; a row that it refuses is passed over. `onFull`: no room for a row. */
  load(
    rows: Iterable<GalleryRow> | AsyncIterable<GalleryRow>,
    accepts: (row: GalleryRow) => boolean,
    onFull: ((key: number, error: unknown) => void) | undefined,
  ): Promise<number>;
  conditionOf(selection: Selection | undefined): Promise<Condition | undefined>;
}

/** The main thread is given back this often while many writes or keys are worked off. */
const sliceMs = 3;
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Awaited in a loop: gives the thread back when the slice is used up. */
export function createSlices(): () => Promise<void> | undefined {
  let until = performance.now() + sliceMs;
  return () => {
    if (performance.now() < until) return undefined;
    return breathe().then(() => {
      until = performance.now() + sliceMs;
    });
  };
}

const isGalleryFull = (error: unknown): boolean => isLunaError(error) && error.errorName === 'GalleryFull';

/** The write as it was when it was called, whatever the caller does with its arrays afterwards. */
function kept(write: Write): Write {
  if (write.kind === 'upsert') return { ...write, vector: write.vector.slice(), labels: [...write.labels] };
  return write.kind === 'relabel' ? { ...write, labels: [...write.labels] } : write;
}

export function createKeeper(deps: {
  gallery: string;
  rows: Rows;
  vectors: VectorStore;
  layout: Layout;
  maxRows: number;
  maxWaitingWrites: number;
  maxKeys: number;
}): Keeper {
  const { rows, vectors, layout } = deps;
  const waiting: Write[] = [];
  let head = 0;
  let upsertsWaiting = 0;
  let tail: Promise<unknown> = Promise.resolve();
  let holders = 0;
  let refusedWrites = 0;
  let edition = 0;

  /** A write for which there is no room takes its row out: better not found than found by what it was. */
  function refuse(write: Write, error: unknown): void {
    if (!isGalleryFull(error) || !('key' in write)) throw error;
    refusedWrites += 1;
    rows.remove(write.key);
  }

  function apply(write: Write): void {
    edition += 1;
    if (write.kind === 'upsert') rows.put(write.key, write.vector, write.labels);
    else if (write.kind === 'remove') rows.remove(write.key);
    else if (write.kind === 'relabel') rows.relabel(write.key, write.labels);
    else rows.clear();
  }

  /**
   * Applies what waits. A write that fails stays the first in line, so that the next turn tries it again; one for which
   * there is no room is passed over and counted.
   */
  async function drain(): Promise<void> {
    const slice = createSlices();
    for (let n = 0; head < waiting.length; n++) {
      const write = waiting[head] as Write;
      try {
        apply(write);
      } catch (error) {
        refuse(write, error);
      }
      head += 1;
      if (write.kind === 'upsert') upsertsWaiting -= 1;
      if (head === 1024 || head === waiting.length) {
        waiting.splice(0, head);
        head = 0;
      }
      if (n % 16 === 15) await slice();
    }
    vectors.flush();
  }

  function quiet<T>(job: () => Promise<T>): Promise<T> {
    holders += 1;
    const run = tail.then(async () => {
      try {
        await drain().catch((error) => {
          throw lunaError('StorageFailed', { reason: `gallery '${deps.gallery}' cannot keep a write` }, error);
        });
        return await job();
      } finally {
        holders -= 1;
      }
    });
    tail = run.catch(() => {});
    return run;
  }

  function write(one: Write): void {
    if (holders === 0 && waiting.length === 0) {
      try {
        apply(one);
      } catch (error) {
        refuse(one, error);
        throw error;
      }
      return;
    }
    if (one.kind === 'clear') {
      waiting.length = 0;
      head = 0;
      upsertsWaiting = 0;
    }
    const waits = waiting.length - head;
    // One turn for all writes that wait: it finds those that come later, too. Without one the last has failed.
    if (waits === 0 || holders === 0) void quiet(async () => {}).catch(() => {});
    if (waits >= deps.maxWaitingWrites) throw lunaError('ServiceBusy', { queue: `writes of ${deps.gallery}` });
    if (one.kind === 'upsert') {
      if (rows.size + upsertsWaiting >= deps.maxRows && !rows.has(one.key)) {
        throw lunaError('GalleryFull', { gallery: deps.gallery, what: 'rows', limit: deps.maxRows });
      }
      upsertsWaiting += 1;
    }
    waiting.push(kept(one));
  }

  /** One bit per row of the given keys. */
  async function bitsOf(keys: ArrayLike<number>): Promise<SharedArrayBuffer> {
    const words = Math.ceil(layout.blockRows / 32);
    const shared = new SharedArrayBuffer(Math.max(1, rows.blocks) * words * 4);
    const bits = new Uint32Array(shared);
    const slice = createSlices();
    for (let n = 0; n < keys.length; n++) {
      const row = rows.find(keys[n] as number);
      if (row >= 0) {
        const at = Math.floor(row / layout.blockRows) * words + ((row % layout.blockRows) >> 5);
        bits[at] = (bits[at] as number) | (1 << ((row % layout.blockRows) & 31));
      }
      if (n % 1024 === 1023) await slice();
    }
    return shared;
  }

  return {
    rows,
    vectors,
    get waitingWrites() {
      return waiting.length - head;
    },
    get refusedWrites() {
      return refusedWrites;
    },
    get edition() {
      return edition;
    },
    quiet,
    write,
    async load(source, accepts, onFull) {
      const slice = createSlices();
      let count = 0;
      /** Returns what has to be awaited before the next row. */
      const take = (row: GalleryRow): Promise<void> | undefined => {
        if (accepts(row)) {
          try {
            write({ kind: 'upsert', key: row.key, vector: row.vector, labels: row.labels ?? [] });
            count += 1;
          } catch (error) {
            if (!onFull || !isGalleryFull(error)) throw error;
            onFull(row.key, error);
          }
        }
        if (waiting.length - head >= deps.maxWaitingWrites / 2) return quiet(async () => {});
        return count % 16 === 0 ? slice() : undefined;
      };
      // Rows that are there already are not awaited one by one: that alone would double the time.
      if (Symbol.iterator in source) {
        for (const row of source) {
          const pause = take(row);
          if (pause) await pause;
        }
      } else {
        for await (const row of source) await take(row);
      }
      await quiet(async () => {});
      return count;
    },
    async conditionOf(selection) {
      if (!selection) return undefined;
      const { labels, keys, minKey, maxKey } = selection;
      if (!labels && !keys && minKey === undefined && maxKey === undefined) return undefined;
      return {
        minKey: minKey ?? Number.NEGATIVE_INFINITY,
        maxKey: maxKey ?? Number.POSITIVE_INFINITY,
        ...(labels && { allow: rows.labels.allow(labels) }),
        ...(keys && { only: await bitsOf(keys) }),
      };
    },
  };
}
