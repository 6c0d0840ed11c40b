import type BetterSqlite3 from 'better-sqlite3';

interface Job {
  work(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Others wait for the thread while a group runs: what is not done after this long goes into the next group. */
const groupMs = 4;

export interface GroupCommit {
  /** Runs `work` in the next group. Resolves to its result when that is on the disk. */
  add<T>(work: () => T): Promise<T>;
  /** Commits now what waits. */
  flush(): void;
}

/**
 * Group commit (DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD 1984): writes that are asked for in one turn of the
 * event loop share one transaction, and thus one wait for the disk, which costs more than all of their statements. Each
 * has a savepoint of its own: when one throws, it alone is undone. When the commit itself fails, none has happened and all
 * of them are told so.
 */
export function createGroupCommit(connection: BetterSqlite3.Database): GroupCommit {
  let waiting: Job[] = [];
  let scheduled = false;

  const runSync = connection.transaction((work: () => unknown): unknown => {
    const result = work();
    if (result instanceof Promise) throw new TypeError('a transaction must be synchronous');
    return result;
  });

  /** Runs jobs until the time is used up; returns what to tell each of them once the group is committed. */
  const runGroup = connection.transaction((jobs: readonly Job[]): (() => void)[] => {
    const until = performance.now() + groupMs;
    const told: (() => void)[] = [];
    for (const { work, resolve, reject } of jobs) {
      if (told.length > 0 && performance.now() > until) break;
      try {
        const result = runSync(work);
        told.push(() => resolve(result));
      } catch (error) {
        // Some errors (a full disk) end the whole transaction, not only the savepoint.
        if (!connection.inTransaction) throw error;
        told.push(() => reject(error));
      }
    }
    return told;
  });

  function commit(): void {
    const jobs = waiting;
    waiting = [];
    try {
      const told = runGroup.immediate(jobs);
      waiting = [...jobs.slice(told.length), ...waiting];
      for (const tell of told) tell();
    } catch (error) {
      for (const { reject } of jobs) reject(error);
    }
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (waiting.length > 0) commit();
      if (waiting.length > 0) schedule();
    });
  }

  return {
    add: (work) =>
      new Promise((resolve, reject) => {
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
        schedule();
      }),
    flush() {
      while (waiting.length > 0) commit();
    },
  };
}
