/**
 * The thread that estimates pictures, one at a time: onnxruntime blocks the thread it runs on. Started as a process
 * instead, it probes a device (`device.ts`) or runs the networks of a model pack (`packs/`), and ends.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { isLunaError, lunaError } from '#kernel/errors';
import { probeDevice } from './device-probe.ts';
import { createNetworks, readManifest, type SessionSettings } from './networks.ts';
import { checkPackNetworks } from './packs/check-networks.ts';
import { modelsWith, type PackInUse } from './packs/pack-in-use.ts';
import { coreNetworksOf, createEstimator, type EstimatorSettings } from './pipeline/estimate.ts';
import type { WorkerJob, WorkerMessage } from './worker-pool.ts';

export interface WorkerSettings {
  networksDir: string;
  session: SessionSettings;
  estimator: EstimatorSettings;
  packs: readonly PackInUse[];
}

async function answerProbe(): Promise<void> {
  const { PERIGEE_PROBE_DEVICE: device = '', PERIGEE_PROBE_NETWORKS: networksDir = '' } = process.env;
  const answer = await probeDevice(device, networksDir).catch((error: Error) => ({ error: error.message }));
  process.send?.(answer, () => process.exit(0));
}

async function answerPackCheck(packDir: string): Promise<void> {
  const answer = await checkPackNetworks(packDir).catch((error: Error) => ({ problem: error.message }));
  process.send?.(answer, () => process.exit(0));
}

async function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): Promise<void> {
  const post = (message: WorkerMessage): void => port.postMessage(message);
  // One decoding thread per worker, and no cache of pictures that come once.
  sharp.concurrency(1);
  sharp.cache(false);
  const { models, files } = modelsWith(settings.packs);
  const all = { ...readManifest(settings.networksDir), ...files };
  const networks = createNetworks(settings.networksDir, all, settings.session);
  const estimator = createEstimator(networks, settings.estimator, models);
  // Those of packs at once: one that does not load must be found out before its pack is in use.
  for (const name of new Set([...coreNetworksOf(models), ...Object.keys(files)])) await networks.get(name).load();
  port.on('message', async ({ id, picture, request }: WorkerJob) => {
    try {
      post({ kind: 'estimate', id, estimate: await estimator.estimate(new Uint8Array(picture), request) });
    } catch (error) {
      const known = isLunaError(error) ? error : lunaError('DetectionFailed', { reason: (error as Error).message });
      post({ kind: 'error', id, errorName: known.errorName, detail: known.message });
    }
  });
  post({ kind: 'ready' });
}

if (parentPort && !isMainThread) await serve(parentPort, workerData as WorkerSettings);
else if (process.env['PERIGEE_PROBE_DEVICE']) await answerProbe();
else if (process.env['PERIGEE_CHECK_PACK']) await answerPackCheck(process.env['PERIGEE_CHECK_PACK']);
