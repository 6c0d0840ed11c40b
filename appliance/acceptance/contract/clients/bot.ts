/**
 * A messenger bot: `/sdk` with one query per button, `/iso`, `/matcher/raw`. Bytes of the picture as the body, a
 * `Luna-Request-Id` of its own, Basic or Bearer, and an exception for every status of 400 and above.
 */
import * as z from 'zod';
import { decimal, filled, Rect } from './parses.ts';

const face = { detect_face: 1, detect_body: 0, score_threshold: 0.5 };
const body = { detect_face: 0, detect_body: 1, score_threshold: 0.5 };

/** The query of `/sdk` behind each button. */
export const sdkQueries = {
  compare: { ...face, multiface_policy: 2, estimate_face_descriptor: 1 },
  attributes: {
    ...face,
    multiface_policy: 1,
    estimate_head_pose: 1,
    estimate_emotions: 1,
    estimate_mask: 1,
    estimate_glasses: 1,
    estimate_eyes_attributes: 1,
    estimate_mouth_attributes: 1,
    estimate_face_occlusion: 1,
    estimate_deepfake: 1,
  },
  'attributes of bodies': {
    ...body,
    multiface_policy: 1,
    estimate_body_descriptor: 1,
    estimate_body_basic_attributes: 1,
    estimate_upper_body: 1,
    estimate_lower_body: 1,
    estimate_accessories: 1,
  },
  liveness: { ...face, multiface_policy: 2, estimate_liveness: 1 },
  deepfake: { ...face, multiface_policy: 2, estimate_deepfake: 1 },
  quality: { ...face, multiface_policy: 2, estimate_quality: 1 },
  faces: { ...face, multiface_policy: 1 },
  bodies: { ...body, multiface_policy: 1 },
  'image modification': {
    multiface_policy: 0,
    detect_face: 0,
    detect_body: 0,
    estimate_image_modification: 1,
    score_threshold: 0.5,
  },
  crowd: {
    multiface_policy: 1,
    detect_face: 0,
    detect_body: 0,
    estimate_people_count: 1,
    people_count_coordinates: 1,
  },
} as const;

export const isoQuery = { multiface_policy: 2 };

export const requestHeaders = (seconds: number, uuid: string): Record<string, string> => ({
  'Luna-Request-Id': `${seconds},${uuid}`,
  Accept: 'application/json',
});

export const rawMatch = (reference: string, candidate: string): object => ({
  references: [{ id: 'ref-0', type: 'sdk_descriptor', data: reference }],
  candidates: [{ id: 'cand-0', type: 'sdk_descriptor', data: candidate }],
});

const Eye = z.object({ state: filled });
/** It takes the members of `face.attributes`, unless that is empty; then those of `face.detection.attributes`. */
export const Attributes = z.looseObject({
  descriptor: z.object({ sdk_descriptor: filled }).nullish(),
  head_pose: z.object({ yaw: decimal, pitch: decimal, roll: decimal }).nullish(),
  emotions: z.object({ predominant_emotion: filled }).nullish(),
  mask: z.object({ predominant_mask: filled }).nullish(),
  glasses: filled.nullish(),
  eyes_attributes: z.object({ left_eye: Eye, right_eye: Eye }).nullish(),
  mouth_attributes: z.looseObject({}).nullish(),
  face_occlusion: z.looseObject({}).nullish(),
  liveness: z.object({ prediction: filled, estimations: z.looseObject({}) }).nullish(),
  deepfake: z.object({ prediction: filled, score: decimal }).nullish(),
});

const Quality = z.object({
  blurriness: decimal,
  dark: decimal,
  illumination: decimal,
  specularity: decimal,
  light: decimal,
});

const Face = z.object({
  attributes: Attributes,
  detection: z.object({ rect: Rect, quality: Quality.nullish(), attributes: Attributes.nullish() }),
});

export const Sdk = z.object({
  images_estimations: z.array(
    z.object({
      estimations: z.array(z.object({ face: Face.nullish(), body: z.looseObject({}).nullish() })),
      image_estimations: z.object({
        image_modification: z.object({ score: decimal, status: decimal }).nullish(),
        people: z.object({ count: decimal, coordinates: z.array(z.tuple([decimal, decimal])) }).nullish(),
      }),
    }),
  ),
});

/** `matches[0].matches[0].similarity`, times 100. */
export const RawMatch = z.object({
  matches: z.array(z.object({ matches: z.array(z.object({ similarity: decimal })).min(1) })).min(1),
});

const Check = z.looseObject({ name: filled, object_value: z.unknown() });
export const Iso = z.object({
  images: z
    .array(
      z.object({
        estimations: z
          .array(z.object({ face: z.object({ detection: z.object({ iso: z.object({ checks: z.array(Check) }) }) }) }))
          .min(1),
      }),
    )
    .min(1),
});
