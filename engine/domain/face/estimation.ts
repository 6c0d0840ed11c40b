/**
 * What the networks can tell about a picture, in the units of LP5's answers. `null` always means "not estimated": not
 * asked for, or not possible with the installed networks. Nothing here is ever filled in without an estimate.
 */

/** Pixels of the picture as the client sees it (after the EXIF turn). May exceed the borders. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** `[x, y]` in pixels of the picture. */
export type Point = readonly [x: number, y: number];

/** Degrees. Yaw: positive when the face turns to the image's right; pitch: positive upwards; roll: clockwise. */
export interface HeadPose {
  yaw: number;
  pitch: number;
  roll: number;
}

export const emotionNames = ['anger', 'disgust', 'fear', 'happiness', 'neutral', 'sadness', 'surprise'] as const;
export type EmotionName = (typeof emotionNames)[number];

/** Probabilities 0..1 that sum to 1. */
export type Emotions = Record<EmotionName, number>;

/** Each 0..1 with 1 = good (LP5). The formulas and their sources: `quality.ts`. */
export interface Quality {
  light: number;
  dark: number;
  blurriness: number;
  illumination: number;
  specularity: number;
}

/**
 * What the pixels tell of a face and its surroundings as a portrait. Each is null where it cannot be measured. The
 * formulas and their sources: `portrait/`.
 */
export interface Portrait {
  /** 0..1, the entropy of the face's luminance over the 8 bits that it could have. */
  dynamicRange: number | null;
  /** `infrared` is never answered: without its colours it looks like any other grey picture. */
  colorType: 'color' | 'grayscale' | null;
  /** 1: the cheeks have a colour that skin has in white light. */
  naturalLight: 0 | 1 | null;
  /** 0..1, 1 = uniform. */
  backgroundUniformity: number | null;
  /** 0..1, 1 = white. */
  backgroundLightness: number | null;
  /** 1: a pupil is red. Null as well when the eyes were not asked for. */
  redEyes: 0 | 1 | null;
}

export type EyeState = 'open' | 'closed' | 'occluded';

export interface Eye {
  state: EyeState;
  /** 32 points of the iris contour, in pixels of the picture. */
  irisLandmarks: Point[];
  /** 6 points of the lids, in pixels of the picture. */
  eyelidLandmarks: Point[];
}

/** `left` and `right` as seen in the picture. */
export interface Eyes {
  left: Eye;
  right: Eye;
}

/** Each 0..1. `occluded` is null: no network of ours can tell. */
export interface Mouth {
  score: number;
  opened: number;
  smile: number;
  occluded: number | null;
}

export interface Gaze {
  yaw: number;
  pitch: number;
}

export interface BasicAttributes {
  /** Years, 0..100. */
  age: number;
  /** LP5: 0 female, 1 male. */
  gender: 0 | 1;
  /** Probability 0..1 of male, kept for aggregation. */
  maleProbability: number;
}

export interface Liveness {
  prediction: 'real' | 'spoof' | 'unknown';
  /** 0..1, 1 = live; null when undetermined. */
  probability: number | null;
  /** 0..1, suitability of the picture for the estimate; null when undetermined. */
  quality: number | null;
}

export interface Descriptor {
  /** Our own version numbers, >= 20000 (`descriptor.ts`). */
  version: number;
  /** The raw vector as the network gives it, not normalised unless the version says so. */
  vector: Float32Array;
  /** "Garbage score" 0..1: suitability of the sample for matching. */
  score: number;
}

/** One face of a picture. */
export interface FaceEstimate {
  rect: Rect;
  /** Detector confidence 0..1; null for a face warp, where no detector runs. */
  detectionScore: number | null;
  /** Left eye, right eye, nose, left mouth corner, right mouth corner, as seen in the picture. */
  landmarks5: Point[] | null;
  landmarks68: Point[] | null;
  headPose: HeadPose | null;
  emotions: Emotions | null;
  gaze: Gaze | null;
  eyes: Eyes | null;
  mouth: Mouth | null;
  quality: Quality | null;
  portrait: Portrait | null;
  basicAttributes: BasicAttributes | null;
  liveness: Liveness | null;
  descriptor: Descriptor | null;
  /** The 250x250 face sample (LP5 "warp") as JPEG. */
  warpJpeg: Uint8Array | null;
}

export type PictureFormat = 'jpeg' | 'png' | 'bmp' | 'tiff' | 'ppm' | 'webp' | 'gif';

export interface PictureEstimate {
  /** After the EXIF turn. */
  width: number;
  height: number;
  format: PictureFormat;
  /** EXIF tags by name; null when not asked for or the picture has none. */
  exif: Record<string, string | number | number[]> | null;
  /** Largest first. */
  faces: FaceEstimate[];
  /** Milliseconds per stage, for the log and the benchmark: decode, detect, mesh, descriptor, ... */
  stagesMs: Record<string, number>;
}

/**
 * Lowest detector confidence of a request that names none: LP5's 0.42 (since 5.28). Against 0.5 it finds one face in a
 * hundred more on `npm run bench -- accuracy`, and no false ones.
 */
export const defaultScoreThreshold = 0.42;

/** What of a picture shall be estimated. Everything not asked for costs nothing and answers null. */
export interface EstimationRequest {
  /** `raw`: any picture. `face_warp`: exactly 250x250, no detection (LP5 image_type 1). */
  imageType: 'raw' | 'face_warp';
  useExifInfo: boolean;
  /** `best`: only the largest face goes past detection (LP5 multiface_policy 2). */
  faces: 'all' | 'best';
  /** Detection is run inside this box only (LP5 face_bounding_boxes). */
  boundingBox: Rect | null;
  /** Lowest detector confidence, 0..1. Default: `defaultScoreThreshold`. */
  scoreThreshold?: number;
  landmarks68: boolean;
  headPose: boolean;
  emotions: boolean;
  gaze: boolean;
  eyes: boolean;
  mouth: boolean;
  quality: boolean;
  portrait: boolean;
  basicAttributes: boolean;
  liveness: boolean;
  descriptor: boolean;
  warp: boolean;
  exif: boolean;
}

/** Nothing but detection and the five landmarks. */
export const detectionOnly: EstimationRequest = {
  imageType: 'raw',
  useExifInfo: true,
  faces: 'all',
  boundingBox: null,
  landmarks68: false,
  headPose: false,
  emotions: false,
  gaze: false,
  eyes: false,
  mouth: false,
  quality: false,
  portrait: false,
  basicAttributes: false,
  liveness: false,
  descriptor: false,
  warp: false,
  exif: false,
};
