import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { exactScore } from '#domain/descriptor/similarity';
import { createAssigner } from '../cells/assign.ts';
import { markNearest } from '../cells/packed-centroids.ts';
import { blockOffset, scratchOffset } from '../rows/layout.ts';
import { openVectors, type VectorReader } from '../rows/vectors.ts';
import { type Area, openAreas } from './area.ts';
import { createBlockScans, type Search } from './block-scans.ts';
import { createCollector, fromSortable, type Hit, toSortable } from './collect.ts';
import { createMembers, type WantedCells } from './members.ts';
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
import { quantiseCoarsely, quantiseQuery } from './quantise.ts';

/** A gallery as one worker sees it. */
export interface Scanner {
  scan(job: ScanJob): ScanAnswer;
  assign(job: AssignJob): AssignAnswer;
  close(): void;
}

export function createScanner(attachment: Attachment, worker: number, module: WebAssembly.Module): Scanner {
  const { layout, version } = attachment;
  const { columns, scratch, stride, blockRows, dimensions } = layout;
  const euclidean = version.metric === 'euclidean';
  const base = scratchOffset(layout, worker);
  const directory = new Int32Array(attachment.directory);
  const areas = openAreas(attachment.memories, module);
  let reader: VectorReader | undefined;

  const { scanOne, scanBatch } = createBlockScans({ layout, base, euclidean });
  const membersOf = createMembers(layout, base, directory);
  const assign = createAssigner({ layout, version, worker, areas, directory });
  const areaOf = (block: number): Area => areas[Math.floor(block / layout.blocksPerMemory)] as Area;

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
