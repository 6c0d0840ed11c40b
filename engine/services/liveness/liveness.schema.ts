import * as z from 'zod';
import { policyDefaults } from '#contract/established/policy-defaults';
import { imageTypes } from '#contract/established/wire-names';
import { PictureStatus } from '#contract/pictures/picture-answers';
import { Flag, orNull, queryNumber } from '#contract/schemas';

const degrees = queryNumber(z.number().min(0).max(180)).default(policyDefaults.angleThreshold);
const unit = queryNumber(z.number().min(0).max(1));

/** LP5 9.1. */
export const LivenessQuery = z.object({
  aggregate: Flag.default(false),
  liveness_threshold: unit.default(policyDefaults.livenessThreshold),
  quality_threshold: unit.default(policyDefaults.livenessQualityThreshold),
  multiface_policy: queryNumber(z.int().min(0).max(2)).default(0).meta({
    description:
      'A picture has one answer here. 0 and 1: several faces are error 11038 of the picture. 2: the best face is taken.',
  }),
  pitch_threshold: degrees,
  yaw_threshold: degrees,
  roll_threshold: degrees,
  use_exif_info: Flag.default(policyDefaults.useExifInfo === 1),
  image_type: queryNumber(z.int().min(imageTypes.raw).max(imageTypes.bodyWarp)).default(imageTypes.raw),
});
export type LivenessQuery = z.output<typeof LivenessQuery>;

const Score = z.number().min(0).max(1).nullable();

export const NumberedLiveness = z
  .object({
    prediction: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    estimations: z.object({ probability: Score, quality: Score }),
  })
  .meta({
    id: 'NumberedLiveness',
    description:
      '0 spoof, 1 real, 2 unknown. 2 with null numbers: no liveness network is installed, or the picture shows too ' +
      'little around the face, a too small face, or one that is turned too far. 2 with a probability: undecided.',
  });

export const LivenessAnswer = z
  .object({
    images: z.array(PictureStatus.extend({ liveness: orNull(NumberedLiveness) })),
    aggregate_estimations: z.object({ liveness: NumberedLiveness }).nullable(),
  })
  .meta({ id: 'LivenessAnswer' });
export type LivenessAnswer = z.infer<typeof LivenessAnswer>;
