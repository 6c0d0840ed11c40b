import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareNetworks } from '../../../build/networks/prepare.ts';
import { createNetworks, readManifest } from '../networks.ts';
import { faceApiAgeGender } from './age-gender.faceapi.ts';
import { dlibResnet } from './descriptor.dlib.ts';
import { blazeface } from './detector.blazeface.ts';
import { faceApiEmotion } from './emotion.faceapi.ts';
import { mediapipeIris } from './iris.mediapipe.ts';
import { facemesh } from './mesh.facemesh.ts';
import type { Model } from './model.ts';

const networksDir = 'dist/networks';
await prepareNetworks({ outDir: networksDir, onProgress: () => {} });
const manifest = readManifest(networksDir);
const networks = createNetworks(networksDir, manifest, { executionProvider: 'cpu', intraOpThreads: 1 });

const all: readonly Model<unknown>[] = [
  blazeface,
  facemesh,
  dlibResnet,
  mediapipeIris,
  faceApiEmotion,
  faceApiAgeGender,
];

/** Every number inside a decoded answer. */
function numbersOf(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Float32Array) return [...value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersOf);
  return [];
}

/** Whatever a picture holds: nothing, noise, or something in between. */
function fill(model: Model<unknown>, value: (i: number) => number): void {
  const { input } = networks.get(model.network);
  const { scale, offset } = model.normalisation;
  for (let i = 0; i < input.length; i++) input[i] = value(i) * scale + offset;
}

const models = suite('models');
models.after(() => networks.release());

models('every network of the manifest has a model, and every model its network', () => {
  assert.equal(all.map(({ network }) => network).sort(), Object.keys(manifest).sort());
});

for (const model of all) {
  models(`${model.network}: the input has the model's side`, () => {
    assert.equal(Object.values(manifest[model.network]?.inputs ?? {}), [[1, 3, model.side, model.side]]);
  });

  models(
    `${model.network}: black, white and noise are answered with finite numbers, the same ones each time`,
    async () => {
      for (const value of [() => 0, () => 255, (i: number) => (i * 7919) % 256]) {
        fill(model, value);
        const network = networks.get(model.network);
        const first = model.decode(await network.run());
        assert.ok(numbersOf(first).every(Number.isFinite));
        const kept = structuredClone(first);
        assert.equal(model.decode(await network.run()), kept);
      }
    },
  );

  models(`${model.network}: outputs of another network are refused`, () => {
    assert.throws(() => model.decode({ other: new Float32Array(3) }), /output '\w+' has undefined values/);
  });
}

models('the detector sees no face in black, white and noise', async () => {
  for (const value of [() => 0, () => 255, (i: number) => (i * 7919) % 256]) {
    fill(blazeface, value);
    assert.equal(blazeface.decode(await networks.get(blazeface.network).run()), []);
  }
});

models('a descriptor is not overwritten by the next one', async () => {
  const network = networks.get(dlibResnet.network);
  fill(dlibResnet, () => 0);
  const black = dlibResnet.decode(await network.run());
  const before = [...black];
  fill(dlibResnet, (i) => (i * 7919) % 256);
  const noise = dlibResnet.decode(await network.run());
  assert.equal([...black], before);
  assert.not.equal([...noise], before);
});

models('emotions are probabilities that sum to 1', async () => {
  fill(faceApiEmotion, (i) => (i * 31) % 200);
  const emotions = Object.values(faceApiEmotion.decode(await networks.get(faceApiEmotion.network).run()));
  assert.is(emotions.length, 7);
  assert.ok(Math.abs(emotions.reduce((sum, value) => sum + value, 0) - 1) < 1e-5);
});

models.run();
