import type { Database } from '../database.ts';
import type { ListRow } from '../rows.ts';
import { allOf, ofAccount, type SqlPart } from '../where.ts';

export interface ListSelection {
  /** Null: of all accounts. */
  account_id: string | null;
  list_ids?: readonly string[] | undefined;
  user_data?: string | undefined;
}

function whereOf({ account_id, list_ids, user_data }: ListSelection): SqlPart {
  const parts: SqlPart[] = [];
  if (account_id !== null) parts.push({ sql: 'account_id = ?', params: [account_id] });
  if (list_ids) {
    parts.push({ sql: 'list_id IN (SELECT value FROM json_each(?))', params: [JSON.stringify(list_ids)] });
  }
  if (user_data !== undefined) parts.push({ sql: 'user_data = ?', params: [user_data] });
  return allOf(parts);
}

export function createListTable(db: Database) {
  const insert = db.prepare(
    'list.insert',
    'INSERT INTO list (list_id, account_id, user_data, create_time, last_update_time) VALUES (?, ?, ?, ?, ?)',
  );
  const find = db.prepare<ListRow>('list.find', `SELECT * FROM list WHERE list_id = ? AND ${ofAccount}`);
  const update = db.prepare(
    'list.update',
    'UPDATE list SET user_data = ?, last_update_time = ? WHERE list_id = ? AND account_id = ?',
  );
  const touch = db.prepare('list.touch', 'UPDATE list SET last_update_time = ? WHERE list_id = ?');
  const remove = db.prepare('list.remove', 'DELETE FROM list WHERE list_id = ? AND account_id = ?');
  const absent = db.prepare<{ id: string }>(
    'list.absent',
    `SELECT value AS id FROM json_each(?) WHERE NOT EXISTS
       (SELECT 1 FROM list WHERE list_id = value AND account_id = ?) LIMIT 1`,
  );
  return {
    insert(row: ListRow): void {
      insert.run(row.list_id, row.account_id, row.user_data, row.create_time, row.last_update_time);
    },
    findById: (listId: string, accountId: string | null) => find.get(listId, accountId, accountId),
    /** The first of the ids that is no list of the account. */
    findAbsent: (listIds: readonly string[], accountId: string) => absent.get(JSON.stringify(listIds), accountId)?.id,
    /** False when the account has no such list. */
    update: (listId: string, accountId: string, userData: string, nowMs: number) =>
      update.run(userData, nowMs, listId, accountId).changes > 0,
    touch: (listId: string, nowMs: number): void => void touch.run(nowMs, listId),
    /** Removes the list and its memberships, not the faces. A list of many faces is emptied by `faces.unlinkSome` first. */
    remove: (listId: string, accountId: string) => remove.run(listId, accountId).changes > 0,
    /** Newest first. */
    page(selection: ListSelection, limit: number, offset: number): ListRow[] {
      const where = whereOf(selection);
      const sql = `SELECT * FROM list WHERE ${where.sql} ORDER BY create_time DESC, list_id DESC LIMIT ? OFFSET ?`;
      return db.prepareAnew<ListRow>('list.page', sql).all(...where.params, limit, offset);
    },
    count(selection: ListSelection): number {
      const where = whereOf(selection);
      const sql = `SELECT count(*) AS n FROM list WHERE ${where.sql}`;
      return db.prepareAnew<{ n: number }>('list.count', sql).get(...where.params)?.n ?? 0;
    },
  };
}
