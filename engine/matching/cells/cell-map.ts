import type { RowWatch } from '../rows/row-watch.ts';

/** Cell numbers fit u16; one value is kept for rows without a cell. */
export const mostCells = 65_535;

/**
 * Which cell each row lies in: one u16 per row number, 0 = none yet, else cell + 1. Shared with the workers, which write
 * cells while nobody else works on the rows; the main thread writes when rows come, move and go. A row without a cell is
 * looked at by every search, so a row can be found as soon as it is written, whenever its cell is found out.
 */
export interface CellMap extends RowWatch {
  readonly shared: SharedArrayBuffer;
  /** Rows in each cell. */
  readonly counts: Uint32Array;
  /** Rows without a cell. */
  readonly unassigned: number;
  /** Blocks that may have rows without a cell. */
  readonly dirty: ReadonlySet<number>;
  /** Workers have given cells to so many rows, and there is no row without one left in these blocks. */
  assigned(counts: Uint32Array, finished: readonly number[]): void;
  /** Counts anew, after workers were lost in the middle of it, or after the map was filled from a file. */
  recount(): void;
}

export function createCellMap(options: {
  cells: number;
  blockRows: number;
  mostRows: number;
  /** Rows in each block at present. */
  countOf: (block: number) => number;
  blocks: () => number;
}): CellMap {
  const { cells, blockRows, countOf } = options;
  // Untouched parts of it take up no memory.
  const shared = new SharedArrayBuffer(options.mostRows * 2);
  const map = new Uint16Array(shared);
  const counts = new Uint32Array(cells);
  const dirty = new Set<number>();
  let unassigned = 0;

  function count(cell: number, by: 1 | -1): void {
    if (cell === 0) unassigned += by;
    else counts[cell - 1] = (counts[cell - 1] as number) + by;
  }

  function recount(): void {
    counts.fill(0);
    dirty.clear();
    unassigned = 0;
    for (let block = 0; block < options.blocks(); block++) {
      const before = unassigned;
      for (let row = block * blockRows; row < block * blockRows + countOf(block); row++) count(map[row] as number, 1);
      if (unassigned > before) dirty.add(block);
    }
  }
  recount();

  return {
    shared,
    counts,
    dirty,
    recount,
    get unassigned() {
      return unassigned;
    },
    placed(row) {
      map[row] = 0;
      unassigned += 1;
      dirty.add(Math.floor(row / blockRows));
    },
    moved(from, to) {
      map[to] = map[from] as number;
      if (map[to] === 0) dirty.add(Math.floor(to / blockRows));
    },
    gone(row) {
      count(map[row] as number, -1);
    },
    cleared() {
      map.fill(0);
      counts.fill(0);
      dirty.clear();
      unassigned = 0;
    },
    assigned(more, finished) {
      for (let cell = 0; cell < cells; cell++) {
        const n = more[cell] as number;
        counts[cell] = (counts[cell] as number) + n;
        unassigned -= n;
      }
      for (const block of finished) dirty.delete(block);
    },
  };
}
