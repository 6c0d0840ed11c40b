import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { StartError } from '#kernel/start-error';

/**
 * Makes a folder and those above it that are missing, one by one: Node's own `recursive` tries for ever where a file system
 * takes no folders (/proc).
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
  // Without it a power cut takes the folder away again, with everything that was flushed inside.
  const handle = openSync(parent, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

const notWritable = new Set([
  'EACCES',
  'EROFS',
  'EPERM',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
  'SQLITE_READONLY_DIRECTORY',
]);
const notMade = new Set(['ENOENT', 'ENOTDIR', 'EEXIST']);
const full = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/** What to tell the integrator about an error of `lockDataDirectory`; the error itself when it is a defect. */
export function directoryProblem(dataDir: string, error: unknown): unknown {
  const { code = '' } = error as { code?: string };
  if (notWritable.has(code)) {
    return new StartError(
      `The data directory ${dataDir} cannot be written. Change its owner, or set PERIGEE_DATA_DIR.`,
    );
  }
  if (notMade.has(code)) {
    return new StartError(`The data directory ${dataDir} cannot be made there. Set PERIGEE_DATA_DIR to another one.`);
  }
  return full.has(code) ? new StartError(`No space is left for the data directory ${dataDir}.`) : error;
}

/**
 * Takes the data directory for this process. The lock is SQLite's own on `daemon.lock`: the kernel frees it when the
 * process ends, however it ends, so there is no stale lock to clean up. Makes the directory when it is missing. Returns the
 * function that gives it back. Throws a `StartError` that says who holds it, and what `directoryProblem` understands.
 */
export function lockDataDirectory(dataDir: string): () => void {
  makeFolder(resolve(dataDir));
  const pidFile = join(dataDir, 'daemon.pid');
  const database = new Database(join(dataDir, 'daemon.lock'), { timeout: 0 });
  try {
    database.pragma('journal_mode = DELETE');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    const owner = readOwner(pidFile);
    throw new StartError(
      `The data directory ${dataDir} is in use by another Perigee${owner ? ` (process ${owner})` : ''}. ` +
        'Stop that one, or give this one another directory with PERIGEE_DATA_DIR.',
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return () => database.close();
}

function readOwner(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim();
  } catch {
    return '';
  }
}
