/** A stored event as it is answered by `/events` and as a candidate (LP5 8.2). */
import type { EventColumns, EventDocument } from '#domain/event-columns';
import { pickTargets } from './targets.ts';
import { toTime } from './time-text.ts';

/** The columns and the document of a stored event. Times are milliseconds since 1970. */
export interface EventRecordSource extends EventColumns {
  document: EventDocument;
}

/** As `EventRecordSource`, with the document as it is stored: JSON. */
export interface EventRowSource extends EventColumns {
  document: string;
}

const documentMembers: ReadonlySet<string> = new Set<keyof EventDocument>([
  'tags',
  'attach_result',
  'match_result',
  'face_detections',
  'body_detections',
  'meta',
]);
const noBody = { apparent_age: null, apparent_gender: null };

/** The members that columns tell. Those of bodies and deepfakes are null: no network of ours estimates them. */
function columnMembers(event: EventColumns): Record<string, unknown> {
  const { city, area, district, street, house_number, longitude, latitude } = event;
  const { top_label, top_similarity, top_object_id, top_object_type } = event;
  return {
    event_id: event.event_id,
    account_id: event.account_id,
    handler_id: event.handler_id,
    create_time: toTime(event.create_time),
    end_time: toTime(event.end_time),
    insert_time: toTime(event.insert_time),
    external_id: event.external_id,
    user_data: event.user_data,
    source: event.source,
    track_id: event.track_id,
    stream_id: event.stream_id,
    location: {
      city,
      area,
      district,
      street,
      house_number,
      geo_position: longitude === null || latitude === null ? null : { longitude, latitude },
    },
    face_id: event.face_id,
    gender: event.gender,
    age: event.age,
    emotion: event.emotion,
    ethnic_group: event.ethnic_group,
    mask: event.mask,
    liveness: event.liveness,
    deepfake: null,
    top_match:
      top_object_id === null
        ? null
        : {
            label: top_label,
            similarity: top_similarity,
            face_id: top_object_type === 'face' ? top_object_id : null,
            object_id: top_object_id,
            object_type: top_object_type,
          },
    body_basic_attributes: noBody,
    basic_attributes: noBody,
    upper_body: null,
    lower_body: null,
    accessories: null,
  };
}

/** All members. */
export function toEventRecord(event: EventRecordSource): Record<string, unknown> {
  return { ...columnMembers(event), ...event.document };
}

/**
 * The same as JSON, or the members of it that `targets` name. The document is stored as it is answered, and by far the
 * larger part: its text is taken over, not read and written again.
 */
export function toEventJson(event: EventRowSource, targets: readonly string[] | undefined): string {
  const members = columnMembers(event);
  if (!targets) return `${JSON.stringify(members).slice(0, -1)},${event.document.slice(1)}`;
  const document = targets.some((name) => documentMembers.has(name)) ? JSON.parse(event.document) : {};
  return JSON.stringify(pickTargets(Object.assign(members, document), targets));
}
