/** A thread of the pipeline benchmark: one contender, one picture after the other for as long as it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { detectionOnly } from '../../engine/domain/face/estimation.ts';
import type { Pixels } from '../../engine/inference/decode/pixels.ts';
import {
  createNetworks,
  type Network,
  type Networks,
  readManifest,
  sessionOptions,
} from '../../engine/inference/networks.ts';
import { createEstimator } from '../../engine/inference/pipeline/estimate.ts';
import { createHuman } from './pipeline/pipeline-human.ts';

export type Contender = 'ours' | 'bare' | 'human';

export interface PipelineJob {
  contender: Contender;
  networksDir: string;
  /** Path of `sampling.wasm`. */
  kernels: string;
  pixels: Pixels;
}

/** How long to run, and what came of it. Stages are the mean milliseconds per picture (ours only). */
export interface PipelineRun {
  pictures: number;
  elapsedMs: number;
  faces: number;
  stagesMs: Record<string, number>;
}

type Once = (stagesMs: Record<string, number>) => Promise<number>;

const { contender, networksDir, kernels, pixels } = workerData as PipelineJob;
const session = { executionProvider: 'cpu', intraOpThreads: 1 };
const limits = { maxPixels: 64_000_000, timeoutMs: 60_000, tiles: false, kernels };
const request = { ...detectionOnly, descriptor: true };

async function createOurs(networks: Networks): Promise<Once> {
  const estimator = createEstimator(networks, limits);
  return async (stagesMs) => (await estimator.estimateFaces(pixels, request, stagesMs)).length;
}

/** The same networks on the same inputs, recorded once: nothing but `session.run`. */
async function createBare(): Promise<Once> {
  const manifest = readManifest(networksDir);
  const real = createNetworks(networksDir, manifest, session);
  const recorded: { name: string; input: Float32Array }[] = [];
  const recording: Networks = {
    release: () => real.release(),
    get(name): Network {
      const network = real.get(name);
      const run = (): ReturnType<Network['run']> => {
        recorded.push({ name, input: network.input.slice() });
        return network.run();
      };
      return { input: network.input, load: () => network.load(), run };
    },
  };
  const faces = await (await createOurs(recording))({});
  await real.release();
  const sessions = new Map<string, InferenceSession>();
  const steps: { session: InferenceSession; feeds: Record<string, Tensor> }[] = [];
  for (const { name, input } of recorded) {
    const file = manifest[name];
    if (!file) throw new Error(`no network '${name}'`);
    const opened =
      sessions.get(name) ?? (await InferenceSession.create(`${networksDir}/${file.file}`, sessionOptions(session)));
    sessions.set(name, opened);
    const [inputName = ''] = Object.keys(file.inputs);
    steps.push({ session: opened, feeds: { [inputName]: new Tensor('float32', input, file.inputs[inputName] ?? []) } });
  }
  return async () => {
    for (const step of steps) await step.session.run(step.feeds);
    return faces;
  };
}

async function createPeer(): Promise<Once> {
  const human = await createHuman();
  return () => human(pixels);
}

const makers: Record<Contender, () => Promise<Once>> = {
  ours: () => createOurs(createNetworks(networksDir, readManifest(networksDir), session)),
  bare: createBare,
  human: createPeer,
};
const once = await makers[contender]();
await once({});

parentPort?.on('message', async (durationMs: number) => {
  const stagesMs: Record<string, number> = {};
  const startedAt = performance.now();
  let pictures = 0;
  let faces = 0;
  do {
    faces += await once(stagesMs);
    pictures += 1;
  } while (performance.now() - startedAt < durationMs);
  for (const stage of Object.keys(stagesMs)) stagesMs[stage] = (stagesMs[stage] ?? 0) / pictures;
  const run: PipelineRun = { pictures, elapsedMs: performance.now() - startedAt, faces: faces / pictures, stagesMs };
  parentPort?.postMessage(run);
});
parentPort?.postMessage('ready');
