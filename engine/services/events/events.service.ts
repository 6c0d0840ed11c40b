import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventConditions, RowPage } from '#domain/event/conditions';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import { createGate } from '#kernel/gate';
import type { EventRow, StoredEvent } from '#storage/rows';
import type { Storage } from '#storage/storage';
import { TooManyGroups } from '#storage/tables/event-statistics';
import type { EventStatisticsQuery } from './statistics.schema.ts';
import { planStatistics } from './statistics.ts';

/**
 * Stored events (LP5 8). They are written by the handlers, together with their messages; here they are read and, after
 * their time, removed. `accountId` null: of all accounts.
 */
export interface Events {
  /** Throws `EventNotFound`. */
  get(eventId: string, accountId: string | null): EventRow;
  /** Whole rows, or the `parts` of them. */
  page(conditions: EventConditions, page: RowPage, parts?: readonly (keyof EventRow)[]): Promise<Partial<EventRow>[]>;
  count(conditions: EventConditions): Promise<number>;
  /** Throws `BadJson` for values that do not fit their columns and for more than 10,000 groups. */
  statistics(query: EventStatisticsQuery, accountId: string | null): Promise<Record<string, string | number | null>[]>;
  /**
   * Removes all events that meet the conditions, with descriptors and tags, in portions: retention and `gc` tasks. What
   * is removed is handed to `onRemoved`, after its transaction, so that its files can follow.
   */
  remove(
    conditions: EventConditions,
    options?: { signal?: AbortSignal; onRemoved?: (events: readonly StoredEvent[]) => Promise<void> | void },
  ): Promise<number>;
}

const maxGroups = 10_000;
const portion = 100;

export function createEvents(deps: { storage: Storage; clock: Clock }): Events {
  const { storage, clock } = deps;
  const { events } = storage;
  const walks = createGate({ name: 'event queries', concurrent: 8, waiting: 256 });
  return {
    get(eventId, accountId) {
      const event = events.findRow(eventId, accountId);
      if (!event) throw lunaError('EventNotFound', { eventId });
      return event;
    },
    page: (conditions, page, parts) => walks.pass(() => events.page(conditions, page, parts)),
    count: (conditions) => walks.pass(() => events.count(conditions)),
    async statistics(query, accountId) {
      const plan = planStatistics(query, clock.now());
      const own: EventConditions = accountId === null ? [] : [{ column: 'account_id', oneOf: [accountId] }];
      const conditions = [...own, ...plan.conditions];
      try {
        const rows = await walks.pass(() => events.statistics(conditions, plan.groupings, plan.measures, maxGroups));
        return plan.toAnswer(rows);
      } catch (error) {
        if (!(error instanceof TooManyGroups)) throw error;
        throw lunaError('BadJson', { path: 'targets', message: `more than ${maxGroups} groups` }, error);
      }
    },
    async remove(conditions, { signal, onRemoved } = {}) {
      let total = 0;
      for await (const keys of events.matchingKeys(conditions)) {
        for (let at = 0; at < keys.length; at += portion) {
          if (signal?.aborted) return total;
          const some = keys.slice(at, at + portion);
          const removed = onRemoved ? events.findByKeys(some) : [];
          total += storage.atomically(() => events.removeByKeys(some));
          await onRemoved?.(removed);
          await nextTurn();
        }
      }
      return total;
    },
  };
}
