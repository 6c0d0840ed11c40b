import { Worker } from 'node:worker_threads';
import type { EstimationRequest, PictureEstimate } from '#domain/face/estimation';
import { type ErrorName, LunaError, lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';

/** To a worker. `picture` is transferred, so the worker owns it. */
export interface WorkerJob {
  id: number;
  picture: ArrayBuffer;
  request: EstimationRequest;
}

/** From a worker: ready once, then one answer per job. */
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'estimate'; id: number; estimate: PictureEstimate }
  | { kind: 'error'; id: number; errorName: ErrorName; detail: string };

export interface WorkerPool {
  /** Resolves when every worker has its networks. Rejects when one cannot get them. */
  start(): Promise<void>;
  /**
   * Estimates a picture on the next free worker. The bytes are copied: the caller keeps its own. Throws what the
   * pipeline throws, `ServiceBusy` when too many wait, `RequestTimeout` when the worker took too long or none got free,
   * `DetectionFailed` when it died, and the signal's reason when it is aborted.
   */
  run(picture: Uint8Array, request: EstimationRequest, signal?: AbortSignal): Promise<PictureEstimate>;
  /** Ends the workers; what still waits is refused. */
  stop(): Promise<void>;
  readonly waiting: number;
  readonly running: number;
  /** Workers that answer, or would. */
  readonly live: number;
}

interface Waiting {
  job: WorkerJob;
  resolve(estimate: PictureEstimate): void;
  reject(error: unknown): void;
}

interface Lane {
  worker: Worker;
  current: Waiting | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Pause before a worker that could not be started is tried again. */
const retryMs = 2000;
/** How long a worker that was ended may take until it is given up. */
const endTimeoutMs = 2000;

/**
 * A bounded queue in front of worker threads. onnxruntime blocks its thread, so there is one picture per worker at a
 * time. A worker that dies or takes too long is ended and replaced: its picture is answered with an error, the others
 * go on. One that the system does not let go of (native code that never returns) is given up: its thread ends when that
 * does.
 */
export function createWorkerPool(deps: {
  url: URL;
  workerData: unknown;
  size: number;
  /** Pictures that may wait. */
  queue: number;
  /** For one picture. */
  timeoutMs: number;
  /** Longest wait for a worker. */
  waitMs: number;
  log: Log;
}): WorkerPool {
  const waiting: Waiting[] = [];
  const lanes = new Set<Lane>();
  /** Started, but not ready yet: `stop` must end them too. */
  const opening = new Set<Worker>();
  const retries = new Set<NodeJS.Timeout>();
  let nextId = 0;
  let stopped = false;

  const settle = (lane: Lane, outcome: (current: Waiting) => void): void => {
    clearTimeout(lane.timer);
    const { current } = lane;
    lane.current = undefined;
    if (current) outcome(current);
  };

  const feed = (lane: Lane): void => {
    if (lane.current) return;
    const next = waiting.shift();
    if (!next) return;
    lane.current = next;
    lane.timer = setTimeout(() => {
      settle(lane, ({ reject }) => reject(lunaError('RequestTimeout', { what: `picture after ${deps.timeoutMs} ms` })));
      void replace(lane, 'took too long');
    }, deps.timeoutMs);
    lane.worker.postMessage(next.job, [next.job.picture]);
  };

  const end = async (worker: Worker): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        deps.log.error('an inference worker cannot be ended and is given up');
        resolve();
      }, endTimeoutMs);
    });
    await Promise.race([worker.terminate(), late]);
    clearTimeout(timer);
  };

  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(deps.url, { workerData: deps.workerData });
      const lane: Lane = { worker, current: undefined, timer: undefined };
      opening.add(worker);
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') {
          opening.delete(worker);
          lanes.add(lane);
          resolve();
          feed(lane);
          return;
        }
        if (message.id !== lane.current?.job.id) return;
        settle(lane, (current) => {
          if (message.kind === 'estimate') current.resolve(message.estimate);
          else current.reject(new LunaError(message.errorName, message.detail));
        });
        feed(lane);
      });
      worker.on('error', (error) => {
        deps.log.error({ err: error }, 'inference worker failed');
        reject(error);
      });
      worker.on('exit', () => {
        opening.delete(worker);
        reject(new Error('the inference worker ended before it was ready'));
        if (!lanes.has(lane)) return;
        settle(lane, (current) =>
          current.reject(lunaError('DetectionFailed', { reason: 'the inference worker died' })),
        );
        void replace(lane, 'died');
      });
    });

  const reopen = async (): Promise<void> => {
    if (stopped) return;
    try {
      await open();
    } catch (error) {
      if (stopped) return;
      deps.log.error({ err: error }, `an inference worker could not be replaced, next attempt in ${retryMs} ms`);
      const retry = setTimeout(() => {
        retries.delete(retry);
        void reopen();
      }, retryMs);
      retries.add(retry);
      if (lanes.size > 0 || opening.size > 0) return;
      const refused = lunaError('DetectionFailed', { reason: 'no inference worker is left' });
      for (const { reject } of waiting.splice(0)) reject(refused);
    }
  };

  const replace = async (lane: Lane, why: string): Promise<void> => {
    if (!lanes.delete(lane) || stopped) return;
    deps.log.warn({ why }, 'replacing an inference worker');
    await end(lane.worker);
    await reopen();
  };

  /** Gives up on a picture: at once when it waits; a running one is finished by its worker, for nobody. */
  const giveUp = (entry: Waiting, reason: unknown): void => {
    const place = waiting.indexOf(entry);
    if (place >= 0) waiting.splice(place, 1);
    entry.reject(reason);
  };

  return {
    async start() {
      const outcomes = await Promise.allSettled(Array.from({ length: deps.size }, open));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (!failed) return;
      stopped = true;
      await Promise.all([...lanes].map(({ worker }) => end(worker)));
      throw failed.reason;
    },
    async run(picture, request, signal) {
      signal?.throwIfAborted();
      if (stopped) throw lunaError('ServiceBusy', { queue: 'inference (stopping)' });
      if (waiting.length >= deps.queue) throw lunaError('ServiceBusy', { queue: 'inference' });
      if (lanes.size === 0 && opening.size === 0 && retries.size > 0) {
        throw lunaError('DetectionFailed', { reason: 'no inference worker is left' });
      }
      let entry: Waiting | undefined;
      const { waitMs } = deps;
      const deadline = setTimeout(() => {
        if (!entry || !waiting.includes(entry)) return;
        giveUp(entry, lunaError('RequestTimeout', { what: `no inference worker got free within ${waitMs} ms` }));
      }, waitMs);
      const onAbort = (): void => {
        if (entry) giveUp(entry, signal?.reason);
      };
      signal?.addEventListener('abort', onAbort);
      try {
        return await new Promise<PictureEstimate>((resolve, reject) => {
          const own = new Uint8Array(picture).buffer;
          entry = { job: { id: nextId++, picture: own, request }, resolve, reject };
          waiting.push(entry);
          const free = [...lanes].find(({ current }) => !current);
          if (free) feed(free);
        });
      } finally {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', onAbort);
      }
    },
    async stop() {
      stopped = true;
      const refused = lunaError('ServiceBusy', { queue: 'inference (stopping)' });
      for (const retry of retries) clearTimeout(retry);
      for (const { reject } of waiting.splice(0)) reject(refused);
      const ending = [...lanes];
      lanes.clear();
      for (const lane of ending) settle(lane, ({ reject }) => reject(refused));
      await Promise.all([...ending.map(({ worker }) => worker), ...opening].map(end));
    },
    get waiting() {
      return waiting.length;
    },
    get running() {
      return [...lanes].filter(({ current }) => current).length;
    },
    get live() {
      return lanes.size;
    },
  };
}
