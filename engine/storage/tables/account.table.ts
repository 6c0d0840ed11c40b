import type { AccountType } from '#domain/access';
import type { Database } from '../database.ts';
import type { AccountRow } from '../rows.ts';
import { allOf, type SqlPart } from '../where.ts';

export interface AccountSelection {
  login?: string | undefined;
  account_type?: AccountType | undefined;
}

function whereOf({ login, account_type }: AccountSelection): SqlPart {
  const parts: SqlPart[] = [];
  if (login !== undefined) parts.push({ sql: 'login = ?', params: [login] });
  if (account_type !== undefined) parts.push({ sql: 'account_type = ?', params: [account_type] });
  return allOf(parts);
}

/** Accounts with their password hashes. Read at every request: what another process changes holds at once. */
export function createAccountTable(db: Database) {
  const insert = db.prepare(
    'account.insert',
    `INSERT INTO account (account_id, login, password, account_type, description, create_time, last_update_time)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<AccountRow>('account.find', 'SELECT * FROM account WHERE account_id = ?');
  const findByLogin = db.prepare<AccountRow>('account.findByLogin', 'SELECT * FROM account WHERE login = ?');
  const any = db.prepare<{ one: number }>('account.any', 'SELECT 1 AS one FROM account LIMIT 1');
  const update = db.prepare(
    'account.update',
    `UPDATE account SET login = ?, password = ?, account_type = ?, description = ?, last_update_time = ?
     WHERE account_id = ?`,
  );
  const remove = db.prepare('account.remove', 'DELETE FROM account WHERE account_id = ?');
  return {
    insert: (row: AccountRow): void =>
      void insert.run(
        row.account_id,
        row.login,
        row.password,
        row.account_type,
        row.description,
        row.create_time,
        row.last_update_time,
      ),
    findById: (accountId: string) => find.get(accountId),
    findByLogin: (login: string) => findByLogin.get(login),
    isEmpty: (): boolean => any.get() === undefined,
    /** All columns but the id and the time of creation. */
    update: (row: AccountRow): void =>
      void update.run(row.login, row.password, row.account_type, row.description, row.last_update_time, row.account_id),
    /** Removes its tokens, too. False when there is none. */
    remove: (accountId: string): boolean => remove.run(accountId).changes > 0,
    /** Oldest first. */
    page(selection: AccountSelection, limit: number, offset: number): AccountRow[] {
      const where = whereOf(selection);
      const sql = `SELECT * FROM account WHERE ${where.sql} ORDER BY create_time, account_id LIMIT ? OFFSET ?`;
      return db.prepareAnew<AccountRow>('account.page', sql).all(...where.params, limit, offset);
    },
    count(selection: AccountSelection): number {
      const where = whereOf(selection);
      const sql = `SELECT count(*) AS n FROM account WHERE ${where.sql}`;
      return db.prepareAnew<{ n: number }>('account.count', sql).get(...where.params)?.n ?? 0;
    },
  };
}
