import type * as z from 'zod';
import {
  estimatePictures,
  filteredDetections,
  type IncomingPicture,
  pictureStatus,
} from '#contract/estimated-pictures';
import { detectionView } from '#contract/estimation-view';
import { buckets } from '#contract/names';
import type { Inference } from '#inference/inference';
import { lunaError } from '#kernel/errors';
import type { Storage } from '#storage/storage';
import type { ImageStore, StagedImage } from '../../image-store/image-store.service.ts';
import { type EstimationQuery, refuseUnsupported, requestOf, rulesOf } from './estimation-query.ts';
import type { DetectorAnswer } from './one-shot.schema.ts';

/**
 * `/detector` (LP5 2.4): detects, estimates, and stores a face sample for every detection. Files come before rows; when
 * one cannot be written, those of this request are taken back and nothing is stored.
 */
export function createDetector(deps: {
  inference: Pick<Inference, 'estimate'>;
  images: Pick<ImageStore, 'stage' | 'commit' | 'discard'>;
  storage: Pick<Storage, 'atomically'>;
}) {
  const { inference, images, storage } = deps;
  return {
    async detect(
      accountId: string,
      pictures: readonly IncomingPicture[],
      query: EstimationQuery,
    ): Promise<z.infer<typeof DetectorAnswer>> {
      refuseUnsupported(query);
      const request = { ...requestOf(query), warp: true };
      const estimated = await estimatePictures(inference.estimate, pictures, request, rulesOf(query));
      const staged: StagedImage[] = [];
      try {
        const answers: z.infer<typeof DetectorAnswer>['images'] = [];
        for (const one of estimated) {
          const samples = [];
          for (const { face, faceQuality } of query.detect_face ? one.kept : []) {
            if (!face.warpJpeg) throw lunaError('DetectionFailed', { reason: 'no face sample was made' });
            const sample = await images.stage(buckets.faceSamples, accountId, 'image/jpeg', face.warpJpeg);
            staged.push(sample);
            const sampleId = sample.row.image_id;
            const url = `/6/samples/faces/${sampleId}`;
            samples.push({
              face: { sample_id: sampleId, url, detection: detectionView(face, faceQuality) },
              body: null,
            });
          }
          const detections = { samples, filtered_detections: filteredDetections([one]) };
          answers.push({ ...pictureStatus(one), exif: one.estimate?.exif ?? null, detections });
        }
        storage.atomically(() => {
          for (const sample of staged) images.commit(sample);
        });
        return { images: answers };
      } catch (error) {
        await Promise.all(staged.map((sample) => images.discard(sample)));
        throw error;
      }
    },
  };
}
export type Detector = ReturnType<typeof createDetector>;
