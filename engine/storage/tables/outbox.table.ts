import type { Database } from '../database.ts';
import type { MessageRow, NewMessage } from '../rows.ts';

/** Messages that wait for their acknowledgement, in the order of the transactions that wrote them. */
export function createOutboxTable(db: Database) {
  const append = db.prepare(
    'outbox.append',
    'INSERT INTO outbox (account_id, kind, create_time, payload) VALUES (?, ?, ?, ?)',
  );
  const peek = db.prepare<MessageRow>('outbox.peek', 'SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?');
  const remove = db.prepare('outbox.remove', 'DELETE FROM outbox WHERE seq = ?');
  const count = db.prepare<{ n: number }>('outbox.count', 'SELECT count(*) AS n FROM outbox');
  const lastSeq = db.prepare<{ seq: number }>(
    'outbox.lastSeq',
    "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'",
  );
  return {
    /** Returns the message's seq. */
    append: (message: NewMessage): number =>
      append.run(message.account_id, message.kind, message.create_time, message.payload).key,
    /** Oldest first, from the first seq after `afterSeq` on. */
    peek: (limit: number, afterSeq = 0): MessageRow[] => peek.all(afterSeq, limit),
    /** False when it is gone already. */
    remove: (seq: number): boolean => remove.run(seq).changes > 0,
    count: (): number => count.get()?.n ?? 0,
    /** The last seq ever given out, also when the message is gone; 0 before the first. */
    lastSeq: (): number => lastSeq.get()?.seq ?? 0,
    oldest: (): MessageRow | undefined => peek.get(0, 1),
  };
}
