/**
 * Writes `golden/<network>.json` from the original networks in TensorFlow.js. Only for the maintainer who takes a new
 * package version or adds a network: TensorFlow.js is not a dependency of Perigee.
 *
 * usage: npm install --prefix DIR @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
 *        node build/networks/golden/make.ts DIR
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { GraphModel } from '../graph-model.ts';
import { readLock } from '../lock.ts';
import type { ManifestEntry } from '../weights.ts';
import { feeds, type Golden, type GoldenCase, goldenPicture } from './golden.ts';

interface Tensor {
  data(): Promise<Float32Array>;
}

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  softmax(tensor: Tensor): Tensor;
  loadGraphModel(handler: unknown): Promise<{ execute(input: Tensor, outputs: string[]): Tensor | Tensor[] }>;
  io: {
    fromMemory(artifacts: unknown): unknown;
    decodeWeights(data: ArrayBuffer, manifest: readonly ManifestEntry[]): Record<string, Tensor>;
  };
}

interface FaceApiNet {
  loadFromWeightMap(weights: Record<string, Tensor>): void;
}

/** The networks of face-api itself, as its package for Node exports them. */
interface FaceApi {
  FaceRecognitionNet: new () => FaceApiNet & { forward(input: Tensor): Promise<Tensor> };
  FaceExpressionNet: new () => FaceApiNet & { forward(input: Tensor): Promise<Tensor> };
  AgeGenderNet: new () => FaceApiNet & { forward(input: Tensor): Promise<{ age: Tensor; gender: Tensor }> };
}

type Run = (picture: Float32Array, side: number) => Promise<Record<string, Float32Array>>;

const sampledValues = 64;
const seeds = [1, 20, 300];
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: make.ts DIR (a folder with node_modules/@tensorflow)');
const modules = resolve(folder, 'node_modules');
// The packages' builds for Node look for TensorFlow.js like any CommonJS module: this is where it is.
process.env['NODE_PATH'] = modules;
const require = createRequire(import.meta.url);
(require('node:module') as { _initPaths(): void })._initPaths();
const tf = require('@tensorflow/tfjs') as TensorFlow;
const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(path: string): void };
wasm.setWasmPaths(`${modules}/@tensorflow/tfjs-backend-wasm/dist/`);
await tf.setBackend('wasm');
await tf.ready();
const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as FaceApi;

function arrayBufferOf(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer;
}

async function graphModel(name: string, outputs: Readonly<Record<string, string>>): Promise<Run> {
  const base = `node_modules/@vladmandic/human/models/${name}`;
  const description = JSON.parse(readFileSync(`${base}.json`, 'utf8')) as GraphModel & Record<string, unknown>;
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({
      ...description,
      weightSpecs: description.weightsManifest.flatMap((group) => group.weights),
      weightData: arrayBufferOf(`${base}.bin`),
    }),
  );
  return async (picture, side) => {
    const result = model.execute(tf.tensor(picture, [1, side, side, 3]), Object.values(outputs));
    const tensors = Array.isArray(result) ? result : [result];
    const values = await Promise.all(tensors.map((tensor) => tensor.data()));
    return Object.fromEntries(Object.keys(outputs).map((key, i) => [key, values[i] ?? new Float32Array()]));
  };
}

function loadFaceApi<Net extends FaceApiNet>(net: Net, name: string): Net {
  const base = `node_modules/@vladmandic/face-api/model/${name}_model`;
  const groups = JSON.parse(readFileSync(`${base}-weights_manifest.json`, 'utf8')) as { weights: ManifestEntry[] }[];
  const entries = groups.flatMap((group) => group.weights);
  net.loadFromWeightMap(tf.io.decodeWeights(arrayBufferOf(`${base}.bin`), entries));
  return net;
}

const picture4 = (picture: Float32Array, side: number): Tensor => tf.tensor(picture, [1, side, side, 3]);

const makers: Readonly<Record<string, () => Promise<Run>>> = {
  blazeface: () =>
    graphModel('blazeface', {
      scores16: 'Identity',
      boxes16: 'Identity_2',
      scores32: 'Identity_1',
      boxes32: 'Identity_3',
    }),
  facemesh: () => graphModel('facemesh', { mesh: 'Identity_2', face: 'Identity_1' }),
  iris: () => graphModel('iris', { points: 'Identity' }),
  face_recognition: async () => {
    const net = loadFaceApi(new faceApi.FaceRecognitionNet(), 'face_recognition');
    return async (picture, side) => ({ descriptor: await (await net.forward(picture4(picture, side))).data() });
  },
  face_expression: async () => {
    const net = loadFaceApi(new faceApi.FaceExpressionNet(), 'face_expression');
    // forward() ends in the softmax already.
    return async (picture, side) => ({ expressions: await (await net.forward(picture4(picture, side))).data() });
  },
  age_gender: async () => {
    const net = loadFaceApi(new faceApi.AgeGenderNet(), 'age_gender');
    return async (picture, side) => {
      const { age, gender } = await net.forward(picture4(picture, side));
      return { age: await age.data(), gender: await gender.data() };
    };
  },
};

function sampleOf(values: Float32Array): GoldenCase['outputs'][string] {
  const step = Math.max(1, Math.floor(values.length / sampledValues));
  const indices = Array.from({ length: Math.min(values.length, sampledValues) }, (_, i) => i * step);
  return { length: values.length, indices, values: indices.map((i) => Number((values[i] ?? 0).toPrecision(9))) };
}

const lock = readLock();
for (const [network, make] of Object.entries(makers)) {
  const feed = feeds[network];
  const locked = lock[network];
  if (!feed || !locked) throw new Error(`no feed or no lock entry for ${network}`);
  const run = await make();
  const cases: GoldenCase[] = [];
  for (const seed of seeds) {
    const fed = goldenPicture(seed, feed.side).map((value) => value * feed.scale + feed.offset);
    const outputs = await run(fed, feed.side);
    cases.push({
      seed,
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, sampleOf(values)])),
    });
  }
  const madeBy = `${locked.package} ${locked.version} in TensorFlow.js 4.22.0, WebAssembly backend`;
  const golden: Golden = { network, madeBy, cases };
  writeFileSync(new URL(`./${network}.json`, import.meta.url), `${JSON.stringify(golden)}\n`);
  console.log(network, JSON.stringify(cases[0]?.outputs).slice(0, 200));
}
