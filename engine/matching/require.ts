import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { lunaError } from '#kernel/errors';
import type { SearchRequest } from './gallery.ts';
import type { MatchingLimits } from './limits.ts';

/** Throws `InvalidDescriptor` for a wrong length, NaN, infinities and all zeros: nothing could be compared with it. */
export function requireVector(version: DescriptorVersion, id: string, vector: Float32Array): void {
  const refuse = (reason: string) => lunaError('InvalidDescriptor', { id, reason });
  if (vector.length !== version.length) throw refuse(`${version.length} values are needed, got ${vector.length}`);
  let any = false;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] as number;
    if (!Number.isFinite(value)) throw refuse('not all values are finite');
    if (value !== 0) any = true;
  }
  if (!any) throw refuse('all values are zero');
}

/** Throws RangeError: keys and labels come from our own code, not from a client. */
export function requireKey(key: number): void {
  if (!Number.isSafeInteger(key) || key < 0) throw new RangeError(`a key is an integer of 0..2^53-1, not ${key}`);
}

export function requireLabels(labels: readonly number[]): void {
  if (!labels.every((label) => Number.isSafeInteger(label))) throw new RangeError('labels are integers');
}

export function requireSearch(version: DescriptorVersion, limits: MatchingLimits, request: SearchRequest): void {
  const { queries, k, selection, probes = 1 } = request;
  for (const [i, query] of queries.entries()) requireVector(version, `query ${i}`, query);
  if (!Number.isInteger(k) || k < 1 || k > limits.maxHits) {
    throw new RangeError(`k is 1..${limits.maxHits}, not ${k}`);
  }
  if (!Number.isInteger(probes) || probes < 1) throw new RangeError(`probes is a positive integer, not ${probes}`);
  if (selection?.keys && selection.keys.length > limits.maxKeys) {
    throw lunaError('CrossMatchTooLarge', { limit: limits.maxKeys });
  }
}
