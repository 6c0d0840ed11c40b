import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { packFileName, packLimits } from '../manifest.ts';
import { PackError } from '../pack-error.ts';
import { type ArchiveEntry, shownName, type VisitEntry } from './entry.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

export type ArchiveFormat = 'zip' | 'tar' | 'gzip';

const blockBytes = 512;
/** `PK 3 4`: a file; `PK 5 6`: the end of an empty one. */
const zipBeginnings: readonly number[] = [0x04034b50, 0x06054b50];
const ustar = { at: 257, text: 'ustar' };

/** By its first bytes, whatever it is called; undefined for anything else. */
export async function archiveFormatOf(path: string): Promise<ArchiveFormat | undefined> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(blockBytes);
    await file.read(head, 0, blockBytes, 0);
    if (zipBeginnings.includes(head.readUInt32LE(0))) return 'zip';
    if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
    return head.toString('latin1', ustar.at, ustar.at + ustar.text.length) === ustar.text ? 'tar' : undefined;
  } finally {
    await file.close();
  }
}

/** What archivers of desktops add by themselves. */
function isClutter(segments: readonly string[]): boolean {
  const name = segments.at(-1) ?? '';
  return segments[0] === '__MACOSX' || name === '.DS_Store' || name.startsWith('._');
}

/**
 * The name of an entry's file inside the pack; null for what is passed over. All files lie in one folder, that of the
 * archive itself or one in it: `folder` remembers which.
 */
function createPlacement(): (entry: Pick<ArchiveEntry, 'path' | 'kind'>) => string | null {
  let folder: string | undefined;
  const names = new Set<string>();
  return ({ path, kind }) => {
    const refuse = (why: string): never => {
      throw new PackError(`${shownName(path)} in the archive ${why}`);
    };
    if (path.startsWith('/')) refuse('has an absolute name');
    const segments = path.split('/').filter((segment) => segment !== '.' && segment !== '');
    if (segments.includes('..')) refuse('leads out of it');
    if (kind === 'other') refuse('is no plain file');
    if (isClutter(segments)) return null;
    if (segments.length > (kind === 'folder' ? 1 : 2)) refuse('lies in a folder of a folder: a pack has no folders');
    if (kind === 'folder') return null;
    const name = segments.at(-1) ?? '';
    if (!packFileName.test(name)) refuse('has a name that no file of a pack can have');
    const own = segments.length === 2 ? (segments[0] ?? '') : '';
    folder ??= own;
    if (own !== folder) refuse('lies in another folder than the files before it');
    if (names.has(name)) refuse('is there twice');
    names.add(name);
    return name;
  };
}

async function write(path: string, entry: ArchiveEntry, limitBytes: number): Promise<number> {
  const file = await open(path, 'wx', 0o644);
  let written = 0;
  try {
    for await (const part of await entry.content()) {
      written += part.length;
      if (written > limitBytes) throw new PackError(`${shownName(entry.path)} in the archive is too large`);
      await file.writeFile(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return written;
}

/**
 * Unpacks a .zip, .tar or .tar.gz into the folder `target`, which is made: plain files only, none of them outside, of
 * bounded number and size. Throws `PackError` with the reason; what was unpacked until then is left for the caller.
 */
export async function unpackArchive(path: string, target: string): Promise<void> {
  const format = await archiveFormatOf(path);
  if (!format) throw new PackError('the file is no .zip, .tar or .tar.gz archive');
  const placeOf = createPlacement();
  let files = 0;
  let total = 0;
  const visit: VisitEntry = async (entry) => {
    const name = placeOf(entry);
    if (name === null) return;
    const limitBytes = Math.min(packLimits.networkBytes, packLimits.unpackedBytes - total);
    if (entry.statedBytes > limitBytes) throw new PackError(`${shownName(entry.path)} in the archive is too large`);
    total += await write(join(target, name), entry, limitBytes);
    files += 1;
  };
  await mkdir(target, { recursive: true, mode: 0o755 });
  try {
    await (format === 'zip' ? readZip(path, visit) : readTar(path, format === 'gzip', visit));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // Ours, or of the disk: not the archive's fault.
    if (error instanceof PackError || (syscall !== undefined && code !== undefined)) throw error;
    throw new PackError(`the archive is damaged: ${(error as Error).message.slice(0, 200)}`);
  }
  if (files === 0) throw new PackError('the archive is empty');
}
