import { generateKeyPairSync } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exactScore } from '#domain/descriptor/similarity';
import { detectionOnly, type FaceEstimate } from '#domain/face/estimation';
import { workerUrl } from '#inference/inference';
import { createNetworks, readManifest } from '#inference/networks';
import { modelsWith, type PackInUse } from '#inference/packs/pack-in-use';
import { createPackStore, type PackStore } from '#inference/packs/pack-store';
import { descriptorVersionOf } from '#inference/packs/recipes';
import { createNetworkCheck } from '#inference/packs/run-check';
import type { DescriptorVersion } from '../../engine/domain/descriptor/descriptor.ts';
import { descriptorVersions } from '../../engine/domain/descriptor/similarity.ts';
import { createEstimator, type Estimator } from '../../engine/inference/pipeline/estimate.ts';
import { prepareKernels } from '../kernels/compile.ts';
import { importSilentFace } from '../models/import-silent-face.ts';
import { prepareNetworks } from '../networks/prepare.ts';
import { type Box, isFound, type Pair, pairsOf } from './accuracy.bench.ts';
import type { BenchContext, BenchDefinition, Sample } from './definition.ts';
import { writeMobileFaceNetPack, writeYunetPack } from './packs/packs-of-files.ts';
import { equalErrorRate, trueAcceptRate } from './verification.ts';

const networksDir = 'dist/networks';
const kernels = 'dist/kernels/sampling.wasm';
const limits = { maxPixels: 64_000_000, timeoutMs: 30_000, tiles: false, kernels };

interface Pipeline {
  readonly estimator: Estimator;
  readonly version: DescriptorVersion;
  release(): Promise<void>;
}

function openPipeline(packs: readonly PackInUse[]): Pipeline {
  const { models, files } = modelsWith(packs);
  const all = { ...readManifest(networksDir), ...files };
  const networks = createNetworks(networksDir, all, { executionProvider: 'cpu', intraOpThreads: 1 });
  const brought = packs.map(({ manifest }) => descriptorVersionOf(manifest)).find((version) => version !== null);
  const version = brought ?? descriptorVersions.get(models.descriptor.version);
  if (!version) throw new Error('the descriptor has no version');
  return { estimator: createEstimator(networks, limits, models), version, release: networks.release };
}

async function packsOf(dir: string, modelsDir: string): Promise<Record<string, PackInUse>> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const store: PackStore = createPackStore({
    dir: join(dir, 'installed'),
    trust: () => ({ keys: [{ name: 'bench', key: publicKey }], allowUnsigned: false }),
    check: createNetworkCheck(workerUrl),
  });
  const at = (name: string): string => join(dir, name);
  await writeYunetPack(at('yunet-320'), modelsDir, 320, privateKey);
  await writeYunetPack(at('yunet-640'), modelsDir, 640, privateKey);
  await writeMobileFaceNetPack(at('mobilefacenet'), modelsDir, privateKey);
  importSilentFace(modelsDir, at('silent-face'), privateKey);
  const packs: Record<string, PackInUse> = {};
  for (const name of ['yunet-320', 'yunet-640', 'mobilefacenet', 'silent-face']) {
    await store.install(at(name));
    packs[name] = await store.open(`${name}-1.0.0`);
  }
  return packs;
}

interface Recall {
  found: number;
  expected: number;
  extra: number;
}

async function recallOf({ estimator }: Pipeline, folder: string, truth: Record<string, Box[]>): Promise<Recall> {
  const sum = { found: 0, expected: 0, extra: 0 };
  for (const [photo, boxes] of Object.entries(truth)) {
    const { faces } = await estimator.estimate(readFileSync(join(folder, photo)), detectionOnly);
    const hits = boxes.filter((box) => isFound(box, faces)).length;
    sum.found += hits;
    sum.expected += boxes.length;
    sum.extra += Math.max(0, faces.length - hits);
  }
  return sum;
}

async function verificationOf({ estimator, version }: Pipeline, folder: string, pairs: readonly Pair[]) {
  const vectors = new Map<string, Float32Array>();
  for (const photo of new Set(pairs.flatMap(({ a, b }) => [a, b]))) {
    const request = { ...detectionOnly, faces: 'best' as const, descriptor: true };
    const { faces } = await estimator.estimate(readFileSync(join(folder, photo)), request);
    const vector = faces[0]?.descriptor?.vector;
    if (vector) vectors.set(photo, vector);
  }
  const scoreOf = ({ a, b }: Pair): number => {
    const [x, y] = [vectors.get(a), vectors.get(b)];
    return x && y ? exactScore(version, x, y) : Number.NEGATIVE_INFINITY;
  };
  const of = (same: boolean): number[] => pairs.filter((pair) => pair.same === same).map(scoreOf);
  const scores = { same: of(true), different: of(false) };
  return {
    eer: equalErrorRate(scores) * 100,
    tar2: trueAcceptRate(scores, 1e-2).rate * 100,
    tar3: trueAcceptRate(scores, 1e-3).rate * 100,
  };
}

async function livenessOf({ estimator }: Pipeline, file: string): Promise<FaceEstimate['liveness']> {
  const { faces } = await estimator.estimate(readFileSync(file), { ...detectionOnly, faces: 'best', liveness: true });
  return faces[0]?.liveness ?? null;
}

/** Attack and living pictures one by one, then the shares of ordinary portraits. */
async function* liveness(
  context: BenchContext,
  folder: string,
  pipelines: Record<string, Pipeline>,
): AsyncIterable<Sample> {
  for (const [name, pipeline] of Object.entries(pipelines)) {
    for (const file of globSync('attack/*.jpg', { cwd: folder }).sort()) {
      const estimate = await livenessOf(pipeline, join(folder, file));
      context.progress(`${name}, ${basename(file)}: ${JSON.stringify(estimate)}`);
      if (estimate?.probability === null || estimate === null) continue;
      const better = basename(file).startsWith('live') ? 'higher' : 'lower';
      const sample = { unit: 'live', better, ours: estimate.probability, peer: null, peerValue: null } as const;
      yield { case: `liveness of ${basename(file)}, ${name}`, ...sample };
    }
    const portraits = globSync('pairs/*.jpg', { cwd: folder }).sort();
    const judged: number[] = [];
    for (const file of context.quick ? portraits.slice(0, 10) : portraits) {
      const estimate = await livenessOf(pipeline, join(folder, file));
      if (estimate?.probability !== null && estimate !== null) judged.push(estimate.probability);
    }
    context.progress(`${name}: ${judged.length} of ${portraits.length} portraits could be judged`);
    if (judged.length === 0) continue;
    for (const least of [0.4, 0.5, 0.6, 0.9]) {
      const share = (100 * judged.filter((value) => value > least).length) / judged.length;
      yield {
        case: `portraits above ${least}, ${name}`,
        unit: '%',
        better: 'higher',
        ours: share,
        peer: null,
        peerValue: null,
      };
    }
  }
}

async function* measure(
  context: BenchContext,
  folder: string,
  packs: Record<string, PackInUse>,
): AsyncIterable<Sample> {
  const truth = JSON.parse(readFileSync('build/bench/accuracy-truth.json', 'utf8')) as { faces: Record<string, Box[]> };
  const faces = Object.fromEntries(Object.entries(truth.faces).slice(0, context.quick ? 12 : undefined));
  const allPairs = pairsOf(folder);
  const pairs = context.quick
    ? allPairs.filter(({ a, b }) => a.startsWith('people') && b.startsWith('people'))
    : allPairs;
  const use = (...names: string[]): Pipeline => openPipeline(names.map((name) => packs[name] as PackInUse));
  const embedded = use();
  const peer = 'embedded';
  const own = await recallOf(embedded, folder, faces);
  context.progress(`embedded: ${own.found} of ${own.expected} faces, ${own.extra} more boxes`);
  for (const name of ['yunet-320', 'yunet-640']) {
    const pipeline = use(name);
    const { found, expected, extra } = await recallOf(pipeline, folder, faces);
    context.progress(`${name}: ${found} of ${expected} faces, ${extra} more boxes`);
    const rate = (recall: Recall): number => (100 * recall.found) / recall.expected;
    const ours = (100 * found) / expected;
    yield { case: `recall, ${name}`, unit: '%', better: 'higher', ours, peer, peerValue: rate(own) };
    await pipeline.release();
  }
  const before = await verificationOf(embedded, folder, pairs);
  for (const names of [['mobilefacenet'], ['mobilefacenet', 'yunet-640']]) {
    const pipeline = use(...names);
    const now = await verificationOf(pipeline, folder, pairs);
    const with_ = names.join(' with ');
    yield { case: `EER, ${with_}`, unit: '%', better: 'lower', ours: now.eer, peer, peerValue: before.eer };
    yield {
      case: `TAR at FAR 1e-2, ${with_}`,
      unit: '%',
      better: 'higher',
      ours: now.tar2,
      peer,
      peerValue: before.tar2,
    };
    yield {
      case: `TAR at FAR 1e-3, ${with_}`,
      unit: '%',
      better: 'higher',
      ours: now.tar3,
      peer,
      peerValue: before.tar3,
    };
    await pipeline.release();
  }
  const pipelines = {
    embedded,
    'silent-face': use('silent-face'),
    'silent-face with yunet-640': use('silent-face', 'yunet-640'),
  };
  yield* liveness(context, folder, pipelines);
  for (const pipeline of Object.values(pipelines)) await pipeline.release();
}

export const bench: BenchDefinition = {
  name: basename(import.meta.filename, '.bench.ts'),
  description:
    'Networks of model packs side by side with the embedded ones, on labelled photographs; each pack goes through its ' +
    'installation. Wants the folder of `accuracy` (attack/ too), then one with yunet_n_320.onnx, yunet_n_640.onnx, ' +
    'mobilefacenet_foamliu.onnx and the two .pth files of Silent-Face.',
  async *run(context) {
    if (!context.dataDir || !context.modelsDir) throw new Error('usage: npm run bench -- packs PHOTOGRAPHS MODELS');
    await prepareNetworks({ outDir: networksDir, onProgress: context.progress });
    await prepareKernels({ outDir: 'dist', name: 'sampling' });
    const dir = mkdtempSync(join(tmpdir(), 'perigee-packs-'));
    try {
      yield* measure(context, context.dataDir, await packsOf(dir, context.modelsDir));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
