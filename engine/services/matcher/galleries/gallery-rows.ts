/** From rows of the database to rows of a gallery: whole tables when it is filled, single keys when they changed. */
import { type DescriptorVersion, parseVector } from '#domain/descriptor/descriptor';
import { isLunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import type { Gallery, GalleryRow, VectorOrigin } from '#matching/matching';
import type { Storage } from '#storage/storage';
import type { FeedRow } from '#storage/tables/match-feed.table';
import type { GalleryOrigin } from './feed.ts';
import type { LabelBook } from './labels.ts';

/** What the database holds of some keys. */
export interface StoredRows {
  readonly rows: readonly FeedRow[];
  readonly lists: ReadonlyMap<number, readonly string[]>;
}

export interface GalleryRows {
  /** Puts all rows into an empty gallery. Resolves to how many can be searched. */
  fill(origin: GalleryOrigin, gallery: Gallery): Promise<number>;
  /** What a gallery asks when it has lost vectors. */
  vectorsOf(origin: GalleryOrigin, version: DescriptorVersion): VectorOrigin;
  read(origin: GalleryOrigin, keys: readonly number[]): StoredRows;
  /** Makes the gallery hold of these keys what the database held when they were read. */
  apply(origin: GalleryOrigin, gallery: Gallery, keys: readonly number[], stored: StoredRows): void;
}

/** So many are read at once: a few milliseconds. */
const pageRows = 500;

/** The stored bytes as they are where that is possible; the gallery checks and copies the values. */
function vectorOf(key: number, version: DescriptorVersion, bytes: Uint8Array): Float32Array {
  if (bytes.length !== version.length * 4 || bytes.byteOffset % 4 !== 0)
    return parseVector(String(key), version, bytes);
  return new Float32Array(bytes.buffer, bytes.byteOffset, version.length);
}

export function createGalleryRows(deps: { storage: Storage; labels: LabelBook; log: Log }): GalleryRows {
  const { storage, labels, log } = deps;

  const listsOf = (origin: GalleryOrigin, keys: readonly number[]): Map<number, string[]> =>
    origin === 'faces' ? storage.faces.listIdsOfMany(keys) : new Map();

  const labelsOf = (row: FeedRow, lists: StoredRows['lists']): number[] =>
    labels.labelsOf(row.account_id, lists.get(row.key) ?? [], row.create_time);

  /** Galleries that were full when a row came; told once each. */
  const full = new Set<Gallery>();

  /**
   * A descriptor that cannot be compared, or for which a full gallery has no room, is left out with a line in the log; any
   * other error is thrown.
   */
  const refused = (origin: GalleryOrigin, gallery: Gallery, key: number, error: unknown): void => {
    const version = gallery.version.version;
    if (isLunaError(error) && error.errorName === 'GalleryFull') {
      if (!full.has(gallery))
        log.error({ origin, key, version, err: error }, 'a gallery is full: new rows are not searched');
      full.add(gallery);
      return;
    }
    if (!isLunaError(error) || error.errorName !== 'InvalidDescriptor') throw error;
    log.error({ origin, key, version, err: error }, 'a stored descriptor cannot be searched');
  };

  function* storedRows(origin: GalleryOrigin, gallery: Gallery): Generator<GalleryRow> {
    const { version } = gallery;
    for (let after = -1; ; ) {
      const page = storage.matchFeed.page(origin, version.version, after, pageRows);
      const last = page.at(-1);
      if (!last) return;
      after = last.key;
      const lists = listsOf(
        origin,
        page.map(({ key }) => key),
      );
      for (const row of page) {
        let vector: Float32Array;
        try {
          vector = vectorOf(row.key, version, row.vector);
        } catch (error) {
          refused(origin, gallery, row.key, error);
          continue;
        }
        yield { key: row.key, vector, labels: labelsOf(row, lists) };
      }
    }
  }

  return {
    fill: (origin, gallery) =>
      gallery.load(storedRows(origin, gallery), (key, error) => refused(origin, gallery, key, error)),
    vectorsOf: (origin, version) => (keys) =>
      storage.matchFeed
        .ofKeys(origin, keys)
        .filter((row) => row.version === version.version)
        .map((row) => ({ key: row.key, vector: vectorOf(row.key, version, row.vector) })),
    read: (origin, keys) => ({ rows: storage.matchFeed.ofKeys(origin, keys), lists: listsOf(origin, keys) }),
    apply(origin, gallery, keys, { rows, lists }) {
      const { version } = gallery;
      const present = rows.filter((row) => row.version === version.version);
      const absent = new Set(keys);
      for (const { key } of present) absent.delete(key);
      // First what goes: it may make room.
      for (const key of absent) gallery.remove(key);
      for (const row of present) {
        try {
          gallery.upsert(row.key, vectorOf(row.key, version, row.vector), labelsOf(row, lists));
        } catch (error) {
          refused(origin, gallery, row.key, error);
          gallery.remove(row.key);
        }
      }
    },
  };
}
