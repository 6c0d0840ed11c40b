import { closeSync, openSync, writeSync } from 'node:fs';
import { createSeededRandom } from '../seeded-random.ts';

/**
 * Made-up descriptors that behave like a face network's: identities in 64 groups, five samples each, all of length 1.
 * Samples of one person have cosines of about 0.5 to 0.8, strangers about 0; groups are a little nearer.
 */
export interface Gallery {
  readonly dimensions: number;
  readonly count: number;
  readonly rows: SharedArrayBuffer;
  row(i: number): Float32Array;
  /** 70 % other samples of enrolled people, 30 % strangers. */
  readonly queries: Float32Array[];
}

const samplesEach = 5;
const groupCount = 64;

function unit(vector: Float32Array): void {
  let sum = 0;
  for (const x of vector) sum += x * x;
  const factor = 1 / Math.sqrt(sum);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * factor;
}

export function makeGallery(count: number, dimensions: number, queryCount: number): Gallery {
  const random = createSeededRandom(count + dimensions);
  // A pool of normal numbers, read from a random place: fast, and far more numbers than one descriptor needs.
  const pool = Float32Array.from({ length: 1 << 20 }, () => random() + random() + random() + random() - 2);
  const fill = (target: Float32Array, base: Float32Array | undefined, weight: number): void => {
    const at = Math.floor(random() * (pool.length - dimensions));
    const sign = random() < 0.5 ? 1 : -1;
    for (let i = 0; i < dimensions; i++) target[i] = sign * (pool[at + i] as number) + weight * (base?.[i] ?? 0);
    unit(target);
  };
  const groups = Array.from({ length: groupCount }, () => {
    const group = new Float32Array(dimensions);
    fill(group, undefined, 0);
    return group;
  });
  const norm = 0.577 * Math.sqrt(dimensions);
  const rows = new SharedArrayBuffer(count * dimensions * 4);
  const row = (i: number): Float32Array => new Float32Array(rows, i * dimensions * 4, dimensions);
  const person = new Float32Array(dimensions);
  for (let i = 0; i < count; i++) {
    if (i % samplesEach === 0) fill(person, groups[Math.floor(random() * groupCount)], 0.3 * norm);
    fill(row(i), person, (0.9 + 0.8 * random()) * norm);
  }
  const queries = Array.from({ length: queryCount }, () => {
    const query = new Float32Array(dimensions);
    const mated = random() < 0.7;
    fill(
      query,
      mated ? row(Math.floor(random() * count)) : groups[Math.floor(random() * groupCount)],
      mated ? norm : 0.3 * norm,
    );
    return query;
  });
  return { dimensions, count, rows, row, queries };
}

/**
 * The same faces with vectors of lengths 0.5 to 1.5, as of a network whose descriptors are compared by euclidean
 * distance; queries keep theirs.
 */
export function stretched(data: Gallery): Gallery {
  const random = createSeededRandom(data.count);
  for (let i = 0; i < data.count; i++) {
    const row = data.row(i);
    const factor = 0.5 + random();
    for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) * factor;
  }
  return data;
}

/** Writes f32 values for the peers that are programs of their own. */
export function writeFloats(path: string, parts: Iterable<Float32Array>): void {
  const file = openSync(path, 'w');
  try {
    for (const part of parts) {
      for (let done = 0; done < part.byteLength; ) {
        done += writeSync(file, part, done, Math.min(part.byteLength - done, 1 << 28));
      }
    }
  } finally {
    closeSync(file);
  }
}
