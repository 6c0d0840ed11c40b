import type { Database } from '../database.ts';
import type { DescriptorRow } from '../rows.ts';

/** Descriptors of a face, a temporary attribute or an event: three tables of one shape. */
export function createDescriptorRows(db: Database, table: string, key: string) {
  const insert = db.prepare(
    `${table}.insert`,
    `INSERT INTO ${table} (${key}, version, score, vector) VALUES (?, ?, ?, ?)`,
  );
  const find = db.prepare<DescriptorRow>(
    `${table}.find`,
    `SELECT version, score, vector FROM ${table} WHERE ${key} = ? ORDER BY version`,
  );
  const findVersion = db.prepare<DescriptorRow>(
    `${table}.findVersion`,
    `SELECT version, score, vector FROM ${table} WHERE ${key} = ? AND version = ?`,
  );
  const remove = db.prepare(`${table}.remove`, `DELETE FROM ${table} WHERE ${key} = ?`);
  const removeVersion = db.prepare(`${table}.removeVersion`, `DELETE FROM ${table} WHERE ${key} = ? AND version = ?`);
  const page = db.prepare<{ key: number; vector: Uint8Array }>(
    `${table}.page`,
    `SELECT ${key} AS key, vector FROM ${table} WHERE ${key} > ? AND version = ? ORDER BY ${key} LIMIT ?`,
  );
  return {
    insertAll(ownerKey: number, rows: readonly DescriptorRow[]): void {
      for (const { version, score, vector } of rows) insert.run(ownerKey, version, score, vector);
    },
    /** By ascending version. */
    allOf: (ownerKey: number): DescriptorRow[] => find.all(ownerKey),
    ofVersion: (ownerKey: number, version: number): DescriptorRow | undefined => findVersion.get(ownerKey, version),
    removeAll: (ownerKey: number): void => void remove.run(ownerKey),
    removeVersion: (ownerKey: number, version: number): boolean => removeVersion.run(ownerKey, version).changes > 0,
    /** Vectors of one version by ascending key, from the first key after `afterKey` on: for filling galleries. */
    page: (version: number, afterKey: number, limit: number) => page.all(afterKey, version, limit),
  };
}
