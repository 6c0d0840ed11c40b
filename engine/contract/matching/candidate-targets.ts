import { lunaError } from '#kernel/errors';
import type { CandidateOrigin } from './candidates.ts';

/** What may be asked of a candidate, by origin. All of it is answered when nothing is asked. */
export const candidateTargets = {
  faces: [
    'face_id',
    'account_id',
    'event_id',
    'user_data',
    'create_time',
    'external_id',
    'avatar',
    'lists',
    'similarity',
  ],
  events: [
    'event_id',
    'account_id',
    'handler_id',
    'create_time',
    'end_time',
    'insert_time',
    'external_id',
    'user_data',
    'source',
    'track_id',
    'stream_id',
    'tags',
    'meta',
    'location',
    'face_id',
    'attach_result',
    'gender',
    'age',
    'emotion',
    'ethnic_group',
    'mask',
    'liveness',
    'deepfake',
    'top_match',
    'match_result',
    'face_detections',
    'body_detections',
    'body_basic_attributes',
    'basic_attributes',
    'upper_body',
    'lower_body',
    'accessories',
    'similarity',
  ],
  attributes: [
    'attribute_id',
    'account_id',
    'create_time',
    'basic_attributes',
    'basic_attributes_samples',
    'face_descriptor_samples',
    'similarity',
  ],
} as const satisfies Record<CandidateOrigin, readonly string[]>;

/**
 * Members of an event that are as large as whoever made it liked. A candidate has them only when they are asked for by
 * name, and never inside another event: that one would hold what its candidates matched, and what those matched.
 */
export const boundlessTargets: readonly string[] = ['match_result', 'meta'];
const boundedTargets = {
  ...candidateTargets,
  events: candidateTargets.events.filter((name) => !boundlessTargets.includes(name)),
} satisfies Record<CandidateOrigin, readonly string[]>;

/** What is answered of a candidate: what was asked for, else everything that is of a bounded size. */
export function targetsOr(origin: CandidateOrigin, asked: readonly string[] | undefined): readonly string[] {
  return asked ?? boundedTargets[origin];
}

/** Throws `InvalidTarget` 22016 unless candidates of `origin` have every one of `targets`. */
export function checkTargets(origin: CandidateOrigin, targets: readonly string[]): void {
  const valid: readonly string[] = candidateTargets[origin];
  const target = targets.find((name) => !valid.includes(name));
  if (target !== undefined) throw lunaError('InvalidTarget', { target, valid: valid.join(', ') });
}
