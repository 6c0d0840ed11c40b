import * as z from 'zod';
import { estimatePictures, type IncomingPicture, pictureStatus } from '#contract/pictures/estimated-pictures';
import { FaceQualityOut, RectOut, rectView } from '#contract/pictures/estimation-view';
import { PictureStatus } from '#contract/pictures/picture-answers';
import { Flag, queryNumber } from '#contract/schemas';
import { keepEverything } from '#domain/face/detection-rules';
import { detectionOnly } from '#domain/face/estimation';
import { allChecks, type CheckResult, needsOf } from '#domain/face/face-checks';
import type { Inference } from '#inference/inference';

export const IsoQuery = z.object({
  multiface_policy: queryNumber(z.int().min(0).max(2)).default(1),
  use_exif_info: Flag.default(true),
});
export type IsoQuery = z.output<typeof IsoQuery>;

export const IsoAnswer = z
  .object({
    images: z.array(
      PictureStatus.extend({
        estimations: z.array(
          z.object({ face: z.object({ detection: z.object({ rect: RectOut, iso: FaceQualityOut }) }) }),
        ),
      }),
    ),
  })
  .meta({ id: 'IsoAnswer' });
export type IsoAnswer = z.infer<typeof IsoAnswer>;

/** What the checks need of the networks. */
const needs = needsOf(allChecks);
const request = {
  ...detectionOnly,
  landmarks68: needs.has('landmarks68'),
  headPose: needs.has('headPose'),
  gaze: needs.has('gaze'),
  eyes: needs.has('eyes'),
  mouth: needs.has('mouth'),
  quality: needs.has('quality'),
  portrait: needs.has('portrait'),
};
const notChecked: CheckResult = { status: 0, checks: [] };

/**
 * `/iso` (LP5 9.2): how far a picture is what ISO/IEC 19794-5 wants of a portrait. The thresholds are the system's. Runs
 * every check that can be decided here (`#domain/face-checks` says how); the others are not in the answer, and `status`
 * is the AND of what is. Nothing is stored.
 */
export function createIso(deps: { inference: Pick<Inference, 'estimate'> }) {
  return {
    async check(pictures: readonly IncomingPicture[], query: IsoQuery): Promise<IsoAnswer> {
      const multifacePolicy = query.multiface_policy as 0 | 1 | 2;
      const estimated = await estimatePictures(
        deps.inference.estimate,
        pictures,
        { ...request, useExifInfo: query.use_exif_info, faces: multifacePolicy === 2 ? 'best' : 'all' },
        { ...keepEverything, multifacePolicy, faceQuality: { plan: allChecks, filter: false } },
      );
      return {
        images: estimated.map((one) => ({
          ...pictureStatus(one),
          estimations: one.kept.map(({ face, faceQuality }) => ({
            face: { detection: { rect: rectView(face.rect), iso: faceQuality ?? notChecked } },
          })),
        })),
      };
    },
  };
}
export type Iso = ReturnType<typeof createIso>;
