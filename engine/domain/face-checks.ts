import type { FaceEstimate, Point } from './estimation.ts';

/**
 * Checks of one face and its picture against thresholds (LP5 9.3): `face_quality` of policies and `/iso`. Only what the
 * networks or the pixels can decide stands here; a value that could not be measured is null and fails its check.
 */

/** A range (either end may be absent) or the list of admitted values. */
export type CheckThreshold = { min?: number | undefined; max?: number | undefined } | (string | number)[];

export interface CheckResult {
  /** 1 when every check passed. */
  status: 0 | 1;
  checks: { name: string; object_value: number | string | null; threshold_value: CheckThreshold; result: 0 | 1 }[];
}

export interface CheckedFace {
  face: FaceEstimate;
  picture: { width: number; height: number; format: string; sizeBytes: number };
}

/** What has to be estimated for a check; detection and the five landmarks are always there. */
export type CheckNeed = 'headPose' | 'gaze' | 'eyes' | 'mouth' | 'quality' | 'landmarks68';

interface Check {
  readonly threshold: CheckThreshold;
  readonly needs: readonly CheckNeed[];
  /** How the value comes about, with its source: for the documentation. */
  readonly method: string;
  readonly measure: (facts: CheckedFace) => number | string | null;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

function eyePoints({ face }: CheckedFace): readonly [Point, Point] | null {
  const [left, right] = face.landmarks5 ?? [];
  return left && right ? [left, right] : null;
}

/** Point M of ISO/IEC 19794-5: the middle between the eyes. */
function eyeMiddle(facts: CheckedFace): Point | null {
  const eyes = eyePoints(facts);
  return eyes && middle(eyes[0], eyes[1]);
}

/** Points of the 68-landmark scheme (iBUG 300-W), counted from 0: 0 and 16 the jaw at the ears, 8 the chin. */
function landmark({ face }: CheckedFace, index: number): Point | null {
  return face.landmarks68?.[index] ?? null;
}

function headWidth(facts: CheckedFace): number | null {
  const [left, right] = [landmark(facts, 0), landmark(facts, 16)];
  return left && right ? round(distance(left, right) / facts.picture.width) : null;
}

function headHeight(facts: CheckedFace): number | null {
  const [eyes, chin] = [eyeMiddle(facts), landmark(facts, 8)];
  return eyes && chin ? round((2 * distance(eyes, chin)) / facts.picture.height) : null;
}

const angle = (name: 'yaw' | 'pitch' | 'roll', limit: number): Check => ({
  threshold: { min: -limit, max: limit },
  needs: ['headPose'],
  method: 'head pose of the face mesh, degrees',
  measure: ({ face }) => face.headPose && round(face.headPose[name]),
});
const gaze = (name: 'yaw' | 'pitch'): Check => ({
  threshold: { min: -5, max: 5 },
  needs: ['gaze'],
  method: 'iris points against the eye corners, degrees',
  measure: ({ face }) => face.gaze && round(face.gaze[name]),
});
const quality = (name: 'light' | 'dark' | 'blurriness' | 'illumination' | 'specularity', min: number): Check => ({
  threshold: { min },
  needs: ['quality'],
  method: 'pixels of the aligned face (quality.ts)',
  measure: ({ face }) => face.quality && round(face.quality[name]),
});
const eye = (side: 'left' | 'right'): Check => ({
  threshold: ['open'],
  needs: ['eyes'],
  method: 'eye aspect ratio of the mesh (Soukupova and Cech 2016)',
  measure: ({ face }) => face.eyes?.[side].state ?? null,
});
const mouth = (name: 'opened' | 'smile'): Check => ({
  threshold: { max: 0.5 },
  needs: ['mouth'],
  method: 'mouth points of the mesh, 0..1',
  measure: ({ face }) => face.mouth && round(face.mouth[name]),
});
const indent = (measure: (facts: CheckedFace) => number): Check => ({
  threshold: { min: 20 },
  needs: [],
  method: 'pixels between the face box and the border',
  measure: (facts) => Math.round(measure(facts)),
});
const pixels = (min: number, method: string, measure: Check['measure']): Check => ({
  threshold: { min },
  needs: [],
  method,
  measure,
});
const share = (
  min: number,
  max: number,
  needs: readonly CheckNeed[],
  method: string,
  measure: Check['measure'],
): Check => ({
  threshold: { min, max },
  needs,
  method,
  measure,
});

/** Default thresholds: LP5 9.3, where only roll, mouth and the quality settings are documented; the rest is recalled. */
export const faceChecks = {
  image_format: {
    threshold: ['JPEG', 'JPEG2000', 'PNG'],
    needs: [],
    method: 'first bytes of the file',
    measure: ({ picture }) => picture.format.toUpperCase(),
  },
  image_size: {
    threshold: { min: 5120, max: 2_097_152 },
    needs: [],
    method: 'bytes of the file',
    measure: ({ picture }) => picture.sizeBytes,
  },
  image_width: pixels(180, 'pixels after the EXIF turn', ({ picture }) => picture.width),
  image_height: pixels(180, 'pixels after the EXIF turn', ({ picture }) => picture.height),
  aspect_ratio: share(0.74, 0.8, [], 'width over height', ({ picture }) => round(picture.width / picture.height)),
  illumination_quality: quality('illumination', 0.3),
  illumination_uniformity: quality('illumination', 0.3),
  specularity_quality: quality('specularity', 0.3),
  blurriness_quality: quality('blurriness', 0.61),
  dark_quality: quality('dark', 0.5),
  light_quality: quality('light', 0.57),
  head_yaw: angle('yaw', 5),
  head_pitch: angle('pitch', 5),
  head_roll: angle('roll', 8),
  gaze_yaw: gaze('yaw'),
  gaze_pitch: gaze('pitch'),
  mouth_smiling: mouth('smile'),
  mouth_open: mouth('opened'),
  left_eye: eye('left'),
  right_eye: eye('right'),
  eye_distance: pixels(90, 'pixels between the eye centres', (facts) => {
    const eyes = eyePoints(facts);
    return eyes && Math.round(distance(eyes[0], eyes[1]));
  }),
  head_horizontal_center: share(
    0.45,
    0.55,
    [],
    'x of the middle between the eyes over the width (ISO/IEC 19794-5, 8.3.2)',
    (facts) => {
      const eyes = eyeMiddle(facts);
      return eyes && round(eyes[0] / facts.picture.width);
    },
  ),
  head_vertical_center: share(
    0.3,
    0.5,
    [],
    'y of the middle between the eyes over the height (ISO/IEC 19794-5, 8.3.3)',
    (facts) => {
      const eyes = eyeMiddle(facts);
      return eyes && round(eyes[1] / facts.picture.height);
    },
  ),
  head_width: share(0.5, 0.75, ['landmarks68'], 'distance of the jaw points at the ears over the width', headWidth),
  head_height: share(
    0.6,
    0.9,
    ['landmarks68'],
    'twice the distance from the eyes to the chin over the height: eyes lie half way between chin and crown',
    headHeight,
  ),
  face_width: pixels(180, 'pixels of the face box', ({ face }) => Math.round(face.rect.width)),
  face_height: pixels(180, 'pixels of the face box', ({ face }) => Math.round(face.rect.height)),
  indent_left: indent(({ face }) => face.rect.x),
  indent_right: indent(({ face, picture }) => picture.width - face.rect.x - face.rect.width),
  indent_upper: indent(({ face }) => face.rect.y),
  indent_lower: indent(({ face, picture }) => picture.height - face.rect.y - face.rect.height),
} as const satisfies Record<string, Check>;

export type FaceCheckName = keyof typeof faceChecks;
export const faceCheckNames = Object.keys(faceChecks) as FaceCheckName[];

/** Checks of LP5 that neither our networks nor pixels can decide: refused by name. */
export const undecidableChecks = [
  'dynamic_range',
  'background_uniformity',
  'background_lightness',
  'natural_light',
  'radial_distortion',
  'red_eyes',
  'face_color_type',
  'mouth_occluded',
  'smile_properties',
  'glasses',
  'eyebrows_state',
  'headwear_type',
  'shoulders_position',
] as const;

/** Which checks to run, with the thresholds that hold for them. */
export type CheckPlan = ReadonlyMap<FaceCheckName, CheckThreshold>;

/** Every check with its default threshold. */
export const allChecks: CheckPlan = new Map(
  faceCheckNames.map((name) => [name, faceChecks[name].threshold as CheckThreshold]),
);

/** What has to be estimated for the checks of a plan. */
export function needsOf(plan: CheckPlan): Set<CheckNeed> {
  return new Set([...plan.keys()].flatMap((name): readonly CheckNeed[] => faceChecks[name].needs));
}

function passes(value: number | string | null, threshold: CheckThreshold): boolean {
  if (value === null) return false;
  if (Array.isArray(threshold)) return threshold.includes(value);
  if (typeof value !== 'number') return false;
  return (
    (threshold.min === undefined || value >= threshold.min) && (threshold.max === undefined || value <= threshold.max)
  );
}

export function checkFace(facts: CheckedFace, plan: CheckPlan): CheckResult {
  const checks = [...plan].map(([name, threshold]) => {
    const value = faceChecks[name].measure(facts);
    return { name, object_value: value, threshold_value: threshold, result: passes(value, threshold) ? 1 : 0 } as const;
  });
  return { status: checks.every(({ result }) => result === 1) ? 1 : 0, checks };
}
