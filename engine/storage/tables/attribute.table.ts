import type { Database } from '../database.ts';
import type { AttributeRow } from '../rows.ts';
import { ofAccount } from '../where.ts';
import { createDescriptorRows } from './descriptor-rows.ts';

type StoredRow = Omit<AttributeRow, 'descriptors' | 'basic_attributes_samples' | 'face_descriptor_samples'> & {
  attribute_key: number;
  basic_attributes_samples: string;
  face_descriptor_samples: string;
};

/** Temporary attributes. One whose time is over is invisible at once, and gone after the next cleaning. */
export function createAttributeTable(db: Database) {
  const descriptors = createDescriptorRows(db, 'attribute_descriptor', 'attribute_key');
  const insert = db.prepare(
    'attribute.insert',
    `INSERT INTO attribute (attribute_id, account_id, create_time, expire_time, age, gender, ethnic_group,
       basic_attributes_samples, face_descriptor_samples) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<StoredRow>(
    'attribute.find',
    `SELECT * FROM attribute WHERE attribute_id = ? AND ${ofAccount} AND expire_time > ?`,
  );
  const remove = db.prepare('attribute.remove', 'DELETE FROM attribute WHERE attribute_id = ? AND account_id = ?');
  const removeExpired = db.prepare(
    'attribute.removeExpired',
    `DELETE FROM attribute WHERE attribute_key IN
       (SELECT attribute_key FROM attribute WHERE expire_time <= ? ORDER BY expire_time LIMIT ?)`,
  );
  const exists = db.prepare<{ attribute_key: number }>(
    'attribute.exists',
    'SELECT attribute_key FROM attribute WHERE attribute_id = ?',
  );
  const keys = db.prepare<{ attribute_id: string }>(
    'attribute.ids',
    `SELECT attribute_id FROM attribute WHERE ${ofAccount} AND expire_time > ? ORDER BY attribute_key LIMIT ?`,
  );
  return {
    insert(row: AttributeRow): void {
      db.atomically(() => {
        const { key } = insert.run(
          row.attribute_id,
          row.account_id,
          row.create_time,
          row.expire_time,
          row.age,
          row.gender,
          row.ethnic_group,
          JSON.stringify(row.basic_attributes_samples),
          JSON.stringify(row.face_descriptor_samples),
        );
        descriptors.insertAll(key, row.descriptors);
      });
    },
    /** Undefined when there is none, or its time is over. */
    findById(attributeId: string, accountId: string | null, nowMs: number): AttributeRow | undefined {
      const row = find.get(attributeId, accountId, accountId, nowMs);
      if (!row) return undefined;
      const { attribute_key, basic_attributes_samples, face_descriptor_samples, ...plain } = row;
      return {
        ...plain,
        basic_attributes_samples: JSON.parse(basic_attributes_samples),
        face_descriptor_samples: JSON.parse(face_descriptor_samples),
        descriptors: descriptors.allOf(attribute_key),
      };
    },
    /** Of any account, expired or not. */
    exists: (attributeId: string): boolean => exists.get(attributeId) !== undefined,
    /** Those alive, oldest first. */
    ids: (accountId: string | null, nowMs: number, limit: number): string[] =>
      keys.all(accountId, accountId, nowMs, limit).map((row) => row.attribute_id),
    /** False when the account has no such attribute. */
    remove: (attributeId: string, accountId: string): boolean => remove.run(attributeId, accountId).changes > 0,
    /** Returns how many are gone; fewer than `limit` means that none is left. */
    removeExpired: (nowMs: number, limit: number): number => removeExpired.run(nowMs, limit).changes,
  };
}
