import { statfsSync } from 'node:fs';

/** Bytes of the file system that `dir` is on, as its user sees them; null when it does not tell. */
export function diskSpace(dir: string): { totalBytes: number; freeBytes: number } | null {
  try {
    const { blocks, bavail, bsize } = statfsSync(dir);
    return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
  } catch {
    return null;
  }
}
