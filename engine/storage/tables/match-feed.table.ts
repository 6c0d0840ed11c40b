import type { Database } from '../database.ts';

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

/** Rows for the matcher's galleries: all of a version page by page, or those of some keys. */
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
  const statements = { faces: statementsOf('faces'), events: statementsOf('events') };
  return {
    /** By ascending key, from the first key after `afterKey` on. */
    page: (origin: keyof typeof tables, version: number, afterKey: number, limit: number): FeedRow[] =>
      statements[origin].page.all(afterKey, version, limit),
    /** All versions of these keys, in the order of keys and versions; keys that are gone are absent. */
    ofKeys: (origin: keyof typeof tables, keys: readonly number[]): FeedRow[] =>
      statements[origin].ofKeys.all(JSON.stringify(keys)),
  };
}
