/**
 * Limits, enum numbers and words that the whole contract shares. What of them LP5's public documentation does not
 * establish, and where the rest of that stands, tells `not-established.ts`.
 */
import { livenessNumbers } from '#domain/face/detection-rules';

export const apiVersion = 6;

/** Kept equal to package.json by a test. */
export const productVersion = '0.1.0';

export const limits = {
  /** Characters. */
  userData: 128,
  externalId: 36,
  description: 128,
  source: 128,
  tag: 36,
  trackId: 36,
  avatar: 256,
  label: 36,
  locationPart: 36,
  /** Items. */
  facesPerLink: 1000,
  listsPerFace: 100,
  idsPerFilter: 1000,
  picturesPerRequest: 30,
  samplesPerExtraction: 30,
  descriptorsPerAttribute: 16,
  attributesPerRequest: 100,
  policyList: 30,
  tagsPerEvent: 30,
  references: 100,
  candidates: 30,
  rawCandidates: 1000,
  resultCandidates: 1000,
  /** Of one answer: references x the limits of all candidate sets. A whole record is about a kilobyte of JSON. */
  answerCandidates: 30_000,
  crossMatchCandidates: 100_000,
  defaultMatchLimit: 3,
  rawEvents: 30,
  rawEventDetections: 30,
  pageSize: 1000,
  defaultPageSize: 10,
  page: 1_000_000,
  /** Seconds. */
  defaultAttributeTtl: 300,
  attributeTtl: 86_400,
  /** Bytes: pictures and files, JSON with pictures, descriptors or policies in it, and all other JSON. */
  requestBody: 100 * 1024 * 1024,
  jsonBody: 32 * 1024 * 1024,
  /** Holds the largest of them, a token with two lists of a thousand handlers, also when it is indented. */
  smallJsonBody: 128 * 1024,
  /** Of `meta` as JSON text in UTF-8. */
  meta: 64 * 1024,
  /** Arrays and objects inside each other, of every body. */
  bodyDepth: 64,
  multipartParts: 64,
} as const;

/** Integers that stand for names in filters, stored events and queries (LP5 2.3). */
export const enumNumbers = {
  gender: { female: 0, male: 1 },
  emotion: { anger: 1, disgust: 2, fear: 3, happiness: 4, neutral: 5, sadness: 6, surprise: 7 },
  ethnicGroup: { african_american: 1, indian: 2, asian: 3, caucasian: 4 },
  mask: { missing: 1, medical_mask: 2, occluded: 3 },
  liveness: livenessNumbers,
  apparentGender: { female: 0, male: 1, undefined: 2 },
  state: { no: 0, yes: 1, undefined: 2 },
} as const;

/** The name that a number of `enumNumbers` stands for; null for none. */
export function nameOfNumber(names: Readonly<Record<string, number>>, number: number | null): string | null {
  return Object.entries(names).find((entry) => entry[1] === number)?.[0] ?? null;
}

export const defaults = {
  rawImageName: 'raw image',
  rawDescriptorName: 'raw descriptor',
  /** Degrees of longitude and latitude around a geo filter's origin. */
  geoDelta: 0.01,
} as const;

/** Image content types a picture may come in, and their base64 forms. */
export const imageContentTypes = [
  'image/jpeg',
  'image/png',
  'image/bmp',
  'image/tiff',
  'image/x-portable-pixmap',
  'image/webp',
] as const;
export const base64ImageContentTypes = [
  'image/x-jpeg-base64',
  'image/x-png-base64',
  'image/x-bmp-base64',
  'image/x-tiff-base64',
  'image/x-portable-pixmap-base64',
  'image/x-webp-base64',
] as const;

/** Image Store buckets (LP5 6.4). */
export const buckets = {
  faceSamples: 'visionlabs-samples',
  bodySamples: 'visionlabs-body-samples',
  images: 'visionlabs-image-origin',
  objects: 'visionlabs-objects',
  taskResults: 'task-result',
} as const;
