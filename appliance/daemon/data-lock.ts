import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { StartError } from '#kernel/start-error';

/**
 * Makes a folder and those above it that are missing, one by one: Node's own `recursive` tries for ever where a file system
 * takes no folders (/proc).
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/**
 * Takes the data directory for this process. The lock is SQLite's own on `daemon.lock`: the kernel frees it when the
 * process ends, however it ends, so there is no stale lock to clean up. Makes the directory when it is missing. Returns the function that gives it back. Throws
 * a `StartError` that says who holds it.
 */
export function lockDataDirectory(dataDir: string): () => void {
  makeFolder(resolve(dataDir));
  const pidFile = join(dataDir, 'daemon.pid');
  const lock = new Database(join(dataDir, 'daemon.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    const owner = readOwner(pidFile);
    throw new StartError(
      `The data directory ${dataDir} is in use by another Perigee${owner ? ` (process ${owner})` : ''}. ` +
        'Stop that one, or give this one another directory with PERIGEE_DATA_DIR.',
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => lock.close();
}

function readOwner(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim();
  } catch {
    return '';
  }
}
