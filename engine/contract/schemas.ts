/** Schemas every resource shares. Input is liberal (LP5 0.1): 0/1 and booleans, csv and repeated keys, upper-case ids. */
// Before the first schema is made: it gives them what the OpenAPI document asks of them.
import '@hono/zod-openapi';
import * as z from 'zod';
import { limits } from './established/names.ts';
import { parseTime } from './time-text.ts';

export { toTime } from './time-text.ts';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id in every example of the document. */
export const exampleId = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';

/** Any UUID, in lower case. Issues of this schema answer 12001 wherever they occur (`http.ts`). */
export const Uuid = z
  .string()
  .toLowerCase()
  .refine((value) => uuidPattern.test(value), { error: 'not a UUID', params: { luna: 'NotUuid' } })
  .meta({ format: 'uuid', example: exampleId });
export type Uuid = z.infer<typeof Uuid>;

export function isUuid(value: string): boolean {
  return uuidPattern.test(value.toLowerCase());
}

/** 0/1, "0"/"1", booleans. Comes out as a boolean. */
export const Flag = z
  .preprocess((value) => {
    if (value === 1 || value === '1' || value === 'true') return true;
    if (value === 0 || value === '0' || value === 'false') return false;
    return value;
  }, z.boolean('must be 0 or 1'))
  .meta({ type: 'integer', enum: [0, 1] });

/** A number of a query string. */
export function queryNumber(schema: z.ZodNumber) {
  return z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value), schema);
}

/** What the document says about the items of a `csv`, whose own type the preprocessing hides. */
function itemsOf(item: z.ZodType): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(item, { io: 'input', unrepresentable: 'any' });
  return schema;
}

/** `?ids=a,b` and `?ids=a&ids=b` alike. */
export function csv<Item extends z.ZodType>(item: Item, max: number = limits.idsPerFilter) {
  return z
    .preprocess(
      (value) =>
        (Array.isArray(value) ? value : [value]).flatMap((part) =>
          typeof part === 'string' ? part.split(',').map((word) => word.trim()) : [part],
        ),
      z.array(item).min(1).max(max),
    )
    .meta({
      type: 'array',
      items: itemsOf(item),
      minItems: 1,
      maxItems: max,
      param: { style: 'form', explode: false },
    });
}

/**
 * `schema` or null, for schemas that are components of the document: of `schema.nullable()` its generator makes a
 * component that is nullable everywhere, or a reference that never fits null, depending on which it meets first.
 */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null()]);
}

/** RFC 3339 in, milliseconds since 1970 out. A time without a zone is UTC. */
export const Time = z
  .string()
  .transform((text, context) => {
    const ms = parseTime(text);
    if (Number.isNaN(ms)) context.issues.push({ code: 'custom', message: 'not an RFC 3339 time', input: text });
    return ms;
  })
  .meta({ type: 'string', format: 'date-time', example: '2026-03-05T10:20:30.123Z' });

/** An http(s) url or a path of this appliance. Anything else could be a script in somebody's console. */
export const isLink = (text: string): boolean => /^(https?:\/)?\/[^\s]+$/i.test(text);
export const Link = z.string().refine(isLink, 'must be an http url or a path');

/** Tags come in lists with commas between them. */
export const Tag = z
  .string()
  .min(1)
  .max(limits.tag)
  .refine((text) => !text.includes(','), 'a tag must not contain a comma');

const relativeUnitsMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

/** RFC 3339 or `now-<N><s|m|h|d|w|M|y>` in; a function of "now" (ms) to ms out, since policies are stored. */
export const FilterTime = z
  .string()
  .refine((text) => /^now-\d{1,9}[smhdwMy]$/.test(text) || Time.safeParse(text).success, 'not a time')
  .meta({ example: 'now-3h' });

/** Resolves a stored `FilterTime` at a moment. Milliseconds since 1970. */
export function resolveFilterTime(text: string, nowMs: number): number {
  const relative = /^now-(\d+)([smhdwMy])$/.exec(text);
  if (relative) return nowMs - Number(relative[1]) * (relativeUnitsMs[relative[2] ?? 's'] ?? 0);
  return Time.parse(text);
}

export const Page = z.object({
  page: queryNumber(z.int().min(1).max(limits.page)).default(1),
  page_size: queryNumber(z.int().min(1).max(limits.pageSize)).default(limits.defaultPageSize),
});

/** An answer's time, as `toTime` gives it. */
export const TimeOut = z.string().meta({ format: 'date-time', example: '2026-03-05T10:20:30.123Z' });

/** An object id inside an answer: not validated again, only described. */
export const UuidOut = z.string().meta({ format: 'uuid' });

export const ErrorBody = z
  .object({
    error_code: z.int(),
    desc: z.string(),
    detail: z.string(),
    link: z.string(),
  })
  .meta({ id: 'Error' });

/** Members asked for by `targets`. Checked by the resource, which knows its valid names (22016). */
export const Targets = csv(z.string().min(1).max(64), 64).optional();

/** Whatever the client wants to find with its event again, bounded in size. */
export const Meta = z
  .unknown()
  .refine((value) => value === undefined || Buffer.byteLength(JSON.stringify(value)) <= limits.meta, {
    error: `is larger than ${limits.meta} bytes`,
  })
  .meta({ description: `Anything, at most ${limits.meta} bytes as JSON.` });
