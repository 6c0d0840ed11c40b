import {
  type EstimatedPicture,
  estimatePictures,
  type IncomingPicture,
  pictureStatus,
} from '#contract/pictures/estimated-pictures';
import { livenessScores } from '#contract/pictures/estimation-view';
import { aggregate } from '#domain/face/aggregate';
import { keepEverything, livenessNumbers } from '#domain/face/detection-rules';
import { detectionOnly, type Liveness } from '#domain/face/estimation';
import { undeterminedLiveness } from '#domain/face/liveness';
import type { Inference } from '#inference/inference';
import { lunaError } from '#kernel/errors';
import type { LivenessAnswer, LivenessQuery } from './liveness.schema.ts';

function numberedView(liveness: Liveness) {
  return { prediction: livenessNumbers[liveness.prediction], estimations: livenessScores(liveness) };
}

/** The estimate of the picture's face; `unknown` for a face beyond the wanted angles; null for a picture that failed. */
function livenessOf({ error, kept, filtered }: EstimatedPicture): Liveness | null {
  if (error) return null;
  const [face] = kept;
  if (face) return face.face.liveness ?? undeterminedLiveness;
  return filtered.length > 0 ? undeterminedLiveness : null;
}

/** A picture without a face is an error of that picture (LP5 9.1). */
function requireFace(one: EstimatedPicture): EstimatedPicture {
  if (one.error || one.kept.length + one.filtered.length > 0) return one;
  return { ...one, error: lunaError('LivenessNoFace', { filename: one.picture.filename }) };
}

/**
 * Liveness (LP5 9.1): whether the face before the camera is a living one or a picture of one. Nothing is stored. The
 * estimate is the one of `/sdk` and of policies; what cannot be told is `unknown`, never `real`.
 */
export function createLiveness(deps: { inference: Pick<Inference, 'estimate'> }) {
  return {
    async estimate(pictures: readonly IncomingPicture[], query: LivenessQuery): Promise<LivenessAnswer> {
      const { pitch_threshold: pitch, yaw_threshold: yaw, roll_threshold: roll } = query;
      const thresholds = { liveness: query.liveness_threshold, quality: query.quality_threshold };
      const best = query.multiface_policy === 2;
      const request = {
        ...detectionOnly,
        useExifInfo: query.use_exif_info,
        faces: best ? ('best' as const) : ('all' as const),
        headPose: Math.min(pitch, yaw, roll) < 180,
        liveness: true,
      };
      const rules = {
        ...keepEverything,
        multifacePolicy: best ? (2 as const) : (0 as const),
        angles: { pitch, yaw, roll },
        liveness: thresholds,
      };
      const estimated = (await estimatePictures(deps.inference.estimate, pictures, request, rules)).map(requireFace);
      const all = estimated.map(livenessOf);
      const none = { basicAttributes: null, emotions: null, descriptor: null };
      const faces = all.filter((one) => one !== null).map((liveness) => ({ ...none, liveness }));
      const whole = query.aggregate ? aggregate(faces, thresholds).liveness : null;
      return {
        images: estimated.map((one, i) => {
          const liveness = all[i] ?? null;
          return { ...pictureStatus(one), liveness: liveness && numberedView(liveness) };
        }),
        aggregate_estimations: whole && { liveness: numberedView(whole) },
      };
    },
  };
}
export type LivenessService = ReturnType<typeof createLiveness>;
