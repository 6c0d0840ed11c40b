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
  const ofMany = db.prepare<DescriptorRow & { key: number }>(
    `${table}.ofMany`,
    `SELECT ${key} AS key, version, score, vector FROM json_each(?) AS wanted
     CROSS JOIN ${table} ON ${key} = wanted.value ORDER BY ${key}, version`,
  );
  return {
    insertAll(ownerKey: number, rows: readonly DescriptorRow[]): void {
      for (const { version, score, vector } of rows) insert.run(ownerKey, version, score, vector);
    },
    /** By ascending version. */
    allOf: (ownerKey: number): DescriptorRow[] => find.all(ownerKey),
    ofVersion: (ownerKey: number, version: number): DescriptorRow | undefined => findVersion.get(ownerKey, version),
    removeAll: (ownerKey: number): void => void remove.run(ownerKey),
    /** By owner, then by ascending version. Owners without any are absent. */
    ofMany(ownerKeys: readonly number[]): Map<number, DescriptorRow[]> {
      const found = new Map<number, DescriptorRow[]>();
      for (const { key: owner, ...row } of ofMany.all(JSON.stringify(ownerKeys))) {
        const rows = found.get(owner);
        if (rows) rows.push(row);
        else found.set(owner, [row]);
      }
      return found;
    },
  };
}
