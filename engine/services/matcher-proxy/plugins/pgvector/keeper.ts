import { randomUUID } from 'node:crypto';
import { descriptorVersions } from '#domain/descriptor/similarity';
import type { PluginContext } from '../../plugin.ts';
import type { Connect, ConnectOptions, Database } from './database.ts';
import type { PgvectorSettings } from './pgvector.settings.ts';
import { makeIndexes, prepareTables, takeOver } from './tables.ts';
import { createWalk, type Walk } from './walk.ts';
import { createWriter, type Writer } from './writer.ts';

/** What a search needs. Answers count only if PostgreSQL names this owner and at least so many writes. */
export interface Sight {
  readonly db: Database;
  readonly owner: string;
  readonly writes: number;
}

export interface Keeper {
  /** True when everything is in PostgreSQL but few changes, which `sight` waits for. */
  isInStep(): boolean;
  /** Waits until every change that is known now is written, and for no later one. Throws when the connection is lost meanwhile. */
  sight(): Promise<Sight>;
  /** Why it is out of step; undefined when it is not. */
  problem(): string | undefined;
  /** Gives the connection of `sight` up; a new one is made. */
  lost(sight: Sight, error: unknown): void;
  close(): Promise<void>;
}

/** More changes than this are not remembered one by one: all faces are compared again. */
const mostPending = 100_000;
const connectTimeoutMs = 10_000;
/** What the way back of an answer may take. */
const answerMs = 500;

/**
 * Keeps PostgreSQL in step with the faces of the appliance. One loop does everything that writes, one statement after the
 * other: it connects, compares all faces with the rows that are there (`walk.ts`), writes changes as they come, and on any
 * failure starts over after a pause that doubles. So the last thing written of a face is always what it was last.
 *
 * What is in PostgreSQL is believed only while this process has watched it: a new process compares everything, starting
 * where the last one stopped, and so does this one after PostgreSQL lost acknowledged writes or somebody else wrote.
 */
export function createKeeper(deps: { context: PluginContext; settings: PgvectorSettings; connect: Connect }): Keeper {
  const { context, settings, connect } = deps;
  const { log } = context;
  const owner = randomUUID();
  /** Keys that wait to be written, with the number of the oldest change that waits: ascending, as they are written. */
  let pending = new Map<number, number>();
  let lastChange = 0;
  /** Searches, by the number of the last change that each has to see: ascending. */
  const waiting: { number: number; resolve(): void; reject(error: Error): void }[] = [];
  let isWriting = false;
  /** The write under way takes so long that no search should wait for it. */
  let isStalled = false;
  let isReady = false;
  let isClosed = false;
  let problem: Error | undefined;
  const opened: Database[] = [];
  let search: Database | undefined;
  let writer: Writer | undefined;
  let acknowledged = -1;
  let walk: Walk | undefined;
  let pauseMs = settings.reconnect_min_ms;
  let lastProblem = '';
  /** Descriptor versions that have their tables. */
  let prepared = 0;
  let ring = (): void => {};

  const refuse = (reason: Error): void => {
    for (const { reject } of waiting.splice(0)) reject(reason);
  };
  const notReady = (reason: Error): void => {
    isReady = false;
    refuse(reason);
  };
  const lost = (error: unknown): void => {
    problem ??= error instanceof Error ? error : new Error(String(error));
    notReady(problem);
    ring();
  };
  const stopListening = context.onFacesChanged((keys) => {
    lastChange += 1;
    // One that waits already is written as it is then, so that its place in the line will do.
    for (const key of keys) if (!pending.has(key)) pending.set(key, lastChange);
    if (pending.size > mostPending) {
      log.warn({ changes: pending.size }, 'too many changes wait for PostgreSQL, all faces will be compared again');
      pending.clear();
      walk?.restart();
      notReady(new Error('too many changes'));
    }
    ring();
  });

  const open = async (options: Pick<ConnectOptions, 'connections' | 'queryTimeoutMs' | 'settings'>) => {
    const db = await connect({ url: settings.url, connectTimeoutMs, ...options });
    opened.push(db);
    if (isClosed) throw new Error('closed');
    return db;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((db) => db.close()));
  };
  const searchSettings = {
    statement_timeout: String(settings.search_timeout_ms),
    ...(settings.mode === 'hnsw' && {
      'hnsw.ef_search': String(settings.hnsw_ef_search),
      'hnsw.iterative_scan': 'strict_order',
    }),
  };

  const flush = async (to: Writer): Promise<void> => {
    const batch = [...pending].slice(0, settings.batch_faces);
    const keys = batch.map(([key]) => key);
    for (const key of keys) pending.delete(key);
    isWriting = true;
    const patience = setTimeout(() => {
      isStalled = true;
      refuse(new Error('PostgreSQL takes long to write'));
    }, settings.search_timeout_ms / 2);
    try {
      await to.write(keys, context.readFaces(keys));
    } catch (error) {
      const later = pending;
      pending = new Map(batch);
      for (const [key, number] of later) if (!pending.has(key)) pending.set(key, number);
      throw error;
    } finally {
      clearTimeout(patience);
      isWriting = false;
      isStalled = false;
    }
    const [oldest = lastChange + 1] = pending.values();
    while (waiting[0] && waiting[0].number < oldest) waiting.shift()?.resolve();
  };

  /** Until the connection is lost or the plugin closed. */
  const keepInStep = async (db: Database, to: Writer, toWalk: Walk): Promise<void> => {
    let isIndexed = false;
    while (!isClosed && !problem) {
      const rung = new Promise<void>((resolve) => {
        ring = resolve;
      });
      if (pending.size > 0) await flush(to);
      acknowledged = to.writes;
      if (!toWalk.isDone()) {
        await toWalk.step(to);
      } else if (!isIndexed) {
        const built = await makeIndexes(db, settings);
        if (built.length > 0) log.info({ built }, 'pgvector indexes are built');
        isIndexed = true;
      } else {
        if (!isReady && pending.size <= settings.pending_changes) {
          log.info({ mode: settings.mode, exact: settings.mode === 'exact' }, 'pgvector is in step');
          isReady = true;
          pauseMs = settings.reconnect_min_ms;
          lastProblem = '';
        }
        if (pending.size === 0) await rung;
      }
      acknowledged = to.writes;
    }
  };

  const connectOnce = async (): Promise<void> => {
    problem = undefined;
    try {
      const db = await open({ connections: 1, queryTimeoutMs: settings.write_timeout_ms, settings: {} });
      prepared = descriptorVersions.size;
      const state = await prepareTables(db, settings);
      const isWatched = state.owner === owner && acknowledged >= 0 && state.writes >= acknowledged;
      await takeOver(db, settings.schema, owner, state);
      if (!walk) walk = createWalk({ context, batch: settings.batch_faces, from: state.walkedTo });
      else if (!isWatched) walk.restart();
      writer = createWriter(db, settings, owner, state.writes);
      acknowledged = state.writes;
      search = await open({
        connections: settings.connections,
        // PostgreSQL itself ends a search that takes too long, unless it is gone.
        queryTimeoutMs: settings.search_timeout_ms + answerMs,
        settings: searchSettings,
      });
      await keepInStep(db, writer, walk);
    } finally {
      isReady = false;
      search = undefined;
      await closeAll();
    }
  };

  const run = async (): Promise<void> => {
    while (!isClosed) {
      try {
        await connectOnce();
      } catch (error) {
        lost(error);
      }
      if (isClosed) return;
      const message = problem?.message ?? '';
      if (message !== lastProblem) log.warn({ err: problem, pending: pending.size }, 'pgvector is out of step');
      lastProblem = message;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        ring = () => {
          if (!isClosed) return;
          clearTimeout(timer);
          resolve();
        };
      });
      pauseMs = Math.min(pauseMs * 2, settings.reconnect_max_ms);
    }
  };
  const running = run();

  return {
    problem: () => (isReady ? undefined : `is out of step: ${problem?.message ?? 'faces are being compared'}`),
    lost({ db }, error) {
      // An old connection may fail late.
      if (db === search) lost(error);
    },
    isInStep() {
      // A model pack brought one meanwhile. Its table is made with the next connection.
      if (isReady && prepared < descriptorVersions.size) lost(new Error('a new descriptor version has no table yet'));
      return isReady && !isStalled && pending.size <= settings.pending_changes;
    },
    async sight() {
      if (!isReady) throw problem ?? new Error('out of step');
      if (pending.size > 0 || isWriting) {
        const number = lastChange;
        await new Promise<void>((resolve, reject) => waiting.push({ number, resolve, reject }));
      }
      if (!search || !writer || !isReady) throw problem ?? new Error('out of step');
      return { db: search, owner, writes: writer.writes };
    },
    async close() {
      stopListening();
      isClosed = true;
      lost(new Error('closed'));
      await closeAll();
      await running;
    },
  };
}
