import { closeSync, fdatasync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/**
 * The f32 vectors that the final scoring reads: one record per slot, in a file (default: costs no memory; the page
 * cache keeps what is read often) or in shared memory. A record says whose it is and is checksummed, so that a file
 * that does not belong to the rows in memory is noticed at the first read instead of giving a wrong score:
 *   f64 key | u32 crc32 of the vector | u32 0 | d * f32
 */
export interface VectorStore {
  readonly source: VectorSource;
  /** Grows by one whenever `source` has more parts than before. */
  readonly shape: number;
  /** Takes a vector over into memory that is in the file already. */
  adopt(slot: number, vector: Float32Array): void;
  write(slot: number, key: number, vector: Float32Array): void;
  /** Hands buffered records to the operating system: what was written can now be read by the workers. */
  flush(): void;
  /** Resolves when all records are on the disk. */
  sync(): Promise<void>;
  close(): void;
}

/** What a worker needs to read; posted to it. */
export type VectorSource = { kind: 'file'; path: string } | { kind: 'memory'; chunks: SharedArrayBuffer[] };

/** Records buffered before a write: rows arrive in slot order while loading. */
const bufferRecords = 256;
const chunkRecords = 4096;

export const recordBytes = (dimensions: number): number => 16 + dimensions * 4;

function encode(record: Buffer, key: number, vector: Float32Array): void {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  record.writeDoubleLE(key, 0);
  record.writeUInt32LE(crc32(bytes), 8);
  record.writeUInt32LE(0, 12);
  record.set(bytes, 16);
}

/** Records read at once where one is asked for after the other: rows that score alike, in the order in which they came. */
const recordsAhead = 128;

/** Opens the file at `path`; `keep` keeps its records (restoring), otherwise it starts empty. */
export function createFileVectors(path: string, dimensions: number, keep: boolean): VectorStore {
  const size = recordBytes(dimensions);
  const fd = openSync(path, keep ? 'r+' : 'w+');
  const buffer = Buffer.alloc(size * bufferRecords);
  let first = 0;
  let count = 0;

  function flush(): void {
    const bytes = count * size;
    for (let done = 0; done < bytes; ) done += writeSync(fd, buffer, done, bytes - done, first * size + done);
    count = 0;
  }
  return {
    source: { kind: 'file', path },
    shape: 0,
    adopt() {},
    write(slot, key, vector) {
      if (count > 0 && (slot !== first + count || count === bufferRecords)) flush();
      if (count === 0) first = slot;
      encode(buffer.subarray(count * size, (count + 1) * size), key, vector);
      count += 1;
    },
    flush,
    sync() {
      flush();
      return new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));
    },
    close() {
      closeSync(fd);
    },
  };
}

/** Keeps vectors in shared memory; `file`, when given, receives them too, for the snapshot. */
export function createMemoryVectors(dimensions: number, file?: VectorStore): VectorStore {
  const chunks: SharedArrayBuffer[] = [];

  function adopt(slot: number, vector: Float32Array): void {
    const chunk = Math.floor(slot / chunkRecords);
    while (chunks.length <= chunk) chunks.push(new SharedArrayBuffer(chunkRecords * dimensions * 4));
    const target = chunks[chunk];
    if (target) new Float32Array(target).set(vector, (slot % chunkRecords) * dimensions);
  }
  return {
    source: { kind: 'memory', chunks },
    get shape() {
      return chunks.length;
    },
    adopt,
    write(slot, key, vector) {
      file?.write(slot, key, vector);
      adopt(slot, vector);
    },
    flush: () => file?.flush(),
    sync: async () => file?.sync(),
    close: () => file?.close(),
  };
}

export interface VectorReader {
  /** The vector in a slot; valid until the next call. Undefined when the record is damaged or not that of `key`. */
  read(slot: number, key: number): Float32Array | undefined;
  /** Records may have changed: what was read ahead is not used any more. */
  forget(): void;
  close(): void;
}

/** Opens the records for reading. */
export function openVectors(source: VectorSource, dimensions: number): VectorReader {
  if (source.kind === 'memory') {
    const views = source.chunks.map((chunk) => new Float32Array(chunk));
    return {
      read(slot) {
        const view = views[Math.floor(slot / chunkRecords)] ?? new Float32Array();
        const at = (slot % chunkRecords) * dimensions;
        return view.subarray(at, at + dimensions);
      },
      forget() {},
      close() {},
    };
  }
  const size = recordBytes(dimensions);
  const records = Buffer.from(new ArrayBuffer(size * recordsAhead));
  const fd = openSync(source.path, 'r');
  let first = 0;
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    read(slot, key) {
      if (slot < first || slot >= first + count) {
        const isNext = slot > last && slot <= last + 4;
        first = slot;
        count = Math.floor(readSync(fd, records, 0, isNext ? records.length : size, slot * size) / size);
      }
      last = slot;
      const at = (slot - first) * size;
      if (count === 0 || records.readDoubleLE(at) !== key) return undefined;
      if (records.readUInt32LE(at + 8) !== crc32(records.subarray(at + 16, at + size))) return undefined;
      return new Float32Array(records.buffer, at + 16, dimensions);
    },
    forget() {
      count = 0;
    },
    close() {
      closeSync(fd);
    },
  };
}
