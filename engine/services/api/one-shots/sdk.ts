import type * as z from 'zod';
import {
  estimatePictures,
  filteredDetections,
  type IncomingPicture,
  pictureStatus,
  requireOneFacePerPicture,
} from '#contract/pictures/estimated-pictures';
import { basicAttributesView, detectionView, emotionsView, livenessView } from '#contract/pictures/estimation-view';
import { packSdkDescriptor } from '#domain/descriptor/descriptor';
import { aggregate } from '#domain/face/aggregate';
import type { Descriptor, FaceEstimate } from '#domain/face/estimation';
import type { CheckResult } from '#domain/face/face-checks';
import type { Inference } from '#inference/inference';
import { refuseUnsupported, requestOf, rulesOf, shownOf } from './estimation-query.ts';
import type { SdkAnswer, SdkQuery } from './one-shot.schema.ts';

/** Descriptors and warps are bytes here: the answer is made JSON or msgpack at the very end. */
type WithBytes<T> = T extends string ? string | Uint8Array : T extends object ? { [K in keyof T]: WithBytes<T[K]> } : T;
export type SdkResult = WithBytes<z.infer<typeof SdkAnswer>>;

function descriptorView(descriptor: Descriptor | null) {
  if (descriptor === null) return null;
  return { sdk_descriptor: packSdkDescriptor(descriptor.version, descriptor.vector), score: descriptor.score };
}

function faceView(face: FaceEstimate, faceQuality: CheckResult | null) {
  const detection = detectionView(face, faceQuality);
  const attributes = {
    ...detection.attributes,
    descriptor: descriptorView(face.descriptor),
    basic_attributes: basicAttributesView(face.basicAttributes),
  };
  // Clients read the attributes in either place (LP5 2.5).
  return { detection: { ...detection, attributes, warp: face.warpJpeg }, attributes };
}

const noAttributes = { basicAttributes: null, emotions: null, liveness: null };

/** `/sdk` (LP5 2.5): estimates and stores nothing. */
export function createSdk(deps: { inference: Pick<Inference, 'estimate'> }) {
  return {
    async estimate(pictures: readonly IncomingPicture[], query: SdkQuery): Promise<SdkResult> {
      refuseUnsupported(query);
      const request = {
        ...requestOf(query),
        basicAttributes: query.estimate_basic_attributes,
        descriptor: query.estimate_face_descriptor || query.aggregate_face_descriptor || query.fd_score_threshold > 0,
        warp: query.estimate_face_warp,
      };
      const rules = { ...rulesOf(query), minDescriptorScore: query.fd_score_threshold };
      const found = await estimatePictures(deps.inference.estimate, pictures, request, rules);
      const estimated = shownOf(found, query);
      const faces = estimated.flatMap(({ kept }) => kept).map(({ face }) => face);
      const wantsAggregate = query.aggregate_face_descriptor || query.aggregate_attributes;
      if (wantsAggregate) requireOneFacePerPicture(estimated);
      const thresholds = { liveness: query.liveness_threshold, quality: query.quality_threshold };
      const whole = aggregate(wantsAggregate ? faces : [], thresholds);
      const attributes = query.aggregate_attributes ? whole : noAttributes;
      return {
        images_estimations: estimated.map((one) => ({
          ...pictureStatus(one),
          estimations: one.kept.map(({ face, faceQuality }) => ({
            face: faceView(query.estimate_face_descriptor ? face : { ...face, descriptor: null }, faceQuality),
            body: null,
          })),
          image_estimations: { exif: one.estimate?.exif ?? null, people: null, image_modification: null },
          filtered_detections: filteredDetections([one]),
        })),
        aggregate_estimations: {
          face: {
            attributes: {
              descriptor: query.aggregate_face_descriptor ? descriptorView(whole.descriptor) : null,
              basic_attributes: basicAttributesView(attributes.basicAttributes),
              emotions: emotionsView(attributes.emotions),
              liveness: livenessView(attributes.liveness),
              mask: null,
            },
          },
          body: { attributes: {} },
        },
      };
    },
  };
}
export type Sdk = ReturnType<typeof createSdk>;
