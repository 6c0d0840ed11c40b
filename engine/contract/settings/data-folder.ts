/** Where things are inside the data directory. */
import { join } from 'node:path';

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'perigee.db');
}

export function filesFolder(dataDir: string): string {
  return join(dataDir, 'files');
}

/** Vectors and snapshots of the matcher: made again from the database when they are gone. */
export function galleriesFolder(dataDir: string): string {
  return join(dataDir, 'galleries');
}

/** Installed model packs. */
export function packsFolder(dataDir: string): string {
  return join(dataDir, 'packs');
}
