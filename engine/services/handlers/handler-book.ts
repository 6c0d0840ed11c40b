import { checkFilterLengths, checkMatchLimit, type MatchLimits } from '#contract/matching/match-limits';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { HandlerRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import { Policies } from './policies.schema.ts';
import { createPolicyBook, type PolicyBook } from './policy-book.ts';
import { type ResolvedPolicies, resolvePolicies } from './resolve-policies.ts';

export interface HandlerInput {
  description: string;
  isDynamic: boolean;
  policies: Policies;
}

/** Handlers as they are written down (LP5 3.1). Unknown ones answer `HandlerNotFound` 34000. */
export interface HandlerBook extends PolicyBook<HandlerRow, HandlerInput, ResolvedPolicies> {
  /**
   * Resolves policies that are new here: throws what `resolvePolicies` throws, and `BadJson` 12022 for a match policy
   * beyond the limits of the matcher. Those that were written down before a limit was lowered go on as they are.
   */
  check(policies: Policies): ResolvedPolicies;
}

/** Writing throws what `check` throws, and `BadJson` 12022 for policies of a dynamic handler. */
export function createHandlerBook(deps: {
  storage: Storage;
  clock: Clock;
  ids: Ids;
  matchLimits: MatchLimits;
}): HandlerBook {
  const { storage, clock, ids, matchLimits } = deps;
  const check = (policies: Policies): ResolvedPolicies => {
    const resolved = resolvePolicies(policies);
    for (const [i, { candidates }] of resolved.matches.entries()) {
      const path = `policies.match_policy.${i}`;
      checkFilterLengths(candidates.filters, matchLimits, `${path}.candidates`);
      checkMatchLimit(candidates.limit, matchLimits, `${path}.limit`);
    }
    return resolved;
  };
  const book = createPolicyBook({
    table: storage.handlers,
    nextId: ids.next,
    notFound: (handlerId) => lunaError('HandlerNotFound', { handlerId }),
    idOf: ({ handler_id }) => handler_id,
    resolve: (policies) => resolvePolicies(Policies.parse(policies)),
    toRow(accountId, handlerId, { description, isDynamic, policies }: HandlerInput) {
      if (isDynamic && Object.keys(policies).length > 0) {
        const message = 'a dynamic handler gets its policies with each request';
        throw lunaError('BadJson', { path: 'policies', message });
      }
      check(policies);
      const now = clock.now();
      return {
        handler_id: handlerId,
        account_id: accountId,
        description,
        is_dynamic: isDynamic ? 1 : 0,
        policies: JSON.stringify(policies),
        create_time: now,
        last_update_time: now,
      };
    },
  });
  return { ...book, check };
}
