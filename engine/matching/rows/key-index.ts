/**
 * Finds the row of a key in about 5 bytes per row: open addressing with linear probing over row numbers; the keys
 * themselves stay in the rows' own column (`keyAt`), which is read only where six bits of the hash agree. The table is
 * cut into parts by hash, so that growing one never stalls the thread: a part of a gallery of ten million rows has about
 * ten thousand entries.
 */
export interface KeyIndex {
  readonly sizeBytes: number;
  /** Row of the key, or -1. */
  find(key: number): number;
  /** Adds a key that is not there yet; `keyAt(row)` must already answer it. */
  add(key: number, row: number): void;
  /** Makes a key that is there point at another row. */
  move(key: number, row: number): void;
  /** Takes out a key that is there; `keyAt` must still answer its row. */
  remove(key: number): void;
  clear(): void;
  /** Empty index only: makes room for about this many keys at once instead of growing to it in steps. */
  reserve(keys: number): void;
  /**
   * Adds many keys that are not there yet, `keys[i]` at row `rows[i]`, part by part: each part's table is then in the
   * core's cache while it is filled, which is three times as fast as `add` for as many keys as a snapshot has.
   */
  addMany(keys: Float64Array, rows: Int32Array): void;
}

const parts = 1024;
const smallestPart = 8;
const fullest = 0.875;
const growth = 1.15;
/** Entries reserved per expected key: parts fill unevenly, and `fullest` must not be reached by most. */
const roomAhead = 1.2;

/** Bits of an entry that hold row number + 1; the others hold bits of the key's hash. */
const rowBits = 26;
export const mostIndexedRows = 2 ** rowBits - 1;
const entryOf = (h: number, row: number): number => ((h >>> 10) << rowBits) | (row + 1);
const rowOf = (entry: number): number => (entry & mostIndexedRows) - 1;

/** 32 well-mixed bits of a key below 2^53 (the finaliser of MurmurHash3, which is in the public domain). */
function hash(key: number): number {
  let h = (key ^ Math.imul(key / 0x1_0000_0000, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export function createKeyIndex(keyAt: (row: number) => number): KeyIndex {
  /** Entries; 0 is empty. */
  let tables: (Int32Array | undefined)[] = new Array(parts).fill(undefined);
  const counts = new Uint32Array(parts);
  let sizeBytes = 0;
  let firstLength = smallestPart;

  const homeOf = (h: number, length: number): number => Math.floor(((h >>> 10) / 2 ** 22) * length);

  function place(table: Int32Array, h: number, row: number): void {
    let at = homeOf(h, table.length);
    while (table[at] !== 0) at = at + 1 === table.length ? 0 : at + 1;
    table[at] = entryOf(h, row);
  }

  /** Position in the part's table, or -1. */
  function locate(table: Int32Array | undefined, h: number, key: number): number {
    if (!table) return -1;
    const wanted = entryOf(h, 0);
    for (let at = homeOf(h, table.length); table[at] !== 0; at = at + 1 === table.length ? 0 : at + 1) {
      const entry = table[at] as number;
      if ((entry ^ wanted) >>> rowBits === 0 && keyAt(rowOf(entry)) === key) return at;
    }
    return -1;
  }

  /** The part's table, made larger if it would be too full with so many keys. */
  function tableFor(part: number, keys: number): Int32Array {
    const old = tables[part];
    if (old && keys <= old.length * fullest) return old;
    const least = Math.ceil(keys / fullest);
    const table = new Int32Array(Math.max(old ? Math.ceil(old.length * growth) : firstLength, least));
    sizeBytes += table.byteLength - (old?.byteLength ?? 0);
    if (old) {
      for (let i = 0; i < old.length; i++) {
        const row = rowOf(old[i] as number);
        if (row >= 0) place(table, hash(keyAt(row)), row);
      }
    }
    tables[part] = table;
    return table;
  }

  return {
    get sizeBytes() {
      return sizeBytes;
    },
    find(key) {
      const h = hash(key);
      const table = tables[h & (parts - 1)];
      const at = locate(table, h, key);
      return at < 0 || !table ? -1 : rowOf(table[at] as number);
    },
    add(key, row) {
      const h = hash(key);
      const part = h & (parts - 1);
      place(tableFor(part, (counts[part] as number) + 1), h, row);
      counts[part] = (counts[part] as number) + 1;
    },
    move(key, row) {
      const h = hash(key);
      const table = tables[h & (parts - 1)];
      const at = locate(table, h, key);
      if (table && at >= 0) table[at] = entryOf(h, row);
    },
    remove(key) {
      const h = hash(key);
      const part = h & (parts - 1);
      const table = tables[part];
      let hole = locate(table, h, key);
      if (!table || hole < 0) return;
      counts[part] = (counts[part] as number) - 1;
      // Backward shift (Knuth, The Art of Computer Programming 3, 6.4, algorithm R): no tombstones to probe over.
      for (let at = hole; ; ) {
        at = at + 1 === table.length ? 0 : at + 1;
        const entry = table[at] as number;
        if (entry === 0) break;
        const home = homeOf(hash(keyAt(rowOf(entry))), table.length);
        const stays = hole <= at ? hole < home && home <= at : hole < home || home <= at;
        if (stays) continue;
        table[hole] = entry;
        hole = at;
      }
      table[hole] = 0;
    },
    clear() {
      tables = new Array(parts).fill(undefined);
      counts.fill(0);
      sizeBytes = 0;
      firstLength = smallestPart;
    },
    reserve(keys) {
      firstLength = Math.max(smallestPart, Math.ceil((keys / parts) * roomAhead));
    },
    addMany(keys, rows) {
      const hashes = new Uint32Array(keys.length);
      const starts = new Uint32Array(parts + 1);
      for (let i = 0; i < hashes.length; i++) {
        const h = hash(keys[i] as number);
        hashes[i] = h;
        const after = (h & (parts - 1)) + 1;
        starts[after] = (starts[after] as number) + 1;
      }
      for (let part = 0; part < parts; part++) {
        starts[part + 1] = (starts[part + 1] as number) + (starts[part] as number);
      }
      const byPart = new Uint32Array(hashes.length);
      const next = starts.slice(0, parts);
      for (let i = 0; i < hashes.length; i++) {
        const part = (hashes[i] as number) & (parts - 1);
        const at = next[part] as number;
        byPart[at] = i;
        next[part] = at + 1;
      }
      for (let part = 0; part < parts; part++) {
        const from = starts[part] as number;
        const to = starts[part + 1] as number;
        if (from === to) continue;
        const count = (counts[part] as number) + to - from;
        const table = tableFor(part, count);
        for (let n = from; n < to; n++) {
          const i = byPart[n] as number;
          place(table, hashes[i] as number, rows[i] as number);
        }
        counts[part] = count;
      }
    },
  };
}
