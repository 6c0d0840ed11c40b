import { closeSync, copyFileSync, fsyncSync, openSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import type { Log } from '#kernel/log';
import type { Migration } from './migrations/index.ts';

/**
 * Brings the database to the newest schema. Before an existing one is changed, a copy of its file is put beside it
 * (`<file>.schema-<version>.bak`), which an older release can open.
 */
export function migrate(
  connection: BetterSqlite3.Database,
  options: { migrations: readonly Migration[]; log: Log },
): void {
  const { migrations, log } = options;
  const from = Number(connection.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  if (from === newest) return;
  if (from > 0 && !connection.memory) keepCopy(connection, `${connection.name}.schema-${from}.bak`);
  for (const { version, sql } of migrations.filter((migration) => migration.version > from)) {
    connection
      .transaction(() => {
        connection.exec(sql);
        connection.pragma(`user_version = ${version}`);
      })
      .exclusive();
    log.info({ schema: version }, 'database schema brought up to date');
  }
}

/** The file is whole without its log after the checkpoint, and nobody else writes: the daemon holds the lock of the data directory. */
function keepCopy(connection: BetterSqlite3.Database, copy: string): void {
  connection.pragma('wal_checkpoint(TRUNCATE)');
  copyFileSync(connection.name, copy);
  const handle = openSync(copy, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}
