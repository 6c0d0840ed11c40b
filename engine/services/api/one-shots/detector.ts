import type * as z from 'zod';
import { buckets } from '#contract/established/names';
import {
  estimatePictures,
  filteredDetections,
  type IncomingPicture,
  pictureStatus,
} from '#contract/pictures/estimated-pictures';
import { detectionView } from '#contract/pictures/estimation-view';
import type { Inference } from '#inference/inference';
import { lunaError } from '#kernel/errors';
import type { Storage } from '#storage/storage';
import type { ImageStore, StagedImage } from '../../image-store/image-store.service.ts';
import { type EstimationQuery, refuseUnsupported, requestOf, rulesOf, shownOf } from './estimation-query.ts';
import type { DetectorAnswer } from './one-shot.schema.ts';

/** Samples of one request that are written at the same time: as many as the disk writes for everybody. */
const writtenAtOnce = 8;

/** Writes samples, all or none: when one cannot be written, the others are taken away again and its error is thrown. */
async function stageSamples(
  images: Pick<ImageStore, 'stage' | 'discard'>,
  accountId: string,
  jpegs: readonly Uint8Array[],
): Promise<StagedImage[]> {
  const staged: StagedImage[] = [];
  const left = jpegs.entries();
  let failed = false;
  const writeSome = async (): Promise<void> => {
    for (const [i, jpeg] of left) {
      if (failed) return;
      staged[i] = await images.stage(buckets.faceSamples, accountId, 'image/jpeg', jpeg).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const writers = await Promise.allSettled(Array.from({ length: writtenAtOnce }, writeSome));
  const refused = writers.find((writer) => writer.status === 'rejected');
  if (!refused) return staged;
  // `flat` leaves out the holes of those that were not written.
  await Promise.all(staged.flat().map((sample) => images.discard(sample)));
  throw refused.reason;
}

/**
 * `/detector` (LP5 2.4): detects, estimates, and stores a face sample for every detection. Files come before rows; when
 * one cannot be written, those of this request are taken back and nothing is stored.
 */
export function createDetector(deps: {
  inference: Pick<Inference, 'estimate'>;
  images: Pick<ImageStore, 'stage' | 'commit' | 'discard'>;
  storage: Pick<Storage, 'durably'>;
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
      const found = await estimatePictures(inference.estimate, pictures, request, rulesOf(query));
      const estimated = shownOf(found, query);
      const warps = estimated
        .flatMap(({ kept }) => kept)
        .map(({ face }) => {
          if (!face.warpJpeg) throw lunaError('DetectionFailed', { reason: 'no face sample was made' });
          return face.warpJpeg;
        });
      const staged = await stageSamples(images, accountId, warps);
      try {
        await storage.durably(() => {
          for (const sample of staged) images.commit(sample);
        });
      } catch (error) {
        await Promise.all(staged.map((sample) => images.discard(sample)));
        throw error;
      }
      const sampleIds = staged.map(({ row }) => row.image_id).values();
      const answers = estimated.map((one): z.infer<typeof DetectorAnswer>['images'][number] => {
        const samples = one.kept.map(({ face, faceQuality }) => {
          const sampleId = sampleIds.next().value ?? '';
          const url = `/6/samples/faces/${sampleId}`;
          return { face: { sample_id: sampleId, url, detection: detectionView(face, faceQuality) }, body: null };
        });
        const detections = { samples, filtered_detections: filteredDetections([one]) };
        return { ...pictureStatus(one), exif: one.estimate?.exif ?? null, detections };
      });
      return { images: answers };
    },
  };
}

export type Detector = ReturnType<typeof createDetector>;
