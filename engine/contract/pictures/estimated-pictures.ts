/** Pictures of a request on their way through the networks: what came in, and what was found in each of them. */
import { type DetectionRules, facesIn, type JudgedFace, judgeFaces } from '#domain/face/detection-rules';
import type { EstimationRequest, PictureEstimate, Rect } from '#domain/face/estimation';
import { type ErrorName, isLunaError, type LunaError, lunaError, successBody, toErrorBody } from '#kernel/errors';
import { createGate } from '#kernel/gate';
import { detectionView } from './estimation-view.ts';

/** One picture of a request as it came in. What could not be had is its own error, never that of its neighbours. */
export interface IncomingPicture {
  /** File name of the part, the url, the sample id, or `raw image`. */
  filename: string;
  content: Uint8Array | LunaError;
  /** As declared; null when nobody declared one. */
  contentType: string | null;
  imageType: 'raw' | 'face_warp';
  boundingBox: Rect | null;
  /** When the picture was taken, as the client says. Milliseconds since 1970. */
  detectTimeMs: number | null;
  detectTs: number | null;
  /** Where the picture stays available: its url, or what the client named. */
  origin: string | null;
  /** The stored sample this picture is; null for any other. */
  sampleId: string | null;
}

/** A picture after the networks. `error` and no estimate, or the other way round. */
export interface EstimatedPicture {
  picture: IncomingPicture;
  error: LunaError | null;
  estimate: PictureEstimate | null;
  kept: JudgedFace[];
  filtered: JudgedFace[];
}

export type Estimate = (picture: Uint8Array, request: EstimationRequest) => Promise<PictureEstimate>;

/** Pictures of one request that are with the networks at the same time: others shall get their turn. */
const picturesAtOnce = 4;

/** What is wrong with the bytes themselves. As the only picture of a request it is the answer (LP5 11). */
const undecodable: readonly ErrorName[] = [
  'ImageLoading',
  'ImageConversion',
  'ImageSize',
  'ContentTypeMismatch',
  'FaceWarpSize',
  'BadRectangle',
];

async function estimateOne(
  estimate: Estimate,
  picture: IncomingPicture,
  request: EstimationRequest,
  rules: DetectionRules,
): Promise<EstimatedPicture> {
  try {
    if (isLunaError(picture.content)) throw picture.content;
    const { imageType, boundingBox, filename } = picture;
    const found = await estimate(picture.content, { ...request, imageType, boundingBox });
    const judged = judgeFaces(found, rules, { filename, sizeBytes: picture.content.length });
    return {
      picture,
      error: null,
      estimate: found,
      kept: judged.filter(({ reasons }) => reasons.length === 0),
      filtered: judged.filter(({ reasons }) => reasons.length > 0),
    };
  } catch (error) {
    // A full queue is the appliance's trouble, not the picture's: the client shall come again.
    if (!isLunaError(error) || error.status === 503) throw error;
    return { picture, error, estimate: null, kept: [], filtered: [] };
  }
}

/** Gives `job` the pictures of one request, a few at a time. Answers in their order. */
export function inTurn<Picture, Result>(
  pictures: readonly Picture[],
  job: (picture: Picture) => Promise<Result>,
): Promise<Result[]> {
  const gate = createGate({ name: 'pictures', concurrent: picturesAtOnce, waiting: pictures.length });
  return Promise.all(pictures.map((picture) => gate.pass(() => job(picture))));
}

/**
 * All pictures of a request, in its order. What is wrong with a picture is told in its own place; only when it is the
 * single picture of the request and cannot be decoded, it is thrown. Throws `ServiceBusy`.
 */
export async function estimatePictures(
  estimate: Estimate,
  pictures: readonly IncomingPicture[],
  request: EstimationRequest,
  rules: DetectionRules,
): Promise<EstimatedPicture[]> {
  const all = await inTurn(pictures, (picture) => estimateOne(estimate, picture, request, rules));
  const [only] = all;
  if (all.length === 1 && only?.error && undecodable.includes(only.error.errorName)) throw only.error;
  return all;
}

/** Throws `MultipleFaces` 11038 when aggregation would have to choose: it wants one face per picture (LP5 3.7). */
export function requireOneFacePerPicture(pictures: readonly EstimatedPicture[]): void {
  const crowded = pictures.filter(({ kept }) => kept.length > 1);
  if (crowded.length === 0) return;
  const places = crowded.map(({ picture, kept }) =>
    facesIn(
      picture.filename,
      kept.map(({ face }) => face),
    ),
  );
  throw lunaError('MultipleFaces', { where: `${places.join(', ')}; aggregation wants multiface_policy 2` });
}

/** `filename`, `status` and `error` of a picture, as in every answer about pictures. */
export function pictureStatus({
  picture,
  error,
}: Pick<EstimatedPicture, 'error'> & { picture: Pick<IncomingPicture, 'filename'> }) {
  return {
    filename: picture.filename,
    status: error ? (0 as const) : (1 as const),
    error: error ? toErrorBody(error) : successBody,
  };
}

/** LP5 `filtered_detections`. */
export function filteredDetections(pictures: readonly EstimatedPicture[]) {
  return {
    face_detections: pictures.flatMap(({ picture, filtered }) =>
      filtered.map(({ face, faceQuality, reasons }) => ({
        filename: picture.filename,
        detection: { sample: { detection: detectionView(face, faceQuality) } },
        filter_reasons: reasons,
      })),
    ),
    body_detections: [] as never[],
  };
}
