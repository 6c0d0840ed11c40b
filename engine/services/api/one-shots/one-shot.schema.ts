import * as z from 'zod';
import { limits } from '#contract/established/names';
import { policyDefaults } from '#contract/established/policy-defaults';
import {
  BasicAttributesOut,
  Detection,
  EmotionsOut,
  FaceAttributesOut,
  LivenessOut,
} from '#contract/pictures/estimation-view';
import { Exif, FilteredDetections, PictureStatus } from '#contract/pictures/picture-answers';
import { exampleId, Flag, orNull, queryNumber, Uuid, UuidOut } from '#contract/schemas';
import { EstimationQuery } from './estimation-query.ts';

export const DetectorQuery = EstimationQuery;

export const DetectorAnswer = z
  .object({
    images: z.array(
      PictureStatus.extend({
        exif: Exif,
        detections: z.object({
          samples: z.array(
            z.object({
              face: z.object({ sample_id: UuidOut, url: z.string(), detection: Detection }),
              body: z.null(),
            }),
          ),
          filtered_detections: FilteredDetections,
        }),
      }),
    ),
  })
  .meta({ id: 'DetectorAnswer' });

export const SdkQuery = EstimationQuery.extend({
  estimate_basic_attributes: Flag.default(false),
  estimate_face_descriptor: Flag.default(false),
  estimate_face_warp: Flag.default(false),
  aggregate_face_descriptor: Flag.default(false),
  aggregate_attributes: Flag.default(false),
  fd_score_threshold: queryNumber(z.number().min(0).max(1)).default(policyDefaults.fdScoreThreshold),
});
export type SdkQuery = z.output<typeof SdkQuery>;

const SdkDescriptor = z
  .object({ sdk_descriptor: z.string().meta({ format: 'byte' }), score: z.number() })
  .meta({ id: 'SdkDescriptor', description: 'base64 of the SDK container; bytes in msgpack.' });
const SdkAttributes = FaceAttributesOut.extend({
  descriptor: orNull(SdkDescriptor),
  basic_attributes: orNull(BasicAttributesOut),
}).meta({ id: 'SdkFaceAttributes' });

export const SdkAnswer = z
  .object({
    images_estimations: z.array(
      PictureStatus.extend({
        estimations: z.array(
          z.object({
            face: z.object({
              detection: Detection.extend({
                warp: z.string().meta({ format: 'byte' }).nullable(),
                attributes: SdkAttributes,
              }),
              attributes: SdkAttributes,
            }),
            body: z.null(),
          }),
        ),
        image_estimations: z.object({ exif: Exif, people: z.null(), image_modification: z.null() }),
        filtered_detections: FilteredDetections,
      }),
    ),
    aggregate_estimations: z.object({
      face: z.object({
        attributes: z.object({
          descriptor: orNull(SdkDescriptor),
          basic_attributes: orNull(BasicAttributesOut),
          emotions: orNull(EmotionsOut),
          liveness: orNull(LivenessOut),
          mask: z.null(),
        }),
      }),
      body: z.object({ attributes: z.object({}) }),
    }),
  })
  .meta({ id: 'SdkAnswer' });

export const ExtractorQuery = z.object({
  extract_descriptor: Flag.default(policyDefaults.extractFaceDescriptor === 1),
  extract_basic_attributes: Flag.default(false),
  aggregate_attributes: Flag.default(false),
  ttl: queryNumber(z.int().min(1).max(limits.attributeTtl)).default(limits.defaultAttributeTtl),
  fd_score_threshold: queryNumber(z.number().min(0).max(1)).default(policyDefaults.fdScoreThreshold),
});
export type ExtractorQuery = z.output<typeof ExtractorQuery>;

const SampleIds = z.array(Uuid).min(1).max(limits.samplesPerExtraction);
/** A bare array, or an object around it. */
export const ExtractorBody = z
  .union([SampleIds, z.object({ sample_ids: SampleIds }).transform(({ sample_ids }) => sample_ids)])
  .meta({ example: { sample_ids: [exampleId] } });
