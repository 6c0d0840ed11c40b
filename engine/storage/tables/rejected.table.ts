import type { Database } from '../database.ts';
import type { MessageRow } from '../rows.ts';

export interface RejectedRow extends MessageRow {
  reject_time: number;
  reason: string;
}

/** Messages that no broker took. Kept to be looked at; the newest `keep` of them. */
export function createRejectedTable(database: Database, keep = 10_000) {
  const insert = database.prepare(
    'rejected.insert',
    'INSERT OR REPLACE INTO rejected_message (seq, account_id, kind, create_time, payload, reject_time, reason) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const trim = database.prepare(
    'rejected.trim',
    'DELETE FROM rejected_message WHERE seq <= (SELECT seq FROM rejected_message ORDER BY seq DESC LIMIT 1 OFFSET ?)',
  );
  const newest = database.prepare<RejectedRow>(
    'rejected.newest',
    'SELECT seq, account_id, kind, create_time, payload, reject_time, reason FROM rejected_message ORDER BY seq DESC LIMIT ?',
  );
  return {
    insert(row: RejectedRow): void {
      insert.run(row.seq, row.account_id, row.kind, row.create_time, row.payload, row.reject_time, row.reason);
      trim.run(keep);
    },
    newest: (limit: number) => newest.all(limit),
  };
}
