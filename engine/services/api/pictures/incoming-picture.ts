import { defaults, limits } from '#contract/established/names';
import { validationError } from '#contract/http/http';
import type { IncomingPicture } from '#contract/pictures/estimated-pictures';
import type { Boxes } from '#contract/pictures/pictures-body';
import type { Rect } from '#domain/face/estimation';
import { isLunaError, type LunaError, lunaError } from '#kernel/errors';
import { checkFormat } from './picture-format.ts';

export const blankPicture: IncomingPicture = {
  filename: defaults.rawImageName,
  content: new Uint8Array(0),
  contentType: null,
  imageType: 'raw',
  boundingBox: null,
  detectTimeMs: null,
  detectTs: null,
  origin: null,
  sampleId: null,
};

/** The bytes, or what is wrong with them: 12025, 100022. */
export function checkedContent(bytes: Uint8Array, contentType: string | null): Uint8Array | LunaError {
  try {
    checkFormat(bytes, contentType);
    return bytes;
  } catch (error) {
    if (isLunaError(error)) return error;
    throw error;
  }
}

/** Throws `TooManyPictures` 413. */
export function requireCount(count: number): void {
  if (count > limits.picturesPerRequest) {
    throw lunaError('TooManyPictures', { count, limit: limits.picturesPerRequest });
  }
}

/** Bodies have no detector: their boxes are refused by name. */
export function refuseBodyBoxes(boxes: unknown): void {
  if (Array.isArray(boxes) && boxes.length > 0) throw lunaError('FeatureDisabled', { feature: 'body_bounding_boxes' });
}

/** Throws `SeveralBoundingBoxes` 11045. */
export function onlyBox(filename: string, boxes: readonly Rect[] | undefined): Rect | null {
  if (boxes !== undefined && boxes.length > 1) throw lunaError('SeveralBoundingBoxes', { filename });
  return boxes?.[0] ?? null;
}

/** Gives each picture its box: named boxes by file name, bare ones to the only picture of the request. */
export function placeBoxes(pictures: IncomingPicture[], boxes: Boxes | undefined): void {
  const refuse = (message: string) => validationError('json', [{ path: ['face_bounding_boxes'], message }]);
  const bare = (boxes ?? []).filter((box) => 'width' in box);
  if (bare.length > 0) {
    const [only] = pictures;
    if (only === undefined || pictures.length > 1) {
      throw refuse('with several pictures each box needs the file name of its picture');
    }
    only.boundingBox = onlyBox(only.filename, bare);
  }
  for (const named of boxes ?? []) {
    if ('width' in named) continue;
    const picture = pictures.find(({ filename }) => filename === named.filename);
    if (!picture) throw refuse(`no picture is named '${named.filename}'`);
    picture.boundingBox = onlyBox(named.filename, named.face_bounding_boxes);
  }
}
