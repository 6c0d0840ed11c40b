import type { Database } from '../database.ts';
import { ofAccount } from '../where.ts';

/** What a gallery needs of a face or an event. `vector`: f32 little-endian. */
export interface FeedRow {
  key: number;
  account_id: string;
  /** Milliseconds since 1970. */
  create_time: number;
  version: number;
  vector: Uint8Array;
}

const tables = {
  faces: { descriptors: 'face_descriptor', owner: 'face', key: 'face_key' },
  events: { descriptors: 'event_descriptor', owner: 'event', key: 'event_key' },
} as const;

/** What the matcher reads: rows of a version page by page, those of some keys, and newest events. */
export function createMatchFeedTable(db: Database) {
  const statementsOf = (origin: keyof typeof tables) => {
    const { descriptors, owner, key } = tables[origin];
    const columns = `d.${key} AS key, o.account_id, o.create_time, d.version, d.vector`;
    return {
      page: db.prepare<FeedRow>(
        `${descriptors}.feedPage`,
        `SELECT ${columns} FROM ${descriptors} AS d JOIN ${owner} AS o ON o.${key} = d.${key}
         WHERE d.${key} > ? AND d.version = ? ORDER BY d.${key} LIMIT ?`,
      ),
      ofKeys: db.prepare<FeedRow>(
        `${descriptors}.feedKeys`,
        `SELECT ${columns} FROM json_each(?) AS wanted CROSS JOIN ${descriptors} AS d ON d.${key} = wanted.value
         CROSS JOIN ${owner} AS o ON o.${key} = d.${key} ORDER BY d.${key}, d.version`,
      ),
    };
  };
  const newest = (column: 'external_id' | 'track_id') =>
    db.prepare<{ event_key: number }>(
      `event.newestBy.${column}`,
      `SELECT event_key FROM event WHERE ${column} = ? AND ${column} <> '' AND ${ofAccount}
       ORDER BY create_time DESC, event_key DESC LIMIT ?`,
    );
  const newestBy = { external_id: newest('external_id'), track_id: newest('track_id') };
  const faceKeys = db.prepare<{ face_key: number }>(
    'face.keysAfter',
    'SELECT face_key FROM face WHERE face_key > ? ORDER BY face_key LIMIT ?',
  );
  const statements = { faces: statementsOf('faces'), events: statementsOf('events') };
  return {
    /** By ascending key, from the first key after `afterKey` on. */
    page: (origin: keyof typeof tables, version: number, afterKey: number, limit: number): FeedRow[] =>
      statements[origin].page.all(afterKey, version, limit),
    /** All versions of these keys, in the order of keys and versions; keys that are gone are absent. */
    ofKeys: (origin: keyof typeof tables, keys: readonly number[]): FeedRow[] =>
      statements[origin].ofKeys.all(JSON.stringify(keys)),
    /** Keys of all faces by ascending key, from the first key after `afterKey` on. */
    faceKeys: (afterKey: number, limit: number): number[] => faceKeys.all(afterKey, limit).map((row) => row.face_key),
    /** Keys of the newest events with this external id or of this track. */
    newestEvents: (column: keyof typeof newestBy, value: string, accountId: string | null, limit: number): number[] =>
      newestBy[column].all(value, accountId, accountId, limit).map((row) => row.event_key),
  };
}
