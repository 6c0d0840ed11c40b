import { type Entry, openPromise } from 'yauzl';
import { packLimits } from '../manifest.ts';
import { PackError } from '../pack-error.ts';
import { type ArchiveEntry, shownName, type VisitEntry } from './entry.ts';

/** File types of Unix, in the upper half of a zip entry's external attributes; 0 where the archiver wrote none. */
const typeMask = 0o170000;
const kinds: ReadonlyMap<number, ArchiveEntry['kind']> = new Map([
  [0, 'file'],
  [0o100000, 'file'],
  [0o040000, 'folder'],
]);

function kindOf({ fileName, externalFileAttributes }: Entry): ArchiveEntry['kind'] {
  const kind = kinds.get((externalFileAttributes >>> 16) & typeMask) ?? 'other';
  return kind === 'file' && fileName.endsWith('/') ? 'folder' : kind;
}

/** Reads a zip file (APPNOTE 6.3, zip64 too). Throws `PackError` for too many entries, whatever yauzl throws for others. */
export async function readZip(path: string, visit: VisitEntry): Promise<void> {
  const zip = await openPromise(path, { autoClose: false });
  try {
    if (zip.entryCount > packLimits.entries) {
      throw new PackError(`the archive has more than ${packLimits.entries} entries`);
    }
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw new PackError(`${shownName(entry.fileName)} in the archive is encrypted`);
      await visit({
        path: entry.fileName,
        kind: kindOf(entry),
        statedBytes: entry.uncompressedSize,
        content: () => zip.openReadStreamPromise(entry),
      });
    }
  } finally {
    zip.close();
  }
}
