import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import { detectionOnly, type FaceEstimate, type Rect } from '#domain/face/estimation';
import { isLunaError } from '#kernel/errors';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { prepareNetworks } from '../../../build/networks/prepare.ts';
import { createNetworks, readManifest } from '../networks.ts';
import { createEstimator } from './estimate.ts';

const networksDir = 'dist/networks';
await prepareNetworks({ outDir: networksDir, onProgress: () => {} });
const networks = createNetworks(networksDir, readManifest(networksDir), {
  executionProvider: 'cpu',
  intraOpThreads: 1,
});
const kernels = await prepareKernels({ outDir: 'dist', name: 'sampling' });
const limits = { maxPixels: 64_000_000, timeoutMs: 10_000, kernels };
const estimator = createEstimator(networks, { ...limits, tiles: false });
const tiling = createEstimator(networks, { ...limits, tiles: true });

const photoOf = (number: number): Buffer => readFileSync(`node_modules/@vladmandic/face-api/demo/sample${number}.jpg`);
const described = { ...detectionOnly, descriptor: true };
const [face] = (await estimator.estimate(photoOf(6), { ...described, faces: 'best', warp: true })).faces;
if (!face?.warpJpeg) throw new Error('the demonstration photograph has no face');
const sample = face.warpJpeg;

function likeness({ descriptor }: FaceEstimate): number {
  const version = descriptorVersions.get(descriptor?.version ?? 0);
  assert.ok(version && descriptor && face?.descriptor);
  return similarityOf(version, exactScore(version, descriptor.vector, face.descriptor.vector));
}

const detection = suite('detection');
detection.after(() => networks.release());

/** `columns` x `rows` face samples of `side` pixels on grey; the face is half as wide. */
async function crowd(columns: number, rows: number, side: number, width: number, height: number): Promise<Buffer> {
  const small = await sharp(sample).resize(side, side, { fit: 'fill' }).png().toBuffer();
  const cells = Array.from({ length: columns * rows }, (_, i) => ({
    input: small,
    left: Math.round(((i % columns) + 0.5) * (width / columns) - side / 2),
    top: Math.round((Math.floor(i / columns) + 0.5) * (height / rows) - side / 2),
  }));
  return sharp({ create: { width, height, channels: 3, background: '#888' } })
    .composite(cells)
    .removeAlpha()
    .png()
    .toBuffer();
}

detection('thirty people in one picture are found and described', async () => {
  const { faces } = await estimator.estimate(await crowd(6, 5, 150, 1280, 960), described);
  assert.is(faces.length, 30);
  for (const found of faces) assert.ok(likeness(found) > 0.9);
});

detection('with tiles faces are found that are too small without, none of them twice', async () => {
  const many = await crowd(4, 3, 62, 1280, 960);
  const [plain, tiled] = [await estimator.estimate(many, detectionOnly), await tiling.estimate(many, detectionOnly)];
  assert.ok(plain.faces.length < 12, `${plain.faces.length}`);
  assert.is(tiled.faces.length, 12);
  for (const number of [1, 6]) {
    const close = await tiling.estimate(photoOf(number), detectionOnly);
    assert.is(close.faces.length, number === 1 ? 3 : 4);
  }
});

detection('faces too small to be seen are not made up', async () => {
  assert.equal((await estimator.estimate(await crowd(4, 3, 16, 1280, 960), detectionOnly)).faces, []);
});

detection('detection looks only inside a bounding box, in the coordinates of the whole picture', async () => {
  const { faces } = await estimator.estimate(photoOf(6), detectionOnly);
  const wanted = faces[3]?.rect as Rect;
  const around = { x: wanted.x - 80, y: wanted.y - 80, width: wanted.width + 160, height: wanted.height + 160 };
  const boxed = await estimator.estimate(photoOf(6), { ...detectionOnly, boundingBox: around });
  assert.is(boxed.faces.length, 1);
  assert.ok(Math.abs((boxed.faces[0]?.rect.x ?? 0) - wanted.x) < 15);
  const outside = { x: 5000, y: 0, width: 10, height: 10 };
  const error = await estimator
    .estimate(photoOf(6), { ...detectionOnly, boundingBox: outside })
    .catch((refused: unknown) => refused);
  assert.ok(isLunaError(error, 'BadRectangle'));
});

detection('a higher score threshold keeps fewer faces', async () => {
  const { faces } = await estimator.estimate(photoOf(2), { ...detectionOnly, scoreThreshold: 0.7 });
  assert.ok(faces.length < 3);
  assert.ok(faces.every(({ detectionScore }) => (detectionScore ?? 0) >= 0.7));
});

detection.run();
