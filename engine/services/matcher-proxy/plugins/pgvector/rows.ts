/** A face as PostgreSQL keeps it, and how far what is kept may be from the truth. Pure. */
import { hash } from 'node:crypto';
import { type DescriptorVersion, vectorBytes } from '#domain/descriptor/descriptor';
import type { PluginFace } from '../../plugin.ts';
import { toHalf, toVectorText } from './half.ts';

/** A row of a face table, in the spelling of its columns. */
export interface StoredFace {
  readonly face_key: number;
  readonly face_id: string;
  readonly account_id: string;
  readonly external_id: string;
  readonly user_data: string;
  readonly create_time: number;
  readonly lists: readonly string[];
  readonly vector: string;
  readonly rounding: number;
  readonly digest: string;
}

export interface RoundedVector {
  /** Of the vector, or of the vector scaled to length 1 where the metric is cosine. */
  readonly text: string;
  /** Upper bound of what rounding changes: a distance (euclidean) or an angle in radians (cosine). */
  readonly rounding: number;
}

/**
 * Relative error of a sum of `length` products in f32, in any order: (n + 4) * 2^-24 is above Higham's gamma_n
 * (Accuracy and Stability of Numerical Algorithms, 3.1) for the n of descriptors. pgvector adds halves up in f32.
 */
export function sumError(version: DescriptorVersion): number {
  return (version.length + 4) * 2 ** -24;
}

/**
 * Rounds a vector to halves. Rounding moves the point by e, so that no distance changes by more; seen from the origin a
 * point at distance 1 turns by at most asin(e), and a cosine changes by no more than its angle. Vectors compared by
 * cosine are scaled to length 1 first: otherwise small ones would vanish and large ones be cut off.
 */
export function roundVector(version: DescriptorVersion, vector: Float32Array): RoundedVector {
  const isCosine = version.metric === 'cosine';
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2;
  const scale = isCosine ? 1 / Math.sqrt(squares) : 1;
  const halves = new Float64Array(vector.length);
  let lost = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = (vector[i] as number) * scale;
    const half = toHalf(value);
    halves[i] = half;
    lost += (value - half) ** 2;
  }
  const moved = Math.sqrt(lost);
  const bound = isCosine ? Math.asin(Math.min(1, moved)) : moved;
  // Room for the error of the distance itself, which grows with what was cut off (`scoreBound` in search.ts).
  return { text: toVectorText(halves), rounding: bound * (1 + 2 * sumError(version)) };
}

/** PostgreSQL text holds every character but NUL. Different texts stay different; broken characters are as in SQLite. */
export function toStoredText(text: string): string {
  return text.toWellFormed().replace(/[\\\0]/g, (character) => (character === '\0' ? '\\0' : '\\\\'));
}

/** Tells whether a stored row is that of the face as it is now, without sending the row. */
export function digestOf(face: PluginFace, vector: Float32Array): string {
  const { face_id, account_id, external_id, user_data, create_time, lists } = face;
  const members = JSON.stringify([face_id, account_id, external_id, user_data, create_time, [...lists].sort()]);
  const all = Buffer.concat([vectorBytes(vector), Buffer.from(members)]);
  return hash('sha256', all, 'base64').slice(0, 24);
}

export function toStoredFace(face: PluginFace, version: DescriptorVersion, vector: Float32Array): StoredFace {
  const { key, face_id, account_id, external_id, user_data, create_time, lists } = face;
  const { text, rounding } = roundVector(version, vector);
  return {
    face_key: key,
    face_id,
    account_id,
    external_id: toStoredText(external_id),
    user_data: toStoredText(user_data),
    create_time,
    lists,
    vector: text,
    rounding,
    digest: digestOf(face, vector),
  };
}

export function vectorOf(face: PluginFace, version: DescriptorVersion): Float32Array | undefined {
  return face.descriptors.find((descriptor) => descriptor.version === version.version)?.vector;
}
