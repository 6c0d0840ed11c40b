/** Accounts and their tokens. Data of an account stay when it is removed: other tables do not refer to this one. */
export const sql = `
CREATE TABLE account (
  account_id TEXT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  account_type TEXT NOT NULL CHECK (account_type IN ('user', 'advanced_user', 'admin')),
  description TEXT NOT NULL,
  create_time INTEGER NOT NULL,
  last_update_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_by_time ON account (create_time);

CREATE TABLE token (
  token_id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
  description TEXT NOT NULL,
  expiration_time INTEGER,
  visibility_area TEXT NOT NULL CHECK (visibility_area IN ('account', 'all')),
  permissions TEXT NOT NULL,
  session INTEGER NOT NULL,
  create_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX token_by_account ON token (account_id, create_time);
`;
