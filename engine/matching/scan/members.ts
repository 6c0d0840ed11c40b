import { blockOffset, type Layout } from '../rows/layout.ts';
import type { Area } from './area.ts';
import type { Condition } from './messages.ts';

/** Rows of a block that a search looks at: all, those of a bit mask, or those of a list of indexes; both in scratch. */
export interface Members {
  readonly how: 'all' | 'mask' | 'ids';
  readonly count: number;
}

/** Which cells a search looks into: `wanted` has a 1 for each of the values that `map` (a `CellMap`) may hold. */
export interface WantedCells {
  readonly map: Uint16Array;
  readonly wanted: Uint8Array;
}

/** Below this share of a block's rows it pays to jump from row to row (measured: about 20 %). */
const sparse = 0.2;
/** Label sets that the kernel looks up sixteen at a time: 128. */
const fewWords = 4;

/** `base`: scratch area of the worker. */
export function createMembers(layout: Layout, base: number, directory: Int32Array) {
  const { columns, scratch, blockRows } = layout;
  const words = Math.ceil(blockRows / 32);

  /** Puts the mask of rows in wanted cells into scratch. Returns how many there are. */
  function maskCells({ map, wanted }: WantedCells, area: Area, block: number, rows: number): number {
    const first = block * blockRows;
    const mask = (base + scratch.mask) / 4;
    let found = 0;
    for (let start = 0; start < rows; start += 32) {
      const end = Math.min(rows, start + 32);
      let word = 0;
      for (let i = start; i < end; i++) {
        const bit = wanted[map[first + i] as number] as number;
        word |= bit << (i - start);
        found += bit;
      }
      area.u32[mask + (start >> 5)] = word;
    }
    return found;
  }

  function listed(area: Area, rows: number, count: number): Members | undefined {
    if (count === 0) return undefined;
    if (count === rows) return { how: 'all', count };
    if (count > rows * sparse) return { how: 'mask', count };
    area.kernels.listBits(base + scratch.mask, rows, base + scratch.ids);
    return { how: 'ids', count };
  }

  /** Undefined: none. */
  return function membersOf(
    condition: Condition | undefined,
    cells: WantedCells | undefined,
    area: Area,
    block: number,
    rows: number,
  ): Members | undefined {
    const all: Members = { how: 'all', count: rows };
    if (!condition) return cells ? listed(area, rows, maskCells(cells, area, block, rows)) : all;
    const label = directory[block * 2 + 1] as number;
    let allow = condition.allow ? base + scratch.allow : 0;
    if (condition.allow && label >= 0) {
      if ((((condition.allow[label >> 5] ?? 0) >>> (label & 31)) & 1) === 0) return undefined;
      allow = 0;
    }
    const { minKey, maxKey } = condition;
    const anyKey = minKey === Number.NEGATIVE_INFINITY && maxKey === Number.POSITIVE_INFINITY;
    const mask = base + scratch.mask;
    const inCells = cells ? maskCells(cells, area, block, rows) : rows;
    if (inCells === 0) return undefined;
    if (condition.only) {
      const only = new Uint32Array(condition.only, block * words * 4, words);
      for (let i = 0; i < words; i++) {
        const filter = only[i] as number;
        area.u32[mask / 4 + i] = cells ? (area.u32[mask / 4 + i] as number) & filter : filter;
      }
    } else if (!allow && anyKey) return cells ? listed(area, rows, inCells) : all;
    const start = blockOffset(layout, block);
    const only = condition.only || cells ? mask : 0;
    const found = area.kernels.select(
      start + columns.labels,
      anyKey ? 0 : start + columns.keys,
      rows,
      allow,
      allow && (condition.allow?.length ?? 0) <= fewWords ? 1 : 0,
      minKey,
      maxKey,
      only,
      mask,
    );
    return listed(area, rows, found);
  };
}
