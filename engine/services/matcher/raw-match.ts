import type { Matching } from '#contract/matches';
import { type RawDescriptor, readRawDescriptor } from '#contract/raw-descriptors';
import { lunaError } from '#kernel/errors';

const nameOf = ({ id, type }: RawDescriptor): { id: string; type: string } => ({ id, type });

/**
 * Descriptors against descriptors, nothing looked up: every reference with every candidate, the most similar first,
 * equals in the order given. Throws `TooManyReferences`, what `readRawDescriptor` throws, and `InvalidDescriptor` for
 * versions that cannot be compared with each other.
 */
export function matchRaw(
  deps: { compare: Matching['compare']; referenceLimit: number },
  references: readonly RawDescriptor[],
  candidates: readonly RawDescriptor[],
) {
  const { compare, referenceLimit } = deps;
  if (references.length > referenceLimit) {
    throw lunaError('TooManyReferences', { count: references.length, limit: referenceLimit });
  }
  const read = (raw: RawDescriptor) => ({ raw, vector: readRawDescriptor(raw) });
  const left = references.map(read);
  const right = candidates.map(read);
  const matches = left.map((reference) => ({
    reference: nameOf(reference.raw),
    matches: right
      .map(({ raw, vector }) => ({ candidate: nameOf(raw), similarity: compare(reference.vector, vector) }))
      .sort((a, b) => b.similarity - a.similarity),
  }));
  return { matches };
}
