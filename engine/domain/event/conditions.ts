/**
 * What rows somebody asks for, without SQL and without the wire: a list of conditions that all have to hold. Whoever
 * reads a request makes it; storage alone turns it into statements.
 */

export type ConditionValue = string | number | null;

/** `oneOf` and `noneOf` know null: `oneOf: [null]` are the rows without a value, and `noneOf` keeps them unless told. */
export type Condition<Column extends string> =
  | { readonly column: Column; readonly oneOf: readonly ConditionValue[] }
  | { readonly column: Column; readonly noneOf: readonly ConditionValue[] }
  | { readonly column: Column; readonly atLeast: number | string }
  | { readonly column: Column; readonly atMost: number | string }
  | { readonly column: Column; readonly above: number | string }
  | { readonly column: Column; readonly below: number | string }
  /** Case-sensitive part of a text. */
  | { readonly column: Column; readonly contains: string }
  /** No row at all: a filter on something this appliance never stores. */
  | { readonly never: true };

export type Conditions<Column extends string> = readonly Condition<Column>[];

/** `list_id` is membership. Times are milliseconds since 1970. */
export const faceConditionColumns = [
  'face_id',
  'account_id',
  'event_id',
  'user_data',
  'external_id',
  'avatar',
  'create_time',
  'list_id',
] as const;
export type FaceConditionColumn = (typeof faceConditionColumns)[number];
export type FaceConditions = Conditions<FaceConditionColumn>;

/** `tag` holds when the event has one of the given tags. Times are milliseconds since 1970, places are degrees. */
export const eventConditionColumns = [
  'event_id',
  'account_id',
  'handler_id',
  'create_time',
  'end_time',
  'insert_time',
  'external_id',
  'user_data',
  'source',
  'track_id',
  'stream_id',
  'face_id',
  'gender',
  'age',
  'emotion',
  'ethnic_group',
  'mask',
  'liveness',
  'top_label',
  'top_similarity',
  'top_object_id',
  'top_object_type',
  'top_external_id',
  'city',
  'area',
  'district',
  'street',
  'house_number',
  'longitude',
  'latitude',
  'tag',
] as const;
export type EventConditionColumn = (typeof eventConditionColumns)[number];
export type EventConditions = Conditions<EventConditionColumn>;

/** In which order rows are read, and how many. Ties of a time are broken by the order of insertion. */
export interface RowOrder {
  by: 'create_time' | 'id';
  descending: boolean;
}
export interface RowPage {
  order: RowOrder;
  limit: number;
  offset: number;
}
