import type { Database } from '../database.ts';
import type { DescriptorRow } from '../rows.ts';
import { createDescriptorRows } from './descriptor-rows.ts';

/** Exactly one of `other_face_key` and `event_key` is set; of two faces the smaller key stands first. */
export interface RejectionRow {
  rejection_key: number;
  rejection_id: string;
  account_id: string;
  face_key: number;
  other_face_key: number | null;
  event_key: number | null;
  event_id: string | null;
  create_time: number;
}

/** A rejection as it is answered: with the faces' ids. */
export interface NamedRejection extends RejectionRow {
  face_id: string;
  other_face_id: string | null;
}

const named = `SELECT rejection.*, face.face_id, other.face_id AS other_face_id FROM rejection
  JOIN face ON face.face_key = rejection.face_key LEFT JOIN face AS other ON other.face_key = rejection.other_face_key`;

/** Pairs that are not the same person. */
export function createRejectionTable(db: Database) {
  const descriptors = createDescriptorRows(db, 'rejection_descriptor', 'rejection_key');
  const insert = db.prepare(
    'rejection.insert',
    `INSERT INTO rejection (rejection_id, account_id, face_key, other_face_key, event_key, event_id, create_time)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<NamedRejection>(
    'rejection.find',
    `${named} WHERE rejection_id = ? AND (? IS NULL OR rejection.account_id = ?)`,
  );
  const findPair = db.prepare<NamedRejection>(
    'rejection.findPair',
    `${named} WHERE rejection.face_key = ? AND (rejection.other_face_key = ? OR rejection.event_key = ?)`,
  );
  const page = db.prepare<NamedRejection>(
    'rejection.page',
    `${named} WHERE (? IS NULL OR rejection.account_id = ?)
       AND (? IS NULL OR ? IN (face.face_id, other.face_id)) AND (? IS NULL OR rejection.event_id = ?)
     ORDER BY rejection_key DESC LIMIT ? OFFSET ?`,
  );
  const remove = db.prepare('rejection.remove', 'DELETE FROM rejection WHERE rejection_id = ? AND account_id = ?');
  const any = db.prepare<{ one: number }>('rejection.any', 'SELECT 1 AS one FROM rejection LIMIT 1');
  const ofFaces = db.prepare<RejectionRow>(
    'rejection.ofFaces',
    `SELECT rejection.* FROM json_each(?) CROSS JOIN rejection ON face_key = value
     UNION SELECT rejection.* FROM json_each(?) CROSS JOIN rejection ON other_face_key = value`,
  );
  const ofEvents = db.prepare<RejectionRow>(
    'rejection.ofEvents',
    'SELECT rejection.* FROM json_each(?) CROSS JOIN rejection ON event_key = value',
  );
  return {
    /** `eventDescriptors`: of the event, empty for two faces. */
    insert(row: Omit<RejectionRow, 'rejection_key'>, eventDescriptors: readonly DescriptorRow[]): void {
      db.atomically(() => {
        const { key } = insert.run(
          row.rejection_id,
          row.account_id,
          row.face_key,
          row.other_face_key,
          row.event_key,
          row.event_id,
          row.create_time,
        );
        descriptors.insertAll(key, eventDescriptors);
      });
    },
    findById: (rejectionId: string, accountId: string | null) => find.get(rejectionId, accountId, accountId),
    findPair: (faceKey: number, other: { face_key: number } | { event_key: number }) =>
      findPair.get(faceKey, 'face_key' in other ? other.face_key : null, 'event_key' in other ? other.event_key : null),
    /** Newest first. */
    page: (
      filter: { account_id: string | null; face_id: string | null; event_id: string | null },
      limit: number,
      offset: number,
    ): NamedRejection[] => {
      const { account_id, face_id, event_id } = filter;
      return page.all(account_id, account_id, face_id, face_id, event_id, event_id, limit, offset);
    },
    /** False when the account has no such rejection. */
    remove: (rejectionId: string, accountId: string): boolean => remove.run(rejectionId, accountId).changes > 0,
    isEmpty: (): boolean => any.get() === undefined,
    /** Those with one of the faces on either side. */
    ofFaces: (faceKeys: readonly number[]): RejectionRow[] =>
      ofFaces.all(JSON.stringify(faceKeys), JSON.stringify(faceKeys)),
    ofEvents: (eventKeys: readonly number[]): RejectionRow[] => ofEvents.all(JSON.stringify(eventKeys)),
    /** The descriptor of the rejected event as it was. */
    eventDescriptorOf: (rejectionKey: number, version: number): DescriptorRow | undefined =>
      descriptors.ofVersion(rejectionKey, version),
  };
}
