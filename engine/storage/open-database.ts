import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Log } from '#kernel/log';
import { migrate } from './migrate.ts';
import { type Migration, migrations } from './migrations/index.ts';

/** Larger files are checked without the tables that make them large: start-up stays within seconds. */
const fullCheckBytes = 256 * 1024 * 1024;
const largeTables = new Set(['event', 'event_tag', 'event_descriptor', 'face_descriptor', 'image']);
const busyTimeoutMs = 2000;
const cacheKiB = 64 * 1024;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * One process at a time: a lock that the operating system drops when its holder dies, kept on a file beside the
 * database so that backups can still read the database itself.
 */
function takeLock(file: string): BetterSqlite3.Database {
  const lock = new BetterSqlite3(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new Error(`The database ${file} is in use by another process`, { cause: error });
  }
}

function check(connection: BetterSqlite3.Database, file: string): void {
  const tables = statSync(file).size <= fullCheckBytes ? [''] : smallTables(connection).map((name) => `'${name}'`);
  for (const table of tables) {
    const answer = connection.pragma(table ? `quick_check(${table})` : 'quick_check(1)', { simple: true });
    if (answer !== 'ok') throw new Error(String(answer));
  }
}

function smallTables(connection: BetterSqlite3.Database): string[] {
  const rows = connection
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  return rows.map((row) => row.name).filter((name) => !largeTables.has(name));
}

function configure(connection: BetterSqlite3.Database): void {
  // The page size has to come before the first table: 2 KiB vectors would waste half of each 4 KiB page.
  connection.pragma('page_size = 8192');
  connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
  connection.pragma(`cache_size = -${cacheKiB}`);
}

/**
 * Opens the database, takes its lock, checks it and brings its schema up to date. `:memory:` has neither lock nor check.
 * Throws an Error that says which file is locked, damaged or too new. `release` closes both.
 */
export function openDatabase(options: {
  file: string;
  log: Log;
  /** Another history than the real one, for tests. */
  migrations?: readonly Migration[];
}): { connection: BetterSqlite3.Database; release(): void } {
  const { file, log } = options;
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(file), { recursive: true });
  const lock = inMemory ? undefined : takeLock(file);
  let connection: BetterSqlite3.Database | undefined;
  try {
    connection = new BetterSqlite3(file, { timeout: busyTimeoutMs });
    try {
      configure(connection);
      if (!inMemory) check(connection, file);
    } catch (error) {
      throw new Error(`The database ${file} is damaged: ${messageOf(error)}`, { cause: error });
    }
    migrate(connection, { file, migrations: options.migrations ?? migrations, log });
    const open = connection;
    return {
      connection: open,
      release() {
        open.close();
        lock?.close();
      },
    };
  } catch (error) {
    connection?.close();
    lock?.close();
    throw error;
  }
}
