import type * as z from 'zod';
import { detectionView } from '#contract/estimation-view';
import { buckets } from '#contract/names';
import type { Inference } from '#inference/inference';
import { lunaError } from '#kernel/errors';
import type { Storage } from '#storage/storage';
import type { ImageStore, StagedImage } from '../../image-store/image-store.service.ts';
import type { IncomingPicture } from '../pictures/pictures.ts';
import { type EstimatedPicture, estimatePictures } from './estimated-pictures.ts';
import { type EstimationQuery, refuseUnsupported, requestOf } from './estimation-query.ts';
import type { DetectorAnswer } from './one-shot.schema.ts';

export function filteredView(filename: string, filtered: EstimatedPicture['filtered']) {
  return {
    face_detections: filtered.map(({ face, reasons }) => ({
      filename,
      detection: { sample: { detection: detectionView(face) } },
      filter_reasons: reasons,
    })),
    body_detections: [],
  };
}

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
      const estimated = await estimatePictures(inference, pictures, request, query);
      const staged: StagedImage[] = [];
      try {
        const answers: z.infer<typeof DetectorAnswer>['images'] = [];
        for (const { picture, status, error, exif, faces, filtered } of estimated) {
          const samples = [];
          for (const face of faces) {
            if (!face.warpJpeg) throw lunaError('DetectionFailed', { reason: 'no face sample was made' });
            const sample = await images.stage(buckets.faceSamples, accountId, 'image/jpeg', face.warpJpeg);
            staged.push(sample);
            const sampleId = sample.row.image_id;
            const url = `/6/samples/faces/${sampleId}`;
            samples.push({ face: { sample_id: sampleId, url, detection: detectionView(face) }, body: null });
          }
          const detections = { samples, filtered_detections: filteredView(picture.filename, filtered) };
          answers.push({ filename: picture.filename, status, error, exif, detections });
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
