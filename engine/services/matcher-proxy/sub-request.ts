import type { CandidateSet } from '#contract/matching/candidates';
import type { ResolvedReference } from '#contract/matching/matches';
import type { SubRequest } from './plugin.ts';

function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) freezeDeep(member);
  return Object.freeze(value);
}

/**
 * Makes what plugins are shown of a reference and `set`. What a plugin writes into it, now or later, reaches nobody:
 * the filters are a frozen copy, and since numbers in an array cannot be frozen every call gets a vector of its own.
 */
export function subRequestsOf(
  { filters, limit, threshold }: CandidateSet,
  visibleTo: string | null,
): (reference: ResolvedReference) => SubRequest {
  const shown = freezeDeep(structuredClone(filters));
  return ({ version, vector, reference: { type, id } }) =>
    Object.freeze({
      reference: Object.freeze({ type, id, version, vector: vector.slice() }),
      filters: shown,
      limit,
      threshold,
      visibleTo,
    });
}
