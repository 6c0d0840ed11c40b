import type { Database } from '../database.ts';

/** Single values of the appliance: ids, high-water marks, settings dumps. Text; the owner of a key knows its form. */
export function createMetaTable(db: Database) {
  const get = db.prepare<{ value: string }>('meta.get', 'SELECT value FROM meta WHERE key = ?');
  const set = db.prepare(
    'meta.set',
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare('meta.remove', 'DELETE FROM meta WHERE key = ?');
  return {
    get: (key: string): string | undefined => get.get(key)?.value,
    set: (key: string, value: string): void => void set.run(key, value),
    remove: (key: string): boolean => remove.run(key).changes > 0,
  };
}
