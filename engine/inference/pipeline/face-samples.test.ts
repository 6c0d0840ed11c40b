import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { detectionOnly, type FaceEstimate } from '#domain/face/estimation';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { prepareNetworks } from '../../../build/networks/prepare.ts';
import { createNetworks, readManifest } from '../networks.ts';
import { faceBoxInWarp } from './chip.ts';
import { createEstimator } from './estimate.ts';

const networksDir = 'dist/networks';
await prepareNetworks({ outDir: networksDir, onProgress: () => {} });
const networks = createNetworks(networksDir, readManifest(networksDir), {
  executionProvider: 'cpu',
  intraOpThreads: 1,
});
const kernels = await prepareKernels({ outDir: 'dist', name: 'sampling' });
const estimator = createEstimator(networks, { maxPixels: 64_000_000, timeoutMs: 10_000, kernels, tiles: false });
const photoOf = (number: number): Buffer => readFileSync(`node_modules/@vladmandic/face-api/demo/sample${number}.jpg`);

const samples = suite('attributes of face samples');
samples.after(() => networks.release());

samples('age, gender and emotion of a face sample are those of the picture it was cut from', async () => {
  const wanted = { ...detectionOnly, basicAttributes: true, emotions: true };
  const strongest = ({ emotions }: FaceEstimate) => Object.entries(emotions ?? {}).sort((a, b) => b[1] - a[1])[0]?.[0];
  const differences: number[] = [];
  for (const number of [1, 2, 3, 4, 5, 6]) {
    const request = { ...wanted, headPose: true, warp: true };
    for (const original of (await estimator.estimate(photoOf(number), request)).faces) {
      const {
        faces: [sample],
      } = await estimator.estimate(original.warpJpeg ?? photoOf(1), { ...wanted, imageType: 'face_warp' });
      assert.is(sample?.basicAttributes?.gender, original.basicAttributes?.gender);
      const { yaw = 90, roll = 90 } = original.headPose ?? {};
      // Others are another picture in their sample, where they are upright.
      if (Math.abs(yaw) > 16 || Math.abs(roll) > 15) continue;
      assert.is(strongest(sample as FaceEstimate), strongest(original), `sample${number}`);
      differences.push(Math.abs((sample?.basicAttributes?.age ?? 99) - (original.basicAttributes?.age ?? 0)));
    }
  }
  assert.ok(differences.length >= 8, `${differences.length} faces look ahead`);
  assert.ok(Math.max(...differences) < 7, `${differences}`);
  assert.ok(differences.reduce((sum, years) => sum + years, 0) / differences.length < 3, `${differences}`);
});

samples('in a face sample whose mesh cannot be trusted the face is where our template has it', () => {
  const points = Float32Array.from({ length: 468 * 3 }, (_, i) => (i % 3 === 2 ? 0 : 100 + 60 * ((i % 7) - 3)));
  assert.equal(faceBoxInWarp({ points, faceScore: 0.4 }), { x: 30, y: 38, width: 189, height: 189 });
  assert.equal(faceBoxInWarp({ points, faceScore: 0.6 }), { x: -80, y: -80, width: 360, height: 360 });
});

samples.run();
