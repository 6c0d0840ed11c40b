import type { FaceConditions, RowPage } from '#domain/event/conditions';
import type { Database } from '../database.ts';
import type { FaceRow } from '../rows.ts';
import { collectKeys, countRows, matchingKeys } from '../walk.ts';
import type { TableShape } from '../walk-plan.ts';
import { ofAccount } from '../where.ts';

const shape: TableShape = {
  name: 'face',
  key: 'face_key',
  idColumn: 'face_id',
  idIndex: 'face_by_id',
  entries: [
    { column: 'event_id', index: 'face_by_event', where: 'event_id IS NOT NULL' },
    { column: 'external_id', index: 'face_by_external_id', where: "external_id <> ''" },
    { column: 'user_data', index: 'face_by_user_data', where: "user_data <> ''" },
  ],
  accountIndex: 'face_by_account',
  timeIndex: 'face_by_time',
  memberTables: { list_id: { table: 'list_face', column: 'list_id' } },
};

/** What may change of a face. */
export type FacePatch = Partial<Pick<FaceRow, 'event_id' | 'user_data' | 'external_id' | 'avatar'>>;

export function createFaceTable(db: Database) {
  const insert = db.prepare(
    'face.insert',
    `INSERT INTO face (face_id, account_id, event_id, user_data, external_id, avatar, create_time)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<FaceRow>('face.find', `SELECT * FROM face WHERE face_id = ? AND ${ofAccount}`);
  const findByExternalId = db.prepare<FaceRow>(
    'face.findByExternalId',
    `SELECT * FROM face WHERE external_id = ? AND external_id <> '' AND ${ofAccount} ORDER BY create_time DESC LIMIT ?`,
  );
  const keys = db.prepare<{ face_id: string; face_key: number }>(
    'face.keys',
    `SELECT face_id, face_key FROM json_each(?) CROSS JOIN face ON face_id = value WHERE ${ofAccount}`,
  );
  const byKeys = db.prepare<FaceRow>(
    'face.byKeys',
    'SELECT face.* FROM json_each(?) AS wanted CROSS JOIN face ON face_key = wanted.value ORDER BY wanted.key',
  );
  const update = db.prepare(
    'face.update',
    'UPDATE face SET event_id = ?, user_data = ?, external_id = ?, avatar = ? WHERE face_key = ?',
  );
  const remove = db.prepare('face.remove', 'DELETE FROM face WHERE face_key = ?');
  return {
    /** Returns the face's key. */
    insert: (row: Omit<FaceRow, 'face_key'>): number =>
      insert.run(row.face_id, row.account_id, row.event_id, row.user_data, row.external_id, row.avatar, row.create_time)
        .key,
    findById: (faceId: string, accountId: string | null) => find.get(faceId, accountId, accountId),
    /** External ids are not unique: newest first, at most `limit`. */
    findByExternalId: (externalId: string, accountId: string | null, limit = 1) =>
      findByExternalId.all(externalId, accountId, accountId, limit),
    /** Keys by id; ids that the account does not have are absent. */
    findKeys: (faceIds: readonly string[], accountId: string | null): Map<string, number> =>
      new Map(keys.all(JSON.stringify(faceIds), accountId, accountId).map((row) => [row.face_id, row.face_key])),
    /** In the order of the keys; keys that are gone are absent. */
    findByKeys: (faceKeys: readonly number[]): FaceRow[] => byKeys.all(JSON.stringify(faceKeys)),
    update(row: FaceRow, patch: FacePatch): void {
      const { event_id, user_data, external_id, avatar, face_key } = { ...row, ...patch };
      update.run(event_id, user_data, external_id, avatar, face_key);
    },
    /** With attributes, descriptors and memberships. False when it is gone already. */
    remove: (faceKey: number): boolean => remove.run(faceKey).changes > 0,
    async page(conditions: FaceConditions, page: RowPage): Promise<FaceRow[]> {
      return byKeys.all(JSON.stringify(await collectKeys(db, shape, conditions, page)));
    },
    count: (conditions: FaceConditions): Promise<number> => countRows(db, shape, conditions),
    countWithAttributes: (conditions: FaceConditions): Promise<number> =>
      countRows(
        db,
        shape,
        conditions,
        'EXISTS (SELECT 1 FROM face_attribute WHERE face_attribute.face_key = face.face_key)',
      ),
    /** Keys of all faces that meet the conditions, some thousand at a time; other work gets its turn in between. */
    matchingKeys: (conditions: FaceConditions): AsyncGenerator<number[]> => matchingKeys(db, shape, conditions),
  };
}
