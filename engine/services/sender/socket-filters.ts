import { EventQuery, toEventConditions } from '#contract/event-filters';
import { enumNumbers } from '#contract/names';
import type { EventConditionColumn } from '#domain/conditions';
import { bestMatchOf, type FaceEventFacts } from '#domain/face-event';
import { type ConditionValues, meetsAll } from '#domain/meets-conditions';

/** Query of the WebSocket (LP5 Sender): the filters of GET `/events`. All are ANDed, several values of one are ORed. */
export const SocketFilters = EventQuery;

/** Whether a subscriber with these filters wants the event. Relative times count back from the event's arrival. */
export function socketFilter(filters: EventQuery): (facts: FaceEventFacts, nowMs: number) => boolean {
  return (facts, nowMs) => {
    const columns = columnsOf(facts, nowMs);
    return meetsAll(toEventConditions(filters, nowMs), (column) => columns[column]);
  };
}

/** The event as its row has it, also when the policy does not store it. */
function columnsOf(facts: FaceEventFacts, nowMs: number): Record<EventConditionColumn, ConditionValues> {
  const { attributes, location } = facts;
  const top = bestMatchOf(facts);
  const emotions = attributes.emotions;
  const emotion =
    emotions &&
    (Object.keys(emotions) as (keyof typeof emotions)[]).reduce((a, b) => (emotions[b] > emotions[a] ? b : a));
  return {
    event_id: facts.eventId,
    account_id: facts.accountId,
    handler_id: facts.handlerId,
    create_time: facts.createTimeMs,
    end_time: facts.endTimeMs,
    insert_time: nowMs,
    external_id: facts.externalId,
    user_data: facts.userData,
    source: facts.source,
    track_id: facts.trackId,
    stream_id: facts.streamId,
    face_id: facts.createdFaceId,
    gender: attributes.basic?.gender ?? null,
    age: attributes.basic ? Math.round(attributes.basic.age) : null,
    emotion: emotion ? enumNumbers.emotion[emotion] : null,
    ethnic_group: attributes.ethnicGroup,
    mask: attributes.mask,
    liveness: facts.liveness ? enumNumbers.liveness[facts.liveness.prediction] : null,
    top_label: top?.label ?? null,
    top_similarity: top?.best.similarity ?? null,
    top_object_id: top?.best.id ?? null,
    top_object_type: top?.best.type ?? null,
    top_external_id: top?.best.externalId ?? null,
    city: location.city,
    area: location.area,
    district: location.district,
    street: location.street,
    house_number: location.houseNumber,
    longitude: location.longitude,
    latitude: location.latitude,
    tag: facts.tags,
  };
}
