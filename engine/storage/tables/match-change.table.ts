import type { Database } from '../database.ts';

/** Something the matcher has to read again. Written by triggers, in the transaction of the change itself. */
export interface MatchChange {
  seq: number;
  origin: 'faces' | 'events';
  /** `face_key` or `event_key`; the row may be gone. */
  object_key: number;
}

export function createMatchChangeTable(db: Database) {
  const after = db.prepare<MatchChange>(
    'match_change.after',
    'SELECT seq, origin, object_key FROM match_change WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  // The counter of AUTOINCREMENT survives trimming.
  const last = db.prepare<{ seq: number }>(
    'match_change.last',
    "SELECT seq FROM sqlite_sequence WHERE name = 'match_change'",
  );
  const trim = db.prepare(
    'match_change.trim',
    'DELETE FROM match_change WHERE seq <= min(?, (SELECT min(seq) FROM match_change) + ?)',
  );
  return {
    /** By ascending seq. */
    after: (seq: number, limit: number): MatchChange[] => after.all(seq, limit),
    /** 0 when nothing ever changed. */
    lastSeq: (): number => last.get()?.seq ?? 0,
    /** Forgets the oldest changes up to and with `uptoSeq`, at most `limit` of them. Returns how many they were. */
    trim: (uptoSeq: number, limit: number): number => trim.run(uptoSeq, limit - 1).changes,
  };
}
