import { createReadStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { packLimits } from '../manifest.ts';
import { PackError } from '../pack-error.ts';
import { type ArchiveEntry, shownName, type VisitEntry } from './entry.ts';

const chunkBytes = 256 * 1024;
/** Headers, padding and the end: what a tar has beside its files. */
const overheadBytes = 1024 * 1024;
const gzipMagic = [0x1f, 0x8b];
const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];

const kinds: Readonly<Record<string, ArchiveEntry['kind']>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
};

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

/** The bytes of the tar, whatever they were packed in; bounded, and never packed twice. */
async function* tarBytes(path: string, packed: boolean): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const source = packed ? file.pipe(createGunzip({ chunkSize: chunkBytes })) : file;
  // A pipe does not hand errors on.
  file.on('error', (error) => source.destroy(error));
  let head: Uint8Array = new Uint8Array(0);
  let total = 0;
  try {
    for await (const part of source as AsyncIterable<Uint8Array>) {
      total += part.length;
      if (total > packLimits.unpackedBytes + overheadBytes) {
        throw new PackError(`the archive is larger than ${packLimits.unpackedBytes} bytes when it is unpacked`);
      }
      if (head.length < zstdMagic.length) {
        head = Buffer.concat([head, part.subarray(0, zstdMagic.length)]);
        // The parser would unpack it again by itself, unbounded.
        if (startsWith(head, gzipMagic) || startsWith(head, zstdMagic)) throw new PackError('the archive is no tar');
      }
      yield part;
    }
  } finally {
    file.destroy();
    source.destroy();
  }
}

/** Reads a tar file (ustar, pax, GNU), `packed` with gzip or not. Throws `PackError` or whatever node-tar and zlib throw. */
export async function readTar(path: string, packed: boolean, visit: VisitEntry): Promise<void> {
  const parser = new Parser({ strict: true });
  let entries = 0;
  let isOver = false;
  let reading: ReadEntry | undefined;
  let visiting: Promise<void> = Promise.resolve();
  let giveUp: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  // It is waited for in races only.
  failed.catch(() => {});
  const count = (): void => {
    entries += 1;
    if (entries > packLimits.entries) giveUp(new PackError(`the archive has more than ${packLimits.entries} entries`));
  };
  parser.on('entry', (entry: ReadEntry) => {
    count();
    // One after the other: the parser gives the next when this one's bytes are taken.
    visiting = visiting.then(async () => {
      reading = entry;
      const { path: name, type, size } = entry;
      await visit({ path: name, kind: kinds[type] ?? 'other', statedBytes: size, content: async () => entry });
      entry.resume();
    });
    visiting.catch(giveUp);
  });
  parser.on('meta', count);
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    giveUp(new PackError(`${shownName(entry.path)} in the archive is no plain file`));
  });
  parser.on('error', giveUp);
  // The parser would keep whatever comes after the end.
  parser.on('eof', () => {
    isOver = true;
  });
  const ended = new Promise<void>((resolve) => parser.on('end', () => resolve()));
  try {
    for await (const part of tarBytes(path, packed)) {
      const goesOn = parser.write(Buffer.from(part.buffer, part.byteOffset, part.length));
      // Others have a turn even while bytes are at hand.
      const room = goesOn ? nextTurn() : new Promise((resolve) => parser.once('drain', () => resolve(undefined)));
      await Promise.race([room, failed]);
      if (isOver) break;
    }
    parser.end();
    await Promise.race([ended, failed]);
    await Promise.race([visiting, failed]);
  } catch (error) {
    reading?.destroy(error as Error);
    await visiting.catch(() => {});
    throw error;
  }
}
