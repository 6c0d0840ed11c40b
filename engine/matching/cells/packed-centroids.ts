import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { quantiseQuery } from '../scan/quantise.ts';
import type { Centroids } from './train.ts';

/** Centroids that the kernel takes at once: as many as there is room for queries (`layout.ts`). */
export const tileCentroids = 32;

/** Centroids as the kernel `assignFour` reads them, and per four of them eight f32: four scales, then four constants. */
export interface PackedCentroids {
  readonly cells: number;
  /** int16, `stride` per centroid, four and four interleaved 8 values at a time; cells rounded up to a multiple of four. */
  readonly values: Int16Array;
  readonly constants: Float32Array;
}

/** A row y is nearest to the centroid c with the greatest <y, c> - |c|^2 / 2; for cosine all |c| are 1. */
export function packCentroids(
  metric: DescriptorVersion['metric'],
  centroids: Centroids,
  dimensions: number,
  stride: number,
): PackedCentroids {
  const cells = centroids.length / dimensions;
  const padded = Math.ceil(cells / 4) * 4;
  const values = new Int16Array(padded * stride);
  const constants = new Float32Array(padded * 2);
  const wide = new Int16Array(stride);
  for (let cell = 0; cell < padded; cell++) {
    const lane = cell % 4;
    const group = cell - lane;
    const at = group * 2 + lane;
    const centroid = centroids.subarray(cell * dimensions, (cell + 1) * dimensions);
    if (centroid.every((value) => value === 0)) {
      // Padding, or a centroid of no direction: never the nearest.
      constants[at + 4] = Number.POSITIVE_INFINITY;
      continue;
    }
    const { scale } = quantiseQuery(metric, centroid, wide);
    constants[at] = scale;
    if (metric === 'euclidean') {
      let square = 0;
      for (const value of centroid) square += value * value;
      constants[at + 4] = square / 2;
    }
    for (let k = 0; k < stride; k += 8) {
      values.set(wide.subarray(k, k + 8), group * stride + k * 4 + lane * 8);
    }
  }
  return { cells, values, constants };
}

/** Marks in `wanted` (by the values of a `CellMap`) the `probes` cells nearest to the query, and rows without a cell. */
export function markNearest(
  metric: DescriptorVersion['metric'],
  centroids: Centroids,
  query: Float32Array,
  probes: number,
  wanted: Uint8Array,
): void {
  const dimensions = query.length;
  const cells = centroids.length / dimensions;
  wanted.fill(0);
  wanted[0] = 1;
  if (probes >= cells) {
    wanted.fill(1, 0, cells + 1);
    return;
  }
  const nearness = new Float64Array(cells);
  for (let cell = 0, at = 0; cell < cells; cell++, at += dimensions) {
    let dot = 0;
    let square = 0;
    for (let i = 0; i < dimensions; i++) {
      const c = centroids[at + i] as number;
      dot += c * (query[i] as number);
      square += c * c;
    }
    nearness[cell] = metric === 'euclidean' ? dot - square / 2 : dot;
  }
  const least = nearness.slice().sort()[cells - probes] as number;
  // Those above the last one first: of equally near ones any will do, but not more than `probes`.
  let left = probes;
  for (let cell = 0; cell < cells; cell++) {
    if ((nearness[cell] as number) <= least) continue;
    wanted[cell + 1] = 1;
    left -= 1;
  }
  for (let cell = 0; cell < cells && left > 0; cell++) {
    if (nearness[cell] !== least) continue;
    wanted[cell + 1] = 1;
    left -= 1;
  }
}
