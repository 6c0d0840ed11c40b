import type { Database } from '../database.ts';
import type { AttributeData, DescriptorRow } from '../rows.ts';
import { createDescriptorRows } from './descriptor-rows.ts';

type StoredAttribute = Pick<AttributeData, 'age' | 'gender' | 'ethnic_group'> & {
  basic_attributes_samples: string;
  face_descriptor_samples: string;
  create_time: number;
};

/** What is known of a face for good: basic attributes, samples and descriptors. */
export function createFaceAttributeTable(db: Database) {
  const descriptors = createDescriptorRows(db, 'face_descriptor', 'face_key');
  const insert = db.prepare(
    'face_attribute.insert',
    `INSERT INTO face_attribute
       (face_key, age, gender, ethnic_group, basic_attributes_samples, face_descriptor_samples, create_time)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<StoredAttribute>(
    'face_attribute.find',
    `SELECT age, gender, ethnic_group, basic_attributes_samples, face_descriptor_samples, create_time
     FROM face_attribute WHERE face_key = ?`,
  );
  const remove = db.prepare('face_attribute.remove', 'DELETE FROM face_attribute WHERE face_key = ?');
  const removeAttribute = (faceKey: number): boolean => {
    descriptors.removeAll(faceKey);
    return remove.run(faceKey).changes > 0;
  };
  return {
    /** Replaces whatever the face had. */
    setAttribute(faceKey: number, data: AttributeData, createTime: number): void {
      db.atomically(() => {
        removeAttribute(faceKey);
        insert.run(
          faceKey,
          data.age,
          data.gender,
          data.ethnic_group,
          JSON.stringify(data.basic_attributes_samples),
          JSON.stringify(data.face_descriptor_samples),
          createTime,
        );
        descriptors.insertAll(faceKey, data.descriptors);
      });
    },
    attributeOf(faceKey: number): (AttributeData & { create_time: number }) | undefined {
      const row = find.get(faceKey);
      if (!row) return undefined;
      return {
        ...row,
        basic_attributes_samples: JSON.parse(row.basic_attributes_samples),
        face_descriptor_samples: JSON.parse(row.face_descriptor_samples),
        descriptors: descriptors.allOf(faceKey),
      };
    },
    removeAttribute: (faceKey: number): boolean => db.atomically(() => removeAttribute(faceKey)),
    descriptorOf: (faceKey: number, version: number): DescriptorRow | undefined =>
      descriptors.ofVersion(faceKey, version),
  };
}
