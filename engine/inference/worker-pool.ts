import { Worker } from 'node:worker_threads';
import type { EstimationRequest, PictureEstimate } from '#domain/estimation';
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
   * Estimates a picture on the next free worker. The bytes are copied. Throws what the pipeline throws, `ServiceBusy`
   * when too many wait, `RequestTimeout` when the worker took too long, `DetectionFailed` when it died.
   */
  run(picture: Uint8Array, request: EstimationRequest): Promise<PictureEstimate>;
  /** Ends the workers; what still waits is refused. */
  stop(): Promise<void>;
  readonly waiting: number;
}

interface Waiting {
  job: WorkerJob;
  resolve(estimate: PictureEstimate): void;
  reject(error: Error): void;
}

interface Lane {
  worker: Worker;
  current: Waiting | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * A bounded queue in front of worker threads. onnxruntime blocks its thread, so there is one picture per worker at a
 * time. A worker that dies or takes too long is ended and replaced: its picture is answered with an error, the others
 * go on.
 */
export function createWorkerPool(deps: {
  url: URL;
  workerData: unknown;
  size: number;
  /** Pictures that may wait. */
  queue: number;
  timeoutMs: number;
  log: Log;
}): WorkerPool {
  const waiting: Waiting[] = [];
  const lanes = new Set<Lane>();
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

  const open = (): Promise<Lane> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(deps.url, { workerData: deps.workerData });
      const lane: Lane = { worker, current: undefined, timer: undefined };
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'ready') {
          lanes.add(lane);
          resolve(lane);
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
        if (!lanes.has(lane)) return;
        settle(lane, (current) =>
          current.reject(lunaError('DetectionFailed', { reason: 'the inference worker died' })),
        );
        void replace(lane, 'died');
      });
    });

  const replace = async (lane: Lane, why: string): Promise<void> => {
    if (!lanes.delete(lane) || stopped) return;
    deps.log.warn({ why }, 'replacing an inference worker');
    await lane.worker.terminate();
    if (stopped) return;
    try {
      await open();
    } catch (error) {
      deps.log.error({ err: error }, 'an inference worker could not be replaced');
      if (lanes.size === 0) {
        const refused = lunaError('DetectionFailed', { reason: 'no inference worker is left' });
        for (const { reject } of waiting.splice(0)) reject(refused);
      }
    }
  };

  return {
    async start() {
      await Promise.all(Array.from({ length: deps.size }, open));
    },
    run(picture, request) {
      if (stopped) return Promise.reject(lunaError('ServiceBusy', { queue: 'inference (stopping)' }));
      if (waiting.length >= deps.queue) return Promise.reject(lunaError('ServiceBusy', { queue: 'inference' }));
      return new Promise((resolve, reject) => {
        const own = picture.slice().buffer as ArrayBuffer;
        waiting.push({ job: { id: nextId++, picture: own, request }, resolve, reject });
        const free = [...lanes].find(({ current }) => !current);
        if (free) feed(free);
      });
    },
    async stop() {
      stopped = true;
      const refused = lunaError('ServiceBusy', { queue: 'inference (stopping)' });
      for (const { reject } of waiting.splice(0)) reject(refused);
      const ending = [...lanes];
      lanes.clear();
      await Promise.all(
        ending.map((lane) => {
          settle(lane, ({ reject }) => reject(refused));
          return lane.worker.terminate();
        }),
      );
    },
    get waiting() {
      return waiting.length;
    },
  };
}
