import type { Database } from '../database.ts';
import type { TokenRow } from '../rows.ts';

/** What tokens grant. The tokens themselves are kept nowhere: a signed token names its row. */
export function createTokenTable(db: Database) {
  const insert = db.prepare(
    'token.insert',
    `INSERT INTO token (token_id, account_id, description, expiration_time, visibility_area, permissions, session,
       create_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<TokenRow>('token.find', 'SELECT * FROM token WHERE token_id = ? AND account_id = ?');
  const update = db.prepare(
    'token.update',
    `UPDATE token SET description = ?, expiration_time = ?, visibility_area = ?, permissions = ?
     WHERE token_id = ? AND account_id = ?`,
  );
  const remove = db.prepare('token.remove', 'DELETE FROM token WHERE token_id = ? AND account_id = ?');
  const page = db.prepare<TokenRow>(
    'token.page',
    'SELECT * FROM token WHERE account_id = ? ORDER BY create_time, token_id LIMIT ? OFFSET ?',
  );
  const count = db.prepare<{ n: number }>(
    'token.count',
    'SELECT count(*) AS n FROM token WHERE account_id = ? AND session = ?',
  );
  const removeExpiredSessions = db.prepare(
    'token.removeExpiredSessions',
    'DELETE FROM token WHERE account_id = ? AND session = 1 AND expiration_time <= ?',
  );
  const removeOldSessions = db.prepare(
    'token.removeOldSessions',
    `DELETE FROM token WHERE token_id IN (SELECT token_id FROM token WHERE account_id = ? AND session = 1
       ORDER BY create_time DESC, token_id DESC LIMIT -1 OFFSET ?)`,
  );
  return {
    insert: (row: TokenRow): void =>
      void insert.run(
        row.token_id,
        row.account_id,
        row.description,
        row.expiration_time,
        row.visibility_area,
        row.permissions,
        row.session,
        row.create_time,
      ),
    findById: (tokenId: string, accountId: string) => find.get(tokenId, accountId),
    /** What the token grants. False when the account has no such token. */
    update: (
      row: Pick<
        TokenRow,
        'token_id' | 'account_id' | 'description' | 'expiration_time' | 'visibility_area' | 'permissions'
      >,
    ) =>
      update.run(
        row.description,
        row.expiration_time,
        row.visibility_area,
        row.permissions,
        row.token_id,
        row.account_id,
      ).changes > 0,
    /** False when the account has no such token. */
    remove: (tokenId: string, accountId: string): boolean => remove.run(tokenId, accountId).changes > 0,
    /** Oldest first. */
    page: (accountId: string, limit: number, offset: number): TokenRow[] => page.all(accountId, limit, offset),
    /** Of the account, made by logins or otherwise. */
    count: (accountId: string, session: 0 | 1): number => count.get(accountId, session)?.n ?? 0,
    removeExpiredSessions: (accountId: string, nowMs: number): number =>
      removeExpiredSessions.run(accountId, nowMs).changes,
    /** Keeps the newest `kept` ones. */
    removeOldSessions: (accountId: string, kept: number): number => removeOldSessions.run(accountId, kept).changes,
  };
}
