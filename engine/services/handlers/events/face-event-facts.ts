import type { Candidate } from '#contract/matching/matches';
import { descriptorVersions } from '#domain/descriptor/similarity';
import type { FaceEventDetection, FaceEventFacts, LabelMatch, MatchedObject } from '#domain/event/face-event';
import type { EventFacts, EventRequest, LabelledCandidates } from './event-facts.ts';
import { type EventRecord, objectOf } from './event-record.ts';

/** `user_data` of a list of the account; empty for one that is gone. */
export type ListName = (listId: string) => string;

function matchedObject(candidate: Candidate, nameOf: ListName): MatchedObject | null {
  const object = objectOf(candidate);
  if (!object?.id) return null;
  const { type, id, externalId, userData, members } = object;
  const lists = Array.isArray(members['lists']) ? (members['lists'] as string[]) : [];
  return {
    type,
    id,
    externalId: externalId ?? '',
    userData,
    lists: lists.map((listId) => ({ listId, name: nameOf(listId) })),
    similarity: candidate.similarity,
  };
}

/** Another face with the same external id is the same person: it says nothing about how sure the match is. */
function secondOf(found: readonly Candidate[]): Candidate | undefined {
  const [best, ...others] = found;
  const person = best && objectOf(best)?.externalId;
  return others.find((other) => !person || objectOf(other)?.externalId !== person);
}

export function labelMatches(matches: readonly LabelledCandidates[], nameOf: ListName): LabelMatch[] {
  return matches.map(({ label, threshold, found }) => ({
    label,
    threshold,
    best: found[0] ? matchedObject(found[0], nameOf) : null,
    secondSimilarity: secondOf(found)?.similarity ?? null,
  }));
}

/** The largest detection stands for the event. */
function bestDetection({ detections }: EventFacts): FaceEventDetection | null {
  const area = ({ face }: EventFacts['detections'][number]): number => face.rect.width * face.rect.height;
  const [first, ...others] = detections;
  if (!first) return null;
  const { face, picture } = others.reduce((best, one) => (area(one) > area(best) ? one : best), first);
  return {
    rect: face.rect,
    pictureWidth: picture.width,
    pictureHeight: picture.height,
    quality: face.quality,
    headPose: face.headPose,
  };
}

/** What the Sender is told of an event. Pure but for the names of lists. */
export function faceEventFacts(
  request: EventRequest,
  record: EventRecord,
  deps: { nameOf: ListName; detector: string | null },
): FaceEventFacts {
  const { facts, plan, event, answer } = record;
  const { aggregate, detections } = facts;
  const version = aggregate.descriptor?.version;
  return {
    event,
    tags: plan.tags,
    requestId: request.requestId,
    captureTimeMs:
      detections.find(({ picture }) => picture.detectTimeMs !== null)?.picture.detectTimeMs ?? request.createTimeMs,
    published: plan.notify,
    face: bestDetection(facts),
    liveness: aggregate.liveness,
    matches: labelMatches(facts.matches, deps.nameOf),
    models: {
      detector: detections.length > 0 ? deps.detector : null,
      descriptor: version === undefined ? null : (descriptorVersions.get(version)?.name ?? null),
    },
    answer,
  };
}
