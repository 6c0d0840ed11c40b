import { lunaError } from '#kernel/errors';
import type { FaceEstimate, PictureEstimate } from './estimation.ts';
import { type CheckPlan, type CheckResult, checkFace } from './face-checks.ts';
import { judgeLiveness, type LivenessThresholds } from './liveness.ts';

/** What a policy or a query wants of the faces of a picture (LP5 3.3, 3.4). Null: it does not care. */
export interface DetectionRules {
  /** LP5 `multiface_policy`: 0 several faces are an error, 1 all, 2 the best one. */
  multifacePolicy: 0 | 1 | 2;
  /** Degrees; a larger absolute angle leaves the face out. 180 lets everything through. */
  angles: { yaw: number; pitch: number; roll: number };
  /** Thresholds of the liveness estimate; null when it is not asked for. */
  liveness: LivenessThresholds | null;
  /** LP5 numbers of the predictions to keep; null for all. */
  livenessStates: readonly number[] | null;
  /** Lowest descriptor score, 0..1. */
  minDescriptorScore: number;
  faceQuality: { plan: CheckPlan; filter: boolean } | null;
}

/** Nothing is left out. */
export const keepEverything: DetectionRules = {
  multifacePolicy: 1,
  angles: { yaw: 180, pitch: 180, roll: 180 },
  liveness: null,
  livenessStates: null,
  minDescriptorScore: 0,
  faceQuality: null,
};

/** Why a detection was left out: the name of the rule, what was found, what was allowed (LP5 3.6). */
export interface FilterReason {
  filter_name: string;
  object_value: number | string | null;
  threshold_value: number | number[];
}

/** A face with what the rules made of it. `reasons` is empty when it is kept. */
export interface JudgedFace {
  face: FaceEstimate;
  faceQuality: CheckResult | null;
  reasons: FilterReason[];
}

/** LP5 numbers of liveness predictions. */
export const livenessNumbers = { spoof: 0, real: 1, unknown: 2 } as const;

/** LP5's words for the rules, as `filter_name` (LP5 3.6, 15.7). */
export const filterNames = {
  yaw: 'yaw_threshold',
  pitch: 'pitch_threshold',
  roll: 'roll_threshold',
  livenessStates: 'liveness_states',
  faceQuality: 'face_quality',
  descriptorScore: 'fd_score_threshold',
} as const;

function reasonsAgainst(face: FaceEstimate, faceQuality: CheckResult | null, rules: DetectionRules): FilterReason[] {
  const reasons: FilterReason[] = [];
  for (const name of ['yaw', 'pitch', 'roll'] as const) {
    const limit = rules.angles[name];
    // Warps have no head pose and are never left out by angles (LP5 2.2).
    const value = face.headPose?.[name];
    if (value !== undefined && Math.abs(value) > limit) {
      reasons.push({ filter_name: filterNames[name], object_value: value, threshold_value: limit });
    }
  }
  if (rules.livenessStates) {
    const prediction = face.liveness?.prediction ?? 'unknown';
    if (!rules.livenessStates.includes(livenessNumbers[prediction])) {
      const threshold_value = [...rules.livenessStates];
      reasons.push({ filter_name: filterNames.livenessStates, object_value: prediction, threshold_value });
    }
  }
  if (rules.faceQuality?.filter && faceQuality?.status === 0) {
    reasons.push({ filter_name: filterNames.faceQuality, object_value: 0, threshold_value: 1 });
  }
  const score = face.descriptor?.score;
  if (score !== undefined && score < rules.minDescriptorScore) {
    const threshold_value = rules.minDescriptorScore;
    reasons.push({ filter_name: filterNames.descriptorScore, object_value: score, threshold_value });
  }
  return reasons;
}

/** A picture and the boxes of its faces, for error texts (LP5 10: 11038 lists both). */
export function facesIn(filename: string, faces: readonly Pick<FaceEstimate, 'rect'>[]): string {
  const rects = faces.map(({ rect }) => `${rect.x},${rect.y} ${rect.width}x${rect.height}`);
  return `'${filename}' (${rects.join('; ')})`;
}

/**
 * Applies the rules to the faces of one picture, in their order. Liveness that was asked for and could not be told is
 * `unknown`. Throws `MultipleFaces` 11038 for several faces under `multiface_policy` 0.
 */
export function judgeFaces(
  estimate: PictureEstimate,
  rules: DetectionRules,
  picture: { filename: string; sizeBytes: number },
): JudgedFace[] {
  const { width, height, format } = estimate;
  if (rules.multifacePolicy === 0 && estimate.faces.length > 1) {
    throw lunaError('MultipleFaces', { where: facesIn(picture.filename, estimate.faces) });
  }
  const faces = rules.multifacePolicy === 2 ? estimate.faces.slice(0, 1) : estimate.faces;
  return faces.map((found) => {
    const asked = found.liveness ?? { probability: null, quality: null };
    const face = rules.liveness ? { ...found, liveness: judgeLiveness(asked, rules.liveness) } : found;
    const facts = { face, picture: { width, height, format, sizeBytes: picture.sizeBytes } };
    const faceQuality = rules.faceQuality && checkFace(facts, rules.faceQuality.plan);
    return { face, faceQuality, reasons: reasonsAgainst(face, faceQuality, rules) };
  });
}
