import BetterSqlite3 from 'better-sqlite3';
import { isLunaError, lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import { createGroupCommit } from './group-commit.ts';

export type SqlValue = string | number | null | Uint8Array;

/** A prepared statement. Every call is timed, and every error of SQLite is turned into a catalogued one. */
export interface Statement<Row> {
  /** Rows changed, and the key of the last inserted one. */
  run(...params: readonly SqlValue[]): { changes: number; key: number };
  get(...params: readonly SqlValue[]): Row | undefined;
  all(...params: readonly SqlValue[]): Row[];
}

/**
 * One connection, used from one thread. There is deliberately no way to iterate over a statement: an open cursor would
 * block every write for as long as its consumer takes.
 */
export interface Database {
  /** `name` appears in the log and in errors, never the SQL. */
  prepare<Row = never>(name: string, sql: string): Statement<Row>;
  /** As `prepare`, for SQL put together from filters: the last used ones are kept. */
  prepareAnew<Row = never>(name: string, sql: string): Statement<Row>;
  /** BEGIN IMMEDIATE .. COMMIT; nested calls join. `work` must not return a promise. */
  atomically<T>(work: () => T): T;
  /** As `atomically`, later in this turn and together with others: see `GroupCommit`. */
  durably<T>(work: () => T): Promise<T>;
  /** Commits what waits and closes the connection. */
  close(): void;
}

const slowStatementMs = 50;
const keptStatements = 300;
const fullCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_SHMMAP']);

/** `StorageFull` when the disk is, `Database` for whatever else SQLite says; other errors are passed through. */
export function storageError(name: string, error: unknown): unknown {
  if (isLunaError(error)) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT' || (typeof code === 'string' && fullCodes.has(code))) {
    return lunaError('StorageFull', undefined, error);
  }
  if (error instanceof BetterSqlite3.SqliteError) {
    return lunaError('Database', { reason: `${error.code} in ${name}` }, error);
  }
  return error;
}

export function createDatabase(connection: BetterSqlite3.Database, log: Log): Database {
  const timed = <T>(name: string, work: () => T): T => {
    const startedAt = performance.now();
    try {
      return work();
    } catch (error) {
      throw storageError(name, error);
    } finally {
      const ms = performance.now() - startedAt;
      if (ms > slowStatementMs) log.warn({ statement: name, ms: Math.round(ms) }, 'slow statement');
    }
  };
  const prepare = <Row>(name: string, sql: string): Statement<Row> => {
    const statement = timed(name, () => connection.prepare<SqlValue[], Row>(sql));
    return {
      run: (...params) => {
        const { changes, lastInsertRowid } = timed(name, () => statement.run(...params));
        return { changes, key: Number(lastInsertRowid) };
      },
      get: (...params) => timed(name, () => statement.get(...params)),
      all: (...params) => timed(name, () => statement.all(...params)),
    };
  };
  const group = createGroupCommit(connection);
  // A Map remembers the order of insertion: its first key is the one that has not been used for the longest time.
  const kept = new Map<string, Statement<never>>();
  return {
    prepare,
    prepareAnew<Row>(name: string, sql: string): Statement<Row> {
      const key = `${name}\n${sql}`;
      const statement = kept.get(key) ?? prepare<never>(name, sql);
      kept.delete(key);
      kept.set(key, statement);
      if (kept.size > keptStatements) kept.delete(kept.keys().next().value ?? key);
      return statement as Statement<Row>;
    },
    atomically(work) {
      if (connection.inTransaction) return work();
      return timed('transaction', () =>
        connection
          .transaction(() => {
            const result = work();
            if (result instanceof Promise) throw new TypeError('a transaction must be synchronous');
            return result;
          })
          .immediate(),
      );
    },
    async durably(work) {
      try {
        return await group.add(work);
      } catch (error) {
        throw storageError('transaction', error);
      }
    },
    close() {
      group.flush();
      connection.close();
    },
  };
}
