import { setImmediate as nextTurn } from 'node:timers/promises';
import { limits } from '#contract/established/names';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { AttributeData, AttributeRow } from '#storage/rows';
import type { Storage } from '#storage/storage';

/**
 * Temporary attributes (LP5 5.3): what is known of a person, kept for a time to live. After that everything answers
 * 22011 at once, whether the row is cleaned away already or not. Attaching to a face copies, and touches nothing here.
 */
export interface Attributes {
  /** Returns the id. `ttl` in seconds, 300 by default. */
  create(accountId: string, data: AttributeData, ttl: number | undefined): Promise<string>;
  /**
   * Creates or replaces the attribute of that id. An id of another account answers 22011. `beforeCreation` may throw when
   * nothing is there; nothing is written then.
   */
  put(
    accountId: string,
    attributeId: string,
    data: AttributeData,
    ttl: number | undefined,
    beforeCreation?: () => void,
  ): Promise<void>;
  /** Throws `AttributeNotFound`. `accountId` null: of any account. */
  get(attributeId: string, accountId: string | null): AttributeRow;
  /** Those of the ids that are alive, in the order asked. */
  list(attributeIds: readonly string[], accountId: string | null): AttributeRow[];
  /** Throws `AttributeNotFound`. */
  remove(accountId: string, attributeId: string): Promise<void>;
  /** Cleans expired ones away, some hundred at a time. Returns how many. */
  removeExpired(): Promise<number>;
}

const removedAtOnce = 200;

export function createAttributes(deps: { storage: Storage; clock: Clock; ids: Ids }): Attributes {
  const { storage, clock, ids } = deps;
  const get = (attributeId: string, accountId: string | null): AttributeRow => {
    const row = storage.attributes.findById(attributeId, accountId, clock.now());
    if (!row) throw lunaError('AttributeNotFound', { attributeId });
    return row;
  };
  const rowOf = (
    accountId: string,
    attributeId: string,
    data: AttributeData,
    ttl: number | undefined,
  ): AttributeRow => {
    const now = clock.now();
    const seconds = Math.min(ttl ?? limits.defaultAttributeTtl, limits.attributeTtl);
    return {
      ...data,
      attribute_id: attributeId,
      account_id: accountId,
      create_time: now,
      expire_time: now + seconds * 1000,
    };
  };
  return {
    async create(accountId, data, ttl) {
      const attributeId = ids.next();
      await storage.durably(() => storage.attributes.insert(rowOf(accountId, attributeId, data, ttl)));
      return attributeId;
    },
    put: (accountId, attributeId, data, ttl, beforeCreation) =>
      storage.durably(() => {
        const isThere = storage.attributes.findById(attributeId, accountId, clock.now()) !== undefined;
        storage.attributes.remove(attributeId, accountId);
        if (storage.attributes.exists(attributeId)) throw lunaError('AttributeNotFound', { attributeId });
        if (!isThere) beforeCreation?.();
        storage.attributes.insert(rowOf(accountId, attributeId, data, ttl));
      }),
    get,
    list: (attributeIds, accountId) =>
      [...new Set(attributeIds)].flatMap(
        (attributeId) => storage.attributes.findById(attributeId, accountId, clock.now()) ?? [],
      ),
    remove: (accountId, attributeId) =>
      storage.durably(() => {
        get(attributeId, accountId);
        storage.attributes.remove(attributeId, accountId);
      }),
    async removeExpired() {
      let total = 0;
      for (;;) {
        const removed = storage.attributes.removeExpired(clock.now(), removedAtOnce);
        total += removed;
        if (removed < removedAtOnce) return total;
        await nextTurn();
      }
    },
  };
}
