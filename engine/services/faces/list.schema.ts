/** Lists on the wire (LP5 5.4). */
import * as z from 'zod';
import { limits } from '#contract/established/names';
import { csv, exampleId, Flag, Page, TimeOut, Uuid, UuidOut } from '#contract/schemas';

export const ListCreate = z
  .object({ user_data: z.string().max(limits.userData).default('') })
  .meta({ id: 'ListCreate', example: { user_data: 'staff' } });
export const ListPatch = z
  .object({ user_data: z.string().max(limits.userData) })
  .meta({ id: 'ListPatch', example: { user_data: 'staff of 2026' } });

export const ListCountQuery = z.object({
  account_id: Uuid.optional(),
  list_ids: csv(Uuid).optional(),
  user_data: z.string().max(limits.userData).optional(),
});
export const ListQuery = ListCountQuery.extend(Page.shape);

export const List = z
  .object({
    list_id: UuidOut,
    account_id: UuidOut,
    user_data: z.string(),
    create_time: TimeOut,
    last_update_time: TimeOut,
  })
  .meta({ id: 'List' });

export const Lists = z.object({ lists: z.array(List) }).meta({ id: 'Lists' });
export const ListCreated = z
  .object({ list_id: UuidOut, url: z.string(), external_url: z.string() })
  .meta({ id: 'ListCreated' });
export const ListIds = z
  .object({ list_ids: z.array(Uuid).min(1).max(limits.facesPerLink) })
  .meta({ id: 'ListIds', example: { list_ids: [exampleId] } });

export const WithFaces = z.object({
  with_faces: Flag.default(false).meta({ description: 'Removes the faces of the list, too.' }),
});

export const ListFaces = z
  .object({
    action: z.enum(['attach', 'detach']),
    face_ids: z.array(Uuid).min(1).max(limits.facesPerLink),
  })
  .meta({ id: 'ListFaces', example: { action: 'attach', face_ids: [exampleId] } });

export const Linker = ListFaces.extend({ list_id: Uuid, action: ListFaces.shape.action.default('attach') }).meta({
  id: 'Linker',
  example: { action: 'attach', list_id: exampleId, face_ids: [exampleId] },
});
