import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import { detectionOnly, type EstimationRequest, type FaceEstimate, type Rect } from '#domain/face/estimation';
import { type ErrorName, isLunaError } from '#kernel/errors';
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

const photoOf = (number: number): Buffer => readFileSync(`node_modules/@vladmandic/face-api/demo/sample${number}.jpg`);
const described: EstimationRequest = { ...detectionOnly, descriptor: true };
const everything: EstimationRequest = {
  ...described,
  landmarks68: true,
  headPose: true,
  emotions: true,
  gaze: true,
  eyes: true,
  mouth: true,
  quality: true,
  basicAttributes: true,
  liveness: true,
  warp: true,
};

/** A picture of one face: the largest face of a demonstration photograph with its surroundings. */
async function portraitOf(number: number): Promise<Buffer> {
  const photo = photoOf(number);
  const { width, height, faces } = await estimator.estimate(photo, { ...detectionOnly, faces: 'best' });
  const rect = faces[0]?.rect as Rect;
  const margin = 0.8 * rect.width;
  const left = Math.max(0, Math.round(rect.x - margin));
  const top = Math.max(0, Math.round(rect.y - margin));
  return sharp(photo)
    .extract({
      left,
      top,
      width: Math.min(width - left, Math.round(rect.width + 2 * margin)),
      height: Math.min(height - top, Math.round(rect.height + 2 * margin)),
    })
    .png()
    .toBuffer();
}

async function bestFace(picture: Buffer, request: EstimationRequest = described): Promise<FaceEstimate> {
  const { faces } = await estimator.estimate(picture, { ...request, faces: 'best' });
  assert.is(faces.length, 1);
  return faces[0] as FaceEstimate;
}

function similarity(a: FaceEstimate, b: FaceEstimate): number {
  const version = descriptorVersions.get(a.descriptor?.version ?? 0);
  assert.ok(version && a.descriptor && b.descriptor);
  return similarityOf(version, exactScore(version, a.descriptor.vector, b.descriptor.vector));
}

async function refusal(job: Promise<unknown>): Promise<unknown> {
  return job.then(
    () => assert.unreachable('was not refused'),
    (error: unknown) => error,
  );
}

const portrait = await portraitOf(6);
const face = await bestFace(portrait);
const pipeline = suite('pipeline');
pipeline.after(() => networks.release());

pipeline('every photograph of a group has its faces, largest first, boxes in the picture', async () => {
  const expected = [3, 3, 3, 4, 5, 4];
  for (const [i, count] of expected.entries()) {
    const { faces, width, height } = await estimator.estimate(photoOf(i + 1), detectionOnly);
    assert.is(faces.length, count, `sample${i + 1}`);
    const areas = faces.map(({ rect }) => rect.width * rect.height);
    assert.equal(
      areas,
      [...areas].sort((a, b) => b - a),
    );
    for (const { rect, detectionScore, landmarks5 } of faces) {
      assert.ok((detectionScore ?? 0) >= 0.5 && (detectionScore ?? 2) <= 1);
      assert.ok(rect.x > -50 && rect.x + rect.width < width + 50 && rect.y + rect.height < height + 50);
      const [leftEye, rightEye, nose, leftMouth, rightMouth] = landmarks5 ?? [];
      assert.ok(leftEye && rightEye && nose && leftMouth && rightMouth);
    }
  }
});

pipeline('different people of one photograph are unlike', async () => {
  const { faces } = await estimator.estimate(photoOf(5), described);
  for (const [i, a] of faces.entries()) {
    for (const b of faces.slice(i + 1)) assert.ok(similarity(a, b) < 0.75, `${similarity(a, b)}`);
  }
});

const variants: readonly [name: string, make: () => Promise<Buffer>, atLeast: number][] = [
  ['as JPEG', () => sharp(portrait).jpeg({ quality: 80 }).toBuffer(), 0.99],
  ['half as large', () => sharp(portrait).resize({ width: 300 }).png().toBuffer(), 0.98],
  ['twice as large', () => sharp(portrait).resize({ width: 1200 }).png().toBuffer(), 0.98],
  ['darker', () => sharp(portrait).modulate({ brightness: 0.6 }).png().toBuffer(), 0.95],
  ['turned by 20 degrees', () => sharp(portrait).rotate(20, { background: '#000' }).png().toBuffer(), 0.95],
  ['in a mirror', () => sharp(portrait).flop().png().toBuffer(), 0.95],
  ['in grey', () => sharp(portrait).greyscale().png().toBuffer(), 0.85],
];
for (const [name, make, atLeast] of variants) {
  pipeline(`the same face ${name} stays the same person`, async () => {
    const found = similarity(await bestFace(await make()), face);
    assert.ok(found >= atLeast, `${found}`);
  });
}

pipeline('a picture lying on its side with an EXIF turn gives the same face as the upright one', async () => {
  // Orientation 6: the stored picture must be turned by a quarter clockwise.
  const lying = await sharp(portrait).rotate(-90).withMetadata({ orientation: 6 }).png().toBuffer();
  const turned = await bestFace(lying);
  assert.ok(similarity(turned, face) > 0.99);
  assert.ok(Math.abs(turned.rect.x - face.rect.x) < 3 && Math.abs(turned.rect.y - face.rect.y) < 3);
  const { width, height } = await estimator.estimate(lying, { ...described, useExifInfo: false });
  const upright = await estimator.estimate(portrait, described);
  assert.equal([width, height], [upright.height, upright.width]);
});

pipeline('what is not asked for is not estimated', async () => {
  const { stagesMs, faces } = await estimator.estimate(portrait, detectionOnly);
  assert.equal(Object.keys(stagesMs).sort(), ['decode', 'detect', 'mesh']);
  const { rect, detectionScore, landmarks5, ...rest } = faces[0] as FaceEstimate;
  assert.ok(rect && detectionScore && landmarks5);
  assert.ok(Object.values(rest).every((value) => value === null));
});

pipeline('what is asked for is estimated, in its bounds; liveness has no embedded network', async () => {
  const found = await bestFace(portrait, everything);
  assert.is(found.liveness, null);
  assert.is(found.landmarks68?.length, 68);
  const inside = ([x, y]: readonly [number, number]): boolean =>
    Math.abs(x - (found.rect.x + found.rect.width / 2)) < found.rect.width &&
    Math.abs(y - (found.rect.y + found.rect.height / 2)) < found.rect.height;
  assert.ok(found.landmarks68?.every(inside));
  assert.is(found.eyes?.left.irisLandmarks.length, 32);
  assert.is(found.eyes?.right.eyelidLandmarks.length, 6);
  assert.ok((found.eyes?.left.irisLandmarks[0]?.[0] ?? 0) < (found.eyes?.right.irisLandmarks[0]?.[0] ?? 0));
  const pose = found.headPose;
  assert.ok(pose && [pose.yaw, pose.pitch, pose.roll].every((angle) => Math.abs(angle) < 40));
  const { age, gender, maleProbability } = found.basicAttributes ?? {};
  assert.ok(age !== undefined && age > 5 && age < 90);
  assert.is(gender, (maleProbability ?? 0) > 0.5 ? 1 : 0);
  const unit = [...Object.values(found.emotions ?? {}), ...Object.values(found.quality ?? {})];
  assert.is(unit.length, 12);
  assert.ok([...unit, found.mouth?.opened, found.mouth?.smile].every((v) => v !== undefined && v >= 0 && v <= 1));
  assert.ok((found.descriptor?.score ?? 0) > 0.5 && (found.descriptor?.score ?? 2) <= 1);
});

pipeline('in a mirror the head turns and leans to the other side, and the eyes change places', async () => {
  const { faces } = await estimator.estimate(photoOf(4), { ...detectionOnly, headPose: true, gaze: true, eyes: true });
  const flopped = await sharp(photoOf(4)).flop().png().toBuffer();
  const mirror = await estimator.estimate(flopped, { ...detectionOnly, headPose: true, gaze: true, eyes: true });
  assert.is(mirror.faces.length, faces.length);
  for (const original of faces) {
    const place = mirror.width - original.rect.x - original.rect.width;
    const twin = mirror.faces.find(({ rect }) => Math.abs(rect.x - place) < 30);
    assert.ok(twin?.headPose && original.headPose);
    assert.ok(Math.abs(twin.headPose.yaw + original.headPose.yaw) < 8);
    assert.ok(Math.abs(twin.headPose.roll + original.headPose.roll) < 5);
    assert.ok(Math.abs(twin.headPose.pitch - original.headPose.pitch) < 8);
    assert.ok(Math.abs((twin.gaze?.yaw ?? 99) + (original.gaze?.yaw ?? 0)) < 12);
  }
  assert.ok(
    faces.some(({ headPose }) => Math.abs(headPose?.yaw ?? 0) > 15),
    'somebody looks aside',
  );
});

pipeline('a picture turned clockwise has its roll grow by as much', async () => {
  const turned = await sharp(portrait).rotate(25, { background: '#000' }).png().toBuffer();
  const [before, after] = [
    await bestFace(portrait, { ...detectionOnly, headPose: true }),
    await bestFace(turned, { ...detectionOnly, headPose: true }),
  ];
  assert.ok(Math.abs((after.headPose?.roll ?? 0) - (before.headPose?.roll ?? 0) - 25) < 5);
});

pipeline('closed eyes are told from open ones', async () => {
  // Two of the three people of sample2 look down with closed lids.
  const { faces } = await estimator.estimate(photoOf(2), { ...detectionOnly, eyes: true });
  const closed = faces.filter(({ eyes }) => eyes?.left.state === 'closed' && eyes.right.state === 'closed');
  assert.ok(closed.length >= 1);
  const open = await bestFace(portrait, { ...detectionOnly, eyes: true });
  assert.equal([open.eyes?.left.state, open.eyes?.right.state], ['open', 'open']);
});

pipeline('a face sample is 250x250, and its descriptor is that of the picture it was cut from', async () => {
  for (const number of [1, 3, 6]) {
    const picture = await portraitOf(number);
    const original = await bestFace(picture, { ...described, warp: true });
    const warp = Buffer.from(original.warpJpeg ?? []);
    const { width, height, format } = await sharp(warp).metadata();
    assert.equal([width, height, format], [250, 250, 'jpeg']);
    const sample = await bestFace(warp, { ...everything, imageType: 'face_warp' });
    assert.ok(similarity(sample, original) > 0.97, `sample${number}: ${similarity(sample, original)}`);
    assert.equal(sample.rect, { x: 0, y: 0, width: 250, height: 250 });
    assert.equal([sample.detectionScore, sample.headPose, sample.landmarks68], [null, null, null]);
    const [leftEye, rightEye] = sample.landmarks5 ?? [];
    assert.ok(leftEye && rightEye && Math.abs(leftEye[1] - 100) < 6 && Math.abs(rightEye[1] - 100) < 6);
    assert.ok(leftEye[0] > 78 && leftEye[0] < 98 && rightEye[0] > 150 && rightEye[0] < 170);
  }
});

pipeline('a face sample without a face is answered with a score that says so', async () => {
  const grey = await sharp({ create: { width: 250, height: 250, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  const sample = await bestFace(grey, { ...described, imageType: 'face_warp' });
  assert.ok((sample.descriptor?.score ?? 1) < 0.05);
});

pipeline('a face sample of another size is refused', async () => {
  const error = await refusal(estimator.estimate(portrait, { ...described, imageType: 'face_warp' }));
  assert.ok(isLunaError(error, 'FaceWarpSize'));
});

pipeline('a picture without faces has none', async () => {
  const noise = await sharp({
    create: {
      width: 640,
      height: 480,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .png()
    .toBuffer();
  assert.equal((await estimator.estimate(noise, everything)).faces, []);
});

pipeline('a face that fills the picture is found', async () => {
  const tight = await sharp(portrait)
    .extract({
      left: Math.round(face.rect.x),
      top: Math.round(face.rect.y),
      width: Math.round(face.rect.width),
      height: Math.round(face.rect.height),
    })
    .png()
    .toBuffer();
  assert.ok(similarity(await bestFace(tight), face) > 0.7);
});

const broken: readonly [name: string, picture: Buffer, error: ErrorName][] = [
  ['no bytes', Buffer.alloc(0), 'ImageLoading'],
  ['text', Buffer.from('not a picture'), 'ImageLoading'],
  ['half of a JPEG', photoOf(1).subarray(0, 60_000), 'ImageConversion'],
];
for (const [name, picture, errorName] of broken) {
  pipeline(`${name} is refused, and the next picture is estimated`, async () => {
    assert.ok(isLunaError(await refusal(estimator.estimate(picture, described)), errorName));
    assert.ok(similarity(await bestFace(portrait), face) > 0.999);
  });
}

pipeline.run();
