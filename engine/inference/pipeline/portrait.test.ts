import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  detectionOnly,
  type EstimationRequest,
  type FaceEstimate,
  type Point,
  type Portrait,
} from '#domain/face/estimation';
import { angleOf, distanceBetween, middleOf } from '#domain/face/geometry';
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
const estimator = createEstimator(networks, { maxPixels: 64_000_000, timeoutMs: 10_000, kernels, tiles: false });

const asked: EstimationRequest = { ...detectionOnly, portrait: true, eyes: true };
const photoOf = (number: number): Buffer => readFileSync(`node_modules/@vladmandic/face-api/demo/sample${number}.jpg`);
const facesOf = async (picture: Buffer, more: Partial<EstimationRequest> = {}): Promise<FaceEstimate[]> =>
  (await estimator.estimate(picture, { ...asked, ...more })).faces;
const portraitsOf = async (number: number): Promise<Portrait[]> =>
  (await facesOf(photoOf(number))).map(({ portrait }) => portrait as Portrait);

/** A face that looks into the camera, with its surroundings: the first of the four of sample6. */
const leftmost = (await facesOf(photoOf(6))).sort((a, b) => a.rect.x - b.rect.x)[0] as FaceEstimate;
const { rect } = leftmost;
const cutAt = {
  left: Math.max(0, Math.round(rect.x - 0.7 * rect.width)),
  top: Math.max(0, Math.round(rect.y - 0.7 * rect.height)),
};
const size = { width: Math.round(2.4 * rect.width), height: Math.round(2.4 * rect.height) };
const whole = await sharp(photoOf(6)).metadata();
const portrait = await sharp(photoOf(6))
  .extract({
    ...cutAt,
    width: Math.min(size.width, (whole.width ?? 0) - cutAt.left),
    height: Math.min(size.height, (whole.height ?? 0) - cutAt.top),
  })
  .png()
  .toBuffer();
const { width = 0, height = 0 } = await sharp(portrait).metadata();
const [found] = await facesOf(portrait);
const [leftEye, rightEye] = found?.landmarks5 as [Point, Point];
const eyes = distanceBetween(leftEye, rightEye);

const measured = async (picture: Sharp | Buffer, more: Partial<EstimationRequest> = {}): Promise<Portrait> => {
  const bytes = Buffer.isBuffer(picture) ? picture : await picture.png().toBuffer();
  const [face] = await facesOf(bytes, { faces: 'best', ...more });
  assert.ok(face?.portrait);
  return face.portrait;
};
const svg = (inside: string): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inside}</svg>`);

/** The portrait with everything around the head painted over by `backdrop`. */
async function before(backdrop: Sharp): Promise<Buffer> {
  const [x, y] = middleOf(leftEye, rightEye);
  const [across, up, down] = [1.4 * eyes, 2 * eyes, 2 * height];
  const roll = (angleOf(leftEye, rightEye) * 180) / Math.PI;
  const outline = `M ${x - across} ${down} V ${y} A ${across} ${up} 0 0 1 ${x + across} ${y} V ${down} Z`;
  const head = svg(`<path fill="#fff" transform="rotate(${roll} ${x} ${y})" d="${outline}"/>`);
  const person = await sharp(portrait)
    .ensureAlpha()
    .composite([{ input: head, blend: 'dest-in' }])
    .png()
    .toBuffer();
  return backdrop
    .composite([{ input: person }])
    .removeAlpha()
    .png()
    .toBuffer();
}
const flat = (background: string): Sharp => sharp({ create: { width, height, channels: 3, background } });

const test = suite('portraits');
test.after(() => networks.release());

test('every face of a photograph has a portrait with its values in their bounds', async () => {
  for (const number of [1, 2, 5]) {
    for (const one of await portraitsOf(number)) {
      assert.is(one.colorType, 'color', `sample${number}`);
      for (const value of [one.dynamicRange, one.backgroundUniformity, one.backgroundLightness]) {
        assert.ok(value !== null && value > 0 && value < 1, `sample${number} ${value}`);
      }
    }
  }
});

test('a portrait that is not asked for is not made, and takes no stage', async () => {
  const { faces, stagesMs } = await estimator.estimate(portrait, { ...asked, portrait: false });
  assert.is(faces[0]?.portrait, null);
  assert.not('portrait' in stagesMs);
  assert.ok('portrait' in (await estimator.estimate(portrait, asked)).stagesMs);
});

test('a portrait asked for without the eyes does not look for them', async () => {
  const { faces, stagesMs } = await estimator.estimate(portrait, { ...asked, eyes: false });
  assert.not('eyes' in stagesMs);
  assert.is(faces[0]?.portrait?.redEyes, null);
  assert.is(faces[0]?.portrait?.colorType, 'color');
});

test('a picture of low contrast has a low dynamic range', async () => {
  const ordinary = (await measured(portrait)).dynamicRange ?? 0;
  const pale = (await measured(sharp(portrait).linear(0.12, 60))).dynamicRange ?? 1;
  assert.ok(ordinary > 0.7 && pale < 0.5, `${ordinary} ${pale}`);
});

for (const [name, make] of [
  ['PNG', () => sharp(portrait).greyscale().png()],
  ['JPEG with colour channels', () => sharp(portrait).greyscale().toColourspace('srgb').jpeg({ quality: 60 })],
  ['WebP', () => sharp(portrait).greyscale().toColourspace('srgb').webp({ quality: 50 })],
] as const) {
  test(`a grey ${name} is grayscale, and its light and red eyes are not judged`, async () => {
    const grey = await measured(await make().toBuffer());
    assert.equal([grey.colorType, grey.naturalLight, grey.redEyes], ['grayscale', null, null]);
    assert.ok((grey.dynamicRange ?? 0) > 0.7);
  });
}

test('ordinary light is natural, a blue and a green cast are not', async () => {
  const cast = (r: number, g: number, b: number) => sharp(portrait).linear([r, g, b], [0, 0, 0]);
  assert.is((await measured(portrait)).naturalLight, 1);
  assert.is((await measured(cast(0.6, 0.8, 1.5))).naturalLight, 0);
  assert.is((await measured(cast(0.7, 1.2, 0.7))).naturalLight, 0);
});

test('of three women at a bar the one in blue stage light is not in natural light', async () => {
  const byPlace = (await facesOf(photoOf(3))).sort((a, b) => a.rect.x - b.rect.x);
  assert.equal(
    byPlace.map((face) => face.portrait?.naturalLight),
    [1, 1, 0],
  );
});

test('a flat background is uniform, a noisy and a striped one are not', async () => {
  const noise = sharp({
    create: { width, height, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  });
  const stripes = sharp(
    svg(Array.from({ length: 40 }, (_, i) => `<rect x="${i * 24}" width="12" height="9999" fill="#fff"/>`).join('')),
  ).flatten({ background: '#555' });
  const uniformity = async (backdrop: Sharp) => (await measured(await before(backdrop))).backgroundUniformity ?? -1;
  const [smooth, noisy, striped] = [await uniformity(flat('#bbb')), await uniformity(noise), await uniformity(stripes)];
  assert.ok(smooth > 0.85 && noisy < 0.3 && striped < 0.5, `${smooth} ${noisy} ${striped}`);
});

test('the lightness of the background is that of the backdrop', async () => {
  for (const [backdrop, from, to] of [
    ['#ffffff', 0.97, 1],
    ['#c0c0c0', 0.7, 0.8],
    ['#303030', 0.15, 0.3],
    ['#000000', 0, 0.1],
  ] as const) {
    const value = (await measured(await before(flat(backdrop)))).backgroundLightness ?? -1;
    assert.ok(value >= from && value <= to, `${backdrop} ${value}`);
  }
});

test('where nothing is left of the background it is not judged, nor in a face sample', async () => {
  const [x, y] = middleOf(leftEye, rightEye);
  const tight = sharp(portrait).extract({
    left: Math.round(x - 1.3 * eyes),
    top: Math.round(y - 1.3 * eyes),
    width: Math.round(2.6 * eyes),
    height: Math.round(3.3 * eyes),
  });
  const close = await measured(tight);
  assert.equal([close.backgroundUniformity, close.backgroundLightness], [null, null]);
  assert.ok(close.dynamicRange !== null && close.colorType === 'color');
  const [face] = await facesOf(portrait, { warp: true });
  const sample = await measured(Buffer.from(face?.warpJpeg ?? []), { imageType: 'face_warp' });
  assert.equal([sample.backgroundUniformity, sample.backgroundLightness], [null, null]);
  assert.is(sample.naturalLight, 1);
});

test('a face sample without a face has no portrait', async () => {
  const blank = await sharp({ create: { width: 250, height: 250, channels: 3, background: '#977' } })
    .png()
    .toBuffer();
  assert.is((await facesOf(blank, { imageType: 'face_warp' }))[0]?.portrait, null);
});

test('the uniformity of a background is not judged on a small face: enlarging smooths it', async () => {
  const small = await measured(sharp(portrait).resize({ width: Math.round((width * 35) / eyes) }));
  assert.is(small.backgroundUniformity, null);
  assert.ok(small.backgroundLightness !== null);
});

test('of four women one has red eyes of the flash', async () => {
  const byPlace = (await facesOf(photoOf(6))).sort((a, b) => a.rect.x - b.rect.x);
  assert.is(byPlace.filter((face) => face.portrait?.redEyes === 1).length, 1);
  assert.is(byPlace.filter((face) => face.portrait?.redEyes === 0).length, 3);
});

test('painted red pupils are red eyes, painted black ones are not', async () => {
  const irises = [found?.eyes?.left.irisLandmarks, found?.eyes?.right.irisLandmarks].map((edge) => {
    const centre = middleOf(...(edge ?? []));
    return { centre, radius: distanceBetween(centre, edge?.[0] ?? centre) };
  });
  const painted = (colour: string, eye: number[]) => {
    const discs = eye.map((i) => {
      const { centre, radius } = irises[i] as (typeof irises)[number];
      return `<circle cx="${centre[0]}" cy="${centre[1]}" r="${0.5 * radius}" fill="${colour}"/>`;
    });
    return sharp(portrait).composite([{ input: svg(discs.join('')) }]);
  };
  assert.is((await measured(portrait)).redEyes, 0);
  assert.is((await measured(painted('#c03038', [0, 1]))).redEyes, 1);
  assert.is((await measured(painted('#c03038', [1]))).redEyes, 1);
  assert.is((await measured(painted('#140f10', [0, 1]))).redEyes, 0);
});

test('eyes that are closed or small in the picture are not judged', async () => {
  const closed = (await facesOf(photoOf(2))).filter((face) => face.eyes?.left.state === 'closed');
  assert.ok(closed.length > 0 && closed.every((face) => face.portrait?.redEyes === null));
  assert.is((await measured(sharp(portrait).resize({ width: Math.round(width / 2) }))).redEyes, null);
});

test.run();
