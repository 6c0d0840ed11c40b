import { judgeLiveness } from '#domain/aggregate';
import type { EstimationRequest, FaceEstimate, PictureEstimate } from '#domain/estimation';
import type { Inference } from '#inference/inference';
import { type ErrorBody, isLunaError, lunaError, successBody, toErrorBody } from '#kernel/errors';
import type { IncomingPicture } from '../pictures/pictures.ts';
import type { EstimationQuery } from './estimation-query.ts';

/** Why a detection was left out: the name of the switch, what was found, what was allowed (LP5 3.6). */
export interface FilterReason {
  filter_name: string;
  object_value: number | string | null;
  threshold_value: number | number[];
}

/** One picture after the networks: LP5's per-picture status, the faces kept, and those filtered out. */
export interface EstimatedPicture {
  picture: IncomingPicture;
  status: 0 | 1;
  error: ErrorBody;
  exif: PictureEstimate['exif'];
  faces: FaceEstimate[];
  filtered: { face: FaceEstimate; reasons: FilterReason[] }[];
}

const livenessNumbers = { spoof: 0, real: 1, unknown: 2 } as const;

/** The switches that leave this face out; none when it is kept. */
function reasonsAgainst(face: FaceEstimate, query: EstimationQuery): FilterReason[] {
  const reasons: FilterReason[] = [];
  for (const angle of ['pitch', 'yaw', 'roll'] as const) {
    const limit = query[`${angle}_threshold`];
    const value = face.headPose?.[angle];
    // Angles do not filter warps (LP5 2.2): they have no head pose.
    if (limit < 180 && value !== undefined && Math.abs(value) > limit) {
      reasons.push({ filter_name: `${angle}_threshold`, object_value: value, threshold_value: limit });
    }
  }
  const states = query.liveness_states;
  if (states && !states.includes(livenessNumbers[face.liveness?.prediction ?? 'unknown'])) {
    const value = face.liveness?.prediction ?? 'unknown';
    reasons.push({ filter_name: 'liveness_states', object_value: value, threshold_value: states });
  }
  return reasons;
}

/** Asked for and not determined is `unknown`; asked for nothing is null. */
function withLiveness(face: FaceEstimate, query: EstimationQuery, asked: boolean): FaceEstimate {
  if (!asked) return face;
  const estimate = face.liveness ?? { probability: null, quality: null };
  const thresholds = { liveness: query.liveness_threshold, quality: query.quality_threshold };
  return { ...face, liveness: judgeLiveness(estimate, thresholds) };
}

async function estimateOne(
  inference: Pick<Inference, 'estimate'>,
  picture: IncomingPicture,
  request: EstimationRequest,
  query: EstimationQuery,
): Promise<EstimatedPicture> {
  try {
    if (isLunaError(picture.content)) throw picture.content;
    const { imageType, boundingBox } = picture;
    const estimate = await inference.estimate(picture.content, { ...request, imageType, boundingBox });
    if (query.multiface_policy === 0 && estimate.faces.length > 1) {
      const where = `${picture.filename}: ${JSON.stringify(estimate.faces.map(({ rect }) => rect))}`;
      throw lunaError('MultipleFaces', { where });
    }
    const judged = estimate.faces.map((face) => {
      const whole = withLiveness(face, query, request.liveness);
      return { face: whole, reasons: reasonsAgainst(whole, query) };
    });
    return {
      picture,
      status: 1,
      error: successBody,
      exif: estimate.exif,
      faces: judged.filter(({ reasons }) => reasons.length === 0).map(({ face }) => face),
      filtered: judged.filter(({ reasons }) => reasons.length > 0),
    };
  } catch (error) {
    // A full queue is the appliance's trouble, not the picture's: the client shall come again.
    if (!isLunaError(error) || error.status === 503) throw error;
    return { picture, status: 0, error: toErrorBody(error), exif: null, faces: [], filtered: [] };
  }
}

/** All pictures of a request through the networks. What is wrong with a picture is told in its own place. */
export function estimatePictures(
  inference: Pick<Inference, 'estimate'>,
  pictures: readonly IncomingPicture[],
  request: EstimationRequest,
  query: EstimationQuery,
): Promise<EstimatedPicture[]> {
  return Promise.all(pictures.map((picture) => estimateOne(inference, picture, request, query)));
}
