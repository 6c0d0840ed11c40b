/** The plugin's tables: one row of state, and one table of faces for each descriptor version. */
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import type { Database } from './database.ts';
import type { PgvectorSettings } from './pgvector.settings.ts';

/** A change of the tables or of what a digest covers raises it: then the tables are made anew. */
const layout = 1;
/** halfvec is there from 0.7, filtered HNSW searches that do not run dry from 0.8. */
const oldestPgvector = { exact: [0, 7], hnsw: [0, 8] } as const;

/** Ten million vectors may take hours. */
const indexTimeoutMs = 24 * 3_600_000;

/** What was done, as far as PostgreSQL remembers it. */
export interface StoredState {
  /** Who wrote last: one run of one appliance. */
  readonly owner: string | null;
  /** Statements that wrote, ever. */
  readonly writes: number;
  /** Faces up to this key were loaded; -1 once all were. */
  readonly walkedTo: number;
}

export const stateOf = (schema: string): string => `"${schema}".state`;
export const facesOf = (schema: string, { version }: DescriptorVersion): string => `"${schema}".face_${version}`;

/** PostgreSQL's own words name a file on its disk, or a right, and not what to do. */
async function makeExtension(db: Database): Promise<void> {
  try {
    await db.query('CREATE EXTENSION IF NOT EXISTS vector');
  } catch (error) {
    const [row] = await db.query(
      `SELECT current_setting('server_version') AS version, current_user AS role,
         EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'vector') AS there`,
    );
    const { version, role, there } = row ?? {};
    if (there !== true) {
      const what = `PostgreSQL ${version} has no pgvector: install it on the machine of the server`;
      throw new Error(`${what} (Debian: postgresql-<version>-pgvector)`, { cause: error });
    }
    if ((error as { code?: unknown }).code !== '42501') throw error;
    const what = `${role} may not make the extension vector: let an administrator run`;
    throw new Error(`${what} CREATE EXTENSION vector in this database`, { cause: error });
  }
}

async function requirePgvector(db: Database, mode: PgvectorSettings['mode']): Promise<void> {
  await makeExtension(db);
  const [row] = await db.query("SELECT extversion FROM pg_extension WHERE extname = 'vector'");
  const found = String(row?.['extversion']);
  const [major = 0, minor = 0] = found.split('.').map(Number);
  const [needMajor, needMinor] = oldestPgvector[mode];
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    throw new Error(
      `pgvector is ${found}; mode ${mode} needs ${needMajor}.${needMinor} (ALTER EXTENSION vector UPDATE)`,
    );
  }
}

async function makeSchema(db: Database, schema: string): Promise<void> {
  // Asked first: IF NOT EXISTS wants the right to make schemas even where there is one.
  const [row] = await db.query('SELECT to_regnamespace($1) IS NOT NULL AS there', [`"${schema}"`]);
  if (row?.['there'] !== true) await db.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
}

/** Two appliances in one schema would take each other's faces for their own. The connection holds the lock. */
async function lockSchema(db: Database, schema: string): Promise<void> {
  const [row] = await db.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked', [`perigee ${schema}`]);
  if (row?.['locked'] !== true)
    throw new Error(`schema ${schema} is in use by another appliance or by a connection that has not ended`);
}

/** True if it was there. */
async function makeFaces(db: Database, schema: string, version: DescriptorVersion): Promise<boolean> {
  const table = facesOf(schema, version);
  const [row] = await db.query('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  await db.query(`CREATE TABLE IF NOT EXISTS ${table} (
    face_key bigint PRIMARY KEY, face_id uuid NOT NULL, account_id uuid NOT NULL, external_id text NOT NULL,
    user_data text NOT NULL, create_time bigint NOT NULL, lists uuid[] NOT NULL,
    vector halfvec(${version.length}) NOT NULL, rounding double precision NOT NULL, digest text NOT NULL)`);
  const name = `face_${version.version}`;
  await db.query(`CREATE INDEX IF NOT EXISTS ${name}_lists ON ${table} USING gin (lists)`);
  for (const column of ['face_id', 'external_id', 'create_time']) {
    await db.query(`CREATE INDEX IF NOT EXISTS ${name}_${column} ON ${table} (${column})`);
  }
  return row?.['there'] === true;
}

/** Makes what is missing and reads what was done. Throws when PostgreSQL cannot serve, with what to do about it. */
export async function prepareTables(
  db: Database,
  { schema, mode }: Pick<PgvectorSettings, 'schema' | 'mode'>,
): Promise<StoredState> {
  await requirePgvector(db, mode);
  await makeSchema(db, schema);
  await lockSchema(db, schema);
  const state = stateOf(schema);
  await db.query(`CREATE TABLE IF NOT EXISTS ${state} (
    one boolean PRIMARY KEY DEFAULT true CHECK (one), layout integer NOT NULL, owner text NOT NULL,
    writes bigint NOT NULL, walked_to bigint NOT NULL)`);
  const [row] = await db.query(`SELECT layout, owner, writes, walked_to FROM ${state}`);
  const isOurs = row?.['layout'] === layout;
  let isWhole = isOurs;
  for (const version of descriptorVersions.values()) {
    if (!isOurs) await db.query(`DROP TABLE IF EXISTS ${facesOf(schema, version)}`);
    const wasThere = await makeFaces(db, schema, version);
    isWhole &&= wasThere;
  }
  if (!row || !isWhole) return { owner: null, writes: Number(row?.['writes'] ?? 0), walkedTo: -1 };
  return { owner: String(row['owner']), writes: Number(row['writes']), walkedTo: Number(row['walked_to']) };
}

/** From now on `owner` writes; every statement of another one finds that out. */
export async function takeOver(db: Database, schema: string, owner: string, { writes, walkedTo }: StoredState) {
  await db.query(
    `INSERT INTO ${stateOf(schema)} (layout, owner, writes, walked_to) VALUES ($1, $2, $3, $4)
     ON CONFLICT (one) DO UPDATE SET (layout, owner, writes, walked_to) = ROW (excluded.layout, excluded.owner, excluded.writes, excluded.walked_to)`,
    [layout, owner, writes, walkedTo],
  );
}

/** The distance operator and the operator class of a metric. */
export function operatorsOf({ metric }: DescriptorVersion): { distance: '<->' | '<=>'; indexClass: string } {
  return metric === 'euclidean'
    ? { distance: '<->', indexClass: 'halfvec_l2_ops' }
    : { distance: '<=>', indexClass: 'halfvec_cosine_ops' };
}

/** Builds the HNSW indexes that the settings ask for and drops others. Returns the names of the new ones. */
export async function makeIndexes(db: Database, settings: PgvectorSettings): Promise<string[]> {
  const { schema, mode, hnsw_m, hnsw_ef_construction } = settings;
  const built: string[] = [];
  for (const version of descriptorVersions.values()) {
    const name = `face_${version.version}_hnsw_${hnsw_m}_${hnsw_ef_construction}`;
    const prefix = `face_${version.version}_hnsw_`;
    const present = (
      await db.query('SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND starts_with(indexname, $2)', [
        schema,
        prefix,
      ])
    ).map((row) => String(row['indexname']));
    for (const other of present) {
      if (mode === 'exact' || other !== name) await db.query(`DROP INDEX IF EXISTS "${schema}"."${other}"`);
    }
    if (mode === 'exact' || present.includes(name)) continue;
    const { indexClass } = operatorsOf(version);
    await db.query(
      `CREATE INDEX "${name}" ON ${facesOf(schema, version)} USING hnsw (vector ${indexClass})
      WITH (m = ${hnsw_m}, ef_construction = ${hnsw_ef_construction})`,
      [],
      { timeoutMs: indexTimeoutMs },
    );
    built.push(name);
  }
  return built;
}
