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
  cancelledAt,
  controlHead,
  type ProbedCells,
  type ScanAnswer,
  type ScanJob,
} from './messages.ts';
import {
  dropConstants,
  fromBf16,
  intervalOf,
  type QuantisedQuery,
  quantiseCoarsely,
  quantiseQuery,
  scaleOf,
} from './quantise.ts';

/** A gallery as one worker sees it. */
export interface Scanner {
  scan(job: ScanJob): ScanAnswer;
  assign(job: AssignJob): AssignAnswer;
  close(): void;
}

interface Search {
  quantised: QuantisedQuery;
  /** The same query in 6 bits. */
  coarse: QuantisedQuery;
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
  function place(job: ScanJob, values: Int16Array[], coarse: Uint8Array[]): void {
    for (const area of areas) {
      for (const [i, one] of values.entries()) area.i16.set(one, (base + scratch.queries) / 2 + i * stride);
      for (const [i, one] of coarse.entries()) area.u8.set(one, base + scratch.coarse + i * stride);
      for (let at = 0; values.length > 1 && at < values.length * stride; at += 4 * stride) {
        area.kernels.packFour(base + scratch.coarse + at, stride, base + scratch.packed + at);
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

  /** Keys of rows whose vectors cannot be read, of the scan that runs. */
  const damaged = new Set<number>();

  function exactOf(
    query: Float32Array,
    row: number,
    vectors: VectorReader,
    against: DescriptorVersion,
  ): Hit | undefined {
    const block = Math.floor(row / blockRows);
    const area = areaOf(block);
    const start = blockOffset(layout, block);
    const key = area.f64[(start + columns.keys) / 8 + (row % blockRows)] as number;
    const slot = area.u32[(start + columns.slots) / 4 + (row % blockRows)] as number;
    const vector = vectors.read(slot, key);
    if (vector) return { key, score: exactScore(against, query, vector) };
    damaged.add(key);
    return undefined;
  }

  return {
    scan(job) {
      reader ??= openVectors(attachment.vectors, dimensions);
      const vectors = reader;
      vectors.forget();
      damaged.clear();
      const control = new Int32Array(job.control);
      const values: Int16Array[] = [];
      const coarseValues: Uint8Array[] = [];
      let scored = 0;
      let looked = 0;
      const cells = job.cells && wantedCells(job.cells, job.queries);
      const searches = job.ks.map((k, i): Search => {
        const query = job.queries.subarray(i * dimensions, (i + 1) * dimensions);
        const fineValues = new Int16Array(stride);
        values.push(fineValues);
        const quantised = quantiseQuery(version.metric, query, fineValues);
        const sixBits = new Uint8Array(stride);
        coarseValues.push(sixBits);
        const coarse = quantiseCoarsely(version.metric, query, sixBits);
        const collector = createCollector(k, job.minScores[i] ?? Number.NEGATIVE_INFINITY, (row) => {
          scored += 1;
          return exactOf(query, row, vectors, version);
        });
        return { quantised, coarse, collector, applied: Number.NaN };
      });
      place(job, values, coarseValues);
      let areaBefore: Area | undefined;
      for (;;) {
        const block = Atomics.add(control, 0, 1);
        if (block >= job.blocks || Atomics.load(control, cancelledAt) !== 0) break;
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
        damaged: [...damaged],
      };
    },
    assign: (job) => assign(job),
    close() {
      reader?.close();
    },
  };
}
