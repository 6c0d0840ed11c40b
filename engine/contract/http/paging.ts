import * as z from 'zod';
import type { RowOrder } from '#domain/event/conditions';
import { defaultOrder } from '../established/wire-names.ts';

/** `order` of resources with keyset paging by id (`<id>__gte`, `<id>__lt`). */
export const Order = z
  .enum(['asc', 'desc'])
  .optional()
  .meta({
    description:
      'By create_time, newest first by default. When an id is given to page from: by id, ascending unless only the ' +
      'upper one (`__lt`) is given.',
  });

/** The order that a query with keyset bounds asks for. */
export function rowOrder(
  order: 'asc' | 'desc' | undefined,
  from: string | undefined,
  below: string | undefined,
): RowOrder {
  const byId = from !== undefined || below !== undefined;
  const descending = byId ? from === undefined : defaultOrder === 'desc';
  return { by: byId ? 'id' : 'create_time', descending: order ? order === 'desc' : descending };
}
