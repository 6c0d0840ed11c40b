/** Bodies, queries and answers of verifiers (LP5 4). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { imageTypes } from '#contract/established/wire-names';
import { exampleDescriptor, RawDescriptor } from '#contract/matching/raw-descriptors';
import { Exif, FilteredDetections, PictureStatus } from '#contract/pictures/picture-answers';
import { Verification } from '#contract/records';
import { csv, Flag, orNull, Page, queryNumber, TimeOut, Uuid, UuidOut } from '#contract/schemas';
import { FaceAttributesAnswer, FaceSampleAnswer } from '../events/events.schema.ts';
import { Description } from '../handlers.schema.ts';
import { VerifierPolicies } from '../policies.schema.ts';

export const VerifierBody = z
  .object({ description: Description.default(''), policies: orNull(VerifierPolicies).optional() })
  .meta({
    id: 'VerifierBody',
    example: { description: 'reception desk', policies: { verification_threshold: 0.9 } },
  });

export const VerifierQuery = Page.extend({ description: Description.optional() });
export const VerifierCountQuery = z.object({ description: Description.optional() });
export const VerifierCreated = z.object({ verifier_id: UuidOut, url: z.string() }).meta({ id: 'VerifierCreated' });

export const Verifier = z
  .object({
    verifier_id: UuidOut,
    account_id: UuidOut,
    description: z.string(),
    create_time: TimeOut,
    last_update_time: TimeOut,
    policies: z.looseObject({}).meta({ description: 'As they were sent, see `VerifierPolicies`.' }),
    url: z.string(),
  })
  .meta({ id: 'Verifier' });

const ids = csv(Uuid, limits.references).optional();
export const VerificationQuery = z.object({
  face_ids: ids,
  event_ids: ids,
  attribute_ids: ids,
  external_ids: csv(z.string().min(1).max(limits.externalId), limits.references).optional(),
  image_type: queryNumber(z.int().min(imageTypes.raw).max(imageTypes.bodyWarp)).optional(),
  warped_image: Flag.optional(),
  use_exif_info: Flag.default(true),
});
export type VerificationQuery = z.output<typeof VerificationQuery>;

export const VerificationAnswer = z
  .object({
    images: z.array(
      PictureStatus.extend({
        exif: Exif,
        detections: z.object({
          face_detections: z.array(
            z.object({
              sample: FaceSampleAnswer,
              image_origin: z.string().nullable(),
              face_attributes: FaceAttributesAnswer,
              verifications: z.array(Verification),
            }),
          ),
        }),
      }),
    ),
    filtered_detections: FilteredDetections,
  })
  .meta({ id: 'Verifications' });

export const RawVerificationBody = z
  .object({
    references: z.array(RawDescriptor).min(1).max(limits.references),
    candidates: z.array(RawDescriptor).min(1).max(limits.references),
  })
  .meta({ id: 'RawVerificationBody', example: { references: [exampleDescriptor], candidates: [exampleDescriptor] } });
export type RawVerificationBody = z.output<typeof RawVerificationBody>;

const RawName = z.object({ id: z.string(), type: z.string() });
export const RawVerificationAnswer = z
  .object({
    matches: z.array(
      z.object({
        reference: RawName,
        matches: z.array(z.object({ candidate: RawName, similarity: z.number(), status: z.boolean() })),
      }),
    ),
  })
  .meta({ id: 'RawVerifications' });
