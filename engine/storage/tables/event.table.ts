import { type EventConditions, eventConditionColumns, type RowPage } from '#domain/event/conditions';
import type { Database, SqlValue } from '../database.ts';
import type { EventColumns, EventDocument, EventRow, NewEvent, StoredEvent } from '../rows.ts';
import { collectKeys, countRows, matchingKeys } from '../walk.ts';
import type { TableShape } from '../walk-plan.ts';
import { ofAccount } from '../where.ts';
import { createDescriptorRows } from './descriptor-rows.ts';

export const eventShape: TableShape = {
  name: 'event',
  key: 'event_key',
  idColumn: 'event_id',
  idIndex: 'event_by_id',
  entries: [
    { column: 'track_id', index: 'event_by_track', where: 'track_id IS NOT NULL' },
    { column: 'external_id', index: 'event_by_external_id', where: "external_id <> ''" },
    { column: 'face_id', index: 'event_by_face', where: 'face_id IS NOT NULL' },
    { column: 'top_object_id', index: 'event_by_top_object', where: 'top_object_id IS NOT NULL' },
    { column: 'source', index: 'event_by_source', where: 'source IS NOT NULL' },
    { column: 'handler_id', index: 'event_by_handler' },
  ],
  accountIndex: 'event_by_account',
  timeIndex: 'event_by_time',
  memberTables: { tag: { table: 'event_tag', column: 'tag' } },
};

const columns: readonly (keyof EventColumns)[] = eventConditionColumns.filter((column) => column !== 'tag');

const toEvent = (row: EventRow): StoredEvent => ({ ...row, document: JSON.parse(row.document) as EventDocument });

export function createEventTable(db: Database) {
  const descriptors = createDescriptorRows(db, 'event_descriptor', 'event_key');
  const insert = db.prepare(
    'event.insert',
    `INSERT INTO event (${columns.join(', ')}, document) VALUES (${columns.map(() => '?').join(', ')}, ?)`,
  );
  const tag = db.prepare('event.tag', 'INSERT INTO event_tag (tag, event_key) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const find = db.prepare<EventRow>('event.find', `SELECT * FROM event WHERE event_id = ? AND ${ofAccount}`);
  const ofKeys = 'FROM json_each(?) AS wanted CROSS JOIN event ON event_key = wanted.value ORDER BY wanted.key';
  const byKeys = db.prepare<EventRow>('event.byKeys', `SELECT event.* ${ofKeys}`);
  const remove = db.prepare('event.remove', 'DELETE FROM event WHERE event_key IN (SELECT value FROM json_each(?))');
  const findByKeys = (keys: readonly number[]): StoredEvent[] => byKeys.all(JSON.stringify(keys)).map(toEvent);
  return {
    /** With its tags and descriptors. Returns the event's key. */
    insert: (event: NewEvent): number =>
      db.atomically(() => {
        const values = columns.map((name): SqlValue => event[name]);
        const { key } = insert.run(...values, JSON.stringify(event.document));
        for (const word of event.document.tags) tag.run(word, key);
        descriptors.insertAll(key, event.descriptors);
        return key;
      }),
    findById(eventId: string, accountId: string | null): StoredEvent | undefined {
      const row = find.get(eventId, accountId, accountId);
      return row && toEvent(row);
    },
    findRow: (eventId: string, accountId: string | null): EventRow | undefined =>
      find.get(eventId, accountId, accountId),
    /** In the order of the keys; keys that are gone are absent. */
    findByKeys,
    /** Whole rows, or the `parts` of them. */
    async page<Part extends keyof EventRow = keyof EventRow>(
      conditions: EventConditions,
      page: RowPage,
      parts?: readonly Part[],
    ): Promise<Pick<EventRow, Part>[]> {
      const keys = JSON.stringify(await collectKeys(db, eventShape, conditions, page));
      if (!parts) return byKeys.all(keys);
      const wanted = ['event_key', ...parts].map((part) => `event.${part}`).join(', ');
      return db.prepareAnew<Pick<EventRow, Part>>('event.partsByKeys', `SELECT ${wanted} ${ofKeys}`).all(keys);
    },
    count: (conditions: EventConditions): Promise<number> => countRows(db, eventShape, conditions),
    /** Keys of all events that meet the conditions, some thousand at a time; other work gets its turn in between. */
    matchingKeys: (conditions: EventConditions): AsyncGenerator<number[]> => matchingKeys(db, eventShape, conditions),
    /** With tags and descriptors. Some hundred at a time keep the transaction short. */
    removeByKeys: (keys: readonly number[]): number => remove.run(JSON.stringify(keys)).changes,
    descriptorsOf: descriptors.allOf,
  };
}
