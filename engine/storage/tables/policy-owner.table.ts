import type { Database } from '../database.ts';
import type { HandlerRow, VerifierRow } from '../rows.ts';
import { allOf, ofAccount, type SqlPart } from '../where.ts';

export interface PolicyOwnerSelection {
  /** Null: of all accounts. */
  account_id: string | null;
  ids?: readonly string[] | undefined;
  description?: string | undefined;
  is_dynamic?: number | undefined;
}

/** Handlers and verifiers: two tables of one shape, told apart by their columns. */
function createPolicyOwnerTable<Row extends HandlerRow | VerifierRow>(
  db: Database,
  table: 'handler' | 'verifier',
  columns: readonly (keyof Row & string)[],
) {
  const id = `${table}_id` as keyof Row & string;
  const changing = columns.filter((name) => name !== id && name !== 'account_id' && name !== 'create_time');
  const valuesOf = (row: Row, names: readonly (keyof Row & string)[]) => names.map((n) => row[n] as string | number);
  const insert = db.prepare(
    `${table}.insert`,
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const find = db.prepare<Row>(`${table}.find`, `SELECT * FROM ${table} WHERE ${id} = ? AND ${ofAccount}`);
  const update = db.prepare(
    `${table}.update`,
    `UPDATE ${table} SET ${changing.map((name) => `${name} = ?`).join(', ')} WHERE ${id} = ? AND account_id = ?`,
  );
  const remove = db.prepare(`${table}.remove`, `DELETE FROM ${table} WHERE ${id} = ? AND account_id = ?`);
  const whereOf = ({ account_id, ids, description, is_dynamic }: PolicyOwnerSelection): SqlPart => {
    const parts: SqlPart[] = [];
    if (account_id !== null) parts.push({ sql: 'account_id = ?', params: [account_id] });
    if (ids) parts.push({ sql: `${id} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(ids)] });
    if (description !== undefined) parts.push({ sql: 'description = ?', params: [description] });
    if (is_dynamic !== undefined) parts.push({ sql: 'is_dynamic = ?', params: [is_dynamic] });
    return allOf(parts);
  };
  return {
    insert: (row: Row): void => void insert.run(...valuesOf(row, columns)),
    findById: (ownId: string, accountId: string | null): Row | undefined => find.get(ownId, accountId, accountId),
    /** All but id, account and creation time. False when the account has no such row. */
    update: (row: Row): boolean =>
      update.run(...valuesOf(row, changing), row[id] as string, row.account_id).changes > 0,
    remove: (ownId: string, accountId: string): boolean => remove.run(ownId, accountId).changes > 0,
    /** Newest first. */
    page(selection: PolicyOwnerSelection, limit: number, offset: number): Row[] {
      const where = whereOf(selection);
      const sql = `SELECT * FROM ${table} WHERE ${where.sql} ORDER BY create_time DESC, ${id} DESC LIMIT ? OFFSET ?`;
      return db.prepareAnew<Row>(`${table}.page`, sql).all(...where.params, limit, offset);
    },
    count(selection: PolicyOwnerSelection): number {
      const where = whereOf(selection);
      const sql = `SELECT count(*) AS n FROM ${table} WHERE ${where.sql}`;
      return db.prepareAnew<{ n: number }>(`${table}.count`, sql).get(...where.params)?.n ?? 0;
    },
  };
}

export const createHandlerTable = (db: Database) =>
  createPolicyOwnerTable<HandlerRow>(db, 'handler', [
    'handler_id',
    'account_id',
    'description',
    'is_dynamic',
    'policies',
    'create_time',
    'last_update_time',
  ]);

export const createVerifierTable = (db: Database) =>
  createPolicyOwnerTable<VerifierRow>(db, 'verifier', [
    'verifier_id',
    'account_id',
    'description',
    'policies',
    'create_time',
    'last_update_time',
  ]);
