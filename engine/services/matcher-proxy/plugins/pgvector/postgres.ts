import type { Client, PoolClient } from 'pg';
import type { Connect, Row } from './database.ts';

const keepAliveMs = 10_000;

/** PostgreSQL by way of the package `pg`, which is loaded only here: an appliance without the plugin never reads it. */
export const connectPostgres: Connect = async ({ url, connections, connectTimeoutMs, queryTimeoutMs, settings }) => {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'perigee',
    max: connections,
    // Connections stay: one holds a lock, and a new one costs a search more than the search itself.
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    onConnect: async (client) => {
      // A statement whose client is gone shall not hold locks until it ends. Not every platform can tell.
      await client
        .query("SELECT set_config(name, $1, false) FROM pg_settings WHERE name = 'client_connection_check_interval'", [
          String(keepAliveMs),
        ])
        .catch(() => {});
      for (const [name, value] of Object.entries(settings)) {
        await client.query('SELECT set_config($1, $2, false)', [name, value]);
      }
    },
  });
  // A connection that breaks while nobody uses it: the next query says so.
  pool.on('error', () => {});
  const clients = new Set<PoolClient>();
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => clients.delete(client));
  const close = async (): Promise<void> => {
    const ended = pool.end();
    // A client that waits for an answer drops its connection at once; the pool alone would wait with it.
    await Promise.allSettled([...[...clients].map((client) => (client as unknown as Client).end()), ended]);
  };
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await close();
    throw error;
  }
  return {
    close,
    async query(text, params = [], options) {
      // The pool drops a connection whose query failed or was late.
      const query = { text, values: [...params], ...(options && { query_timeout: options.timeoutMs }) };
      const { rows } = await pool.query<Row>(query);
      return rows;
    },
  };
};
