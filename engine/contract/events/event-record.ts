/** A stored event as it is answered by `/events` and as a candidate (LP5 8.2). */
import type { EventColumns, EventDocument } from '#domain/event/event-columns';
import { toTime } from '../time-text.ts';

/** The columns and the document of a stored event. Times are milliseconds since 1970. */
export interface EventRecordSource extends EventColumns {
  document: EventDocument;
}

/** A row, or those parts of it that `partsFor` named; the document is the JSON that is stored. */
export type EventParts = Partial<Record<EventPart, unknown>>;
export type EventPart = keyof EventColumns | 'document';

const documentMembers = [
  'tags',
  'attach_result',
  'match_result',
  'face_detections',
  'body_detections',
  'meta',
] as const satisfies (keyof EventDocument)[];

type Location = Pick<EventColumns, 'city' | 'area' | 'district' | 'street' | 'house_number' | 'longitude' | 'latitude'>;
/** `location` of an event. */
export function eventLocation({ city, area, district, street, house_number, longitude, latitude }: Location) {
  const geo_position = longitude === null || latitude === null ? null : { longitude, latitude };
  return { city, area, district, street, house_number, geo_position };
}

type TopMatch = Pick<EventColumns, 'top_label' | 'top_similarity' | 'top_object_id' | 'top_object_type'>;
function topMatchOf({ top_label, top_similarity, top_object_id, top_object_type }: TopMatch) {
  if (top_object_id === null) return null;
  const face_id = top_object_type === 'face' ? top_object_id : null;
  return {
    label: top_label,
    similarity: top_similarity,
    face_id,
    object_id: top_object_id,
    object_type: top_object_type,
  };
}

const noBody = { apparent_age: null, apparent_gender: null };
/** Of bodies and deepfakes: no network of ours estimates them. */
const absentMembers: Readonly<Record<string, unknown>> = {
  deepfake: null,
  body_basic_attributes: noBody,
  basic_attributes: noBody,
  upper_body: null,
  lower_body: null,
  accessories: null,
};

/** Members that are not a column as it is, and the columns they are made of. */
const madeMembers: Readonly<Record<string, { parts: readonly EventPart[]; of(event: EventColumns): unknown }>> = {
  create_time: { parts: ['create_time'], of: ({ create_time }) => toTime(create_time) },
  end_time: { parts: ['end_time'], of: ({ end_time }) => toTime(end_time) },
  insert_time: { parts: ['insert_time'], of: ({ insert_time }) => toTime(insert_time) },
  location: {
    parts: ['city', 'area', 'district', 'street', 'house_number', 'longitude', 'latitude'],
    of: eventLocation,
  },
  top_match: { parts: ['top_label', 'top_similarity', 'top_object_id', 'top_object_type'], of: topMatchOf },
};

/** The members that columns tell. */
function columnMembers(event: EventColumns): Record<string, unknown> {
  return {
    event_id: event.event_id,
    account_id: event.account_id,
    handler_id: event.handler_id,
    create_time: toTime(event.create_time),
    end_time: toTime(event.end_time),
    insert_time: toTime(event.insert_time),
    external_id: event.external_id,
    user_data: event.user_data,
    source: event.source,
    track_id: event.track_id,
    stream_id: event.stream_id,
    location: eventLocation(event),
    face_id: event.face_id,
    gender: event.gender,
    age: event.age,
    emotion: event.emotion,
    ethnic_group: event.ethnic_group,
    mask: event.mask,
    liveness: event.liveness,
    top_match: topMatchOf(event),
    ...absentMembers,
  };
}

/** All members. */
export function toEventRecord(event: EventRecordSource): Record<string, unknown> {
  return { ...columnMembers(event), ...event.document };
}

const isOfDocument = (name: string): boolean => (documentMembers as readonly string[]).includes(name);

/** What has to be read of an event to answer `targets`, each once. `targets` are valid ones. */
export function partsFor(targets: readonly string[]): EventPart[] {
  const parts = targets.flatMap((name): readonly EventPart[] => {
    if (isOfDocument(name)) return ['document'];
    if (name in absentMembers) return [];
    return madeMembers[name]?.parts ?? [name as keyof EventColumns];
  });
  return [...new Set(parts)].sort();
}

/**
 * `toEventRecord` as JSON, of a whole row or, with `targets`, of what `partsFor` named. The document is stored as it is
 * answered, and by far the larger part: its text is taken over, not read and written again.
 */
export function toEventJson(event: EventParts, targets: readonly string[] | undefined): string {
  const columns = event as EventColumns;
  const text = event.document as string;
  if (!targets) return `${JSON.stringify(columnMembers(columns)).slice(0, -1)},${text.slice(1)}`;
  const document = targets.some(isOfDocument) ? JSON.parse(text) : undefined;
  const members: Record<string, unknown> = {};
  for (const name of targets) {
    if (isOfDocument(name)) members[name] = document[name];
    else if (name in absentMembers) members[name] = absentMembers[name];
    else members[name] = madeMembers[name]?.of(columns) ?? columns[name as keyof EventColumns] ?? null;
  }
  return JSON.stringify(members);
}
