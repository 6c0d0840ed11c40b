import type { Database } from '../database.ts';
import type { AttributeRow, DescriptorRow } from '../rows.ts';
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
  const pageOf = (name: string, account: string) =>
    db.prepare<StoredRow>(
      name,
      `SELECT * FROM attribute WHERE ${account} attribute_key > ? ORDER BY attribute_key LIMIT ?`,
    );
  const pageOfAll = pageOf('attribute.page', '');
  const pageOfAccount = pageOf('attribute.pageOfAccount', 'account_id = ? AND');
  const toRow = (row: StoredRow, own: DescriptorRow[]): AttributeRow => {
    const { attribute_key, basic_attributes_samples, face_descriptor_samples, ...plain } = row;
    return {
      ...plain,
      basic_attributes_samples: JSON.parse(basic_attributes_samples),
      face_descriptor_samples: JSON.parse(face_descriptor_samples),
      descriptors: own,
    };
  };
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
      return row && toRow(row, descriptors.allOf(row.attribute_key));
    },
    /** Of any account, expired or not. */
    exists: (attributeId: string): boolean => exists.get(attributeId) !== undefined,
    /**
     * Looks at `limit` attributes, oldest first, from the first key after `afterKey` on: those alive, and the key to go on
     * from; undefined after the last one.
     */
    page(accountId: string | null, afterKey: number, nowMs: number, limit: number) {
      const rows = accountId === null ? pageOfAll.all(afterKey, limit) : pageOfAccount.all(accountId, afterKey, limit);
      const alive = rows.filter(({ expire_time }) => expire_time > nowMs);
      const own = descriptors.ofMany(alive.map(({ attribute_key }) => attribute_key));
      return {
        rows: alive.map((row) => toRow(row, own.get(row.attribute_key) ?? [])),
        next: rows.length < limit ? undefined : rows.at(-1)?.attribute_key,
      };
    },
    /** False when the account has no such attribute. */
    remove: (attributeId: string, accountId: string): boolean => remove.run(attributeId, accountId).changes > 0,
    /** Returns how many are gone; fewer than `limit` means that none is left. */
    removeExpired: (nowMs: number, limit: number): number => removeExpired.run(nowMs, limit).changes,
  };
}
