/**
 * An identification service in Java (Spring, Jackson): a handler that stores faces, `/matcher/faces`, a verifier with
 * two faces. It signs in with the account header alone.
 */
import * as z from 'zod';
import { boxed, decimal, filled, integer, text } from './parses.ts';

export const headers = (accountId: string, contentType: string): Record<string, string> => ({
  'Luna-Account-Id': accountId,
  'Content-Type': contentType,
});

export const createPath = (handlerId: string, externalId: string): string =>
  `/6/handlers/${handlerId}/events?external_id=${externalId}`;
export const matchPath = '/6/matcher/faces';
export const verifyPath = (verifierId: string, passportId: string, selfieId: string): string =>
  `/6/verifiers/${verifierId}/verifications?face_ids=${passportId},${selfieId}`;

export const matchBody = (passportFaceId: string, selfieFaceId: string): object => ({
  candidates: [{ filters: { origin: 'faces', face_ids: [passportFaceId] } }],
  references: [{ type: 'face', id: selfieFaceId }],
});

export const LunaError = boxed({ error_code: integer, desc: text, detail: text });
const Quality = boxed({
  blurriness: decimal,
  dark: decimal,
  illumination: decimal,
  specularity: decimal,
  light: decimal,
});

/** Without a null check it reads `events[0].face.face_id`, the `filtered_detections` and the `object_value` of a reason. */
export const FaceIdResponse = boxed({
  images: z.array(boxed({ status: integer, filename: text, error: LunaError })),
  events: z.array(
    boxed({
      event_id: text,
      external_id: text,
      face_attributes: boxed({ score: decimal }),
      detections: z.array(boxed({ samples: boxed({ face: boxed({ detection: boxed({ quality: Quality }) }) }) })),
    }).extend({ face: z.object({ face_id: filled, external_id: text }) }),
  ),
}).extend({
  filtered_detections: boxed({
    face_detections: z.array(
      boxed({
        filter_reasons: z.array(
          boxed({ filter_name: text, threshold_value: decimal }).extend({ object_value: decimal }),
        ),
        detection: boxed({ sample: boxed({ detection: boxed({ quality: Quality }) }) }),
      }),
    ),
  }),
});

/** It takes element 0 of the array, and the first result of its first set. */
export const MatchResponses = z
  .array(
    boxed({
      reference: boxed({ id: text, type: text }),
      matches: z.array(
        boxed({
          filters: z.record(text, z.unknown()),
          result: z.array(
            boxed({
              face: boxed({
                face_id: text,
                account_id: text,
                event_id: text,
                user_data: text,
                create_time: text,
                external_id: text,
                avatar: text,
                lists: z.array(text),
              }),
              similarity: decimal,
            }),
          ),
        }),
      ),
    }),
  )
  .min(1);

/** Verification 0 is the passport's, 1 the selfie's: they come in the order in which the ids were asked for. */
export const MatchVideoResponse = boxed({
  images: z
    .array(
      boxed({
        status: integer,
        filename: text,
        error: LunaError,
        detections: boxed({
          face_detections: z.array(
            boxed({
              verifications: z
                .array(boxed({ similarity: decimal, status: z.boolean(), face: boxed({ face_id: text }) }))
                .min(2),
            }),
          ),
        }),
      }),
    )
    .min(1),
});
