import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { DeviceName } from '#domain/devices';
import type { EstimationRequest, PictureEstimate } from '#domain/face/estimation';
import { lunaError } from '#kernel/errors';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import { chooseDevice, createProbe, type DeviceReport, missingLibrary } from './device.ts';
import type { WorkerSettings } from './inference.worker.ts';
import { readManifest, verifyNetworks } from './networks.ts';
import { packId } from './packs/manifest.ts';
import type { PackInUse } from './packs/pack-in-use.ts';
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
  /** The model packs that the workers run with. */
  packs(): readonly PackInUse[];
  /**
   * Takes up the packs that `options.packs` gives now: new workers are made beside the old ones, which end when they
   * have answered what waits for them. No picture is lost. Throws, and leaves everything as it was, when the new workers
   * do not start.
   */
  reload(): Promise<void>;
  stats(): InferenceStats;
}

interface Running {
  readonly pool: WorkerPool;
  readonly report: DeviceReport;
  readonly packs: readonly PackInUse[];
}

const drainPollMs = 20;

export interface InferenceStats {
  /** Those that are alive. */
  workers: number;
  running: number;
  waiting: number;
}

export interface InferenceOptions {
  /** Folder with the converted networks and their `manifest.json`. */
  networksDir: string;
  /** Path of `sampling.wasm`. */
  kernels: string;
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
  /** Checked model packs to put in place of embedded networks. Asked at the start and at every reload. */
  packs?: () => Promise<readonly PackInUse[]>;
}

export const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './inference.worker.ts' : './inference.worker.js',
  import.meta.url,
);

export function createInference(options: InferenceOptions): Inference {
  const {
    networksDir,
    kernels,
    log,
    device = 'auto',
    workers = availableParallelism(),
    numThreads = 1,
    queue = 64,
    maxPixels = 64_000_000,
    maxBytes = 64 * 1024 * 1024,
    timeoutMs = 30_000,
    tiles = false,
    packs: wantedPacks = async () => [],
  } = options;
  let running: Running | undefined;
  let reloading: Promise<void> = Promise.resolve();
  let stopping = false;
  const required = (): Running => {
    if (!running) throw new Error('inference is not started');
    return running;
  };
  const startPool = async (report: DeviceReport, packs: readonly PackInUse[]): Promise<Running> => {
    const workerData: WorkerSettings = {
      networksDir,
      session: { executionProvider: report.chosen, intraOpThreads: numThreads },
      estimator: { maxPixels, timeoutMs, tiles, kernels },
      packs,
    };
    // As long as two pictures may take.
    const waitMs = 2 * timeoutMs;
    const pool = createWorkerPool({ url: workerUrl, workerData, size: workers, queue, timeoutMs, waitMs, log });
    try {
      await pool.start();
    } catch (error) {
      await pool.stop();
      throw error;
    }
    return { pool, report, packs };
  };
  /** The appliance works on without a pack that does not start: what it brought is missing, and the log says so. */
  const startWithPacks = async (report: DeviceReport): Promise<Running> => {
    const packs = await wantedPacks();
    try {
      return await startPool(report, packs);
    } catch (error) {
      if (packs.length === 0) throw error;
      log.error({ err: error }, 'inference does not start with the model packs; trying them one by one');
    }
    let started = await startPool(report, []);
    for (const pack of packs) {
      const before = started;
      try {
        started = await startPool(report, [...before.packs, pack]);
        await before.pool.stop();
      } catch (error) {
        log.error(
          { pack: packId(pack.manifest), err: error },
          'inference does not start with a model pack; it is left out',
        );
      }
    }
    return started;
  };
  const reload = async (): Promise<void> => {
    const before = required();
    const packs = await wantedPacks();
    running = await startPool(before.report, packs);
    log.info({ packs: packs.map(({ manifest }) => packId(manifest)) }, 'model packs taken up');
    while (!stopping && before.pool.waiting + before.pool.running > 0) await setTimeout(drainPollMs);
    await before.pool.stop();
  };
  return {
    name: 'inference',
    async start() {
      const verified = verifyNetworks(networksDir, readManifest(networksDir));
      const report = await chooseDevice(device, { probe: createProbe(workerUrl, networksDir), missingLibrary });
      // A damaged file makes both fail: its name is the better message.
      const [checked, started] = await Promise.allSettled([verified, startWithPacks(report)]);
      if (checked.status === 'rejected' || started.status === 'rejected') {
        if (started.status === 'fulfilled') await started.value.pool.stop();
        throw checked.status === 'rejected' ? checked.reason : (started as PromiseRejectedResult).reason;
      }
      running = started.value;
      log.info({ device: report.chosen, reason: report.reason, workers }, 'inference is ready');
    },
    async stop() {
      stopping = true;
      await reloading.catch(() => {});
      await running?.pool.stop();
      running = undefined;
    },
    packs: () => running?.packs ?? [],
    reload() {
      reloading = reloading.catch(() => {}).then(reload);
      return reloading;
    },
    async estimate(picture, request, signal) {
      if (picture.length > maxBytes) throw lunaError('BodyTooLarge', { limitBytes: maxBytes });
      return required().pool.run(picture, request, signal);
    },
    device: () => required().report,
    stats: () => ({
      workers: running?.pool.live ?? 0,
      running: running?.pool.running ?? 0,
      waiting: running?.pool.waiting ?? 0,
    }),
  };
}
