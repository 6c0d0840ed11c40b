import type { Clock } from '#kernel/clock';
import { isLunaError, lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { HandlerRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { PolicyOwnerSelection } from '#storage/tables/policy-owner.table';
import { Policies } from './policies.schema.ts';
import { type ResolvedPolicies, resolvePolicies } from './resolve-policies.ts';

export interface HandlerInput {
  description: string;
  isDynamic: boolean;
  policies: Policies;
}

/** Handlers as they are written down (LP5 3.1). Those of other accounts answer `HandlerNotFound` 34000. */
export interface HandlerBook {
  /** Throws what `resolvePolicies` throws, `BadJson` for policies of a dynamic handler. Returns the id. */
  create(accountId: string, input: HandlerInput): string;
  replace(accountId: string, handlerId: string, input: HandlerInput): void;
  get(handlerId: string, accountId: string | null): HandlerRow;
  page(selection: PolicyOwnerSelection, limit: number, offset: number): HandlerRow[];
  count(selection: PolicyOwnerSelection): number;
  remove(accountId: string, handlerId: string): void;
  /** The policies of a static handler. Throws `HandlerCorrupted` 34002. */
  policiesOf(row: HandlerRow): ResolvedPolicies;
}

/** Policies are resolved once per text: a camera sends its pictures to one handler. */
const rememberedPolicies = 256;

export function createHandlerBook(deps: { storage: Storage; clock: Clock; ids: Ids }): HandlerBook {
  const { clock, ids } = deps;
  const { handlers } = deps.storage;
  const resolved = new Map<string, ResolvedPolicies>();

  const rowOf = (accountId: string, handlerId: string, input: HandlerInput): HandlerRow => {
    const { description, isDynamic, policies } = input;
    if (isDynamic && Object.keys(policies).length > 0) {
      throw lunaError('BadJson', {
        path: 'policies',
        message: 'a dynamic handler gets its policies with each request',
      });
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
  };

  return {
    create(accountId, input) {
      const handlerId = ids.next();
      handlers.insert(rowOf(accountId, handlerId, input));
      return handlerId;
    },
    replace(accountId, handlerId, input) {
      if (!handlers.update(rowOf(accountId, handlerId, input))) throw lunaError('HandlerNotFound', { handlerId });
    },
    get(handlerId, accountId) {
      const row = handlers.findById(handlerId, accountId);
      if (!row) throw lunaError('HandlerNotFound', { handlerId });
      return row;
    },
    page: handlers.page,
    count: handlers.count,
    remove(accountId, handlerId) {
      if (!handlers.remove(handlerId, accountId)) throw lunaError('HandlerNotFound', { handlerId });
    },
    policiesOf({ policies, handler_id }) {
      const known = resolved.get(policies);
      if (known) return known;
      try {
        const made = resolvePolicies(Policies.parse(JSON.parse(policies)));
        if (resolved.size >= rememberedPolicies) resolved.clear();
        resolved.set(policies, made);
        return made;
      } catch (error) {
        // What was supported when the handler was written may not be any more: that is told as it is.
        if (isLunaError(error, 'FeatureDisabled')) throw error;
        throw lunaError('HandlerCorrupted', { handlerId: handler_id }, error);
      }
    },
  };
}
