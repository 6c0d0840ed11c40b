import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Liveness, Rect } from '#domain/face/estimation';
import { undeterminedLiveness } from '#domain/face/liveness';
import { meshPointCount } from '#domain/face/mesh';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import type { Pixels } from '../decode/pixels.ts';
import { createNetworks, type Networks } from '../networks.ts';
import { parseManifest } from '../packs/manifest.ts';
import { modelsWith } from '../packs/pack-in-use.ts';
import {
  tinyContents,
  tinyDescription,
  tinyOnnx,
  tinyProbabilities,
  writeTinyPack,
} from '../packs/tiny-pack.fixture.ts';
import { createSampling } from '../sampling/pyramid.ts';
import { createLivenessEstimate, type LivenessEstimate } from './liveness.ts';

type Colour = readonly [red: number, green: number, blue: number];
const [inside, outside]: Colour[] = [
  [40, 200, 60],
  [200, 100, 20],
];
const sampling = createSampling(await prepareKernels({ outDir: 'dist', name: 'sampling' }));
/** Looks ahead, wherever it lies. */
const mesh = { points: new Float32Array(meshPointCount * 3), faceScore: 1 };

/** A square picture of one colour, with a square of another one in its middle. */
function pictureOf(side: number, innerSide: number): Pixels {
  const data = new Uint8Array(side * side * 3);
  const isInside = (at: number): boolean => Math.abs(at + 0.5 - side / 2) < innerSide / 2;
  for (let i = 0; i < side * side; i++) {
    data.set((isInside(i % side) && isInside(Math.floor(i / side)) ? inside : outside) ?? [], i * 3);
  }
  return { data, width: side, height: side };
}

/** What the pack's networks are fed of a colour: blue, green, red, each less its mean, halved. */
const fed = ([red, green, blue]: Colour): number[] => [blue - 10, green - 20, red - 30].map((value) => value / 2);
/** Of a patch that shows so much of the inner square. */
function patchOf(share: number): Float32Array {
  const [near, far] = [fed(inside as Colour), fed(outside as Colour)];
  return Float32Array.from(near, (value, i) => share * value + (1 - share) * (far[i] as number));
}

/** Two networks of a pack, one of them steeper, that see twice and four times the box. */
function openPack(contents: Record<string, Uint8Array>): { networks: Networks; estimate: LivenessEstimate } {
  const [network] = tinyDescription().networks;
  const [golden] = tinyDescription().golden;
  if (!network || !golden) throw new Error('the fixture has no network');
  const dir = writeTinyPack(
    null,
    {
      networks: [
        { ...network, context_scale: 2 },
        { ...network, id: 'steep', file: 'steep.onnx', context_scale: 4 },
      ],
      golden: [golden, { ...golden, network: 'steep' }],
    },
    contents,
  );
  const manifest = parseManifest(readFileSync(join(dir, 'manifest.json')));
  const { models, files } = modelsWith([{ dir, manifest }]);
  const networks = createNetworks(dir, files, { executionProvider: 'cpu', intraOpThreads: 1 });
  if (!models.liveness) throw new Error('the pack brings no liveness');
  return { networks, estimate: createLivenessEstimate(networks, models.liveness) };
}

const steepness = 0.1;
const sound = openPack({ ...tinyContents(), 'steep.onnx': tinyOnnx('probabilities', steepness) });
const wrong = openPack({ ...tinyContents(), 'steep.onnx': tinyOnnx('logits', steepness) });
const look = (estimate: LivenessEstimate, picture: Pixels, rect: Rect, isWarp = false): Promise<Liveness> =>
  sampling.withPyramid(picture, (pyramid) => estimate(pyramid, { rect, mesh }, isWarp));

const liveness = suite('liveness of packs');
liveness.after(async () => {
  await sound.networks.release();
  await wrong.networks.release();
});

liveness('each network is fed its own surroundings of the face, in its colours; the mean counts', async () => {
  // Twice the box is all of the inner square; of four times the box it is a quarter.
  const wanted =
    ((tinyProbabilities(patchOf(1))[1] as number) + (tinyProbabilities(patchOf(0.25), steepness)[1] as number)) / 2;
  for (const enlarged of [1, 2, 4]) {
    const rect = { x: 280 * enlarged, y: 280 * enlarged, width: 80 * enlarged, height: 80 * enlarged };
    const found = await look(sound.estimate, pictureOf(640 * enlarged, 161 * enlarged), rect);
    assert.ok(Math.abs((found.probability ?? 9) - wanted) < 1e-5, `${enlarged}: ${found.probability}, not ${wanted}`);
    assert.ok(Math.abs((found.quality ?? 9) - 80 / 120) < 1e-9);
  }
});

liveness('a face sample and a face without surroundings are not estimated', async () => {
  const whole = { x: 0, y: 0, width: 250, height: 250 };
  assert.equal(await look(sound.estimate, pictureOf(250, 100), whole, true), undeterminedLiveness);
  assert.equal(await look(sound.estimate, pictureOf(250, 100), whole), undeterminedLiveness);
});

liveness('where one network gives no probabilities nothing is told', async () => {
  const rect = { x: 280, y: 280, width: 80, height: 80 };
  assert.equal(await look(wrong.estimate, pictureOf(640, 161), rect), undeterminedLiveness);
});

liveness.run();
