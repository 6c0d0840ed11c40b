/** A stored event as it is answered by `/events` and as a candidate (LP5 8.2). */
import type { EventColumns, EventDocument } from '#domain/event-columns';
import { toTime } from './schemas.ts';

/** The columns and the document of a stored event. Times are milliseconds since 1970. */
export interface EventRecordSource extends EventColumns {
  document: EventDocument;
}

/** All members. Those of bodies and deepfakes are null: no network of ours estimates them. */
export function toEventRecord(event: EventRecordSource): Record<string, unknown> {
  const { city, area, district, street, house_number, longitude, latitude, document } = event;
  const { top_label, top_similarity, top_object_id, top_object_type } = event;
  const noBody = { apparent_age: null, apparent_gender: null };
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
    tags: document.tags,
    meta: document.meta,
    location: {
      city,
      area,
      district,
      street,
      house_number,
      geo_position: longitude === null || latitude === null ? null : { longitude, latitude },
    },
    face_id: event.face_id,
    attach_result: document.attach_result,
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
    match_result: document.match_result,
    face_detections: document.face_detections,
    body_detections: document.body_detections,
    body_basic_attributes: noBody,
    basic_attributes: noBody,
    upper_body: null,
    lower_body: null,
    accessories: null,
  };
}
