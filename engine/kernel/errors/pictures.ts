/** Pictures that are sent: their form, their size, what is found in them (LP5 blocks 11xxx, 18xxx, 32xxx, 100xxx, 110xxx). */
import { badInput, entry, forbidden } from './entry.ts';

export const picturesErrors = {
  /** [P] number. */
  TooManyPictures: entry<{ count: number; limit: number }>(
    106,
    413,
    badInput,
    (p) => `${p.count} pictures in one request, at most ${p.limit} are allowed`,
  ),
  ImageContentType: entry<{ contentType: string }>(
    11028,
    400,
    badInput,
    (p) => `Bad content type of an image: '${p.contentType}'`,
  ),
  ImagePartContentType: entry<{ part: string; contentType: string }>(
    11029,
    400,
    badInput,
    (p) => `Bad content type of image part '${p.part}': '${p.contentType}'`,
  ),
  FaceWarpSize: entry<{ width: number; height: number }>(
    11030,
    400,
    badInput,
    (p) => `A face warp must be 250x250 pixels, this one is ${p.width}x${p.height}`,
  ),
  /** [P] number. */
  BodyWarpSize: entry<{ width: number; height: number }>(
    11030,
    400,
    badInput,
    (p) => `A body warp must be 128x256 pixels, this one is ${p.width}x${p.height}`,
  ),
  MultipleFaces: entry<{ where: string }>(11038, 400, badInput, (p) => `Multiple faces found: ${p.where}`),
  SeveralBoundingBoxes: entry<{ filename: string }>(
    11045,
    403,
    forbidden,
    (p) => `Only one bounding box per image is allowed: '${p.filename}'`,
  ),
  Base64: entry<{ reason: string }>(18001, 400, badInput, (p) => `Base64 decoding failed: ${p.reason}`),
  ImageConversion: entry<{ reason: string }>(18002, 400, badInput, (p) => `Image conversion failed: ${p.reason}`),
  LivenessTooManyFaces: entry<{ count: number }>(32017, 400, badInput, (p) => `Too many faces: ${p.count}`),
  /** [P] number: LP5 documents the family only. */
  LivenessNoFace: entry<{ filename: string }>(32018, 400, badInput, (p) => `No face in '${p.filename}'`),
  ImageLoading: entry<{ reason: string }>(100022, 400, 'SDK error', (p) => `Image loading error: ${p.reason}`),
  ImageSize: entry<{ width: number; height: number; limitMegapixels: number }>(
    100028,
    400,
    'SDK error',
    (p) => `Bad image size ${p.width}x${p.height}: at most ${p.limitMegapixels} megapixels, sides of 16 to 16384`,
  ),
  BadRectangle: entry<{ reason: string }>(100028, 400, 'SDK error', (p) => `Invalid rectangle: ${p.reason}`),
  DetectionFailed: entry<{ reason: string }>(110019, 500, 'SDK error', (p) => `Detection failed: ${p.reason}`),
} as const;
