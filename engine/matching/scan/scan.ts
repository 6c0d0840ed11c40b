import type { DescriptorVersion } from '#domain/descriptor';
import { exactScore } from '#domain/similarity';
import { createAssigner } from '../cells/assign.ts';
import { markNearest } from '../cells/packed-centroids.ts';
import { blockOffset, scratchOffset } from '../rows/layout.ts';
import { openVectors, type VectorReader } from '../rows/vectors.ts';
import { type Area, openAreas } from './area.ts';
import { type Collector, createCollector, fromSortable, type Hit, toSortable } from './collect.ts';
import { createMembers, type Members, type WantedCells } from './members.ts';
import {
  type AssignAnswer,
  type AssignJob,
  type Attachment,
  controlHead,
  type ProbedCells,
  type ScanAnswer,
  type ScanJob,
} from './messages.ts';
import { dropConstants, fromBf16, intervalOf, type QuantisedQuery, quantiseQuery } from './quantise.ts';

/** A gallery as one worker sees it. */
export interface Scanner {
  scan(job: ScanJob): ScanAnswer;
  assign(job: AssignJob): AssignAnswer;
  close(): void;
}

interface Search {
  quantised: QuantisedQuery;
  collector: Collector;
  /** Threshold that the constants in scratch belong to. */
  applied: number;
}

/** While nothing bounds the result yet, every row passes: look at few rows first. */
const firstRows = 256;

export function createScanner(attachment: Attachment, worker: number, module: WebAssembly.Module): Scanner {
  const { layout, version } = attachment;
  const { columns, scratch, stride, blockRows, dimensions } = layout;
  const euclidean = version.metric === 'euclidean';
  const base = scratchOffset(layout, worker);
  const directory = new Int32Array(attachment.directory);
  const areas = openAreas(attachment.memories, module);
  let reader: VectorReader | undefined;
  const numbers = { scale: 0, squares: 0, error: 0 };
  const interval = { lower: 0, upper: 0 };

  const membersOf = createMembers(layout, base, directory);
  const assign = createAssigner({ layout, version, worker, areas, directory });
  const areaOf = (block: number): Area => areas[Math.floor(block / layout.blocksPerMemory)] as Area;

  /** Offers what a kernel reported at `out`: pairs of index and dot product. */
  function offerAll(search: Search, area: Area, block: number, out: number, count: number): void {
    const start = blockOffset(layout, block);
    const scales = (start + columns.scales) / 4;
    const squares = (start + columns.squares) / 4;
    const errors = (start + columns.errors) / 2;
    for (let n = 0; n < count; n++) {
      const i = area.i32[out / 4 + 2 * n] as number;
      numbers.scale = area.f32[scales + i] as number;
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
    for (let from = 0; from < total; ) {
      const { threshold } = search.collector;
      const to = threshold === Number.NEGATIVE_INFINITY ? Math.min(total, from + firstRows) : total;
      const [a, b, c] = dropConstants(search.quantised, threshold);
      const args = [start, stride, start + columns.scales, start + columns.squares, start + columns.errors];
      const query = base + scratch.queries;
      const count =
        members.how === 'ids'
          ? scanIds(...args, base + scratch.ids + from * 4, to - from, query, a, b, c, out)
          : scan(...args, from, to, query, a, b, c, mask, out);
      offerAll(search, area, block, out, count);
      from = to;
    }
  }

  /** Brings the constants of a group of four queries in scratch up to their thresholds. */
  function placeConstants(searches: Search[], group: number, area: Area): void {
    for (let lane = 0; lane < 4; lane++) {
      const search = searches[group + lane];
      if (!search || search.applied === search.collector.threshold) continue;
      search.applied = search.collector.threshold;
      const at = (base + scratch.constants) / 4 + group * 3 + lane;
      const [a, b, c] = dropConstants(search.quantised, search.applied);
      area.f32[at] = a;
      area.f32[at + 4] = b;
      area.f32[at + 8] = c;
    }
  }

  function scanBatch(searches: Search[], area: Area, block: number, rows: number, members: Members): void {
    const start = blockOffset(layout, block);
    const { widen, scanFourCosine, scanFourEuclidean } = area.kernels;
    const scan = euclidean ? scanFourEuclidean : scanFourCosine;
    const mask = members.how === 'mask' ? base + scratch.mask : 0;
    const total = members.how === 'ids' ? members.count : rows;
    const outStride = scratch.wideRows * 8;
    for (let from = 0; from < total; from += scratch.wideRows) {
      const count = Math.min(scratch.wideRows, total - from);
      const ids = members.how === 'ids' ? base + scratch.ids + from * 4 : 0;
      widen(
        ...[start, stride, start + columns.scales, start + columns.squares, start + columns.errors],
        ...[from, count, ids, base + scratch.wide, base + scratch.numbers],
      );
      for (let group = 0; group < searches.length; group += 4) {
        placeConstants(searches, group, area);
        scan(
          ...[base + scratch.wide, base + scratch.numbers, stride, from, count, ids],
          ...[base + scratch.packed + group * stride * 2, base + scratch.constants + group * 12, mask],
          ...[base + scratch.out, outStride, base + scratch.counts],
        );
        for (let lane = 0; lane < 4 && group + lane < searches.length; lane++) {
          const found = area.i32[(base + scratch.counts) / 4 + lane] as number;
          const search = searches[group + lane] as Search;
          if (found > 0) offerAll(search, area, block, base + scratch.out + lane * outStride, found);
        }
      }
    }
  }

  /** Shares thresholds between the workers: a threshold proven on some rows holds for all. */
  function exchange(searches: Search[], control: Int32Array): void {
    for (const [i, { collector }] of searches.entries()) {
      const at = controlHead + i;
      const own = toSortable(collector.threshold);
      let seen = Atomics.load(control, at);
      while (own > seen)
        seen = Atomics.compareExchange(control, at, seen, own) === seen ? own : Atomics.load(control, at);
      if (seen > own) collector.raise(fromSortable(seen));
    }
  }

  /** Queries and label bits, in every memory: a kernel sees only its own. */
  function place(job: ScanJob, values: Int16Array[]): void {
    for (const area of areas) {
      for (const [i, one] of values.entries()) area.i16.set(one, (base + scratch.queries) / 2 + i * stride);
      for (let at = 0; values.length > 1 && at < values.length * stride * 2; at += 4 * stride * 2) {
        area.kernels.packFour(base + scratch.queries + at, stride, base + scratch.packed + at);
      }
      const allow = (base + scratch.allow) / 4;
      if (job.condition?.allow) area.u32.set(job.condition.allow, allow);
    }
  }

  function wantedCells({ probes, centroids, map }: ProbedCells, query: Float32Array): WantedCells {
    const values = new Float32Array(centroids);
    const wanted = new Uint8Array(values.length / dimensions + 1);
    markNearest(version.metric, values, query, probes, wanted);
    return { map: new Uint16Array(map), wanted };
  }

  function exactOf(query: Float32Array, row: number, vectors: VectorReader, against: DescriptorVersion): Hit {
    const block = Math.floor(row / blockRows);
    const area = areaOf(block);
    const start = blockOffset(layout, block);
    const key = area.f64[(start + columns.keys) / 8 + (row % blockRows)] as number;
    const slot = area.u32[(start + columns.slots) / 4 + (row % blockRows)] as number;
    return { key, score: exactScore(against, query, vectors.read(slot, key)) };
  }

  return {
    scan(job) {
      reader ??= openVectors(attachment.vectors, dimensions);
      const vectors = reader;
      const control = new Int32Array(job.control);
      const values: Int16Array[] = [];
      let scored = 0;
      let looked = 0;
      const cells = job.cells && wantedCells(job.cells, job.queries);
      const searches = job.ks.map((k, i): Search => {
        const query = job.queries.subarray(i * dimensions, (i + 1) * dimensions);
        const wide = new Int16Array(stride);
        values.push(wide);
        const quantised = quantiseQuery(version.metric, query, wide);
        const collector = createCollector(k, job.minScores[i] ?? Number.NEGATIVE_INFINITY, (row) => {
          scored += 1;
          return exactOf(query, row, vectors, version);
        });
        return { quantised, collector, applied: Number.NaN };
      });
      place(job, values);
      let areaBefore: Area | undefined;
      for (;;) {
        const block = Atomics.add(control, 0, 1);
        if (block >= job.blocks || Atomics.load(control, 1) !== 0) break;
        const rows = directory[block * 2] as number;
        if (rows === 0) continue;
        const area = areaOf(block);
        const members = membersOf(job.condition, cells, area, block, rows);
        if (!members) continue;
        looked += members.count;
        exchange(searches, control);
        if (searches.length === 1) {
          scanOne(searches[0] as Search, area, block, rows, members);
        } else {
          // Constants lie in one memory's scratch: another memory needs its own.
          if (area !== areaBefore) for (const search of searches) search.applied = Number.NaN;
          scanBatch(searches, area, block, rows, members);
        }
        areaBefore = area;
      }
      exchange(searches, control);
      const hits = searches.map(({ collector }) => collector.finish());
      const all = hits.flat();
      return {
        job: job.job,
        counts: Uint32Array.from(hits, (list) => list.length),
        keys: Float64Array.from(all, (hit) => hit.key),
        scores: Float64Array.from(all, (hit) => hit.score),
        scored,
        looked,
      };
    },
    assign: (job) => assign(job),
    close() {
      reader?.close();
    },
  };
}
