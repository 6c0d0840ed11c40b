import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import * as z from 'zod';

/** What is kept of the cells of a gallery from one start to the next. */
export interface SavedCells {
  /** cells * dimensions. */
  readonly centroids: Float32Array;
  /** `CellMap`, as far as there are blocks. */
  readonly map: Uint16Array;
  /** Rows and imbalance when the cells were made, and how long that took. */
  readonly rows: number;
  readonly imbalance: number;
  readonly buildMs: number;
}

/**
 * The file of cells, beside the snapshot that it belongs to by its generation. Row numbers are those of the snapshot.
 *   8 bytes "PGCELL1\n" | u32 length of the header | u32 crc32 of all that follows | header (JSON) | f32 centroids | u16 map
 * A missing or damaged file costs only the time to make the cells anew.
 */
const magic = 'PGCELL1\n';
const prefixBytes = 16;

const Header = z.strictObject({
  generation: z.string(),
  centroids: z.int().min(0),
  map: z.int().min(0),
  rows: z.int(),
  imbalance: z.number(),
  buildMs: z.number(),
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

export async function writeCells(path: string, generation: string, saved: SavedCells): Promise<void> {
  const { centroids, map, ...numbers } = saved;
  const header = Buffer.from(
    JSON.stringify({ generation, centroids: centroids.length, map: map.length, ...numbers } satisfies z.infer<
      typeof Header
    >),
  );
  const parts = [header, bytesOf(centroids), bytesOf(map)];
  const prefix = Buffer.alloc(prefixBytes);
  prefix.write(magic);
  prefix.writeUInt32LE(header.length, 8);
  prefix.writeUInt32LE(
    parts.reduce((sum, part) => crc32(part, sum), 0),
    12,
  );
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(draft, 'w');
    try {
      for (const part of [prefix, ...parts]) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Undefined when there is no whole file of this generation that fits rows of so many values in so many places. */
export async function readCells(
  path: string,
  generation: string,
  fits: { dimensions: number; places: number },
): Promise<SavedCells | undefined> {
  try {
    const file = await open(path, 'r');
    let bytes: Buffer;
    try {
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
    if (bytes.toString('latin1', 0, 8) !== magic) return undefined;
    const body = bytes.subarray(prefixBytes);
    if (crc32(body) !== bytes.readUInt32LE(12)) return undefined;
    const headerBytes = bytes.readUInt32LE(8);
    const header = Header.parse(JSON.parse(body.toString('utf8', 0, headerBytes)));
    const { centroids, map, generation: found, ...numbers } = header;
    const mapAt = headerBytes + centroids * 4;
    const whole = body.length === mapAt + map * 2;
    const cells = centroids / fits.dimensions;
    if (!whole || found !== generation || map !== fits.places || !Number.isInteger(cells) || cells < 1)
      return undefined;
    // Copies: the parts need not be aligned in the file.
    const part = (from: number, to: number): ArrayBuffer => new Uint8Array(body.subarray(from, to)).buffer;
    const values = new Uint16Array(part(mapAt, body.length));
    if (values.some((value) => value > cells)) return undefined;
    return { centroids: new Float32Array(part(headerBytes, mapAt)), map: values, ...numbers };
  } catch {
    return undefined;
  }
}
