import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import { createGate } from '#kernel/gate';
import type { Ids } from '#kernel/ids';
import type { ListRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { ListSelection } from '#storage/tables/list.table';

/** Lists of faces (LP5 5.4). Lists of other accounts answer `ListNotFound`. */
export interface Lists {
  /** Returns the id. */
  create(accountId: string, userData: string): string;
  get(listId: string, accountId: string | null): ListRow;
  page(selection: ListSelection, limit: number, offset: number): ListRow[];
  count(selection: ListSelection): number;
  patch(accountId: string, listId: string, userData: string): void;
  /**
   * Removes the list; `withFaces` removes its members from everywhere. A long list is emptied in portions, so that
   * nobody else waits; should the power fail in between, the list is still there with the rest of its members.
   */
  remove(accountId: string, listId: string, withFaces: boolean): Promise<void>;
  /** Unknown ids are ignored. */
  removeMany(accountId: string, listIds: readonly string[], withFaces: boolean): Promise<void>;
  /** All or none: throws `FacesNotFound` when one of the faces is not the account's. Members stay members. */
  attach(accountId: string, listId: string, faceIds: readonly string[]): Promise<void>;
  /** Faces that are not members, or not there at all, are ignored. */
  detach(accountId: string, listId: string, faceIds: readonly string[]): Promise<void>;
}

const portion = 200;

export function createLists(deps: { storage: Storage; clock: Clock; ids: Ids }): Lists {
  const { storage, clock, ids } = deps;
  const { lists, faces } = storage;
  const removals = createGate({ name: 'list removals', concurrent: 1, waiting: 32 });

  const requireList = (listId: string, accountId: string | null): ListRow => {
    const row = lists.findById(listId, accountId);
    if (!row) throw lunaError('ListNotFound', { listId });
    return row;
  };
  const removePortion = (listId: string, withFaces: boolean): number =>
    storage.atomically(() => {
      const keys = faces.keysInList(listId, 0, portion);
      if (withFaces) for (const key of keys) faces.remove(key);
      else faces.unlink(listId, keys);
      return keys.length;
    });
  const remove = async (accountId: string, listId: string, withFaces: boolean): Promise<void> => {
    while (removePortion(listId, withFaces) === portion) await nextTurn();
    lists.remove(listId, accountId);
  };

  return {
    create(accountId, userData) {
      const listId = ids.next();
      const now = clock.now();
      lists.insert({
        list_id: listId,
        account_id: accountId,
        user_data: userData,
        create_time: now,
        last_update_time: now,
      });
      return listId;
    },
    get: requireList,
    page: lists.page,
    count: lists.count,
    patch(accountId, listId, userData) {
      if (!lists.update(listId, accountId, userData, clock.now())) throw lunaError('ListNotFound', { listId });
    },
    async remove(accountId, listId, withFaces) {
      requireList(listId, accountId);
      await removals.pass(() => remove(accountId, listId, withFaces));
    },
    removeMany: (accountId, listIds, withFaces) =>
      removals.pass(async () => {
        for (const listId of listIds) {
          if (lists.findById(listId, accountId)) await remove(accountId, listId, withFaces);
        }
      }),
    attach: (accountId, listId, faceIds) =>
      storage.durably(() => {
        requireList(listId, accountId);
        const keys = faces.findKeys(faceIds, accountId);
        const unknown = faceIds.find((faceId) => !keys.has(faceId));
        if (unknown !== undefined) throw lunaError('FacesNotFound', { faceId: unknown });
        faces.link(listId, [...keys.values()]);
        lists.touch(listId, clock.now());
      }),
    detach: (accountId, listId, faceIds) =>
      storage.durably(() => {
        requireList(listId, accountId);
        faces.unlink(listId, [...faces.findKeys(faceIds, accountId).values()]);
        lists.touch(listId, clock.now());
      }),
  };
}
