import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { blockOffset, type Layout, scratchOffset } from '../rows/layout.ts';
import type { Area } from '../scan/area.ts';
import type { AssignAnswer, AssignJob } from '../scan/messages.ts';
import { scaleOf } from '../scan/quantise.ts';
import { type PackedCentroids, packCentroids, tileCentroids } from './packed-centroids.ts';

/** The worker's side of making cells: finds the nearest centroid of rows, by their int8 values. */
export function createAssigner(options: {
  layout: Layout;
  version: DescriptorVersion;
  worker: number;
  areas: readonly Area[];
  directory: Int32Array;
}): (job: AssignJob) => AssignAnswer {
  const { layout, version, areas, directory } = options;
  const { columns, scratch, stride, blockRows, dimensions } = layout;
  const base = scratchOffset(layout, options.worker);
  /** Both in the part of scratch where the scan kernels report. */
  const best = base + scratch.out;
  const cells = best + scratch.wideRows * 4;
  let packed: PackedCentroids | undefined;
  let edition = -1;

  /** The nearest cells of the rows listed in scratch, `onRow` for each of them. */
  function nearest(
    area: Area,
    block: number,
    total: number,
    centroids: PackedCentroids,
    onRow: (i: number, cell: number) => void,
  ): void {
    const start = blockOffset(layout, block);
    const rowColumns = [start, stride, start + columns.scales, start + columns.squares, start + columns.errors];
    for (let from = 0; from < total; from += scratch.wideRows) {
      const count = Math.min(scratch.wideRows, total - from);
      const ids = base + scratch.ids + from * 4;
      area.kernels.widen(...rowColumns, from, count, ids, base + scratch.wide, base + scratch.numbers);
      area.f32.fill(Number.NEGATIVE_INFINITY, best / 4, best / 4 + count);
      area.i32.fill(0, cells / 4, cells / 4 + count);
      for (let tile = 0; tile < centroids.cells; tile += tileCentroids) {
        const values = centroids.values.subarray(tile * stride, (tile + tileCentroids) * stride);
        const constants = centroids.constants.subarray(tile * 2, (tile + tileCentroids) * 2);
        area.i16.set(values, (base + scratch.packed) / 2);
        area.f32.set(constants, (base + scratch.constants) / 4);
        for (let group = 0; group < constants.length / 2; group += 4) {
          area.kernels.assignFour(
            ...[base + scratch.wide, base + scratch.numbers, stride, count],
            ...[base + scratch.packed + group * stride * 2, base + scratch.constants + group * 8, tile + group],
            ...[best, cells, base + scratch.counts],
          );
        }
      }
      for (let n = 0; n < count; n++) onRow(area.i32[ids / 4 + n] as number, area.i32[cells / 4 + n] as number);
    }
  }

  return (job) => {
    const { work } = job;
    if (!packed || edition !== job.edition) {
      packed = packCentroids(version.metric, new Float32Array(job.centroids), dimensions, stride);
      edition = job.edition;
    }
    const control = new Int32Array(job.control);
    const counts = new Uint32Array(packed.cells);
    const sums = new Float32Array(work.kind === 'sample' ? packed.cells * dimensions : 0);
    const finished: number[] = [];
    for (let at = Atomics.add(control, 0, 1); at < job.blocks.length; at = Atomics.add(control, 0, 1)) {
      const block = job.blocks[at] as number;
      const rows = directory[block * 2] as number;
      const area = areas[Math.floor(block / layout.blocksPerMemory)] as Area;
      const ids = (base + scratch.ids) / 4;
      const first = block * blockRows;
      let total = 0;
      if (work.kind === 'sample') {
        // Another start in each block: rows that repeat with the step's period are not missed.
        for (let i = block % work.step; i < rows; i += work.step) area.i32[ids + total++] = i;
        const values = blockOffset(layout, block);
        const scales = (values + columns.scales) / 4;
        nearest(area, block, total, packed, (i, cell) => {
          counts[cell] = (counts[cell] as number) + 1;
          // For cosine rows already have length 1, whatever their vectors had.
          const scale = scaleOf(area.u32[scales + i] as number);
          const row = values + i * stride;
          const sum = cell * dimensions;
          for (let k = 0; k < dimensions; k++) {
            sums[sum + k] = (sums[sum + k] as number) + scale * (area.i8[row + k] as number);
          }
        });
        continue;
      }
      const map = new Uint16Array(work.map);
      for (let i = 0; i < rows && total < work.rowsPerBlock; i++) {
        if (map[first + i] === 0) area.i32[ids + total++] = i;
      }
      if (total < work.rowsPerBlock) finished.push(block);
      nearest(area, block, total, packed, (i, cell) => {
        map[first + i] = cell + 1;
        counts[cell] = (counts[cell] as number) + 1;
      });
    }
    return { job: job.job, counts, sums, finished };
  };
}
