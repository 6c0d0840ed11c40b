/** "Not this person" on the wire. Perigee's own resource: LP5 has none. */
import * as z from 'zod';
import { exampleId, Page, TimeOut, Uuid, UuidOut } from '#contract/schemas';

export const RejectionCreate = z
  .object({
    face_id: Uuid,
    event_id: Uuid.optional(),
    other_face_id: Uuid.optional(),
  })
  .refine((body) => (body.event_id === undefined) !== (body.other_face_id === undefined), {
    error: 'exactly one of event_id and other_face_id is required',
  })
  .refine((body) => body.face_id !== body.other_face_id, {
    error: 'a face is the same person as itself',
    path: ['other_face_id'],
  })
  .meta({ id: 'RejectionCreate', example: { face_id: exampleId, event_id: exampleId } });
export type RejectionCreate = z.infer<typeof RejectionCreate>;

export const Rejection = z
  .object({
    rejection_id: UuidOut,
    account_id: UuidOut,
    face_id: UuidOut,
    event_id: UuidOut.nullable(),
    other_face_id: UuidOut.nullable(),
    create_time: TimeOut,
  })
  .meta({ id: 'Rejection' });
export type Rejection = z.infer<typeof Rejection>;

export const RejectionCreated = z.object({ rejection_id: UuidOut, url: z.string() }).meta({ id: 'RejectionCreated' });

export const RejectionQuery = Page.extend({
  face_id: Uuid.optional().meta({ description: 'On either side of the pair.' }),
  event_id: Uuid.optional(),
});
export type RejectionQuery = z.infer<typeof RejectionQuery>;

export const Rejections = z.object({ rejections: z.array(Rejection) }).meta({ id: 'Rejections' });
