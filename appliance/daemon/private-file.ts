import { chmodSync, statSync } from 'node:fs';
import type { Log } from '#kernel/log';

/**
 * Takes the rights of group and others from a file that may hold passwords. What cannot be done, because the file is
 * another user's, is told as a warning. A file that is not there needs nothing.
 */
export function keepPrivate(file: string, log: Log): void {
  try {
    const { mode } = statSync(file);
    if ((mode & 0o077) !== 0) chmodSync(file, mode & 0o700);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return;
    log.warn({ file, err: error }, 'other users of this machine may read the settings and the passwords in them');
  }
}
