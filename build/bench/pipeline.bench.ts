import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { detectionOnly } from '../../engine/domain/face/estimation.ts';
import { decodePicture } from '../../engine/inference/decode/decode.ts';
import { createInference } from '../../engine/inference/inference.ts';
import { createLog } from '../../engine/kernel/log.ts';
import { prepareKernels } from '../kernels/compile.ts';
import { prepareNetworks } from '../networks/prepare.ts';
import type { BenchContext, BenchDefinition, Sample } from './definition.ts';
import { startDaemonTeam } from './pipeline/pipeline-daemon.ts';
import { findTensorFlow } from './pipeline/pipeline-human.ts';
import type { Contender, PipelineJob, PipelineRun } from './pipeline.worker.ts';
import { medianOf } from './table/summary.ts';

const networksDir = 'dist/networks';
const photo = 'node_modules/@vladmandic/face-api/demo/sample6.jpg';
/** One of its four people, with surroundings. */
const person = { left: 900, top: 0, width: 600, height: 720 };
const decoding = { useExifInfo: true, exif: false, maxPixels: 64_000_000, timeoutSeconds: 10 };

/** One face in 1280x720, as a camera at a door has it. */
async function makePicture(): Promise<Buffer> {
  const one = await sharp(readFileSync(photo)).extract(person).png().toBuffer();
  return sharp({ create: { width: 1280, height: 720, channels: 3, background: '#707070' } })
    .composite([{ input: one, left: 340, top: 0 }])
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** A contender on every core: pictures per second of all its threads together. */
interface Team {
  run(durationMs: number): Promise<{ perSecond: number; faces: number; runs: PipelineRun[] }>;
  end(): Promise<void>;
}

async function startTeam(job: PipelineJob, size: number): Promise<Team> {
  const workers = await Promise.all(
    Array.from({ length: size }, async () => {
      const worker = new Worker(new URL('./pipeline.worker.ts', import.meta.url), { workerData: job });
      await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
      return worker;
    }),
  );
  return {
    async run(durationMs) {
      const runs = await Promise.all(
        workers.map(
          (worker) =>
            new Promise<PipelineRun>((resolve, reject) => {
              worker.once('message', resolve).once('error', reject);
              worker.postMessage(durationMs);
            }),
        ),
      );
      const perSecond = runs.reduce((sum, { pictures, elapsedMs }) => sum + (pictures * 1000) / elapsedMs, 0);
      return { perSecond, faces: medianOf(runs.map(({ faces }) => faces)), runs };
    },
    async end() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

async function* run(context: BenchContext): AsyncIterable<Sample> {
  await prepareNetworks({ outDir: networksDir, onProgress: context.progress });
  const kernels = await prepareKernels({ outDir: 'dist', name: 'sampling' });
  const jpeg = context.dataDir ? readFileSync(context.dataDir) : await makePicture();
  const { data, width, height } = await decodePicture(jpeg, decoding);
  const pixels = { data, width, height };
  const cores = availableParallelism();
  // Short rounds, many of them: what else the machine does then falls on both sides of a pair.
  const [rounds, durationMs] = context.quick ? [5, 500] : [25, 1000];
  const hasHuman = findTensorFlow(context.installPeers);
  if (!hasHuman) context.progress('without @vladmandic/human: TensorFlow.js is not there (--peers fetches it)');
  const names: Contender[] = hasHuman ? ['ours', 'bare', 'human'] : ['ours', 'bare'];
  const peers = { bare: 'onnxruntime alone, same networks and inputs', human: '@vladmandic/human, TensorFlow.js wasm' };
  const teams = new Map<Contender, Team>();
  const port = createInference({ networksDir, kernels, log: createLog('silent'), device: 'cpu', workers: cores });
  const daemon = await startDaemonTeam();
  try {
    for (const contender of names) {
      context.progress(`starting ${contender} on ${cores} cores`);
      teams.set(contender, await startTeam({ contender, networksDir, kernels, pixels }, cores));
    }
    await port.start();
    for (let round = 0; round < rounds; round++) {
      context.progress(`round ${round + 1} of ${rounds}`);
      const ours = await teams.get('ours')?.run(durationMs);
      if (!ours || ours.faces < 1) throw new Error('ours finds no face in the picture');
      let bare = Number.NaN;
      for (const contender of ['bare', 'human'] as const) {
        const peer = await teams.get(contender)?.run(durationMs);
        if (!peer) continue;
        if (peer.faces !== ours.faces) throw new Error(`${contender} finds ${peer.faces} faces, ours ${ours.faces}`);
        if (contender === 'bare') bare = peer.perSecond;
        yield {
          case: contender === 'bare' ? 'pixels to descriptor, against the networks' : 'pixels to descriptor',
          unit: 'pictures/s',
          better: 'higher',
          ours: ours.perSecond,
          peer: peers[contender],
          peerValue: peer.perSecond,
        };
      }
      for (const stage of Object.keys(ours.runs[0]?.stagesMs ?? {})) {
        const ms = medianOf(ours.runs.map(({ stagesMs }) => stagesMs[stage] ?? Number.NaN));
        yield { case: `stage ${stage}`, unit: 'ms', better: 'lower', ours: ms, peer: null, peerValue: null };
      }
      const startedAt = performance.now();
      await decodePicture(jpeg, decoding);
      const decodeMs = performance.now() - startedAt;
      yield { case: 'stage JPEG decode', unit: 'ms', better: 'lower', ours: decodeMs, peer: null, peerValue: null };
      const committed = await daemon.run(jpeg, durationMs, 2 * cores);
      yield {
        case: 'JPEG to committed event over REST',
        unit: 'events/s',
        better: 'higher',
        ours: committed,
        peer: null,
        peerValue: null,
      };
      // Decoding is work of one core per picture: without it, each event would have taken that much less.
      yield {
        case: 'pixels to committed event (decode taken off), against the networks',
        unit: 'events/s',
        better: 'higher',
        ours: 1 / (1 / committed - decodeMs / 1000 / cores),
        peer: peers.bare,
        peerValue: bare,
      };
      yield* throughPort(port, jpeg, cores, durationMs);
    }
  } finally {
    for (const team of teams.values()) await team.end();
    await port.stop();
    await daemon.end();
  }
}

/** JPEG to descriptor as the services have it: queue, workers, decoding. Two pictures per worker are under way. */
async function* throughPort(
  port: ReturnType<typeof createInference>,
  jpeg: Buffer,
  workers: number,
  durationMs: number,
): AsyncIterable<Sample> {
  const startedAt = performance.now();
  let pictures = 0;
  await Promise.all(
    Array.from({ length: 2 * workers }, async () => {
      while (performance.now() - startedAt < durationMs) {
        await port.estimate(jpeg, { ...detectionOnly, descriptor: true });
        pictures += 1;
      }
    }),
  );
  const perSecond = (pictures * 1000) / (performance.now() - startedAt);
  yield {
    case: 'JPEG to descriptor, inference port',
    unit: 'pictures/s',
    better: 'higher',
    ours: perSecond,
    peer: null,
    peerValue: null,
  };
}

export const bench: BenchDefinition = {
  name: 'pipeline',
  description:
    'A picture of 1280x720 with one face to its descriptor on all cores, against the bare networks on the same inputs ' +
    'and against @vladmandic/human (blazeface, facemesh, faceres) in TensorFlow.js. JPEG decoding is shown apart.',
  run,
};
