/** Filters of faces (LP5 5.1), as a query of GET `/faces` and as candidates of origin `faces`. All are ANDed. */
import * as z from 'zod';
import type { Condition, FaceConditionColumn, FaceConditions } from '#domain/event/conditions';
import { limits } from '../established/names.ts';
import { csv, FilterTime, resolveFilterTime, Uuid } from '../schemas.ts';

export const FaceQuery = z.object({
  account_id: Uuid.optional(),
  face_ids: csv(Uuid).optional(),
  user_data: z.string().max(limits.userData).optional(),
  user_data__like: z.string().min(1).max(limits.userData).optional(),
  external_id: csv(z.string().max(limits.externalId)).optional(),
  external_ids: csv(z.string().max(limits.externalId)).optional(),
  event_id: Uuid.optional(),
  list_id: Uuid.optional(),
  create_time__gte: FilterTime.optional(),
  create_time__lt: FilterTime.optional(),
  face_id__gte: Uuid.optional(),
  face_id__lt: Uuid.optional(),
});
export type FaceQuery = z.infer<typeof FaceQuery>;

/** What the filters ask of the rows, with relative times counted back from `nowMs`. Say the account separately. */
export function toFaceConditions(filters: FaceQuery, nowMs: number): FaceConditions {
  const conditions: Condition<FaceConditionColumn>[] = [];
  const { face_ids, external_id, external_ids = external_id } = filters;
  if (face_ids) conditions.push({ column: 'face_id', oneOf: face_ids });
  if (external_ids) conditions.push({ column: 'external_id', oneOf: external_ids });
  for (const column of ['event_id', 'list_id', 'user_data', 'account_id'] as const) {
    const value = filters[column];
    if (value !== undefined) conditions.push({ column, oneOf: [value] });
  }
  if (filters.user_data__like) conditions.push({ column: 'user_data', contains: filters.user_data__like });
  for (const column of ['create_time', 'face_id'] as const) {
    const bound = (text: string): string | number => (column === 'face_id' ? text : resolveFilterTime(text, nowMs));
    const from = filters[`${column}__gte`];
    const below = filters[`${column}__lt`];
    if (from !== undefined) conditions.push({ column, atLeast: bound(from) });
    if (below !== undefined) conditions.push({ column, below: bound(below) });
  }
  return conditions;
}
