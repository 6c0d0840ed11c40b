import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mirrored, squareToPicture, type Transform } from '#domain/face/geometry';
import { createSeededChance } from '#kernel/chance';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import type { Pixels } from '../decode/pixels.ts';
import { cutOut, interleave } from './bytes.ts';
import { bytesAsTheyAre, type Normalisation } from './normalisation.ts';
import { createSampling, type Pyramid } from './pyramid.ts';

const { withPyramid } = createSampling(await prepareKernels({ outDir: 'dist', name: 'sampling' }));
const look = <T>(picture: Pixels, job: (pyramid: Pyramid) => T): Promise<T> =>
  withPyramid(picture, async (pyramid) => job(pyramid));

/** Red grows with x, green with y, blue is constant: every sample tells where it was taken. */
function ramp(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width), 7], i * 3);
  return { data, width, height };
}

const sampling = suite('sampling');
const size = 20;
const area = size * size;
const planes = new Float32Array(3 * area);
const sampleRamp = (toPicture: Transform, normalisation: Normalisation): Promise<void> =>
  look(ramp(200, 100), (pyramid) => pyramid.sampleInto(toPicture, size, planes, normalisation));

sampling('an upright square of the picture is taken pixel by pixel', async () => {
  const square = { centreX: 50, centreY: 40, side: size, angle: 0 };
  await sampleRamp(squareToPicture(square, size), bytesAsTheyAre);
  assert.is(planes[0], 50 - 9.5);
  assert.is(planes[area], 40 - 9.5);
  assert.is(planes[area - 1], 50 + 9.5);
  assert.is(planes[2 * area], 7);
});

sampling('a quarter turn sees the columns as rows, a mirror exchanges the ends', async () => {
  const turned = squareToPicture({ centreX: 50, centreY: 40, side: size, angle: Math.PI / 2 }, size);
  await sampleRamp(turned, bytesAsTheyAre);
  assert.ok(Math.abs((planes[area] as number) - (40 - 9.5)) < 1e-4, 'the first pixel is the upper one');
  assert.ok(Math.abs((planes[0] as number) - (50 + 9.5)) < 1e-4, 'of the right column');
  const upright = squareToPicture({ centreX: 50, centreY: 40, side: size, angle: 0 }, size);
  await sampleRamp(mirrored(upright, size), bytesAsTheyAre);
  assert.is(planes[0], 50 + 9.5);
});

sampling('a far smaller input sees the mean of the pixels and stays in place', async () => {
  const square = { centreX: 99.5, centreY: 49.5, side: 80, angle: 0 };
  await sampleRamp(squareToPicture(square, size), bytesAsTheyAre);
  assert.ok(Math.abs((planes[0] as number) - (99.5 - 38)) < 0.6, `${planes[0]}`);
  assert.ok(Math.abs((planes[area] as number) - (49.5 - 38)) < 0.6, `${planes[area]}`);
});

sampling(
  'a level of the pyramid is the mean of four pixels, also of odd sizes and of a view into a larger buffer',
  async () => {
    const [width, height] = [35, 33];
    const noise = createSeededChance(7).bytes(width * height * 3 + 1);
    const picture = { data: noise.subarray(1), width, height };
    const { pixels, level } = await look(picture, (pyramid) => {
      const { pixels, level } = pyramid.levelFor(2);
      return { pixels: { ...pixels, data: pixels.data.slice() }, level };
    });
    assert.equal([level, pixels.width, pixels.height], [1, 17, 16]);
    let bias = 0;
    for (let i = 0; i < pixels.data.length; i++) {
      const [x, y, channel] = [Math.floor(i / 3) % 17, Math.floor(i / 51), i % 3];
      const at = (dx: number, dy: number): number =>
        picture.data[((2 * y + dy) * width + 2 * x + dx) * 3 + channel] as number;
      const mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
      const difference = (pixels.data[i] as number) - mean;
      assert.ok(Math.abs(difference) <= 0.75, `value ${i}: ${pixels.data[i]}, mean ${mean}`);
      bias += difference / pixels.data.length;
    }
    assert.ok(Math.abs(bias) < 0.1, `bias ${bias}`);
  },
);

sampling('outside the picture is black after the normalisation', async () => {
  const square = { centreX: 0, centreY: 0, side: size, angle: 0.3 };
  const normalisation = { scale: 1 / 127.5, offset: -1 };
  await sampleRamp(squareToPicture(square, size), normalisation);
  assert.is(planes[0], -1);
  const away = { centreX: 5000, centreY: 0, side: size, angle: 0 };
  await sampleRamp(squareToPicture(away, size), normalisation);
  assert.ok(planes.every((value) => value === -1));
});

sampling('every turned and shifted square agrees with a plain reference', async () => {
  const picture = ramp(61, 47);
  for (let k = 0; k < 40; k++) {
    const square = { centreX: (k * 17) % 61, centreY: (k * 29) % 47, side: 15 + (k % 11), angle: k * 0.37 };
    const transform = squareToPicture(square, size);
    await look(picture, (pyramid) => pyramid.sampleInto(transform, size, planes, bytesAsTheyAre));
    for (let i = 0; i < area; i += 7) {
      const [x, y] = [i % size, Math.floor(i / size)];
      const atX = transform.xx * x + transform.xy * y + transform.x0;
      const atY = transform.yx * x + transform.yy * y + transform.y0;
      const edge = Math.min(atX, 60 - atX, atY, 46 - atY);
      if (Math.abs(edge + 0.5) < 0.01) continue;
      const inside = [Math.min(60, Math.max(0, atX)), Math.min(46, Math.max(0, atY)), 7];
      for (const [channel, value] of inside.entries()) {
        const found = planes[channel * area + i] as number;
        const expected = edge < -0.5 ? 0 : value;
        assert.ok(
          Math.abs(found - expected) < 1e-3,
          `square ${k}, pixel ${i}, channel ${channel}: ${found}, ${expected}`,
        );
      }
    }
  }
});

sampling('a picture inside another one leaves it as it was, and a large one gives its memory back', async () => {
  const upright = squareToPicture({ centreX: 50, centreY: 40, side: size, angle: 0 }, size);
  await withPyramid(ramp(200, 100), async (outer) => {
    await withPyramid({ data: new Uint8Array(6000 * 6000 * 3).fill(99), width: 6000, height: 6000 }, async (inner) => {
      inner.sampleInto(upright, size, planes, bytesAsTheyAre);
      assert.ok(planes.every((value) => value === 99));
      const { pixels, level } = inner.levelFor(64);
      assert.ok(level === 6 && pixels.data.every((value) => value === 99));
    });
    outer.sampleInto(upright, size, planes, bytesAsTheyAre);
    assert.equal([planes[0], planes[area], planes[2 * area]], [50 - 9.5, 40 - 9.5, 7]);
    assert.is(outer.levelFor(4).level, 2);
  });
  await sampleRamp(upright, bytesAsTheyAre);
  assert.is(planes[0], 50 - 9.5);
});

sampling('pictures that overlap instead of being nested are told apart as a defect', async () => {
  let end: () => void = () => {};
  const first = withPyramid(ramp(40, 40), () => new Promise<void>((resolve) => (end = resolve)));
  const second = withPyramid(ramp(40, 40), async () => {
    end();
    await first.catch(() => {});
  });
  const outcomes = await Promise.allSettled([first, second]);
  assert.ok(outcomes.some(({ status }) => status === 'rejected'));
});

sampling('bytes of a chip are its planes, pixel by pixel', () => {
  planes
    .fill(300, 0, area)
    .fill(-5, area, 2 * area)
    .fill(100.4, 2 * area);
  assert.equal([...interleave(planes, size).subarray(0, 3)], [255, 0, 100]);
});

sampling('a part that is cut out has its own origin', () => {
  const part = cutOut(ramp(30, 20), { x: 4, y: 5, width: 6, height: 7 });
  assert.equal([part.width, part.height, part.data.length], [6, 7, 6 * 7 * 3]);
  assert.equal([...part.data.subarray(0, 3)], [4, 5, 7]);
});

sampling.run();
