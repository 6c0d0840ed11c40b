import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { VerifierRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import { VerifierPolicies } from '../policies.schema.ts';
import { createPolicyBook, type PolicyBook } from '../policy-book.ts';
import { type ResolvedVerifier, resolveVerifier } from '../resolve-policies.ts';

export interface VerifierInput {
  description: string;
  policies: VerifierPolicies;
}

/** Verifiers as they are written down (LP5 4.1). Unknown ones answer `VerifierNotFound` 34004. */
export type VerifierBook = PolicyBook<VerifierRow, VerifierInput, ResolvedVerifier>;

/** Writing throws what `resolveVerifier` throws. */
export function createVerifierBook(deps: { storage: Storage; clock: Clock; ids: Ids }): VerifierBook {
  const { storage, clock, ids } = deps;
  return createPolicyBook({
    table: storage.verifiers,
    nextId: ids.next,
    notFound: (verifierId) => lunaError('VerifierNotFound', { verifierId }),
    idOf: ({ verifier_id }) => verifier_id,
    resolve: (policies) => resolveVerifier(VerifierPolicies.parse(policies)),
    toRow(accountId, verifierId, { description, policies }: VerifierInput) {
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
    },
  });
}
