import type { Database } from '../database.ts';

/** Which faces are in which lists. */
export function createListFaceTable(db: Database) {
  const link = db.prepare(
    'list_face.link',
    'INSERT INTO list_face (list_id, face_key) SELECT ?, value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING',
  );
  const unlink = db.prepare(
    'list_face.unlink',
    'DELETE FROM list_face WHERE list_id = ? AND face_key IN (SELECT value FROM json_each(?))',
  );
  const idsOf = db.prepare<{ face_key: number; list_id: string }>(
    'list_face.idsOf',
    `SELECT face_key, list_id FROM json_each(?) CROSS JOIN list_face ON face_key = value ORDER BY list_id`,
  );
  const keysIn = db.prepare<{ face_key: number }>(
    'list_face.keysIn',
    'SELECT face_key FROM list_face WHERE list_id = ? AND face_key > ? ORDER BY face_key LIMIT ?',
  );
  const count = db.prepare<{ n: number }>('list_face.count', 'SELECT count(*) AS n FROM list_face WHERE list_id = ?');
  const listIdsOfMany = (faceKeys: readonly number[]): Map<number, string[]> => {
    const lists = new Map<number, string[]>(faceKeys.map((key) => [key, []]));
    for (const row of idsOf.all(JSON.stringify(faceKeys))) lists.get(row.face_key)?.push(row.list_id);
    return lists;
  };
  return {
    /** Faces that are members already stay it. Returns how many were not. */
    link: (listId: string, faceKeys: readonly number[]): number => link.run(listId, JSON.stringify(faceKeys)).changes,
    /** Returns how many were members. */
    unlink: (listId: string, faceKeys: readonly number[]): number =>
      unlink.run(listId, JSON.stringify(faceKeys)).changes,
    /** Ascending. */
    listIdsOf: (faceKey: number): string[] => listIdsOfMany([faceKey]).get(faceKey) ?? [],
    /** One entry per key, empty for faces without lists. */
    listIdsOfMany,
    /** Members of a list by ascending key, from the first key after `afterKey` on. */
    keysInList: (listId: string, afterKey: number, limit: number): number[] =>
      keysIn.all(listId, afterKey, limit).map((row) => row.face_key),
    countInList: (listId: string): number => count.get(listId)?.n ?? 0,
  };
}
