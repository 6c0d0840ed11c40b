/** The database of an appliance, opened by a command of its console. */
import { existsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { databaseFile } from '#contract/settings/data-folder';
import { createLog, type Log } from '#kernel/log';
import { StartError } from '#kernel/start-error';
import { lockDataDirectory } from '../appliance/daemon/data-lock.ts';
import { createDatabase, type Database } from '../engine/storage/database.ts';
import { migrations } from '../engine/storage/migrations/index.ts';
import { openDatabase } from '../engine/storage/open-database.ts';

/** Printed as it is; the command then ends with 1. */
export class CommandError extends Error {}

export interface OpenDataFolder {
  readonly db: Database;
  readonly log: Log;
  /** A daemon works on the same data. */
  readonly daemonRuns: boolean;
  close(): void;
}

/** Opens the database beside a running daemon, or alone. Never changes the schema under a running daemon. */
export function openDataFolder(dataDir: string): OpenDataFolder {
  const file = databaseFile(dataDir);
  const log = createLog('error');
  let unlock = (): void => {};
  let daemonRuns = false;
  try {
    unlock = lockDataDirectory(dataDir);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    daemonRuns = true;
    const schema = existsSync(file) ? schemaOf(file) : 0;
    if (schema !== migrations.at(-1)?.version) {
      throw new CommandError('The daemon that is running is of another release. Restart it, then try again.');
    }
  }
  try {
    const connection = openDatabase({ file, log });
    const close = (): void => {
      connection.close();
      unlock();
    };
    return { db: createDatabase(connection, log), log, daemonRuns, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

function schemaOf(file: string): number {
  const connection = new BetterSqlite3(file, { readonly: true });
  try {
    return Number(connection.pragma('user_version', { simple: true }));
  } finally {
    connection.close();
  }
}
