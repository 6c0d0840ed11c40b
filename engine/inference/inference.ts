import { availableParallelism } from 'node:os';
import type { EstimationRequest, PictureEstimate } from '#domain/estimation';
import { lunaError } from '#kernel/errors';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import { chooseDevice, createProbe, type DeviceName, type DeviceReport, missingLibrary } from './device.ts';
import type { WorkerSettings } from './inference.worker.ts';
import { readManifest, verifyNetworks } from './networks.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

/** Estimates pictures on worker threads. The port that the services know. */
export interface Inference extends Subsystem {
  readonly name: 'inference';
  /** Throws for networks that are missing or damaged and for a device that was asked for and cannot be used. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * What the networks tell about a picture. Throws `ImageLoading`, `ImageConversion`, `ImageSize`, `FaceWarpSize`,
   * `BadRectangle`, `BodyTooLarge` for the picture; `ServiceBusy`, `RequestTimeout`, `DetectionFailed` for ourselves;
   * the signal's reason when it is aborted.
   */
  estimate(picture: Uint8Array, request: EstimationRequest, signal?: AbortSignal): Promise<PictureEstimate>;
  /** What the networks run on, known from `start` on. */
  device(): DeviceReport;
  stats(): InferenceStats;
}

export interface InferenceStats {
  workers: number;
  running: number;
  waiting: number;
}

export interface InferenceOptions {
  /** Folder with the converted networks and their `manifest.json`. */
  networksDir: string;
  log: Log;
  device?: DeviceName | 'auto';
  /** Threads that estimate, one picture each. Default: one per core. */
  workers?: number;
  /** Threads inside one network. Small networks do not get faster by them; parallelism is by workers. */
  numThreads?: number;
  /** Pictures that may wait for a worker. */
  queue?: number;
  maxPixels?: number;
  maxBytes?: number;
  /** Time a worker may take for one picture. */
  timeoutMs?: number;
  /** Look for small faces too: five looks of the detector instead of one. */
  tiles?: boolean;
}

const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './inference.worker.ts' : './inference.worker.js',
  import.meta.url,
);

export function createInference(options: InferenceOptions): Inference {
  const {
    networksDir,
    log,
    device = 'auto',
    workers = availableParallelism(),
    numThreads = 1,
    queue = 64,
    maxPixels = 64_000_000,
    maxBytes = 64 * 1024 * 1024,
    timeoutMs = 30_000,
    tiles = false,
  } = options;
  let running: { pool: WorkerPool; report: DeviceReport } | undefined;
  const required = (): NonNullable<typeof running> => {
    if (!running) throw new Error('inference is not started');
    return running;
  };
  return {
    name: 'inference',
    async start() {
      const verified = verifyNetworks(networksDir, readManifest(networksDir));
      const report = await chooseDevice(device, { probe: createProbe(workerUrl, networksDir), missingLibrary });
      const workerData: WorkerSettings = {
        networksDir,
        session: { executionProvider: report.chosen, intraOpThreads: numThreads },
        estimator: { maxPixels, timeoutMs, tiles },
      };
      const pool = createWorkerPool({ url: workerUrl, workerData, size: workers, queue, timeoutMs, log });
      // A damaged file makes both fail: its name is the better message.
      const [checked, started] = await Promise.allSettled([verified, pool.start()]);
      if (checked.status === 'rejected' || started.status === 'rejected') {
        await pool.stop();
        throw checked.status === 'rejected' ? checked.reason : (started as PromiseRejectedResult).reason;
      }
      running = { pool, report };
      log.info({ device: report.chosen, reason: report.reason, workers }, 'inference is ready');
    },
    async stop() {
      await running?.pool.stop();
      running = undefined;
    },
    async estimate(picture, request, signal) {
      if (picture.length > maxBytes) throw lunaError('BodyTooLarge', { limitBytes: maxBytes });
      return required().pool.run(picture, request, signal);
    },
    device: () => required().report,
    stats: () => ({ workers, running: running?.pool.running ?? 0, waiting: running?.pool.waiting ?? 0 }),
  };
}
