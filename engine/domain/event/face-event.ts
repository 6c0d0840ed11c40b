import type { HeadPose, Liveness, Quality, Rect } from '../face/estimation.ts';
import type { EventColumns } from './event-columns.ts';

/**
 * What a handler knows of one event when it is stored. The Sender makes the messages of it: it decides nothing about
 * policies, it only tells. `null` is always "not estimated" or "there is none".
 */
export interface FaceEventFacts {
  /** The event as its row has it, also when its policy does not store it. */
  event: EventColumns;
  tags: readonly string[];
  requestId: string;
  /** Milliseconds since 1970: capture time of the picture where the client gave one (`detect_time`), else the create time. */
  captureTimeMs: number;
  /** Result of the handler's `notification_policy`: false makes no message at all. */
  published: boolean;
  /** The best detection of the event; null for an event without a face (a body, a raw event). */
  face: FaceEventDetection | null;
  /** Aggregated over the pictures of the event. */
  liveness: Liveness | null;
  /** One entry per `match_policy` of the handler, in its order. Empty when nothing was compared. */
  matches: readonly LabelMatch[];
  /** Names of the networks that ran; null when none did. */
  models: { detector: string | null; descriptor: string | null };
  /** The event as the REST answer gives it (`events[]` of LP5 3.6): the WebSocket sends this very object. */
  answer: Readonly<Record<string, unknown>>;
}

/** Where an event was, as the client says. Degrees. */
export interface EventLocation {
  city: string | null;
  area: string | null;
  district: string | null;
  street: string | null;
  houseNumber: string | null;
  longitude: number | null;
  latitude: number | null;
}

export interface FaceEventDetection {
  /** Pixels of the picture, which has `pictureWidth` x `pictureHeight`; both 0 when nobody knows. */
  rect: Rect;
  pictureWidth: number;
  pictureHeight: number;
  quality: Quality | null;
  headPose: HeadPose | null;
}

export interface LabelMatch {
  label: string;
  /** Similarity from which the policy takes a candidate, 0..1. */
  threshold: number;
  /** The most similar candidate at or above the threshold. */
  best: MatchedObject | null;
  /** Similarity of the second best candidate (of another person where that can be told); null when there is none. */
  secondSimilarity: number | null;
}

export interface MatchedObject {
  type: 'face' | 'event' | 'attribute';
  /** `face_id`, `event_id` or `attribute_id`. */
  id: string;
  /** Of the face or the event; empty when it has none. */
  externalId: string;
  userData: string;
  /** Lists that the face is linked to. `name`: the list's `user_data`. */
  lists: readonly { listId: string; name: string }[];
  similarity: number;
}

export const faceEventTypes = ['match', 'unknown', 'spoof', 'no_face'] as const;
export type FaceEventType = (typeof faceEventTypes)[number];

/** The best match over all labels: the highest similarity, the earlier label on a tie. */
export function bestMatchOf(facts: Pick<FaceEventFacts, 'matches'>): (LabelMatch & { best: MatchedObject }) | null {
  let found: (LabelMatch & { best: MatchedObject }) | null = null;
  for (const match of facts.matches) {
    if (match.best === null) continue;
    if (found === null || match.best.similarity > found.best.similarity) found = { ...match, best: match.best };
  }
  return found;
}

/** One word for what happened. A spoof is a spoof whoever it resembles. */
export function faceEventType(facts: Pick<FaceEventFacts, 'face' | 'liveness' | 'matches'>): FaceEventType {
  if (facts.liveness?.prediction === 'spoof') return 'spoof';
  if (bestMatchOf(facts)) return 'match';
  return facts.face ? 'unknown' : 'no_face';
}
