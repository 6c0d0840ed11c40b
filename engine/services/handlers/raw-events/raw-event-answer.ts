import { defaults, enumNumbers, nameOfNumber } from '#contract/established/names';
import { FaceAttributesOut, livenessView } from '#contract/pictures/estimation-view';
import type { FaceRow, NewEvent } from '#storage/rows';
import { answerEvent, sampleAnswer } from '../events/event-answer.ts';
import { aggregateOf, livenessOf, matchesOf } from './raw-event-record.ts';
import type { RawEvent } from './raw-events.schema.ts';

type RawDetection = NonNullable<NonNullable<RawEvent['detections'][number]['samples']['face']>['detection']>;

const attributeNames = Object.keys(FaceAttributesOut.shape);

/** The members that a generated detection has; whatever else came, templates among it, is told to nobody. */
function detectionOf({ rect, landmarks5, landmarks68, quality, face_quality, attributes }: RawDetection) {
  const given = (attributes ?? {}) as Record<string, unknown>;
  return {
    rect,
    landmarks5: landmarks5 ?? null,
    landmarks68: landmarks68 ?? null,
    quality: quality ?? null,
    face_quality: face_quality ?? null,
    attributes: Object.fromEntries(attributeNames.map((name) => [name, given[name] ?? null])),
  };
}

function basicAttributesOf({ face_attributes }: RawEvent) {
  const basic = face_attributes?.basic_attributes;
  if (!basic) return null;
  const { age = null, gender = null, ethnicities } = basic;
  return {
    age,
    gender,
    ethnicities: ethnicities
      ? {
          predominant_ethnicity: nameOfNumber(enumNumbers.ethnicGroup, ethnicities.predominant_ethnicity),
          estimations: ethnicities.estimations ?? null,
        }
      : null,
  };
}

function estimationsOf(raw: RawEvent, event: NewEvent) {
  const { mask, emotions } = aggregateOf(raw);
  return {
    mask: mask
      ? { predominant_mask: nameOfNumber(enumNumbers.mask, event.mask), estimations: mask.estimations ?? null }
      : null,
    emotions: emotions
      ? {
          predominant_emotion: nameOfNumber(enumNumbers.emotion, event.emotion),
          estimations: emotions.estimations ?? null,
        }
      : null,
    liveness: livenessView(livenessOf(raw)),
  };
}

/** A raw event as subscribers get it: members and spelling of a generated one, null for what the client did not say. */
export function answerRawEvent(raw: RawEvent, event: NewEvent, face: FaceRow | undefined) {
  const samples = raw.detections.flatMap(({ samples: { face: sample } }) => sample?.sample_id ?? []);
  return answerEvent(event, {
    stored: true,
    tags: event.document.tags,
    meta: raw.meta,
    face: face
      ? {
          externalId: face.external_id,
          userData: face.user_data,
          avatar: face.avatar,
          lists: event.document.attach_result,
          eventId: face.event_id,
        }
      : null,
    faceAttributes: raw.face_attributes
      ? {
          attribute_id: null,
          url: null,
          score: raw.face_attributes.score ?? null,
          samples,
          basic_attributes: basicAttributesOf(raw),
        }
      : null,
    matches: matchesOf(raw).map(({ label, shown }) => ({ label, candidates: shown })),
    detections: raw.detections.map(({ filename, detect_time, detect_ts, image_origin, samples: { face: sample } }) => ({
      filename: filename ?? defaults.rawImageName,
      detectTimeMs: detect_time ?? null,
      detectTs: detect_ts ?? null,
      imageOrigin: image_origin ?? null,
      face: sample
        ? sampleAnswer(sample.sample_id ?? null, sample.detection ? detectionOf(sample.detection) : null)
        : null,
    })),
    estimations: estimationsOf(raw, event),
  });
}
