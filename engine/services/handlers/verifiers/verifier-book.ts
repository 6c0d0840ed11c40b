import type { Clock } from '#kernel/clock';
import { isLunaError, lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { VerifierRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { PolicyOwnerSelection } from '#storage/tables/policy-owner.table';
import { VerifierPolicies } from '../policies.schema.ts';
import { type ResolvedVerifier, resolveVerifier } from '../resolve-policies.ts';

export interface VerifierInput {
  description: string;
  policies: VerifierPolicies;
}

/** Verifiers as they are written down (LP5 4.1). Those of other accounts answer `VerifierNotFound` 34004. */
export interface VerifierBook {
  /** Throws what `resolveVerifier` throws. Returns the id. */
  create(accountId: string, input: VerifierInput): string;
  replace(accountId: string, verifierId: string, input: VerifierInput): void;
  get(verifierId: string, accountId: string | null): VerifierRow;
  page(selection: PolicyOwnerSelection, limit: number, offset: number): VerifierRow[];
  count(selection: PolicyOwnerSelection): number;
  remove(accountId: string, verifierId: string): void;
  policiesOf(row: VerifierRow): ResolvedVerifier;
}

export function createVerifierBook(deps: { storage: Storage; clock: Clock; ids: Ids }): VerifierBook {
  const { clock, ids } = deps;
  const { verifiers } = deps.storage;

  const rowOf = (accountId: string, verifierId: string, { description, policies }: VerifierInput): VerifierRow => {
    resolveVerifier(policies);
    const now = clock.now();
    return {
      verifier_id: verifierId,
      account_id: accountId,
      description,
      policies: JSON.stringify(policies),
      create_time: now,
      last_update_time: now,
    };
  };

  return {
    create(accountId, input) {
      const verifierId = ids.next();
      verifiers.insert(rowOf(accountId, verifierId, input));
      return verifierId;
    },
    replace(accountId, verifierId, input) {
      if (!verifiers.update(rowOf(accountId, verifierId, input))) throw lunaError('VerifierNotFound', { verifierId });
    },
    get(verifierId, accountId) {
      const row = verifiers.findById(verifierId, accountId);
      if (!row) throw lunaError('VerifierNotFound', { verifierId });
      return row;
    },
    page: verifiers.page,
    count: verifiers.count,
    remove(accountId, verifierId) {
      if (!verifiers.remove(verifierId, accountId)) throw lunaError('VerifierNotFound', { verifierId });
    },
    policiesOf(row) {
      try {
        return resolveVerifier(VerifierPolicies.parse(JSON.parse(row.policies)));
      } catch (error) {
        if (isLunaError(error, 'FeatureDisabled')) throw error;
        throw lunaError('HandlerCorrupted', { handlerId: row.verifier_id }, error);
      }
    },
  };
}
