/** One block of rows against the queries of a scan: thresholds into kernels, what kernels report into collectors. */
import { blockOffset, type Layout } from '../rows/layout.ts';
import type { Area } from './area.ts';
import type { Collector } from './collect.ts';
import type { Members } from './members.ts';
import { dropConstants, fromBf16, intervalOf, type QuantisedQuery, scaleOf } from './quantise.ts';

export interface Search {
  quantised: QuantisedQuery;
  /** The same query in 6 bits. */
  coarse: QuantisedQuery;
  collector: Collector;
  /** Threshold that the constants in scratch belong to. */
  applied: number;
}

/** While nothing bounds the result yet, every row passes: look at few rows first. */
const firstRows = 256;

export interface BlockScans {
  /** The one query of a scan. */
  scanOne(search: Search, area: Area, block: number, rows: number, members: Members): void;
  /** All queries of a scan of several. */
  scanBatch(searches: Search[], area: Area, block: number, rows: number, members: Members): void;
}

/** `base`: scratch area of the worker, where the queries lie. */
export function createBlockScans(options: { layout: Layout; base: number; euclidean: boolean }): BlockScans {
  const { layout, base, euclidean } = options;
  const { columns, scratch, stride, blockRows } = layout;
  const numbers = { scale: 0, squares: 0, error: 0 };
  const interval = { lower: 0, upper: 0 };

  /** Offers what a kernel reported at `out`: pairs of index and dot product. */
  function offerAll(search: Search, area: Area, block: number, out: number, count: number): void {
    const start = blockOffset(layout, block);
    const scales = (start + columns.scales) / 4;
    const squares = (start + columns.squares) / 4;
    const errors = (start + columns.errors) / 2;
    for (let n = 0; n < count; n++) {
      const i = area.i32[out / 4 + 2 * n] as number;
      numbers.scale = scaleOf(area.u32[scales + i] as number);
      numbers.squares = area.u32[squares + i] as number;
      numbers.error = fromBf16(area.u16[errors + i] as number);
      intervalOf(search.quantised, numbers, area.i32[out / 4 + 2 * n + 1] as number, interval);
      search.collector.offer(block * blockRows + i, interval.lower, interval.upper);
    }
  }

  function scanOne(search: Search, area: Area, block: number, rows: number, members: Members): void {
    const start = blockOffset(layout, block);
    const scan = euclidean ? area.kernels.scanEuclidean : area.kernels.scanCosine;
    const scanIds = euclidean ? area.kernels.scanIdsEuclidean : area.kernels.scanIdsCosine;
    const mask = members.how === 'mask' ? base + scratch.mask : 0;
    const out = base + scratch.out;
    const total = members.how === 'ids' ? members.count : rows;
    const query = base + scratch.queries;
    const args = [start, stride, start + columns.scales, start + columns.squares, start + columns.errors];
    for (let from = 0; from < total; ) {
      const { threshold } = search.collector;
      const to = threshold === Number.NEGATIVE_INFINITY ? Math.min(total, from + firstRows) : total;
      const fine = dropConstants(search.quantised, threshold);
      let count: number;
      if (members.how === 'ids') {
        count = scanIds(...args, base + scratch.ids + from * 4, to - from, query, ...fine, out);
      } else {
        const constants = base + scratch.constants;
        area.f32.set(dropConstants(search.coarse, threshold), constants / 4);
        area.f32.set(fine, constants / 4 + 3);
        count = scan(...args, from, to, query, base + scratch.coarse, constants, mask, out);
      }
      offerAll(search, area, block, out, count);
      from = to;
    }
  }

  /** Brings the constants in scratch up to the thresholds: per group of four queries as the batch kernel reads them. */
  function placeConstants(searches: Search[], area: Area): void {
    for (const [i, search] of searches.entries()) {
      const { threshold } = search.collector;
      if (search.applied === threshold) continue;
      search.applied = threshold;
      const lane = i % 4;
      const group = (base + scratch.constants) / 4 + (i - lane) * 6;
      const [a, b, c] = dropConstants(search.coarse, threshold);
      area.f32[group + lane] = a;
      area.f32[group + 4 + lane] = b;
      area.f32[group + 8 + lane] = c;
      area.f32.set(dropConstants(search.quantised, threshold), group + 12 + lane * 3);
    }
  }

  /** The last group's lanes without a query: their constants drop every row. */
  function placeNobody(searches: Search[], area: Area): void {
    for (let i = searches.length; i % 4 !== 0; i++) {
      const lane = i % 4;
      const group = (base + scratch.constants) / 4 + (i - lane) * 6;
      const drop = euclidean ? [Number.POSITIVE_INFINITY, 0, 0] : [0, Number.POSITIVE_INFINITY, 0];
      for (const [n, constant] of drop.entries()) area.f32[group + 4 * n + lane] = constant;
      area.f32.set(drop, group + 12 + lane * 3);
    }
  }

  function scanBatch(searches: Search[], area: Area, block: number, rows: number, members: Members): void {
    const start = blockOffset(layout, block);
    const scan = euclidean ? area.kernels.scanBatchEuclidean : area.kernels.scanBatchCosine;
    const mask = members.how === 'mask' ? base + scratch.mask : 0;
    const total = members.how === 'ids' ? members.count : rows;
    const { batchRows } = scratch;
    const counts = (base + scratch.counts) / 4;
    placeNobody(searches, area);
    for (let from = 0; from < total; ) {
      const isUnbounded = searches.some(({ collector }) => collector.threshold === Number.NEGATIVE_INFINITY);
      const count = Math.min(isUnbounded ? firstRows : batchRows, batchRows, total - from);
      placeConstants(searches, area);
      const any = scan(
        ...[start, stride, start + columns.scales, start + columns.squares, start + columns.errors, from, count],
        members.how === 'ids' ? base + scratch.ids + from * 4 : 0,
        ...[base + scratch.queries, base + scratch.packed, base + scratch.constants, Math.ceil(searches.length / 4)],
        ...[mask, base + scratch.numbers, base + scratch.out, batchRows * 8, base + scratch.counts],
      );
      for (let i = 0; any && i < searches.length; i++) {
        const found = area.i32[counts + i] as number;
        if (found > 0) offerAll(searches[i] as Search, area, block, base + scratch.out + i * batchRows * 8, found);
      }
      from += count;
    }
  }

  return { scanOne, scanBatch };
}
