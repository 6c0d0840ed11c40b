import type { Candidate } from '#contract/matching/matches';
import type { EventLocation } from '#domain/event/face-event';
import type { AggregateEstimate } from '#domain/face/aggregate';
import type { Descriptor, FaceEstimate, PictureFormat } from '#domain/face/estimation';
import type { CheckResult } from '#domain/face/face-checks';

/** What a client says of the events that its pictures shall become (LP5 3.6: query and headers). */
export interface EventRequest {
  accountId: string;
  handlerId: string;
  requestId: string;
  externalId: string;
  userData: string;
  source: string | null;
  trackId: string | null;
  streamId: string | null;
  tags: readonly string[];
  location: EventLocation;
  meta: unknown;
  /** Milliseconds since 1970. */
  createTimeMs: number;
  endTimeMs: number;
}

/** A picture of the request, as far as events need to know of it. */
export interface SourcePicture {
  filename: string;
  bytes: Uint8Array;
  format: PictureFormat;
  width: number;
  height: number;
  detectTimeMs: number | null;
  detectTs: number | null;
  /** Where the client has it; null for pictures that exist in the request only. */
  origin: string | null;
  /** The stored sample that the picture is; null for any other. */
  sampleId: string | null;
}

export interface EventDetection {
  picture: SourcePicture;
  face: FaceEstimate;
  faceQuality: CheckResult | null;
}

/** What a match policy found. One entry per policy, in their order; no candidates when its filters did not hold. */
export interface LabelledCandidates {
  label: string;
  threshold: number;
  /** Most similar first, with the members that events and messages need; one more than asked for, for the margin. */
  found: readonly Candidate[];
  /** What the policy asked for: its limit, its targets. */
  shown: readonly Candidate[];
}

/** What is known of the person: aggregated over the pictures, or a descriptor alone, which came without a score. */
export interface EventEstimate extends Omit<AggregateEstimate, 'descriptor'> {
  descriptor: (Omit<Descriptor, 'score'> & { score: number | null }) | null;
}

/**
 * Everything known of one event before it is decided what becomes of it. Several detections when they are aggregated,
 * none of a descriptor that came in place of a picture.
 */
export interface EventFacts {
  detections: readonly EventDetection[];
  aggregate: EventEstimate;
  matches: readonly LabelledCandidates[];
}

/** Similarity of the best candidate per label. */
export function bestSimilarities(matches: readonly LabelledCandidates[]): Map<string, number> {
  return new Map(matches.flatMap(({ label, found: [best] }) => (best ? [[label, best.similarity] as const] : [])));
}
