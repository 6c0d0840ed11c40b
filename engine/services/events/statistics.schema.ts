/** POST `/events/stats` (LP5 8.3). */
import * as z from 'zod';
import { statisticWords } from '#contract/established/wire-names';
import { FilterTime } from '#contract/schemas';

/** Columns by their wire name: what is stored under which name, and of which kind its values are. */
export const statisticColumns = {
  event_id: { column: 'event_id', kind: 'id' },
  account_id: { column: 'account_id', kind: 'id' },
  handler_id: { column: 'handler_id', kind: 'id' },
  face_id: { column: 'face_id', kind: 'id' },
  create_time: { column: 'create_time', kind: 'time' },
  end_time: { column: 'end_time', kind: 'time' },
  insert_time: { column: 'insert_time', kind: 'time' },
  external_id: { column: 'external_id', kind: 'text' },
  user_data: { column: 'user_data', kind: 'text' },
  source: { column: 'source', kind: 'text' },
  track_id: { column: 'track_id', kind: 'text' },
  stream_id: { column: 'stream_id', kind: 'text' },
  gender: { column: 'gender', kind: 'gender' },
  age: { column: 'age', kind: 'number' },
  emotion: { column: 'emotion', kind: 'emotion' },
  ethnic_group: { column: 'ethnic_group', kind: 'ethnicGroup' },
  mask: { column: 'mask', kind: 'mask' },
  liveness: { column: 'liveness', kind: 'liveness' },
  top_matching_candidates_label: { column: 'top_label', kind: 'text' },
  top_similar_object_id: { column: 'top_object_id', kind: 'id' },
  top_similar_object_type: { column: 'top_object_type', kind: 'text' },
  top_similar_external_id: { column: 'top_external_id', kind: 'text' },
  top_similar_object_similarity: { column: 'top_similarity', kind: 'number' },
  similarity: { column: 'top_similarity', kind: 'number' },
  city: { column: 'city', kind: 'text' },
  area: { column: 'area', kind: 'text' },
  district: { column: 'district', kind: 'text' },
  street: { column: 'street', kind: 'text' },
  house_number: { column: 'house_number', kind: 'text' },
  longitude: { column: 'longitude', kind: 'number' },
  latitude: { column: 'latitude', kind: 'number' },
} as const;
export type StatisticColumn = keyof typeof statisticColumns;

export type Operator = (typeof statisticWords.operators)[number];

const Column = z.enum(Object.keys(statisticColumns) as [StatisticColumn, ...StatisticColumn[]]);
const Value = z.union([z.number(), z.string().max(256), z.null()]);

const Filter = z.object({
  column: z.union([Column, z.literal('tags')]),
  operator: z.enum(statisticWords.operators),
  value: z.union([Value, z.array(Value).min(1).max(1000)]),
});
export type StatisticFilter = z.infer<typeof Filter>;

const grouping = {
  interval: z
    .string()
    .regex(/^[1-9]\d{0,5}[smhdwMy]$/, 'must be <N><s|m|h|d|w|M|y>')
    .optional(),
  frequency: z.enum(statisticWords.frequencies).optional(),
};

const Target = z.object({
  column: Column,
  aggregator: z.enum(statisticWords.aggregators),
  ...grouping,
});
export type StatisticTarget = z.infer<typeof Target>;

const Grouping = z.union([
  Column.transform((column) => ({ column, aggregator: 'group_by' as const })),
  z.object({ column: Column, ...grouping }).transform((group) => ({ ...group, aggregator: 'group_by' as const })),
]);

export const EventStatisticsQuery = z
  .object({
    filters: z.array(Filter).max(50).default([]),
    targets: z.array(Target).min(1).max(30),
    group_by: z.union([Grouping.transform((one) => [one]), z.array(Grouping).max(5)]).default([]),
  })
  .meta({
    id: 'EventStatisticsQuery',
    example: {
      filters: [{ column: 'create_time', operator: 'gte', value: 'now-1d' }],
      targets: [{ column: 'event_id', aggregator: 'count' }],
      group_by: [{ column: 'create_time', frequency: 'hour' }],
    },
    description:
      '`interval` (`1h`, `2d`, `1M`) and `frequency` group times, in UTC; weekday 1 is Monday. A column that is grouped ' +
      'in several ways is told as `create_time__weekday`. Times of filters may be relative (`now-1d`).',
  });
export type EventStatisticsQuery = z.infer<typeof EventStatisticsQuery>;

export const EventStatistics = z
  .object({ [statisticWords.answer]: z.array(z.record(z.string(), Value)) })
  .meta({ id: 'EventStatistics' });

export const isFilterTime = (text: string): boolean => FilterTime.safeParse(text).success;
