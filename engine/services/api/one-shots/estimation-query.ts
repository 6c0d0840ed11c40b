/** The switches that `/detector` and `/sdk` share, as a query (LP5 2.4, 2.5), and what they ask of the networks. */
import * as z from 'zod';
import { policyDefaults } from '#contract/established/policy-defaults';
import { imageTypes } from '#contract/established/wire-names';
import type { EstimatedPicture } from '#contract/pictures/estimated-pictures';
import { csv, Flag, queryNumber } from '#contract/schemas';
import { type DetectionRules, type JudgedFace, keepEverything } from '#domain/face/detection-rules';
import { detectionOnly, type EstimationRequest } from '#domain/face/estimation';
import { allChecks, needsOf } from '#domain/face/face-checks';
import { lunaError } from '#kernel/errors';

const off = Flag.default(false);
const degrees = queryNumber(z.number().min(0).max(180)).default(policyDefaults.angleThreshold);
const unit = queryNumber(z.number().min(0).max(1));

export const EstimationQuery = z.object({
  detect_face: Flag.default(true),
  multiface_policy: queryNumber(z.int().min(0).max(2)).default(policyDefaults.multifacePolicy),
  image_type: queryNumber(z.int().min(imageTypes.raw).max(imageTypes.bodyWarp)).optional(),
  /** Older spelling of image_type 0 and 1. */
  warped_image: Flag.optional(),
  use_exif_info: Flag.default(policyDefaults.useExifInfo === 1),
  extract_exif: off,
  score_threshold: unit.optional().meta({
    description:
      'Lowest confidence of the detector, 0.42 when absent. It tells of no face below 0.3, a YuNet pack of none below ' +
      '0.6: lower thresholds find no more.',
  }),
  detect_landmarks5: Flag.default(true),
  detect_landmarks68: off,
  estimate_head_pose: off,
  estimate_emotions: off,
  estimate_gaze: off,
  estimate_eyes_attributes: off,
  estimate_mouth_attributes: off,
  estimate_quality: off,
  estimate_face_quality: off,
  estimate_liveness: off,
  liveness_threshold: unit.default(policyDefaults.livenessThreshold),
  quality_threshold: unit.default(policyDefaults.livenessQualityThreshold),
  pitch_threshold: degrees,
  yaw_threshold: degrees,
  roll_threshold: degrees,
  mask_states: csv(queryNumber(z.int().min(1).max(3))).optional(),
  liveness_states: csv(queryNumber(z.int().min(0).max(2))).optional(),
  detect_body: Flag.optional().meta({
    description: 'Not supported, 1 answers 11044: no network here looks for bodies.',
  }),
  ...notEstimated([
    'estimate_mask',
    'estimate_glasses',
    'estimate_face_occlusion',
    'estimate_deepfake',
    'estimate_body_descriptor',
    'estimate_body_warp',
    'estimate_body_basic_attributes',
    'estimate_upper_body',
    'estimate_lower_body',
    'estimate_accessories',
    'aggregate_body_descriptor',
    'estimate_people_count',
    'people_count_coordinates',
    'estimate_image_modification',
  ]),
});
export type EstimationQuery = z.output<typeof EstimationQuery>;

/** Switches of LP5 whose estimates no network here makes: clients that send them with others get the others. */
function notEstimated<const Names extends readonly string[]>(names: Names) {
  const description =
    'Not estimated by any network here: what it asks for is null where the answer has a place for it.';
  const schema = Flag.optional().meta({ description });
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Names[number], typeof schema>;
}

/** Throws `FeatureDisabled` 11044 for what would be answered wrongly: as if nobody were there, or unfiltered. */
export function refuseUnsupported(query: EstimationQuery): void {
  if (query.detect_body) throw lunaError('FeatureDisabled', { feature: 'detect_body' });
  // No network here tells masks apart: a filter by them would let everything or nothing through.
  if (query.mask_states && new Set(query.mask_states).size < 3) {
    throw lunaError('FeatureDisabled', { feature: 'mask_states' });
  }
  if (query.image_type === 2) throw lunaError('FeatureDisabled', { feature: 'image_type 2 (body warps)' });
}

/** What the answer shows of the pictures: nothing of faces that nobody asked for, points only where they were wanted. */
export function shownOf(estimated: readonly EstimatedPicture[], query: EstimationQuery): EstimatedPicture[] {
  if (!query.detect_face) return estimated.map((one) => ({ ...one, kept: [], filtered: [] }));
  if (query.detect_landmarks5) return [...estimated];
  const bare = (judged: JudgedFace): JudgedFace => ({ ...judged, face: { ...judged.face, landmarks5: null } });
  return estimated.map((one) => ({ ...one, kept: one.kept.map(bare), filtered: one.filtered.map(bare) }));
}

export function imageTypeOf(query: EstimationQuery): 0 | 1 {
  return query.image_type === 1 || (query.image_type === undefined && query.warped_image) ? 1 : 0;
}

/** What of the faces found is kept. */
export function rulesOf(query: EstimationQuery): DetectionRules {
  const { pitch_threshold: pitch, yaw_threshold: yaw, roll_threshold: roll } = query;
  const asksLiveness = query.estimate_liveness || query.liveness_states !== undefined;
  return {
    ...keepEverything,
    // Faces that nobody asked for are not too many.
    multifacePolicy: query.detect_face ? (query.multiface_policy as 0 | 1 | 2) : 1,
    angles: { pitch, yaw, roll },
    liveness: asksLiveness ? { liveness: query.liveness_threshold, quality: query.quality_threshold } : null,
    livenessStates: query.liveness_states ?? null,
    faceQuality: query.estimate_face_quality ? { plan: allChecks, filter: false } : null,
  };
}

/** What the networks have to do for the query. The picture's own kind and box are added per picture. */
export function requestOf(query: EstimationQuery): EstimationRequest {
  const { pitch_threshold, yaw_threshold, roll_threshold } = query;
  const filtersByAngle = Math.min(pitch_threshold, yaw_threshold, roll_threshold) < 180;
  const needs = needsOf(query.estimate_face_quality ? allChecks : new Map());
  return {
    ...detectionOnly,
    useExifInfo: query.use_exif_info,
    faces: query.multiface_policy === 2 ? 'best' : 'all',
    ...(query.score_threshold === undefined ? {} : { scoreThreshold: query.score_threshold }),
    landmarks68: query.detect_landmarks68 || needs.has('landmarks68'),
    headPose: query.estimate_head_pose || filtersByAngle || needs.has('headPose'),
    emotions: query.estimate_emotions,
    gaze: query.estimate_gaze || needs.has('gaze'),
    eyes: query.estimate_eyes_attributes || needs.has('eyes'),
    mouth: query.estimate_mouth_attributes || needs.has('mouth'),
    quality: query.estimate_quality || needs.has('quality'),
    portrait: needs.has('portrait'),
    liveness: query.estimate_liveness || query.liveness_states !== undefined,
    exif: query.extract_exif,
  };
}
