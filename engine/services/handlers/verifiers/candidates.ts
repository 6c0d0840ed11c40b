import type { Reference } from '#contract/matching/candidates';
import type { Matching } from '#contract/matching/matches';
import type { VersionedVector } from '#contract/matching/raw-descriptors';
import type { Storage } from '#storage/storage';

/** Ids a client wants somebody verified against, in its order (LP5 4.2). */
export interface VerificationIds {
  faceIds: readonly string[];
  eventIds: readonly string[];
  attributeIds: readonly string[];
  externalIds: readonly string[];
}

/** A stored object to be verified against. */
export interface VerificationCandidate extends VersionedVector {
  kind: 'face' | 'event' | 'attribute';
  id: string;
}

const origins = { face: 'faces', event: 'events', attribute: 'attributes' } as const;

/**
 * All candidates, in the order of the ids: faces, events, attributes, faces by external id. Throws `FaceNotFound` 22002,
 * `FaceHasNoAttributes` 11032, `EventNotFound` 23001, `AttributeNotFound` 22011, `NoFaceWithExternalId` 11041.
 */
export function resolveCandidates(
  deps: { matching: Pick<Matching, 'vectorOf'>; storage: Pick<Storage, 'faces'> },
  wanted: VerificationIds,
  accountId: string,
): VerificationCandidate[] {
  const { matching, storage } = deps;
  const resolve = (kind: VerificationCandidate['kind'], type: Reference['type'], id: string): VerificationCandidate => {
    const { version, vector, object } = matching.vectorOf({ type, id } as Reference, accountId);
    const isByName = type === 'face_external_id';
    const faceId = isByName && object ? storage.faces.findByKeys([object.key])[0]?.face_id : undefined;
    return { kind, id: faceId ?? id, version, vector };
  };
  return [
    ...wanted.faceIds.map((id) => resolve('face', 'face', id)),
    ...wanted.eventIds.map((id) => resolve('event', 'event', id)),
    ...wanted.attributeIds.map((id) => resolve('attribute', 'attribute', id)),
    ...wanted.externalIds.map((id) => resolve('face', 'face_external_id', id)),
  ];
}

/** The members of candidates as the matcher answers them, by kind and id. */
export function describeCandidates(
  matching: Pick<Matching, 'membersOf'>,
  candidates: readonly VerificationCandidate[],
  accountId: string,
): Map<string, Record<string, unknown>> {
  const described = new Map<string, Record<string, unknown>>();
  for (const kind of ['face', 'event', 'attribute'] as const) {
    const ids = new Set(candidates.filter((candidate) => candidate.kind === kind).map(({ id }) => id));
    for (const [id, members] of matching.membersOf(origins[kind], [...ids], accountId)) {
      described.set(`${kind} ${id}`, members);
    }
  }
  return described;
}
