/** Folders and files that are on their way into or out of the packs folder; a crash leaves them behind. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const kinds = ['incoming', 'removed'] as const;
const leftoverMs = 3_600_000;
const pattern = new RegExp(`^\\.(?:${kinds.join('|')})-(?:(\\d+)-)?`);

/** A path that nobody else uses, and that `sweepLeftovers` knows as ours. */
export function temporaryPath(dir: string, kind: (typeof kinds)[number]): string {
  return join(dir, `.${kind}-${process.pid}-${randomUUID()}`);
}

/** One that has ended and that nobody has asked about yet (state Z) is gone too. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  // The name in brackets may hold anything.
  return stat !== undefined && !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(')')));
}

/**
 * Removes what processes that are gone have left, and what is older than an hour. `atStart`: this process has begun
 * nothing yet, so what bears its number is of another one before it.
 */
export async function sweepLeftovers(dir: string, { atStart }: { atStart: boolean }): Promise<void> {
  const names = await readdir(dir).catch((): string[] => []);
  for (const name of names) {
    const match = pattern.exec(name);
    if (!match) continue;
    const pid = match[1] === undefined ? undefined : Number(match[1]);
    const path = join(dir, name);
    const mtimeMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    const isOrphan = pid !== undefined && (pid === process.pid ? atStart : !(await isRunning(pid)));
    if (isOrphan || Date.now() - mtimeMs > leftoverMs) await rm(path, { recursive: true, force: true });
  }
}
