import { lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import { candidatesOf, createConditions, signatureOf } from './conditions.ts';
import type { SearchRequest } from './gallery.ts';
import { batchQueries } from './rows/layout.ts';
import { byRank, type Hit, toSortable } from './scan/collect.ts';
import { type Condition, controlHead, type ProbedCells, type ScanAnswer, type ScanJob } from './scan/messages.ts';
import { type Pool, WorkerLost } from './scan/pool.ts';
import { attachmentOf, shapeOf, type Target } from './target.ts';

export interface SearchCounts {
  searches: number;
  queries: number;
  scans: number;
  /** Rows scored exactly. */
  scored: number;
  retries: number;
  /** Queries answered from some cells only. */
  approximate: number;
}

/**
 * Turns search requests into scans: one scan at a time on all workers, up to 32 queries in it. Requests for the same
 * gallery and selection share a scan; those that arrive while one runs are taken together by the next. A request with
 * more queries than fit goes to the back of the queue after each scan, so that large ones do not hold up small ones.
 */
export interface Scheduler {
  readonly counts: SearchCounts;
  readonly waitingQueries: number;
  search(target: Target, request: SearchRequest): Promise<Hit[][]>;
  /** A number for a job of the workers. */
  nextJob(): number;
  /** Runs something else that needs the workers, between two scans. */
  run<T>(chore: () => Promise<T>): Promise<T>;
  /** Refuses what waits and resolves when the scan that runs is over. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly target: Target;
  readonly request: SearchRequest;
  readonly signature: string | object;
  readonly hits: Hit[][];
  /** Queries handed to scans so far. */
  next: number;
  /** Rows looked at so far by approximate scans. */
  looked: number;
  approximate: ProbedCells | undefined;
  resolve(hits: Hit[][]): void;
  reject(error: unknown): void;
}

const tries = 3;

export function createScheduler(deps: {
  pool: Pool;
  log: Log;
  maxWaitingQueries: number;
  coalesceMs: number;
}): Scheduler {
  const { pool } = deps;
  let queue: Waiting[] = [];
  const chores: { run: () => Promise<void>; refuse: () => void }[] = [];
  let waitingQueries = 0;
  let working: Promise<void> | undefined;
  let stopped = false;
  let jobs = 0;
  const conditions = createConditions();
  const counts: SearchCounts = { searches: 0, queries: 0, scans: 0, scored: 0, retries: 0, approximate: 0 };
  const stoppedError = () => lunaError('ServiceBusy', { queue: 'matching (stopped)' });

  interface Part {
    readonly waiting: Waiting;
    readonly query: number;
  }

  /** Takes up to a batch of queries that may share a scan, beginning with the oldest request. */
  function takeBatch(): Part[] {
    const first = queue[0];
    if (!first) return [];
    const parts: Part[] = [];
    for (const waiting of queue) {
      if (waiting.target !== first.target || waiting.signature !== first.signature) continue;
      while (parts.length < batchQueries && waiting.next < waiting.request.queries.length) {
        parts.push({ waiting, query: waiting.next });
        waiting.next += 1;
      }
    }
    const unfinished = queue.filter((one) => one.next < one.request.queries.length);
    const started = new Set(parts.map((part) => part.waiting));
    queue = [...unfinished.filter((one) => !started.has(one)), ...unfinished.filter((one) => started.has(one))];
    waitingQueries -= parts.length;
    return parts;
  }

  function merge(parts: readonly Part[], answers: readonly ScanAnswer[]): void {
    const offsets = answers.map(() => 0);
    for (const [i, { waiting, query }] of parts.entries()) {
      const hits: Hit[] = [];
      for (const [w, answer] of answers.entries()) {
        const from = offsets[w] as number;
        const to = from + (answer.counts[i] as number);
        for (let n = from; n < to; n++) hits.push({ key: answer.keys[n] as number, score: answer.scores[n] as number });
        offsets[w] = to;
      }
      waiting.hits[query] = hits.sort(byRank).slice(0, waiting.request.k);
    }
    for (const answer of answers) counts.scored += answer.scored;
  }

  async function scan(parts: readonly Part[]): Promise<void> {
    const first = parts[0] as Part;
    const { target, request } = first.waiting;
    const { keeper } = target;
    await keeper.quiet(async () => {
      const { rows } = keeper;
      if (rows.size === 0) {
        for (const { waiting, query } of parts) waiting.hits[query] = [];
        return;
      }
      const condition = await conditions.of(target.keeper, request.selection);
      const candidates = request.exact ? 0 : candidatesOf(rows, request.selection, condition);
      const cells = target.cells?.cellsFor(candidates, request.probes);
      if (!cells) return scanTogether(target, parts, condition, undefined);
      // Each query has its own cells.
      for (const part of parts) await scanTogether(target, [part], condition, cells);
    });
  }

  async function scanTogether(
    target: Target,
    parts: readonly Part[],
    condition: Condition | undefined,
    cells: ProbedCells | undefined,
  ): Promise<void> {
    const { keeper, layout } = target;
    const { rows } = keeper;
    const queries = new Float32Array(parts.length * layout.dimensions);
    for (const [i, { waiting, query }] of parts.entries()) {
      queries.set(waiting.request.queries[query] as Float32Array, i * layout.dimensions);
    }
    const minScores = parts.map(({ waiting }) => waiting.request.minScore ?? Number.NEGATIVE_INFINITY);
    for (let attempt = 1; ; attempt++) {
      const control = new SharedArrayBuffer((controlHead + parts.length) * 4);
      new Int32Array(control).set(minScores.map(toSortable), controlHead);
      const job: ScanJob = {
        job: ++jobs,
        gallery: target.id,
        control,
        blocks: rows.blocks,
        queries,
        ks: parts.map(({ waiting }) => waiting.request.k),
        minScores,
        ...(condition && { condition }),
        ...(cells && { cells }),
      };
      try {
        counts.scans += 1;
        const answers = await pool.scan(job, () => attachmentOf(target), shapeOf(target));
        const damaged = new Set(answers.flatMap((one) => one.damaged));
        if (damaged.size > 0) {
          if (attempt === tries)
            throw lunaError('StorageFailed', { reason: `vectors of '${target.name}' are damaged` });
          await target.mend([...damaged]);
          counts.retries += 1;
          continue;
        }
        merge(parts, answers);
        if (cells) noteApproximate(parts, cells, answers);
        return;
      } catch (error) {
        if (!(error instanceof WorkerLost) || attempt === tries) throw error;
        counts.retries += 1;
        deps.log.warn({ err: error, attempt }, 'a search is tried again');
      }
    }
  }

  function noteApproximate(parts: readonly Part[], cells: ProbedCells, answers: readonly ScanAnswer[]): void {
    counts.approximate += parts.length;
    for (const { waiting } of parts) {
      waiting.approximate = cells;
      for (const { looked } of answers) waiting.looked += looked;
    }
  }

  function answer({ target, request, hits, approximate, looked, resolve }: Waiting): void {
    if (approximate) {
      const { probes, centroids } = approximate;
      const cells = centroids.byteLength / 4 / target.layout.dimensions;
      const { size } = target.keeper.rows;
      const buildMs = target.cells?.stats()?.buildMs;
      const queries = request.queries.length;
      deps.log.info(
        { gallery: target.name, queries, probes, cells, buildMs, rowsScanned: looked, rows: size },
        'this answer is approximate: only the nearest cells were searched',
      );
    }
    resolve(hits);
  }

  async function work(): Promise<void> {
    // What arrives in the same turn, or within the time budget, shares the first scan.
    await new Promise((resolve) =>
      deps.coalesceMs > 0 ? setTimeout(resolve, deps.coalesceMs) : setImmediate(resolve),
    );
    for (;;) {
      const parts = takeBatch();
      const chore = chores.shift();
      if (chore) await chore.run();
      if (parts.length === 0) {
        if (chore) continue;
        return;
      }
      try {
        await scan(parts);
        for (const { waiting, query } of parts) {
          if (query === waiting.request.queries.length - 1) answer(waiting);
        }
      } catch (error) {
        const failed = new Set(parts.map((part) => part.waiting));
        for (const one of queue) if (failed.has(one)) waitingQueries -= one.request.queries.length - one.next;
        queue = queue.filter((one) => !failed.has(one));
        const told = error instanceof WorkerLost ? lunaError('Internal', undefined, error) : error;
        for (const one of failed) one.reject(told);
      }
    }
  }

  function begin(): void {
    working ??= work().finally(() => {
      working = undefined;
      if (queue.length + chores.length > 0) begin();
    });
  }

  return {
    counts,
    get waitingQueries() {
      return waitingQueries;
    },
    search(target, request) {
      if (stopped) return Promise.reject(stoppedError());
      if (request.queries.length === 0) return Promise.resolve([]);
      if (waitingQueries + request.queries.length > deps.maxWaitingQueries) {
        return Promise.reject(lunaError('ServiceBusy', { queue: 'matching' }));
      }
      counts.searches += 1;
      counts.queries += request.queries.length;
      waitingQueries += request.queries.length;
      return new Promise((resolve, reject) => {
        const signature = signatureOf(request);
        const progress = { hits: [], next: 0, looked: 0, approximate: undefined };
        queue.push({ target, request, signature, ...progress, resolve, reject });
        begin();
      });
    },
    nextJob: () => ++jobs,
    run(chore) {
      if (stopped) return Promise.reject(stoppedError());
      return new Promise((resolve, reject) => {
        chores.push({ run: () => chore().then(resolve, reject), refuse: () => reject(stoppedError()) });
        begin();
      });
    },
    async stop() {
      stopped = true;
      for (const { refuse } of chores.splice(0)) refuse();
      for (const one of queue.splice(0)) one.reject(stoppedError());
      waitingQueries = 0;
      await working;
    },
  };
}
