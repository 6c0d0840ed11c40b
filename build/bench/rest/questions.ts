/**
 * The same questions twice: as a request to the appliance, and as one plain SQL statement that gives the same rows. The
 * statement is what somebody would write who knows the schema; where SQLite alone would choose another index than the
 * best one, it is named.
 */
import {
  account,
  cameraName,
  cameras,
  eventTimeMs,
  faceId,
  handlerId,
  handlers,
  labels,
  listId,
  regularsOf,
} from './site.ts';

export type Param = string | number;
type Row = Record<string, unknown>;

export interface Question {
  readonly name: string;
  /** One object instead of a page. */
  readonly single?: boolean;
  /** Names the column and the member that identify a row. */
  readonly id: 'face_id' | 'event_id';
  readonly sql: string;
  /** The `i`-th asking, of as many as one likes. */
  ask(i: number): { path: string; params: Param[] };
}

const pageSize = 100;
const weekMs = 7 * 86_400_000;
const withLists = `(SELECT json_group_array(list_id) FROM list_face WHERE list_face.face_key = face.face_key) AS lists`;
const newest = (table: string): string => `ORDER BY create_time DESC, ${table}_key DESC LIMIT ${pageSize}`;
const time = (ms: number): string => encodeURIComponent(new Date(ms).toISOString());

export const askedTargets = ['event_id', 'create_time', 'source', 'face_id', 'top_match'] as const;
const targetColumns =
  'event_id, create_time, source, face_id, top_label, top_similarity, top_object_id, top_object_type';

/** Spreads the askings over the rows, always in the same way. */
const spread = (i: number, count: number): number => ((i + 1) * 2_654_435_761) % count;

/** Questions to a site with `rows` faces and `rows` events. */
export function questionsFor(rows: number): readonly Question[] {
  /** A week somewhere in the history; of a short one, all of it. */
  const week = (i: number): { from: number; below: number; query: string } => {
    const last = eventTimeMs(rows - 1);
    const first = eventTimeMs(0);
    const from = Math.max(first, first + Math.floor((spread(i, 1000) / 1000) * (last - first - weekMs)));
    const below = from + weekMs;
    return { from, below, query: `create_time__gte=${time(from)}&create_time__lt=${time(below)}` };
  };
  return [
    {
      name: 'face',
      single: true,
      id: 'face_id',
      sql: `SELECT *, ${withLists} FROM face WHERE face_id = ? AND account_id = ?`,
      ask(i) {
        const id = faceId(spread(i, rows));
        return { path: `/6/faces/${id}`, params: [id, account] };
      },
    },
    {
      name: '100 faces',
      id: 'face_id',
      sql: `SELECT *, ${withLists} FROM face WHERE account_id = ? ${newest('face')} OFFSET ?`,
      ask(i) {
        const page = 1 + (i % 10);
        return {
          path: `/6/faces?page_size=${pageSize}&page=${page}`,
          params: [account, (page - 1) * pageSize],
        };
      },
    },
    {
      name: '100 faces of a list',
      id: 'face_id',
      sql: `SELECT *, ${withLists} FROM face INDEXED BY face_by_account WHERE account_id = ?
        AND EXISTS (SELECT 1 FROM list_face WHERE list_id = ? AND list_face.face_key = face.face_key) ${newest('face')}`,
      ask(i) {
        const list = listId(i % labels.length);
        return { path: `/6/faces?page_size=${pageSize}&list_id=${list}`, params: [account, list] };
      },
    },
    {
      name: '100 events by source and week',
      id: 'event_id',
      sql: `SELECT * FROM event INDEXED BY event_by_source
        WHERE source = ? AND create_time >= ? AND create_time < ? AND account_id = ? ${newest('event')}`,
      ask(i) {
        const source = cameraName(spread(i, cameras));
        const { from, below, query } = week(i);
        return {
          path: `/6/events?page_size=${pageSize}&sources=${source}&${query}`,
          params: [source, from, below, account],
        };
      },
    },
    {
      name: '100 events by handler and week',
      id: 'event_id',
      sql: `SELECT * FROM event INDEXED BY event_by_handler
        WHERE handler_id = ? AND create_time >= ? AND create_time < ? AND account_id = ? ${newest('event')}`,
      ask(i) {
        const handler = handlerId(spread(i, handlers));
        const { from, below, query } = week(i);
        return {
          path: `/6/events?page_size=${pageSize}&handler_ids=${handler}&${query}`,
          params: [handler, from, below, account],
        };
      },
    },
    {
      name: '100 events of a face',
      id: 'event_id',
      sql: `SELECT * FROM event INDEXED BY event_by_face WHERE face_id = ? AND account_id = ? ${newest('event')}`,
      ask(i) {
        const face = faceId(spread(i, regularsOf(rows)));
        return { path: `/6/events?page_size=${pageSize}&face_ids=${face}`, params: [face, account] };
      },
    },
    {
      name: '100 events by label and week',
      id: 'event_id',
      sql: `SELECT * FROM event INDEXED BY event_by_account
        WHERE account_id = ? AND create_time >= ? AND create_time < ? AND top_label = ? ${newest('event')}`,
      ask(i) {
        const label = labels[i % labels.length] ?? '';
        const { from, below, query } = week(i);
        return {
          path: `/6/events?page_size=${pageSize}&top_matching_candidates_label=${label}&${query}`,
          params: [account, from, below, label],
        };
      },
    },
    {
      name: '100 events by source and week, 5 targets',
      id: 'event_id',
      sql: `SELECT ${targetColumns} FROM event INDEXED BY event_by_source
        WHERE source = ? AND create_time >= ? AND create_time < ? AND account_id = ? ${newest('event')}`,
      ask(i) {
        const source = cameraName(spread(i, cameras));
        const { from, below, query } = week(i);
        const targets = `targets=${askedTargets.join(',')}`;
        return {
          path: `/6/events?page_size=${pageSize}&sources=${source}&${query}&${targets}`,
          params: [source, from, below, account],
        };
      },
    },
  ];
}

/** The ids of an answer in its order, to see that both sides have answered the same. */
export function idsOf(question: Question, answer: unknown): unknown[] {
  if (question.single) return [(answer as Row)[question.id]];
  const rows = Array.isArray(answer) ? answer : Object.values(answer as Row)[0];
  return (rows as Row[]).map((row) => row[question.id]);
}
