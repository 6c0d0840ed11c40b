import { lunaError } from '#kernel/errors';
import type { SaveDeps } from '../events/save-events.ts';
import { requireLists } from '../events/save-events.ts';
import type { HandlerBook } from '../handler-book.ts';
import { rawEventFacts } from './raw-event-facts.ts';
import { type RawEventOwner, recordRawEvent } from './raw-event-record.ts';
import type { RawEvent } from './raw-events.schema.ts';

export interface RawEventsRequest {
  accountId: string;
  handlerId: string;
  requestId: string;
  events: readonly RawEvent[];
}

/**
 * Ready events of clients (LP5 3.8). The handler's policies are not run: it gives its id, and says whether the events
 * are published. Faces and lists that an event names have to exist.
 */
export interface RawEvents {
  /**
   * All or none, with the messages about them, on the disk when it resolves. Resolves to the ids, in order. Throws `HandlerNotFound` 34000, `FacesNotFound` 22004, `ListsNotFound`
   * 22005, `BadJson` 12022 for an event id that is taken, and what `readRawDescriptor` throws.
   */
  save(request: RawEventsRequest): Promise<string[]>;
}

export function createRawEvents(
  deps: Pick<SaveDeps, 'storage' | 'sender' | 'bus' | 'clock' | 'ids'> & { book: HandlerBook },
): RawEvents {
  const { storage, sender, bus, clock, ids, book } = deps;

  const isPublished = (accountId: string, handlerId: string): boolean => {
    const row = book.get(handlerId, accountId);
    return row.is_dynamic === 1 || book.policiesOf(row).storage.notification.send;
  };

  const check = (accountId: string, events: readonly RawEvent[]): void => {
    const faceIds = events.flatMap(({ face }) => face?.face_id ?? []);
    const known = storage.faces.findKeys(faceIds, accountId);
    const absent = faceIds.find((faceId) => !known.has(faceId));
    if (absent !== undefined) throw lunaError('FacesNotFound', { faceId: absent });
    requireLists(deps, accountId, [...new Set(events.flatMap(({ face }) => face?.lists ?? []))]);
    const own = events.map(({ event_id }) => event_id);
    const isTaken = (id: string): boolean => storage.events.findById(id, null) !== undefined;
    const taken = own.findIndex((id, i) => id !== undefined && (own.indexOf(id) < i || isTaken(id)));
    if (taken >= 0) throw lunaError('BadJson', { path: `${taken}.event_id`, message: 'an event of this id exists' });
  };

  return {
    async save({ accountId, handlerId, requestId, events }) {
      const published = isPublished(accountId, handlerId);
      const nameOf = (listId: string): string => storage.lists.findById(listId, accountId)?.user_data ?? '';
      const made = events.map((raw) => {
        const eventId = raw.event_id ?? ids.next();
        const owner: RawEventOwner = { accountId, handlerId, eventId, nowMs: clock.now() };
        const row = recordRawEvent(raw, owner);
        const face = raw.face ? storage.faces.findById(raw.face.face_id, accountId) : undefined;
        return { row, facts: rawEventFacts(raw, row, { requestId, published, nameOf, face }) };
      });
      const messages = made.flatMap(({ facts }) => sender.faceEventMessages(facts));
      await storage.durably(() => {
        // Together with the writing, so that two requests with one event id cannot both find it free.
        check(accountId, events);
        for (const { row } of made) storage.events.insert(row);
        for (const message of messages) storage.outbox.append(message);
      });
      if (messages.length > 0) bus.publish('outbox.grown', {});
      const told = made.filter(({ facts }) => facts.published).map(({ facts }) => facts);
      if (told.length > 0) bus.publish('events.published', { events: told });
      return made.map(({ row }) => row.event_id);
    },
  };
}
