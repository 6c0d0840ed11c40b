import * as z from 'zod';

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol);
}

/** Settings of the plugin pgvector: the member `pgvector` of the Matcher Proxy's `plugin_settings`. */
export const PgvectorSettings = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .refine(isPostgresUrl, 'not a postgres:// URL')
      .describe(
        'Where PostgreSQL 12 or later with pgvector 0.7 or later is (0.8 for hnsw), past any pooler of transactions: ' +
          'postgres://user:password@host:5432/database?sslmode=verify-full. Descriptors and user data go there',
      ),
    schema: z
      .string()
      .regex(/^(?!pg_)[a-z_][a-z0-9_]{0,47}$/)
      .default('perigee')
      .describe('Schema of the tables. Made by the plugin, used by one appliance at a time'),
    mode: z
      .enum(['exact', 'hnsw'])
      .default('exact')
      .describe('exact: the answers of the Python Matcher. hnsw: faster, approximate: it may leave candidates out'),
    cost: z
      .number()
      .min(0)
      .default(50)
      .describe('Cost of an answer. The Python Matcher costs 100 and the lowest cost answers'),
    oversampling: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe('Candidates read from PostgreSQL for one that is asked for; they are compared again at full precision'),
    batch_faces: z.int().min(1).max(5000).default(256).describe('Faces written or compared in one statement'),
    pending_changes: z
      .int()
      .min(0)
      .max(100_000)
      .default(1000)
      .describe('Changes that a search waits for until they are written; with more of them the Python Matcher answers'),
    connections: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('Connections for searches, and so searches at a time; one more writes the changes'),
    search_timeout_ms: z
      .int()
      .min(10)
      .max(60_000)
      .default(5000)
      .describe(
        'Longest search. Mode exact compares every face that fits: count on 150 ms per 100,000 faces of 512 values, ' +
          "and raise this and the proxy's plugin_timeout_ms, which should not be less, for more than 3 million",
      ),
    write_timeout_ms: z
      .int()
      .min(100)
      .max(600_000)
      .default(60_000)
      .describe('Longest statement that writes, until the connection counts as lost. Indexes may take longer'),
    reconnect_min_ms: z.int().min(1).max(600_000).default(500).describe('First pause after a lost connection'),
    reconnect_max_ms: z.int().min(1).max(3_600_000).default(60_000).describe('Pauses double up to this one'),
    hnsw_m: z.int().min(2).max(100).default(16).describe('hnsw: neighbours of a node. A change builds the index anew'),
    hnsw_ef_construction: z
      .int()
      .min(4)
      .max(1000)
      .default(64)
      .describe('hnsw: care of building, at least twice hnsw_m. A change builds the index anew'),
    hnsw_ef_search: z.int().min(1).max(1000).default(200).describe('hnsw: care of searching; more finds more'),
  })
  .refine(({ hnsw_m, hnsw_ef_construction }) => hnsw_ef_construction >= 2 * hnsw_m, {
    path: ['hnsw_ef_construction'],
    message: 'less than twice hnsw_m',
  });
export type PgvectorSettings = z.infer<typeof PgvectorSettings>;
