/** For tests: archives byte by byte, so that they can lie. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

export interface MadeEntry {
  readonly path: string | Uint8Array;
  readonly data?: Uint8Array;
  /** Type flag of tar: '0' a file, '5' a folder, '1' and '2' links, '3' a device, '6' a pipe. */
  readonly type?: string;
  /** Of Unix, with its type bits: what a zip keeps. */
  readonly mode?: number;
  /** What the entry says of its size, when it is not the truth. */
  readonly statedBytes?: number;
  readonly link?: string;
  readonly encrypted?: boolean;
}

const bytesOf = (path: string | Uint8Array): Buffer => Buffer.from(path);
const nothing = new Uint8Array(0);

/** The files of a folder, under `prefix`. */
export function entriesOf(dir: string, prefix = ''): MadeEntry[] {
  return readdirSync(dir).map((name) => ({ path: prefix + name, data: readFileSync(join(dir, name)) }));
}

/** APPNOTE 6.3: local headers with their deflated data, the central directory, its end. */
export function zipOf(entries: readonly MadeEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, data = nothing, mode = 0, statedBytes = data.length, encrypted = false } of entries) {
    const name = bytesOf(path);
    const packed = deflateRawSync(data);
    // Version, flags (names are UTF-8), method, time, date, checksum, sizes, length of the name, none of extra fields.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(encrypted ? 0x801 : 0x800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(statedBytes, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    central.writeUInt16LE(0x0314, 4);
    common.copy(central, 6);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local);
    directory.push(central, name);
    offset += local.length;
  }
  const middle = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(middle.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, middle, end]);
}

const block = 512;

/** POSIX ustar: a header of 512 bytes, the data filled up to blocks; two empty blocks at the end. */
export function tarOf(entries: readonly MadeEntry[]): Buffer {
  const parts = entries.flatMap(({ path, data = nothing, type = '0', statedBytes = data.length, link = '' }) => {
    const header = Buffer.alloc(block);
    bytesOf(path).copy(header, 0, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${statedBytes.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0        ', 136);
    header.write(type, 156);
    header.write(link, 157);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, data, Buffer.alloc((block - (data.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}
