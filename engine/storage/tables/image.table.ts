import type { Database } from '../database.ts';
import type { ImageRow } from '../rows.ts';
import { ofAccount } from '../where.ts';

/** Who owns a stored file and what it is. The bytes are in `files`. */
export function createImageTable(db: Database) {
  const insert = db.prepare(
    'image.insert',
    `INSERT INTO image (bucket, image_id, account_id, content_type, size_bytes, create_time) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const find = db.prepare<ImageRow>(
    'image.find',
    `SELECT * FROM image WHERE bucket = ? AND image_id = ? AND ${ofAccount}`,
  );
  const remove = db.prepare('image.remove', 'DELETE FROM image WHERE bucket = ? AND image_id = ? AND account_id = ?');
  const absent = db.prepare<{ id: string }>(
    'image.absent',
    `SELECT value AS id FROM json_each(?) WHERE NOT EXISTS
       (SELECT 1 FROM image WHERE bucket = ? AND image_id = value)`,
  );
  const usage = db.prepare<{ bucket: string; images: number; size_bytes: number }>(
    'image.usage',
    'SELECT bucket, count(*) AS images, sum(size_bytes) AS size_bytes FROM image GROUP BY bucket',
  );
  return {
    insert: (row: ImageRow): void =>
      void insert.run(row.bucket, row.image_id, row.account_id, row.content_type, row.size_bytes, row.create_time),
    findById: (bucket: string, imageId: string, accountId: string | null) =>
      find.get(bucket, imageId, accountId, accountId),
    /** False when the account has no such image. */
    remove: (bucket: string, imageId: string, accountId: string): boolean =>
      remove.run(bucket, imageId, accountId).changes > 0,
    /** Those of the ids that have no row. */
    findAbsent: (bucket: string, imageIds: readonly string[]): string[] =>
      absent.all(JSON.stringify(imageIds), bucket).map((row) => row.id),
    usage: () => usage.all(),
  };
}
