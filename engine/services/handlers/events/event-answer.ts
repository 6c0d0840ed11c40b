import { eventLocation } from '#contract/events/event-record';
import { toTime } from '#contract/schemas';
import type { EventColumns } from '#domain/event/event-columns';

/** What is told of an event beside its columns. */
export interface ToldEvent<FaceAttributes, Match, Face, Estimations> {
  stored: boolean;
  tags: readonly string[];
  meta: unknown;
  /** The face that was made of the event, or that a raw event is of. */
  face: {
    externalId: string;
    userData: string;
    avatar: string;
    lists: readonly string[];
    eventId: string | null;
  } | null;
  faceAttributes: FaceAttributes;
  matches: readonly { label: string; candidates: readonly Match[] }[];
  detections: readonly ToldDetection<Face>[];
  /** Aggregated over the detections. */
  estimations: Estimations;
}

export interface ToldDetection<Face> {
  filename: string;
  /** Milliseconds since 1970; null: when the event was. */
  detectTimeMs: number | null;
  detectTs: number | null;
  imageOrigin: string | null;
  /** Null for a detection without a face, which only raw events have. */
  face: Face;
}

/** `samples.face` of a detection. */
export function sampleAnswer<Detection>(sampleId: string | null, detection: Detection) {
  return { sample_id: sampleId, url: sampleId && sampleUrl(sampleId), detection };
}

export const sampleUrl = (sampleId: string): string => `/6/samples/faces/${sampleId}`;

/** An element of `events` (LP5 3.6), of a generated event and of a raw one alike. Descriptors are no part of it. */
export function answerEvent<FaceAttributes, Match, Face, Estimations>(
  event: EventColumns,
  told: ToldEvent<FaceAttributes, Match, Face, Estimations>,
) {
  const { face } = told;
  return {
    event_id: event.event_id,
    url: told.stored ? `/6/events/${event.event_id}` : null,
    external_id: event.external_id,
    user_data: event.user_data,
    source: event.source,
    tags: [...told.tags],
    track_id: event.track_id,
    meta: told.meta ?? null,
    location: eventLocation(event),
    face:
      event.face_id === null || face === null
        ? null
        : {
            face_id: event.face_id,
            url: `/6/faces/${event.face_id}`,
            external_id: face.externalId,
            user_data: face.userData,
            avatar: face.avatar,
            lists: [...face.lists],
            event_id: face.eventId,
          },
    face_attributes: told.faceAttributes,
    body_attributes: null,
    matches: told.matches.map(({ label, candidates }) => ({ label, candidates: [...candidates] })),
    detections: told.detections.map(({ filename, detectTimeMs, detectTs, imageOrigin, face: sample }) => ({
      filename,
      detect_time: toTime(detectTimeMs ?? event.create_time),
      detect_ts: detectTs,
      image_origin: imageOrigin,
      samples: { face: sample, body: null },
    })),
    aggregate_estimations: {
      face: { attributes: told.estimations },
      body: { attributes: { basic_attributes: null, upper_body: null, accessories: null } },
    },
  };
}
