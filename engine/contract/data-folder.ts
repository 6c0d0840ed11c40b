/** Where things are inside the data directory. */
import { join } from 'node:path';

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'perigee.db');
}

export function filesFolder(dataDir: string): string {
  return join(dataDir, 'files');
}
