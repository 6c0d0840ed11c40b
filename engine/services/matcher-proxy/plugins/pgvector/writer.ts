/** Writes faces to PostgreSQL as they are in the database of the appliance. */
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import type { PluginFace } from '../../plugin.ts';
import type { Database } from './database.ts';
import type { PgvectorSettings } from './pgvector.settings.ts';
import { digestOf, type StoredFace, toStoredFace, vectorOf } from './rows.ts';
import { facesOf, stateOf } from './tables.ts';

export interface Writer {
  /** Statements that wrote, ever, as far as they were acknowledged. */
  readonly writes: number;
  /** Makes PostgreSQL hold exactly `faces` of the faces with these keys. */
  write(keys: readonly number[], faces: readonly PluginFace[]): Promise<void>;
  /**
   * Makes PostgreSQL hold exactly `faces` of all faces with `after` < key <= `upTo` (null: to the end), and remembers
   * that it does. Faces that it holds already are not sent. Returns how many were.
   */
  reconcile(faces: readonly PluginFace[], after: number, upTo: number | null): Promise<number>;
  /** Remembers up to which key faces were loaded; -1: all. */
  remember(walkedTo: number): Promise<void>;
}

const columns: Readonly<Record<keyof StoredFace, string>> = {
  face_key: 'bigint',
  face_id: 'uuid',
  account_id: 'uuid',
  external_id: 'text',
  user_data: 'text',
  create_time: 'bigint',
  lists: 'uuid[]',
  vector: 'text',
  rounding: 'double precision',
  digest: 'text',
};
const names = Object.keys(columns).join(', ');
const record = Object.entries(columns)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');
const largestKey = Number.MAX_SAFE_INTEGER;

export function createWriter(
  db: Database,
  { schema, write_timeout_ms }: Pick<PgvectorSettings, 'schema' | 'write_timeout_ms'>,
  owner: string,
  writesBefore: number,
): Writer {
  let writes = writesBefore;
  const state = stateOf(schema);
  const timeLimit = { timeoutMs: write_timeout_ms };

  /** One statement, done by the owner only or not at all. */
  const change = async (body: string, params: readonly unknown[], walkedTo: number | null): Promise<void> => {
    const [row] = await db.query(
      `WITH mine AS (UPDATE ${state} SET writes = writes + 1, walked_to = coalesce($2::bigint, walked_to)
         WHERE owner = $1 RETURNING writes)${body} SELECT writes FROM mine`,
      [owner, walkedTo, ...params],
      timeLimit,
    );
    if (!row) throw new Error(`schema ${schema} was taken over by another appliance`);
    writes = Number(row['writes']);
  };

  const put = async (
    version: DescriptorVersion,
    rows: readonly StoredFace[],
    absent: readonly number[],
    walkedTo: number | null,
  ): Promise<void> => {
    const table = facesOf(schema, version);
    const assignments = Object.keys(columns)
      .map((name) => `${name} = excluded.${name}`)
      .join(', ');
    await change(
      `, gone AS (DELETE FROM ${table} USING mine
           WHERE face_key IN (SELECT value::bigint FROM jsonb_array_elements_text($4::jsonb))),
         put AS (INSERT INTO ${table} (${names})
           SELECT ${names.replace('vector', `vector::halfvec(${version.length})`)}
           FROM mine, jsonb_to_recordset($3::jsonb) AS x(${record})
           ON CONFLICT (face_key) DO UPDATE SET ${assignments})`,
      [JSON.stringify(rows), JSON.stringify(absent)],
      walkedTo,
    );
  };

  const reconcileVersion = async (
    version: DescriptorVersion,
    faces: readonly PluginFace[],
    after: number,
    upTo: number | null,
  ): Promise<number> => {
    const table = facesOf(schema, version);
    const vectors = new Map(
      faces.flatMap((face) => {
        const vector = vectorOf(face, version);
        return vector ? [[face.key, { face, vector }] as const] : [];
      }),
    );
    const given = [...vectors.values()].map(({ face, vector }) => ({
      face_key: face.key,
      digest: digestOf(face, vector),
    }));
    const differing = await db.query(
      `WITH given AS (SELECT face_key, digest FROM jsonb_to_recordset($1::jsonb) AS x(face_key bigint, digest text)),
         gone AS (DELETE FROM ${table} AS t WHERE face_key > $2::bigint AND face_key <= $3::bigint
           AND NOT EXISTS (SELECT 1 FROM given WHERE given.face_key = t.face_key)
           AND EXISTS (SELECT 1 FROM ${state} WHERE owner = $4))
       SELECT given.face_key FROM given LEFT JOIN ${table} AS t ON t.face_key = given.face_key
       WHERE t.digest IS DISTINCT FROM given.digest`,
      [JSON.stringify(given), after, upTo ?? largestKey, owner],
      timeLimit,
    );
    const rows = differing.flatMap((row) => {
      const known = vectors.get(Number(row['face_key']));
      return known ? [toStoredFace(known.face, version, known.vector)] : [];
    });
    if (rows.length > 0) await put(version, rows, [], null);
    return rows.length;
  };

  return {
    get writes() {
      return writes;
    },
    async write(keys, faces) {
      for (const version of descriptorVersions.values()) {
        const rows = faces.flatMap((face) => {
          const vector = vectorOf(face, version);
          return vector ? [toStoredFace(face, version, vector)] : [];
        });
        const present = new Set(rows.map(({ face_key }) => face_key));
        const absent = keys.filter((key) => !present.has(key));
        await put(version, rows, absent, null);
      }
    },
    async reconcile(faces, after, upTo) {
      let sent = 0;
      for (const version of descriptorVersions.values()) {
        sent += await reconcileVersion(version, faces, after, upTo);
      }
      if (sent > 0 && upTo !== null) await change('', [], upTo);
      return sent;
    },
    remember: (walkedTo) => change('', [], walkedTo),
  };
}
