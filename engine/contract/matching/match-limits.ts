import { lunaError } from '#kernel/errors';
import type { CandidateFilters } from './candidates.ts';

/** How much one candidate set may ask for: of a request, and of a match policy when it is written. */
export interface MatchLimits {
  result_candidate_limit: number;
  array_filter_limit: number;
}

/** Throws `BadJson` 12022 with `path` for more values in one filter than allowed. */
export function checkFilterLengths(filters: CandidateFilters, most: MatchLimits, path: string): void {
  for (const [name, values] of Object.entries(filters)) {
    if (!Array.isArray(values) || values.length <= most.array_filter_limit) continue;
    const message = `at most ${most.array_filter_limit} values, got ${values.length}`;
    throw lunaError('BadJson', { path: `${path}.${name}`, message });
  }
}

/** Throws `BadJson` 12022 with `path` for a limit higher than allowed. */
export function checkMatchLimit(limit: number, most: MatchLimits, path: string): void {
  if (limit <= most.result_candidate_limit) return;
  throw lunaError('BadJson', { path, message: `at most ${most.result_candidate_limit}, got ${limit}` });
}
