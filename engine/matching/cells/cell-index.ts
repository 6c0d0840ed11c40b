import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import type { Log } from '#kernel/log';
import type { CellOptions, CellStats } from '../gallery.ts';
import type { Layout } from '../rows/layout.ts';
import type { Rows } from '../rows/rows.ts';
import type { AssignAnswer, AssignJob, ProbedCells } from '../scan/messages.ts';
import { scaleOf } from '../scan/quantise.ts';
import { type CellMap, createCellMap } from './cell-map.ts';
import type { SavedCells } from './cells-file.ts';
import { type Centroids, cellsFor, imbalanceOf, moveCentroids, rounds, type Sums, sampleStep } from './train.ts';

/**
 * An inverted file over the rows as they lie (Sivic and Zisserman, Video Google, 2003; Jegou, Douze and Schmid, 2011):
 * the space is divided into cells around centroids, and a search looks only at rows in the cells nearest to the query.
 * Rows are not moved or copied: a `CellMap` of two bytes per row says where each belongs.
 *
 * Cells are made by k-means on a sample, by the workers, in slices between which searches and writes have their turn.
 * New rows belong to no cell and are seen by every search until the workers have found theirs. Once the gallery has
 * doubled or halved, or its cells have become twice as uneven, they are made anew, while the old ones stay in use.
 */
export interface CellIndex {
  /** Where a search that chooses from so many rows looks; undefined: everywhere. Has what is due done by and by. */
  cellsFor(candidates: number, probes?: number): ProbedCells | undefined;
  /** Does what is due. */
  tend(): Promise<void>;
  stats(): CellStats | undefined;
  /** A copy of what a later start needs; undefined while there are no cells. */
  save(): SavedCells | undefined;
  /** Takes over what `save` gave, for the same rows. */
  restore(saved: SavedCells): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

interface Made {
  readonly centroids: Centroids;
  readonly edition: number;
  readonly map: CellMap;
  readonly rows: number;
  readonly imbalance: number;
  readonly buildMs: number;
}

/** Multiplications that a worker does in one slice: some 25 ms. */
const macsPerSlice = 5e8;
/** So many rows without a cell, or this share of all, are worth a turn of the workers. */
const leftRows = 4096;
const leftShare = 0.01;
/** After so many failures in a row the gallery stays exact. */
const mostFailures = 3;

type AssignPart = Pick<AssignJob, 'blocks' | 'centroids' | 'edition' | 'work'>;

export function createCellIndex(deps: {
  gallery: string;
  rows: Rows;
  layout: Layout;
  version: DescriptorVersion;
  options: CellOptions;
  log: Log;
  /** Runs a slice on all workers, and then `use` of its answers, while nobody else works on the rows. */
  assign: (part: AssignPart, use: (answers: readonly AssignAnswer[]) => void) => Promise<void>;
  quiet: <T>(job: () => Promise<T>) => Promise<T>;
}): CellIndex {
  const { rows, layout, version, options, log } = deps;
  const { dimensions, blockRows, workers } = layout;
  let made: Made | undefined;
  let working: Promise<void> | undefined;
  let stopping = false;
  let failures = 0;
  let editions = 0;

  const openMap = (cells: number): CellMap =>
    createCellMap({
      cells,
      blockRows,
      mostRows: rows.mostRows,
      countOf: (block) => rows.directory.entries[block * 2] as number,
      blocks: () => rows.blocks,
    });

  /** Rows from all over the gallery, by their int8 values. */
  function firstCentroids(cells: number): Centroids {
    const centroids: Centroids = new Float32Array(new SharedArrayBuffer(cells * dimensions * 4));
    let cell = 0;
    let before = 0;
    for (let block = 0; block < rows.blocks; block++) {
      const count = rows.directory.entries[block * 2] as number;
      const { buffer, byteOffset } = rows.blockBytes(block);
      for (; cell < cells; cell++) {
        const i = Math.floor((cell * rows.size) / cells) - before;
        if (i >= count) break;
        const values = new Int8Array(buffer, byteOffset + i * layout.stride, dimensions);
        const [word = 0] = new Uint32Array(buffer, byteOffset + layout.columns.scales + i * 4, 1);
        const scale = scaleOf(word);
        for (let k = 0; k < dimensions; k++) centroids[cell * dimensions + k] = scale * (values[k] as number);
      }
      before += count;
    }
    return centroids;
  }

  async function trainRound(centroids: Centroids, edition: number, step: number): Promise<void> {
    const cells = centroids.length / dimensions;
    const total: Sums = { sums: new Float32Array(centroids.length), counts: new Uint32Array(cells) };
    const macsPerBlock = Math.ceil(blockRows / step) * centroids.length;
    const blocksAtOnce = workers * Math.max(1, Math.floor(macsPerSlice / macsPerBlock));
    for (let from = 0; from < rows.blocks && !stopping; from += blocksAtOnce) {
      const blocks = Array.from({ length: Math.min(blocksAtOnce, rows.blocks - from) }, (_, i) => from + i);
      const work = { kind: 'sample', step } as const;
      await deps.assign({ blocks, centroids: centroids.buffer, edition, work }, (answers) => {
        for (const { sums, counts } of answers) {
          for (let i = 0; i < sums.length; i++) total.sums[i] = (total.sums[i] as number) + (sums[i] as number);
          for (let i = 0; i < cells; i++) total.counts[i] = (total.counts[i] as number) + (counts[i] as number);
        }
      });
    }
    moveCentroids(version.metric, centroids, total);
  }

  /** Finds the cells of all rows that have none. */
  async function assignRest({ centroids, edition, map }: Pick<Made, 'centroids' | 'edition' | 'map'>): Promise<void> {
    const rowsPerBlock = Math.min(blockRows, Math.max(64, Math.floor(macsPerSlice / centroids.length)));
    try {
      while (map.dirty.size > 0 && !stopping) {
        const blocks = [...map.dirty].slice(0, workers);
        const work = { kind: 'cells', map: map.shared, rowsPerBlock } as const;
        await deps.assign({ blocks, centroids: centroids.buffer, edition, work }, (answers) => {
          for (const { counts, finished } of answers) map.assigned(counts, finished);
        });
      }
    } catch (error) {
      // Some of the rows may have got their cell without being counted.
      await deps.quiet(async () => map.recount());
      throw error;
    }
  }

  function use(next: Made): void {
    if (made) rows.watches.delete(made.map);
    rows.watches.add(next.map);
    made = next;
  }

  async function build(): Promise<void> {
    const startedAt = performance.now();
    const cells = options.cells ?? cellsFor(rows.size);
    const step = sampleStep(rows.size, cells);
    const centroids = await deps.quiet(async () => firstCentroids(cells));
    for (let round = 0; round < rounds && !stopping; round++) await trainRound(centroids, ++editions, step);
    const edition = ++editions;
    const map = await deps.quiet(async () => {
      const draft = openMap(cells);
      rows.watches.add(draft);
      return draft;
    });
    try {
      await assignRest({ centroids, edition, map });
    } finally {
      rows.watches.delete(map);
    }
    if (stopping) return;
    const buildMs = Math.round(performance.now() - startedAt);
    use({ centroids, edition, map, rows: rows.size, imbalance: imbalanceOf(map.counts), buildMs });
    log.info({ gallery: deps.gallery, cells, rows: rows.size, ms: buildMs }, 'cells for approximate search are made');
  }

  function isOutdated({ map, imbalance, rows: then }: Made): boolean {
    if (rows.size > 2 * then || rows.size < then / 2) return true;
    return imbalanceOf(map.counts) > 2 * imbalance;
  }

  /** What is due now, if anything. */
  function due(all: boolean): (() => Promise<void>) | undefined {
    if (stopping || failures >= mostFailures || rows.size < options.minRows) return undefined;
    if (!made || isOutdated(made)) return build;
    const current = made;
    const left = current.map.unassigned;
    return left > (all ? 0 : Math.max(leftRows, rows.size * leftShare)) ? () => assignRest(current) : undefined;
  }

  function begin(all: boolean): void {
    const job = working ? undefined : due(all);
    if (!job) return;
    working = job().then(
      () => {
        failures = 0;
        working = undefined;
      },
      (error) => {
        working = undefined;
        if (stopping) return;
        failures += 1;
        log.error({ gallery: deps.gallery, err: error }, 'cells for approximate search could not be made');
      },
    );
  }

  return {
    cellsFor(candidates, probes = options.probes) {
      if (candidates < options.minRows) return undefined;
      begin(false);
      return made && { probes, centroids: made.centroids.buffer, map: made.map.shared };
    },
    async tend() {
      for (begin(true); working; begin(true)) await working;
    },
    stats: () =>
      made && {
        cells: made.map.counts.length,
        buildMs: made.buildMs,
        imbalance: imbalanceOf(made.map.counts),
        unassigned: made.map.unassigned,
      },
    save: () =>
      made && {
        centroids: made.centroids.slice(),
        map: new Uint16Array(made.map.shared, 0, rows.blocks * blockRows).slice(),
        rows: made.rows,
        imbalance: made.imbalance,
        buildMs: made.buildMs,
      },
    restore({ centroids: values, map: cellsOfRows, ...numbers }) {
      const centroids: Centroids = new Float32Array(new SharedArrayBuffer(values.byteLength));
      centroids.set(values);
      const map = openMap(values.length / dimensions);
      new Uint16Array(map.shared).set(cellsOfRows);
      map.recount();
      use({ centroids, edition: ++editions, map, ...numbers });
    },
    async stop() {
      stopping = true;
      await working;
    },
  };
}
