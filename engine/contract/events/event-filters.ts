/**
 * Filters of events (LP5 8.1), as a query of GET `/events` and as candidates of origin `events`, and what they ask of
 * the stored rows. All are ANDed, plural ones hold when one value fits, `tags` when all do. `null` among the values of
 * a query asks for events without a value (LP5 5.45). Unknown parameters are ignored, as LP5 does.
 */
import * as z from 'zod';
import type { Condition, ConditionValue, EventConditionColumn, EventConditions } from '#domain/event/conditions';
import { defaults, enumNumbers, limits } from '../established/names.ts';
import { numberOf } from '../matching/candidates.ts';
import { csv, FilterTime, queryNumber, resolveFilterTime, Uuid } from '../schemas.ts';

const orNull = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === 'null' ? null : value), item.nullable());
const ids = csv(Uuid).optional();
const words = (maxChars: number) => csv(orNull(z.string().max(maxChars))).optional();
const numbers = (names: Readonly<Record<string, number>>) => csv(orNull(numberOf(names))).optional();
const age = queryNumber(z.number().min(0).max(1000)).optional();
const similarity = queryNumber(z.number().min(0).max(1)).optional();
const place = words(limits.locationPart);
/** Anything: what is asked about is never stored, only its absence can match. */
const body = csv(z.string().max(64)).optional();

export const EventQuery = z.object({
  event_ids: ids,
  event_id__gte: Uuid.optional(),
  event_id__lt: Uuid.optional(),
  handler_ids: ids,
  face_ids: ids,
  external_ids: words(limits.externalId),
  track_ids: words(limits.trackId),
  stream_id: words(limits.trackId),
  account_id: Uuid.optional(),
  create_time__gte: FilterTime.optional(),
  create_time__lt: FilterTime.optional(),
  end_time__gte: FilterTime.optional(),
  end_time__lt: FilterTime.optional(),
  insert_time__gte: FilterTime.optional(),
  insert_time__lt: FilterTime.optional(),
  sources: words(limits.source),
  tags: csv(z.string().max(limits.tag), limits.tagsPerEvent)
    .meta({ description: 'The event has all of them.' })
    .optional(),
  user_data: z.string().max(limits.userData).optional(),
  gender: orNull(numberOf(enumNumbers.gender)).optional(),
  age__gte: age,
  age__lt: age,
  emotions: numbers(enumNumbers.emotion),
  ethnic_groups: numbers(enumNumbers.ethnicGroup),
  masks: numbers(enumNumbers.mask),
  liveness: numbers(enumNumbers.liveness),
  deepfake: body,
  top_matching_candidates_label: z.string().max(limits.label).optional(),
  top_similar_object_ids: ids,
  top_similar_object_type: csv(z.enum(['face', 'event', 'attribute'])).optional(),
  top_similar_external_ids: words(limits.externalId),
  top_similar_object_similarity__gte: similarity,
  top_similar_object_similarity__lt: similarity,
  apparent_gender: body,
  apparent_age__gte: age,
  apparent_age__lt: age,
  headwear_states: body,
  sleeve_lengths: body,
  upper_clothing_colors: body,
  backpack_states: body,
  lower_garment_types: body,
  lower_garment_colors: body,
  shoes_apparent_colors: body,
  headwear_apparent_colors: body,
  cities: place,
  areas: place,
  districts: place,
  streets: place,
  house_numbers: place,
  origin_longitude: queryNumber(z.number().min(-180).max(180)).optional(),
  origin_latitude: queryNumber(z.number().min(-90).max(90)).optional(),
  longitude_delta: queryNumber(z.number().min(0).max(360)).optional(),
  latitude_delta: queryNumber(z.number().min(0).max(180)).optional(),
});
export type EventQuery = z.infer<typeof EventQuery>;

/** Bodies and deepfakes: no network of ours estimates them, so that an event has no value there. */
const neverStored = [
  'deepfake',
  'apparent_gender',
  'apparent_age__gte',
  'apparent_age__lt',
  'headwear_states',
  'sleeve_lengths',
  'upper_clothing_colors',
  'backpack_states',
  'lower_garment_types',
  'lower_garment_colors',
  'shoes_apparent_colors',
  'headwear_apparent_colors',
  'headwear_apparent_color',
] as const;

type Values = readonly ConditionValue[] | undefined;

/** The members of `EventQuery` and of candidates' `EventFilters`; the place is flat in the first, nested in the second. */
export interface EventFilterValues extends Place {
  event_ids?: Values;
  event_id__gte?: string | undefined;
  event_id__lt?: string | undefined;
  handler_ids?: Values;
  face_ids?: Values;
  external_ids?: Values;
  track_ids?: Values;
  stream_id?: Values;
  account_id?: string | undefined;
  create_time__gte?: string | undefined;
  create_time__lt?: string | undefined;
  end_time__gte?: string | undefined;
  end_time__lt?: string | undefined;
  insert_time__gte?: string | undefined;
  insert_time__lt?: string | undefined;
  sources?: Values;
  tags?: readonly string[] | undefined;
  user_data?: string | undefined;
  gender?: number | null | undefined;
  age__gte?: number | undefined;
  age__lt?: number | undefined;
  emotions?: Values;
  ethnic_groups?: Values;
  masks?: Values;
  liveness?: Values;
  top_matching_candidates_label?: string | undefined;
  top_similar_object_ids?: Values;
  top_similar_object_type?: Values;
  top_similar_external_ids?: Values;
  top_similar_object_similarity__gte?: number | undefined;
  top_similar_object_similarity__lt?: number | undefined;
  cities?: Values;
  areas?: Values;
  districts?: Values;
  streets?: Values;
  house_numbers?: Values;
  geo_position?: Place | undefined;
}

/** Degrees around an origin. The box does not wrap around poles and the 180th meridian. */
interface Place {
  origin_longitude?: number | undefined;
  origin_latitude?: number | undefined;
  longitude_delta?: number | undefined;
  latitude_delta?: number | undefined;
}

const oneOf: readonly [keyof EventFilterValues, EventConditionColumn][] = [
  ['event_ids', 'event_id'],
  ['track_ids', 'track_id'],
  ['external_ids', 'external_id'],
  ['face_ids', 'face_id'],
  ['top_similar_object_ids', 'top_object_id'],
  ['sources', 'source'],
  ['handler_ids', 'handler_id'],
  ['account_id', 'account_id'],
  ['stream_id', 'stream_id'],
  ['user_data', 'user_data'],
  ['gender', 'gender'],
  ['emotions', 'emotion'],
  ['ethnic_groups', 'ethnic_group'],
  ['masks', 'mask'],
  ['liveness', 'liveness'],
  ['top_matching_candidates_label', 'top_label'],
  ['top_similar_object_type', 'top_object_type'],
  ['top_similar_external_ids', 'top_external_id'],
  ['cities', 'city'],
  ['areas', 'area'],
  ['districts', 'district'],
  ['streets', 'street'],
  ['house_numbers', 'house_number'],
];

/** `<name>__gte` is inclusive, `<name>__lt` exclusive. */
const ranges = [
  ['event_id', 'event_id'],
  ['create_time', 'create_time'],
  ['end_time', 'end_time'],
  ['insert_time', 'insert_time'],
  ['age', 'age'],
  ['top_similar_object_similarity', 'top_similarity'],
] as const satisfies readonly (readonly [string, EventConditionColumn])[];

function placeConditions(place: Place): Condition<EventConditionColumn>[] {
  const { origin_longitude: longitude, origin_latitude: latitude } = place;
  if (longitude === undefined || latitude === undefined) return [];
  const { longitude_delta: width = defaults.geoDelta, latitude_delta: height = defaults.geoDelta } = place;
  return [
    { column: 'longitude', atLeast: longitude - width },
    { column: 'longitude', atMost: longitude + width },
    { column: 'latitude', atLeast: latitude - height },
    { column: 'latitude', atMost: latitude + height },
  ];
}

const asksForAbsence = (value: unknown): boolean =>
  Array.isArray(value) ? value.some((item) => item === null || item === 'null') : value === null;

/** What the filters ask of the rows, with relative times counted back from `nowMs`. Say the account separately. */
export function toEventConditions(filters: EventFilterValues, nowMs: number): EventConditions {
  const conditions: Condition<EventConditionColumn>[] = [];
  for (const [name, column] of oneOf) {
    const value = filters[name] as Values | ConditionValue | undefined;
    if (value !== undefined) {
      conditions.push({ column, oneOf: Array.isArray(value) ? value : [value as ConditionValue] });
    }
  }
  for (const [name, column] of ranges) {
    const bound = (value: string | number): string | number =>
      column.endsWith('_time') ? resolveFilterTime(String(value), nowMs) : value;
    const from = filters[`${name}__gte`];
    const below = filters[`${name}__lt`];
    if (from !== undefined) conditions.push({ column, atLeast: bound(from) });
    if (below !== undefined) conditions.push({ column, below: bound(below) });
  }
  for (const tag of filters.tags ?? []) conditions.push({ column: 'tag', oneOf: [tag] });
  conditions.push(...placeConditions(filters.geo_position ?? filters));
  const asked = filters as Readonly<Record<string, unknown>>;
  if (neverStored.some((name) => asked[name] !== undefined && !asksForAbsence(asked[name]))) {
    conditions.push({ never: true });
  }
  return conditions;
}
