import type { FaceEventFacts } from '#domain/event/face-event';
import type { Rect } from '#domain/face/estimation';
import type { FaceRow, NewEvent } from '#storage/rows';
import { type ListName, labelMatches } from '../events/face-event-facts.ts';
import { answerRawEvent } from './raw-event-answer.ts';
import { livenessOf, matchesOf } from './raw-event-record.ts';
import type { RawEvent } from './raw-events.schema.ts';

function rectOf(raw: RawEvent): Rect | null {
  const rects = raw.detections.flatMap(({ samples }) => samples.face?.detection?.rect ?? []);
  return rects.reduce<Rect | null>(
    (best, one) => (best && best.width * best.height >= one.width * one.height ? best : one),
    null,
  );
}

/**
 * What the Sender is told of a raw event. The picture's size is not known: the box is given without it. `face`: the row of
 * the face that the event names.
 */
export function rawEventFacts(
  raw: RawEvent,
  event: NewEvent,
  deps: { requestId: string; published: boolean; nameOf: ListName; face: FaceRow | undefined },
): FaceEventFacts {
  const rect = rectOf(raw);
  return {
    event,
    tags: event.document.tags,
    requestId: deps.requestId,
    captureTimeMs:
      raw.detections.find(({ detect_time }) => detect_time !== undefined)?.detect_time ?? event.create_time,
    published: deps.published,
    face: rect && { rect, pictureWidth: 0, pictureHeight: 0, quality: null, headPose: null },
    liveness: livenessOf(raw),
    matches: labelMatches(matchesOf(raw), deps.nameOf),
    models: { detector: null, descriptor: null },
    answer: answerRawEvent(raw, event, deps.face),
  };
}
