import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import type { Layout } from './layout.ts';
import type { Rows } from './rows.ts';

/**
 * The snapshot file: everything about a gallery but the f32 vectors, which stay in their own file (see `vectors.ts`).
 *   8 bytes "PGSNAP2\n" | u32 length of the header | u32 crc32 of the header | header (JSON) | blocks, each as it lies in memory
 * Written beside its name and renamed. Each block has its crc32 in the header, so any flipped byte is noticed.
 */
const magic = 'PGSNAP2\n';

const Header = z.strictObject({
  gallery: z.string(),
  version: z.int(),
  metric: z.string(),
  generation: z.string(),
  /** Name of the file of f32 vectors that belongs to the rows. */
  vectors: z.string(),
  dimensions: z.int(),
  stride: z.int(),
  blockRows: z.int(),
  blockBytes: z.int(),
  slots: z.strictObject({ next: z.int(), free: z.array(z.int()) }),
  labels: z.array(z.strictObject({ labels: z.array(z.int()), rows: z.int() })),
  /** Of every block: rows, label set or -1, crc32. A block without rows is not in the file. */
  blocks: z.array(z.tuple([z.int(), z.int(), z.int()])),
});
type Header = z.infer<typeof Header>;

interface Subject {
  readonly gallery: string;
  readonly version: number;
  readonly metric: string;
  readonly layout: Layout;
}

/** Why a snapshot is not used. */
export class SnapshotRefused extends Error {}

const prefixBytes = 16;
/** Blocks read at once when restoring: as many as keep the disk busy while those before them are checked. */
const blocksAtOnce = 16;

async function readExactly(file: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) throw new SnapshotRefused('the file is cut short');
    done += bytesRead;
  }
}

async function writeExactly(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a snapshot. The rows must be quiet when this is called and may change as soon as it has returned its promise:
 * a block about to change is copied first. Frees the records that only an older snapshot needed.
 * `prepare`: what has to be on the disk before.
 */
export async function writeSnapshot(
  path: string,
  subject: Subject,
  rows: Rows,
  options: { generation: string; vectors: string; prepare: () => Promise<void> },
): Promise<{ bytes: number; rows: number }> {
  const { layout } = subject;
  const count = rows.blocks;
  const entries = rows.directory.entries.slice(0, count * 2);
  const untouched = new Set<number>();
  for (let block = 0; block < count; block++) if ((entries[block * 2] as number) > 0) untouched.add(block);
  const kept = new Map<number, Uint8Array>();
  const released = rows.slots.held.splice(0);
  const next = rows.slots.next;
  const free = [...rows.slots.free, ...released];
  const labels = rows.labels.dump().map((set) => ({ labels: [...set.labels], rows: set.rows }));
  const size = rows.size;
  const heldBefore = rows.slots.hold;
  rows.slots.hold = true;
  rows.beforeWrite = (block) => {
    if (untouched.delete(block)) kept.set(block, rows.blockBytes(block).slice());
  };

  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await options.prepare();
    const file = await open(draft, 'w');
    try {
      // The header comes first in the file but is known last: its length does not depend on the checksums' values
      // because it is padded to this size.
      const blank: Header = {
        gallery: subject.gallery,
        version: subject.version,
        metric: subject.metric,
        generation: options.generation,
        vectors: options.vectors,
        dimensions: layout.dimensions,
        stride: layout.stride,
        blockRows: layout.blockRows,
        blockBytes: layout.blockBytes,
        slots: { next, free },
        labels,
        blocks: Array.from({ length: count }, (_, block) => [
          entries[block * 2] as number,
          entries[block * 2 + 1] as number,
          0xffff_ffff,
        ]),
      };
      const headerBytes = Buffer.byteLength(JSON.stringify(blank));
      let position = prefixBytes + headerBytes;
      for (const [block, entry] of blank.blocks.entries()) {
        entry[2] = 0;
        if (entry[0] === 0) continue;
        // Taken in one go, without an await between: either still untouched or the copy made before the change.
        const bytes = kept.get(block) ?? rows.blockBytes(block).slice();
        untouched.delete(block);
        kept.delete(block);
        entry[2] = crc32(bytes);
        await writeExactly(file, bytes, position);
        position += bytes.length;
      }
      const header = Buffer.from(JSON.stringify(blank).padEnd(headerBytes));
      const prefix = Buffer.alloc(prefixBytes);
      prefix.write(magic);
      prefix.writeUInt32LE(headerBytes, 8);
      prefix.writeUInt32LE(crc32(header), 12);
      await writeExactly(file, prefix, 0);
      await writeExactly(file, header, prefixBytes);
      await file.sync();
      await file.close();
      await rename(draft, path);
      // Only when the name lasts, too, may the records that the older snapshot names be written over.
      await syncFolder(dirname(path));
      for (const slot of released) rows.slots.free.push(slot);
      return { bytes: position, rows: size };
    } finally {
      await file.close().catch(() => {});
    }
  } catch (error) {
    await rm(draft, { force: true });
    for (const slot of released) rows.slots.held.push(slot);
    rows.slots.hold = heldBefore;
    throw error;
  } finally {
    rows.beforeWrite = undefined;
  }
}

/** Reads and checks the header. Throws `SnapshotRefused`. */
export async function readHeader(
  path: string,
  subject: Subject,
): Promise<{ header: Header; file: FileHandle; position: number }> {
  const file = await open(path, 'r').catch(() => {
    throw new SnapshotRefused('there is none');
  });
  try {
    const prefix = Buffer.alloc(prefixBytes);
    await readExactly(file, prefix, 0);
    if (prefix.toString('latin1', 0, 8) !== magic) throw new SnapshotRefused('not a snapshot of this format');
    const headerBytes = prefix.readUInt32LE(8);
    const { size } = await file.stat();
    if (headerBytes > size - prefixBytes) throw new SnapshotRefused('the file is cut short');
    const bytes = Buffer.alloc(headerBytes);
    await readExactly(file, bytes, prefixBytes);
    if (crc32(bytes) !== prefix.readUInt32LE(12)) throw new SnapshotRefused('the header is damaged');
    const header = Header.parse(JSON.parse(bytes.toString()));
    const { layout } = subject;
    const same =
      header.gallery === subject.gallery &&
      header.version === subject.version &&
      header.metric === subject.metric &&
      header.dimensions === layout.dimensions &&
      header.stride === layout.stride &&
      header.blockRows === layout.blockRows &&
      header.blockBytes === layout.blockBytes;
    if (!same) throw new SnapshotRefused('made for other rows or with another layout');
    return { header, file, position: prefixBytes + headerBytes };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Fills empty rows from a snapshot whose header was read. Throws `SnapshotRefused`; the rows are then to be cleared. */
export async function readBlocks(
  { header, file, position }: { header: Header; file: FileHandle; position: number },
  rows: Rows,
  layout: Layout,
  onSlice: () => Promise<void> | undefined,
): Promise<void> {
  if (header.blocks.some(([count]) => count < 0 || count > layout.blockRows)) {
    throw new SnapshotRefused('the header is damaged');
  }
  if (header.blocks.length * layout.blockRows > rows.mostRows) {
    throw new SnapshotRefused('there are more rows than a gallery may have');
  }
  rows.labels.restore(header.labels);
  rows.expect(header.blocks.reduce((sum, [count]) => sum + count, 0));
  let at = position;
  /** Starts reading the next blocks; they are checked and taken over while those after them are read. */
  const readSome = (from: number) => {
    const some = header.blocks.slice(from, from + blocksAtOnce).map(([count, label, checksum], i) => {
      const block = from + i;
      const bytes = count > 0 ? rows.blockBytes(block) : new Uint8Array();
      const read = readExactly(file, bytes, at);
      at += bytes.length;
      return { block, count, label, bytes, checksum, read };
    });
    return { some, done: Promise.all(some.map(({ read }) => read)) };
  };
  let next = readSome(0);
  for (let from = 0; from < header.blocks.length; from += blocksAtOnce) {
    const { some, done } = next;
    await done;
    next = readSome(from + blocksAtOnce);
    // Awaited in the next round; until then a failure is not unhandled.
    next.done.catch(() => {});
    for (const { block, bytes, checksum } of some) {
      if (crc32(bytes) !== checksum) throw new SnapshotRefused(`block ${block} is damaged`);
    }
    rows.adopt(some);
    await onSlice();
  }
  Object.assign(rows.slots, { next: header.slots.next, free: header.slots.free, held: [], hold: true });
}
