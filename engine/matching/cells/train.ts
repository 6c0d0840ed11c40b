/**
 * The arithmetic of k-means (Lloyd, Least squares quantization in PCM, 1982) around what the workers add up. For cosine
 * the centroids are brought to length 1 (spherical k-means; Dhillon and Modha, Machine Learning 42, 2001).
 */
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { mostCells } from './cell-map.ts';

/** Centroids one after the other, cells * dimensions. */
export type Centroids = Float32Array<SharedArrayBuffer>;

/** Rounds of k-means: past these the cells hardly change (recall differs by less than a percent). */
export const rounds = 8;
const sampleRowsPerCell = 64;
const fewestCells = 16;

/** About the square root of the rows: searching for the cells then costs about as much as searching in some of them. */
export function cellsFor(rows: number): number {
  const power = 2 ** Math.round(Math.log2(Math.sqrt(Math.max(1, rows))));
  return Math.min(mostCells, Math.max(fewestCells, power));
}

/** Every how manieth row is in the sample. */
export function sampleStep(rows: number, cells: number): number {
  return Math.max(1, Math.floor(rows / (cells * sampleRowsPerCell)));
}

/** What the workers add up over a sample. */
export interface Sums {
  /** cells * dimensions. */
  readonly sums: Float32Array;
  readonly counts: Uint32Array;
}

function toUnitLength(vector: Float32Array): void {
  let square = 0;
  for (const value of vector) square += value * value;
  const factor = square > 0 ? 1 / Math.sqrt(square) : 0;
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * factor;
}

/** Moves each centroid to the mean of its rows. A cell without rows takes half of the fullest cell. */
export function moveCentroids(metric: DescriptorVersion['metric'], centroids: Centroids, total: Sums): void {
  const cells = total.counts.length;
  const dimensions = centroids.length / cells;
  const counts = Float64Array.from(total.counts);
  const at = (cell: number): Float32Array => centroids.subarray(cell * dimensions, (cell + 1) * dimensions);
  for (let cell = 0; cell < cells; cell++) {
    const count = counts[cell] as number;
    if (count === 0) continue;
    const centroid = at(cell);
    for (let i = 0; i < dimensions; i++) centroid[i] = (total.sums[cell * dimensions + i] as number) / count;
    if (metric === 'cosine') toUnitLength(centroid);
  }
  for (let cell = 0; cell < cells; cell++) {
    if ((counts[cell] as number) > 0) continue;
    let fullest = 0;
    for (let other = 1; other < cells; other++) {
      if ((counts[other] as number) > (counts[fullest] as number)) fullest = other;
    }
    // Two centroids a little to both sides of the old one share its rows in the next round.
    const [from, to] = [at(fullest), at(cell)];
    for (let i = 0; i < dimensions; i++) {
      const value = from[i] as number;
      const apart = (i % 2 === 0 ? 1 : -1) * value * 0.01;
      to[i] = value + apart;
      from[i] = value - apart;
    }
    const half = (counts[fullest] as number) / 2;
    counts[cell] = half;
    counts[fullest] = half;
  }
}

/**
 * How much more rows a search looks at than with cells of equal size: cells * sum(n^2) / sum(n)^2, 1 = all equal. (The
 * imbalance factor of Jegou, Douze and Schmid, Product quantization for nearest neighbor search, 2011.)
 */
export function imbalanceOf(counts: Uint32Array): number {
  let sum = 0;
  let squares = 0;
  for (const n of counts) {
    sum += n;
    squares += n * n;
  }
  return sum === 0 ? 1 : (counts.length * squares) / (sum * sum);
}
