/**
 * How estimates look on the wire (LP5 2.3): schemas for the document, and the functions that make them of what the
 * networks said. Every member is always there; `null` is "not estimated".
 */
import * as z from 'zod';
import type { BasicAttributes, Emotions, Eye, FaceEstimate, Liveness, Mouth, Point } from '#domain/face/estimation';
import { emotionNames } from '#domain/face/estimation';
import type { CheckResult } from '#domain/face/face-checks';
import { orNull } from '../schemas.ts';

const Score = z.number().min(0).max(1);
const Degrees = z.number().min(-180).max(180);
const PointOut = z.tuple([z.number(), z.number()]).meta({ description: '`[x, y]` in pixels of the picture.' });

export const RectOut = z
  .object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })
  .meta({ id: 'Rect', description: 'Pixels of the picture after its EXIF turn. May exceed the borders.' });

export const QualityOut = z
  .object({ light: Score, dark: Score, blurriness: Score, illumination: Score, specularity: Score })
  .meta({ id: 'Quality', description: 'Each 0..1, 1 is good.' });

const EyeOut = z.object({
  state: z.enum(['open', 'closed', 'occluded']),
  iris_landmarks: z.array(PointOut),
  eyelid_landmarks: z.array(PointOut),
});

export const LivenessOut = z
  .object({
    prediction: z.enum(['real', 'spoof', 'unknown']),
    estimations: z.object({ probability: Score.nullable(), quality: Score.nullable() }),
  })
  .meta({ id: 'Liveness', description: '`unknown` with nulls when no liveness network is installed.' });

export const EmotionsOut = z
  .object({
    predominant_emotion: z.enum(emotionNames),
    estimations: z.object(Object.fromEntries(emotionNames.map((name) => [name, Score]))),
  })
  .meta({ id: 'Emotions' });

export const BasicAttributesOut = z
  .object({ age: z.int().min(0).max(100), gender: z.union([z.literal(0), z.literal(1)]), ethnicities: z.null() })
  .meta({ id: 'BasicAttributes', description: 'gender: 0 female, 1 male. No network of ours estimates ethnicity.' });

export const FaceQualityOut = z
  .object({
    status: z.union([z.literal(0), z.literal(1)]),
    checks: z.array(
      z.object({
        name: z.string(),
        object_value: z.union([z.number(), z.string(), z.null()]),
        threshold_value: z.union([
          z.object({ min: z.number().optional(), max: z.number().optional() }),
          z.array(z.union([z.string(), z.number()])),
        ]),
        result: z.union([z.literal(0), z.literal(1)]),
      }),
    ),
  })
  .meta({
    id: 'FaceQuality',
    description:
      '`status` is 1 when every check that ran passed. A value that could not be measured is null and does not pass.',
  });

export const FaceAttributesOut = z
  .object({
    head_pose: z.object({ yaw: Degrees, pitch: Degrees, roll: Degrees }).nullable(),
    gaze: z.object({ yaw: Degrees, pitch: Degrees }).nullable(),
    eyes_attributes: z.object({ left_eye: EyeOut, right_eye: EyeOut }).nullable(),
    mouth_attributes: z.object({ score: Score, opened: Score, smile: Score, occluded: Score.nullable() }).nullable(),
    emotions: orNull(EmotionsOut),
    mask: z.null(),
    glasses: z.null(),
    liveness: orNull(LivenessOut),
    deepfake: z.null(),
    face_occlusion: z.null(),
  })
  .meta({ id: 'FaceDetectionAttributes' });

export const Detection = z
  .object({
    rect: RectOut,
    landmarks5: z.array(PointOut).nullable(),
    landmarks68: z.array(PointOut).nullable(),
    quality: orNull(QualityOut),
    face_quality: orNull(FaceQualityOut),
    attributes: FaceAttributesOut,
  })
  .meta({ id: 'FaceDetection' });
export type Detection = z.infer<typeof Detection>;

/** Four digits of a coordinate or score are more than any network knows. */
const round = (value: number): number => Math.round(value * 1e4) / 1e4;

const points = (list: readonly Point[] | null): [number, number][] | null =>
  list === null ? null : list.map(([x, y]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);

function rounded<Name extends string>(scores: Record<Name, number>): Record<Name, number> {
  const entries = Object.entries(scores) as [Name, number][];
  return Object.fromEntries(entries.map(([name, value]) => [name, round(value)])) as Record<Name, number>;
}

const eyeView = (eye: Eye) => ({
  state: eye.state,
  iris_landmarks: points(eye.irisLandmarks) ?? [],
  eyelid_landmarks: points(eye.eyelidLandmarks) ?? [],
});

const mouthView = (mouth: Mouth) => ({
  score: round(mouth.score),
  opened: round(mouth.opened),
  smile: round(mouth.smile),
  occluded: mouth.occluded === null ? null : round(mouth.occluded),
});

export function emotionsView(emotions: Emotions | null) {
  if (emotions === null) return null;
  const strongest = emotionNames.reduce((best, name) => (emotions[name] > emotions[best] ? name : best));
  return { predominant_emotion: strongest, estimations: rounded(emotions) };
}

/** `estimations` of a liveness estimate. */
export function livenessScores({ probability, quality }: Liveness) {
  return {
    probability: probability === null ? null : round(probability),
    quality: quality === null ? null : round(quality),
  };
}

export function livenessView(liveness: Liveness | null) {
  return liveness && { prediction: liveness.prediction, estimations: livenessScores(liveness) };
}

/** `{age, gender, ethnicities}`. Ethnicity is never estimated, hence null. */
export function basicAttributesView(basic: Pick<BasicAttributes, 'age' | 'gender'> | null) {
  return basic === null
    ? null
    : { age: Math.min(100, Math.max(0, Math.round(basic.age))), gender: basic.gender, ethnicities: null };
}

export function rectView({ x, y, width, height }: FaceEstimate['rect']) {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}

/** `detection` of a face, everywhere it occurs. */
export function detectionView(face: FaceEstimate, faceQuality: CheckResult | null = null): Detection {
  const { headPose, gaze, eyes, mouth, quality } = face;
  return {
    rect: rectView(face.rect),
    landmarks5: points(face.landmarks5),
    landmarks68: points(face.landmarks68),
    quality: quality && rounded({ ...quality }),
    face_quality: faceQuality,
    attributes: {
      head_pose: headPose && rounded({ ...headPose }),
      gaze: gaze && rounded({ ...gaze }),
      eyes_attributes: eyes && { left_eye: eyeView(eyes.left), right_eye: eyeView(eyes.right) },
      mouth_attributes: mouth && mouthView(mouth),
      emotions: emotionsView(face.emotions),
      mask: null,
      glasses: null,
      liveness: livenessView(face.liveness),
      deepfake: null,
      face_occlusion: null,
    },
  };
}
