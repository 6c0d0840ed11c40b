import type * as z from 'zod';
import { validationError } from './http.ts';

/** Parses a part of a body. Throws `BadJson` 12022 or `NotUuid` 12001 with the path, which begins with `path`. */
export function parseAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: readonly string[] = [],
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw validationError('json', parsed.error.issues as Parameters<typeof validationError>[1], value, path);
}
