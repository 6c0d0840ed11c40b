/** Faces on the wire (LP5 5.1). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { Order } from '#contract/http/paging';
import { FaceQuery } from '#contract/matching/face-filters';
import { Face } from '#contract/records';
import { exampleId, isLink, Page, Targets, Uuid, UuidOut } from '#contract/schemas';
import { FaceAttribute } from './attribute.schema.ts';

const Avatar = z
  .string()
  .max(limits.avatar)
  .refine((text) => text === '' || isLink(text), 'must be an http url or a path');

const members = {
  external_id: z.string().max(limits.externalId),
  user_data: z.string().max(limits.userData),
  avatar: Avatar,
  event_id: Uuid.nullable(),
};

export const FaceCreate = z
  .object({
    external_id: members.external_id.default(''),
    user_data: members.user_data.default(''),
    avatar: members.avatar.default(''),
    event_id: members.event_id.default(null),
    lists: z.array(Uuid).max(limits.listsPerFace).default([]),
    attribute: FaceAttribute.optional(),
    attribute_id: Uuid.optional().meta({ description: 'Short for `attribute.attribute_id`.' }),
  })
  .meta({
    id: 'FaceCreate',
    example: { external_id: 'badge-17', user_data: 'Anna', lists: [exampleId], attribute_id: exampleId },
  });
export type FaceCreate = z.infer<typeof FaceCreate>;

export const FacePatch = z
  .object(members)
  .partial()
  .meta({ id: 'FacePatch', example: { user_data: 'Anna Berg' } });
export type FacePatch = z.infer<typeof FacePatch>;

export const faceTargets = [
  'face_id',
  'account_id',
  'event_id',
  'user_data',
  'create_time',
  'external_id',
  'avatar',
  'lists',
] as const;

const targets = Targets.meta({ description: `Any of ${faceTargets.join(', ')}.` });

export const FaceItemQuery = z.object({ targets });
export const FaceCountQuery = FaceQuery.extend({ targets });
export const FaceListQuery = FaceCountQuery.extend(Page.shape).extend({
  order: Order,
});

export const Faces = z.object({ faces: z.array(Face) }).meta({ id: 'Faces' });
export const FaceCreated = z
  .object({ face_id: UuidOut, url: z.string(), external_url: z.string() })
  .meta({ id: 'FaceCreated' });
export const FaceIds = z
  .object({ face_ids: z.array(Uuid).min(1).max(limits.facesPerLink) })
  .meta({ id: 'FaceIds', example: { face_ids: [exampleId] } });
