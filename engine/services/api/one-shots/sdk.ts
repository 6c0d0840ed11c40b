import type * as z from 'zod';
import { basicAttributesView, detectionView, emotionsView, livenessView } from '#contract/estimation-view';
import { aggregate } from '#domain/aggregate';
import { packSdkDescriptor } from '#domain/descriptor';
import type { Descriptor, FaceEstimate } from '#domain/estimation';
import type { Inference } from '#inference/inference';
import { lunaError } from '#kernel/errors';
import type { IncomingPicture } from '../pictures/pictures.ts';
import { filteredView } from './detector.ts';
import { type EstimatedPicture, estimatePictures } from './estimated-pictures.ts';
import { refuseUnsupported, requestOf } from './estimation-query.ts';
import type { SdkAnswer, SdkQuery } from './one-shot.schema.ts';

/** Descriptors and warps are bytes here: the answer is made JSON or msgpack at the very end. */
type WithBytes<T> = T extends string ? string | Uint8Array : T extends object ? { [K in keyof T]: WithBytes<T[K]> } : T;
export type SdkResult = WithBytes<z.infer<typeof SdkAnswer>>;

function descriptorView(descriptor: Descriptor | null) {
  if (descriptor === null) return null;
  return { sdk_descriptor: packSdkDescriptor(descriptor.version, descriptor.vector), score: descriptor.score };
}

function faceView(face: FaceEstimate) {
  const detection = detectionView(face);
  const attributes = {
    ...detection.attributes,
    descriptor: descriptorView(face.descriptor),
    basic_attributes: basicAttributesView(face.basicAttributes),
  };
  // Clients read the attributes in either place (LP5 2.5).
  return { detection: { ...detection, attributes, warp: face.warpJpeg }, attributes };
}

function filterByScore(picture: EstimatedPicture, threshold: number): EstimatedPicture {
  const low = picture.faces.filter(({ descriptor }) => descriptor !== null && descriptor.score < threshold);
  const reasonOf = (face: FaceEstimate) => ({
    filter_name: 'fd_score_threshold',
    object_value: face.descriptor?.score ?? null,
    threshold_value: threshold,
  });
  return {
    ...picture,
    faces: picture.faces.filter((face) => !low.includes(face)),
    filtered: [...picture.filtered, ...low.map((face) => ({ face, reasons: [reasonOf(face)] }))],
  };
}

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
      const all = await estimatePictures(deps.inference, pictures, request, query);
      const estimated = all.map((picture) => filterByScore(picture, query.fd_score_threshold));
      const faces = estimated.flatMap((picture) => picture.faces);
      const wantsAggregate = query.aggregate_face_descriptor || query.aggregate_attributes;
      if (wantsAggregate && estimated.some((picture) => picture.faces.length > 1)) {
        throw lunaError('MultipleFaces', { where: 'aggregation wants one face per picture (multiface_policy 2)' });
      }
      const thresholds = { liveness: query.liveness_threshold, quality: query.quality_threshold };
      const whole = aggregate(wantsAggregate ? faces : [], thresholds);
      return {
        images_estimations: estimated.map(({ picture, status, error, exif, faces: kept, filtered }) => ({
          filename: picture.filename,
          status,
          error,
          estimations: kept.map((face) => ({
            face: faceView(query.estimate_face_descriptor ? face : { ...face, descriptor: null }),
            body: null,
          })),
          image_estimations: { exif, people: null },
          filtered_detections: filteredView(picture.filename, filtered),
        })),
        aggregate_estimations: {
          face: {
            attributes: {
              descriptor: query.aggregate_face_descriptor ? descriptorView(whole.descriptor) : null,
              basic_attributes: basicAttributesView(whole.basicAttributes),
              emotions: emotionsView(whole.emotions),
              liveness: livenessView(whole.liveness),
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
