import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Log } from '#kernel/log';
import { StartError } from '#kernel/start-error';
import { migrate } from './migrate.ts';
import { type Migration, migrations } from './migrations/index.ts';

/** Larger files are checked without the tables that make them large: start-up does not grow with what is stored. */
const fullCheckBytes = 64 * 1024 * 1024;
const largeTableRows = 20_000;
const busyTimeoutMs = 2000;
const cacheKiB = 64 * 1024;
const journalLimitBytes = 64 * 1024 * 1024;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What stands in the way of opening `file`, in the operator's words. */
function startError(file: string, error: unknown): Error {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (error instanceof StartError) return error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new StartError(`The database ${file} is locked by another process`, { cause: error });
  }
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') {
    return new StartError(`No space is left for the database ${file}`, { cause: error });
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return new StartError(`The database ${file} cannot be opened for writing`, { cause: error });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new StartError(`The database ${file} is damaged: ${messageOf(error)}. Restore it from a backup.`, {
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error(messageOf(error));
}

function check(connection: BetterSqlite3.Database, file: string, wholeUpTo: number): void {
  const tables = statSync(file).size <= wholeUpTo ? [''] : smallTables(connection).map((name) => `'${name}'`);
  for (const table of tables) {
    const answer = connection.pragma(table ? `quick_check(${table})` : 'quick_check(1)', { simple: true });
    if (answer !== 'ok') {
      throw new StartError(`The database ${file} is damaged: ${answer}. Restore it from a backup.`);
    }
  }
}

function smallTables(connection: BetterSqlite3.Database): string[] {
  const names = connection
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  return names.filter(
    (name) => connection.prepare(`SELECT 1 FROM "${name}" LIMIT 1 OFFSET ${largeTableRows}`).get() === undefined,
  );
}

function configure(connection: BetterSqlite3.Database): void {
  // The page size has to come before the first table: 2 KiB vectors would waste half of each 4 KiB page.
  connection.pragma('page_size = 8192');
  connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
  connection.pragma('journal_mode = WAL');
  // After one large transaction the log does not stay large.
  connection.pragma(`journal_size_limit = ${journalLimitBytes}`);
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
  connection.pragma(`cache_size = -${cacheKiB}`);
}

/**
 * Opens the database, checks it and brings its schema up to date. Throws a `StartError` that says which file is locked,
 * damaged, too new or without space.
 */
export function openDatabase(options: {
  file: string;
  log: Log;
  /** Another history than the real one, for tests. */
  migrations?: readonly Migration[];
  /** Size up to which all tables are checked, for tests. */
  fullCheckBytes?: number;
}): BetterSqlite3.Database {
  const { file, log } = options;
  const inMemory = file === ':memory:';
  if (!inMemory) mkdirSync(dirname(file), { recursive: true });
  let connection: BetterSqlite3.Database | undefined;
  try {
    connection = new BetterSqlite3(file, { timeout: busyTimeoutMs });
    configure(connection);
    if (!inMemory) check(connection, file, options.fullCheckBytes ?? fullCheckBytes);
    const newest = (options.migrations ?? migrations).at(-1)?.version ?? 0;
    const found = Number(connection.pragma('user_version', { simple: true }));
    if (found > newest) {
      throw new StartError(
        `The database ${file} has schema ${found}; this release knows schemas up to ${newest}. Install a newer release.`,
      );
    }
    migrate(connection, { migrations: options.migrations ?? migrations, log });
    return connection;
  } catch (error) {
    connection?.close();
    throw startError(file, error);
  }
}
