import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Matching } from '#contract/matching/matches';
import { type RawDescriptor, readRawDescriptor } from '#contract/matching/raw-descriptors';
import { lunaError } from '#kernel/errors';

/** Descriptors compared, or read, without letting other work go on: a fraction of a millisecond. */
const perTurn = 500;

const nameOf = ({ id, type }: RawDescriptor): { id: string; type: string } => ({ id, type });

/** `turn` of each, in slices between which other work goes on. */
async function inTurns<Item, Result>(items: readonly Item[], turn: (item: Item) => Result): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    if (results.length > 0 && results.length % perTurn === 0) await nextTurn();
    results.push(turn(item));
  }
  return results;
}

/**
 * Descriptors against descriptors, nothing looked up: every reference with every candidate, the most similar first,
 * equals in the order given. Throws `TooManyReferences`, what `readRawDescriptor` throws, and `InvalidDescriptor` for
 * versions that cannot be compared with each other.
 */
export async function matchRaw(
  deps: { compare: Matching['compare']; referenceLimit: number },
  references: readonly RawDescriptor[],
  candidates: readonly RawDescriptor[],
) {
  const { compare, referenceLimit } = deps;
  if (references.length > referenceLimit) {
    throw lunaError('TooManyReferences', { count: references.length, limit: referenceLimit });
  }
  const read = (raw: RawDescriptor) => ({ raw, vector: readRawDescriptor(raw) });
  const left = await inTurns(references, read);
  const right = await inTurns(candidates, read);
  const matches = [];
  for (const reference of left) {
    const compared = await inTurns(right, ({ raw, vector }) => ({
      candidate: nameOf(raw),
      similarity: compare(reference.vector, vector),
    }));
    matches.push({
      reference: nameOf(reference.raw),
      matches: compared.sort((a, b) => b.similarity - a.similarity),
    });
    await nextTurn();
  }
  return { matches };
}
