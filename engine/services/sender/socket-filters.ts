import { EventQuery, toEventConditions } from '#contract/events/event-filters';
import type { FaceEventFacts } from '#domain/event/face-event';
import { meetsAll } from '#domain/event/meets-conditions';

/** Query of the WebSocket (LP5 Sender): the filters of GET `/events`. All are ANDed, several values of one are ORed. */
export const SocketFilters = EventQuery;

/** Whether a subscriber with these filters wants the event. Relative times count back from the event's arrival. */
export function socketFilter(filters: EventQuery): (facts: FaceEventFacts, nowMs: number) => boolean {
  return (facts, nowMs) => {
    const { event, tags } = facts;
    return meetsAll(toEventConditions(filters, nowMs), (column) => (column === 'tag' ? tags : event[column]));
  };
}
