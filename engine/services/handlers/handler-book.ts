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
export type HandlerBook = PolicyBook<HandlerRow, HandlerInput, ResolvedPolicies>;

/** Writing throws what `resolvePolicies` throws, and `BadJson` 12022 for policies of a dynamic handler. */
export function createHandlerBook(deps: { storage: Storage; clock: Clock; ids: Ids }): HandlerBook {
  const { storage, clock, ids } = deps;
  return createPolicyBook({
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
      resolvePolicies(policies);
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
}
