/**
 * What a match is made of (LP5 3.5.1 and 7.1): references, and candidate sets of one origin with filters. The same
 * schemas serve `/matcher/*` (filters nested) and `match_policy` (filters flat); either form is taken on both.
 */
import * as z from 'zod';
import { enumNumbers, limits } from '../established/names.ts';
import { FilterTime, Uuid } from '../schemas.ts';
import { RawDescriptor } from './raw-descriptors.ts';

export type CandidateOrigin = 'faces' | 'events' | 'attributes';

/** A value of a closed set by its number or by its name; comes out as the number. */
export function numberOf(names: Readonly<Record<string, number>>) {
  const numbers = new Set(Object.values(names));
  return z
    .preprocess(
      (value) => {
        if (typeof value !== 'string' || value.trim() === '') return value;
        return Object.hasOwn(names, value) ? names[value] : Number(value);
      },
      z
        .int()
        .refine((value) => numbers.has(value), `one of ${Object.entries(names).map(([name, n]) => `${n} (${name})`)}`),
    )
    .meta({ type: 'integer', enum: [...numbers] });
}

/** One or more values, any of which fits. A lone value stands for an array of one, and in the document beside it. */
function anyOf<Item extends z.ZodType>(item: Item, max: number = limits.idsPerFilter) {
  const { $schema, ...items } = z.toJSONSchema(item, { io: 'input', unrepresentable: 'any' });
  return z
    .preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(item).min(1).max(max),
    )
    .meta({ type: ['array', ...[items.type ?? ['string', 'integer']].flat()], items, minItems: 1, maxItems: max })
    .optional();
}

const ids = anyOf(Uuid);
const words = (maxChars: number) => anyOf(z.string().max(maxChars));
const age = z.number().min(0).max(1000).optional();
const similarity = z.number().min(0).max(1).optional();
const time = FilterTime.optional();
const bodyValues = anyOf(z.union([z.int(), z.string().max(64)]));

/** The same members; in the document they may be null, too, which says that they are not set (`withoutNulls`). */
function unsettable<Shape extends Record<string, z.ZodType>>(shape: Shape): Shape {
  const entries = Object.entries(shape).map(([name, schema]) => {
    const { $schema, type = 'string', ...words } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    return [name, schema.meta({ ...words, type: [type, 'null'].flat() })];
  });
  return Object.fromEntries(entries);
}

const FaceFilters = z.strictObject({
  origin: z.literal('faces'),
  ...unsettable({
    account_id: Uuid.optional(),
    face_ids: ids,
    external_ids: words(limits.externalId),
    user_data: z.string().max(limits.userData).optional(),
    event_id: Uuid.optional(),
    list_id: Uuid.optional(),
    create_time__gte: time,
    create_time__lt: time,
  }),
});

const EventFilters = z.strictObject({
  origin: z.literal('events'),
  account_id: Uuid.optional(),
  event_ids: ids,
  handler_ids: ids,
  face_ids: ids,
  sources: words(limits.source),
  external_ids: words(limits.externalId),
  track_ids: words(limits.trackId),
  tags: words(limits.tag).meta({ description: 'The event has all of them.' }),
  user_data: z.string().max(limits.userData).optional(),
  create_time__gte: time,
  create_time__lt: time,
  end_time__gte: time,
  end_time__lt: time,
  gender: numberOf(enumNumbers.gender).optional(),
  age__gte: age,
  age__lt: age,
  emotions: anyOf(numberOf(enumNumbers.emotion)),
  ethnic_groups: anyOf(numberOf(enumNumbers.ethnicGroup)),
  masks: anyOf(numberOf(enumNumbers.mask)),
  liveness: anyOf(numberOf(enumNumbers.liveness)),
  top_matching_candidates_label: z.string().max(limits.label).optional(),
  top_similar_object_ids: ids,
  top_similar_object_similarity__gte: similarity,
  top_similar_object_similarity__lt: similarity,
  cities: words(limits.locationPart),
  areas: words(limits.locationPart),
  districts: words(limits.locationPart),
  streets: words(limits.locationPart),
  house_numbers: words(limits.locationPart),
  geo_position: z
    .strictObject({
      origin_longitude: z.number().min(-180).max(180),
      origin_latitude: z.number().min(-90).max(90),
      longitude_delta: z.number().min(0).max(360).optional(),
      latitude_delta: z.number().min(0).max(180).optional(),
    })
    .optional(),
  // Of bodies. No network of ours estimates them, so an event never fits one of these.
  apparent_gender: numberOf(enumNumbers.apparentGender).optional(),
  apparent_age__gte: age,
  apparent_age__lt: age,
  headwear_states: bodyValues,
  sleeve_lengths: bodyValues,
  upper_clothing_colors: bodyValues,
  backpack_states: bodyValues,
  lower_garment_types: bodyValues,
  lower_garment_colors: bodyValues,
  shoes_apparent_colors: bodyValues,
  headwear_apparent_color: bodyValues,
});

const AttributeFilters = z.strictObject({
  origin: z.literal('attributes'),
  ...unsettable({ account_id: Uuid.optional(), attribute_ids: ids }),
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Clients whose serialiser writes every member of a class send null for what they did not set. */
function withoutNulls(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/**
 * Who is compared with the reference. All members are ANDed; plural ones hold when one of their values fits. An unknown
 * member is refused, because leaving a filter out would widen the search. Null is not given, but for events, where LP5
 * asks for missing values with it. Times may be relative and stay text, since policies are stored (`resolveFilterTime`).
 */
export const CandidateFilters = z
  .preprocess(
    (value) => {
      const filters = isObject(value) && isObject(value['filters']) && !('origin' in value) ? value['filters'] : value;
      return isObject(filters) && filters['origin'] !== 'events' ? withoutNulls(filters) : filters;
    },
    z.discriminatedUnion('origin', [FaceFilters, EventFilters, AttributeFilters]),
  )
  .meta({ id: 'CandidateFilters' });
export type CandidateFilters = z.infer<typeof CandidateFilters>;
export type FaceFilters = z.infer<typeof FaceFilters>;
export type EventFilters = z.infer<typeof EventFilters>;
export type AttributeFilters = z.infer<typeof AttributeFilters>;

export const MatchLimit = z.int().min(1).max(limits.resultCandidates).default(limits.defaultMatchLimit);
export const MatchThreshold = z.number().min(0).max(1).default(0);
export const MatchTargets = anyOf(z.string().min(1).max(64), 64);

const setMembers = ['limit', 'threshold', 'targets', 'order', 'filters'];

/** One element of `candidates` of `/matcher/*`. Its targets are checked by `checkTargets`. */
export const CandidateSet = z
  .preprocess(
    (value) => {
      if (!isObject(value)) return value;
      if ('filters' in value) return withoutNulls(value);
      const entries = Object.entries(value);
      const own = entries.filter(([name]) => setMembers.includes(name));
      return {
        ...withoutNulls(Object.fromEntries(own)),
        filters: Object.fromEntries(entries.filter(([name]) => !setMembers.includes(name))),
      };
    },
    z.object({
      filters: CandidateFilters,
      ...unsettable({ limit: MatchLimit, threshold: MatchThreshold, targets: MatchTargets }),
      order: z.literal('similarity').optional(),
    }),
  )
  .meta({ id: 'CandidateSet' });
export type CandidateSet = z.infer<typeof CandidateSet>;

/** Whom candidates are compared with: something stored here, or a descriptor in the request itself. */
export const Reference = z
  .discriminatedUnion('type', [
    z.object({ type: z.enum(['face', 'event', 'attribute']), id: Uuid }),
    z.object({
      type: z.enum(['face_external_id', 'event_external_id', 'event_track_id']),
      id: z.string().min(1).max(limits.externalId),
    }),
    RawDescriptor,
  ])
  .meta({ id: 'Reference' });
export type Reference = z.infer<typeof Reference>;
