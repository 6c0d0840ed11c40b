import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Point } from '../estimation.ts';
import type { EyeContour } from '../eyes.ts';
import { invertTransform, transformPoint } from '../geometry.ts';
import { lumaOf, luminanceOf } from '../luma.ts';
import { backgroundLightnessOf, backgroundUniformityOf } from './background.ts';
import { colorTypeOf, labOf, naturalLightOf } from './colour.ts';
import { dynamicRangeOf } from './dynamic-range.ts';
import { isRedPupil, pupilSide, pupilToPicture, redEyesOf } from './red-eyes.ts';
import {
  backgroundMask,
  backgroundRoom,
  bothOf,
  cheekMask,
  cheekRoom,
  countOf,
  pictureMask,
  polygonMask,
  windowEyeDistance,
  windowSide,
  windowToPicture,
} from './window.ts';

type Colour = readonly [number, number, number];

const pixels = windowSide * windowSide;
const everywhere = new Uint8Array(pixels).fill(1);
const left = Uint8Array.from({ length: pixels }, (_, i) => (i % windowSide < windowSide / 2 ? 1 : 0));
/** A face that looks at us, its eyes 163 pixels apart: twice the window's size. */
const landmarks5: Point[] = [
  [419, 544],
  [581, 544],
  [500, 636],
  [434, 731],
  [567, 731],
];
const toPicture = windowToPicture(landmarks5);
const toWindow = invertTransform(toPicture);
const at = (mask: Uint8Array, [x, y]: Point): number | undefined => mask[Math.round(y) * windowSide + Math.round(x)];

/** `colourAt` of every pixel of a window, interleaved. */
function paint(colourAt: (x: number, y: number) => Colour, side = windowSide): Uint8Array {
  const rgb = new Uint8Array(side * side * 3);
  for (let pixel = 0; pixel < side * side; pixel++)
    rgb.set(colourAt(pixel % side, Math.floor(pixel / side)), pixel * 3);
  return rgb;
}
/** A repeatable value 0..1 per place. */
const noise = (x: number, y: number): number => {
  const value = Math.sin(x * 12.9898 + y * 78.233) * 43758.5453;
  return value - Math.floor(value);
};
const near = (value: number, wanted: number, by: number): void =>
  assert.ok(Math.abs(value - wanted) <= by, `${value}, wanted ${wanted}`);

const window = suite('window of a portrait');

window('the eyes come to lie level and as far apart as in OFIQ', () => {
  const [a, b] = landmarks5.slice(0, 2).map((point) => transformPoint(toWindow, point)) as [Point, Point];
  near(b[0] - a[0], windowEyeDistance, 1);
  near(a[1], 195.8, 1);
  near(b[1], a[1], 1);
});

window('a polygon is filled inside and not outside, also when it leaves the window', () => {
  const square = polygonMask([
    [10, 10.5],
    [20, 10.5],
    [20, 20.5],
    [10, 20.5],
  ]);
  assert.is(countOf(square), 11 * 10);
  assert.equal([at(square, [10, 11]), at(square, [20, 20]), at(square, [21, 15]), at(square, [15, 10])], [1, 1, 0, 0]);
  const hollow = polygonMask([
    [-50, -50],
    [100, -50],
    [20, 20],
    [-50, 100],
  ]);
  assert.equal([at(hollow, [10, 10]), at(hollow, [60, 60])], [1, 0]);
});

window('what lies outside the picture, or on its border, is not looked at', () => {
  const mask = pictureMask(toPicture, 1000, 1000);
  assert.is(countOf(mask), pixels);
  const [x, y] = transformPoint(toWindow, [500, 600]);
  const cut = pictureMask(toPicture, 500, 1000);
  assert.equal([at(cut, [x - 5, y]), at(cut, [x - 1, y]), at(cut, [x + 3, y])], [1, 0, 0]);
});

window('the background is beside and above the head, not in it and not below the mouth', () => {
  const mask = backgroundMask(everywhere);
  const middle = windowSide / 2;
  const eyes = 196;
  assert.is(at(mask, [5, 5]), 1);
  assert.is(at(mask, [windowSide - 5, eyes]), 1);
  assert.is(at(mask, [middle, eyes]), 0);
  // Ears at 1.2 eye distances, the crown at 1.8.
  assert.is(at(mask, [middle + 1.3 * windowEyeDistance, eyes]), 0);
  assert.is(at(mask, [middle, eyes - 1.9 * windowEyeDistance]), 0);
  assert.is(at(mask, [5, eyes + 1.3 * windowEyeDistance]), 0);
  assert.ok(countOf(mask) > 0.3 * backgroundRoom && countOf(mask) < 0.6 * backgroundRoom);
});

window('cheeks lie below the eyes, above the mouth, beside the nose and inside the face', () => {
  const mask = cheekMask(landmarks5, toWindow, everywhere);
  assert.is(countOf(mask), cheekRoom);
  assert.is(at(mask, transformPoint(toWindow, [440, 660])), 1);
  assert.is(at(mask, transformPoint(toWindow, [560, 660])), 1);
  assert.is(at(mask, transformPoint(toWindow, [500, 660])), 0);
  assert.is(at(mask, transformPoint(toWindow, [440, 731])), 0);
  assert.is(countOf(cheekMask(landmarks5, toWindow, left)), cheekRoom / 2);
  assert.equal(bothOf(left, mask), cheekMask(landmarks5, toWindow, left));
});

window.run();

const tone = suite('luminance of a portrait');

tone('luma weighs what the file says, luminance the light', () => {
  const rgb = [128, 128, 128, 255, 0, 0, 0, 0, 0, 255, 255, 255];
  assert.equal(
    [...lumaOf(rgb, 4)].map((value) => Math.round(value)),
    [128, 76, 0, 255],
  );
  assert.equal([...luminanceOf(rgb, 4)], [55, 54, 0, 255]);
});

tone('the dynamic range of one, two, 16 and all levels is 0, 1, 4 and 8 bits of 8', () => {
  for (const [levels, bits] of [
    [1, 0],
    [2, 1],
    [16, 4],
    [256, 8],
  ] as const) {
    const luminance = Uint8Array.from({ length: pixels }, (_, i) => (i % levels) * (256 / levels));
    assert.is(dynamicRangeOf(luminance, everywhere), bits / 8);
  }
});

tone('only the face counts for the dynamic range', () => {
  const luminance = Uint8Array.from({ length: pixels }, (_, i) => (left[i] ? 77 : i % 256));
  assert.is(dynamicRangeOf(luminance, left), 0);
});

tone('a flat background is uniform, a noisy one is not, and a ramp has the gradient of its steepness', () => {
  assert.is(backgroundUniformityOf(new Uint8Array(pixels).fill(200), everywhere), 1.9 * (1 - 1 / (1 + Math.exp(0.1))));
  const ramp = Uint8Array.from({ length: pixels }, (_, i) => (i % windowSide) / 2);
  const steep = Uint8Array.from({ length: pixels }, (_, i) => Math.min(255, 4 * Math.floor(i / windowSide)));
  const top = Uint8Array.from({ length: pixels }, (_, i) => (i < 40 * windowSide ? 1 : 0));
  // One level per pixel is a gradient of 32, of either direction.
  near(backgroundUniformityOf(ramp, everywhere), 1.9 * (1 - 1 / (1 + Math.exp((10 - 16) / 100))), 0.01);
  near(backgroundUniformityOf(steep, top), 1.9 * (1 - 1 / (1 + Math.exp((10 - 128) / 100))), 0.001);
  const noisy = Uint8Array.from({ length: pixels }, (_, i) => 255 * noise(i % windowSide, Math.floor(i / windowSide)));
  assert.ok(backgroundUniformityOf(noisy, everywhere) < 0.01);
});

tone('lightness is black 0, white 1, between them the mean, of the background alone', () => {
  assert.is(backgroundLightnessOf(new Uint8Array(pixels), everywhere), 0);
  assert.is(backgroundLightnessOf(new Uint8Array(pixels).fill(255), everywhere), 1);
  const half = Uint8Array.from({ length: pixels }, (_, i) => (left[i] ? 255 : 0));
  assert.is(backgroundLightnessOf(half, everywhere), 0.5);
  assert.is(backgroundLightnessOf(half, left), 1);
});

tone.run();

const colour = suite('colour of a portrait');

const skin: Colour = [200, 150, 125];

colour('grey is grayscale, also with the few levels that JPEG adds; skin is color', () => {
  const grey = paint((x, y) => [x % 200, x % 200, x % 200].map((v) => v + Math.round(5 * noise(x, y))) as never);
  assert.is(
    colorTypeOf(
      paint((x) => [x % 255, x % 255, x % 255]),
      left,
      everywhere,
    ),
    'grayscale',
  );
  assert.is(colorTypeOf(grey, left, everywhere), 'grayscale');
  assert.is(
    colorTypeOf(
      paint(() => skin),
      left,
      everywhere,
    ),
    'color',
  );
});

colour('a face without colour in a coloured picture is neither', () => {
  const framed = paint((x) => (x < windowSide / 2 ? [90, 90, 90] : [200, 20, 20]));
  assert.is(colorTypeOf(framed, left, everywhere), null);
});

colour('a few coloured pixels make no colour picture', () => {
  const stamped = paint((x, y) => (x < 20 && y < 100 ? [200, 20, 20] : [90, 90, 90]));
  assert.is(colorTypeOf(stamped, left, everywhere), 'grayscale');
});

colour('CIELAB under D50 has the values of its tables', () => {
  for (const [rgb, a, b] of [
    [[255, 255, 255], 0, 0],
    [[0, 0, 0], 0, 0],
    [[255, 0, 0], 80.81, 69.89],
    [[0, 0, 255], 68.3, -112.03],
  ] as const) {
    const lab = labOf(rgb);
    near(lab.a, a, 0.05);
    near(lab.b, b, 0.05);
  }
});

colour('skin in white light is natural, under coloured light it is not', () => {
  const lightOn = (light: Colour) =>
    naturalLightOf(
      paint(() => light),
      left,
    );
  for (const natural of [skin, [232, 190, 172], [110, 75, 60], [70, 48, 40]] as const) {
    assert.is(lightOn(natural), 1, `${natural}`);
  }
  for (const cast of [
    [120, 150, 200],
    [150, 200, 120],
    [220, 90, 90],
    [230, 140, 20],
  ] as const) {
    assert.is(lightOn(cast), 0, `${cast}`);
  }
});

colour('only the cheeks count for the light', () => {
  assert.is(
    naturalLightOf(
      paint((x) => (x < windowSide / 2 ? skin : [0, 0, 255])),
      left,
    ),
    1,
  );
});

colour.run();

const eyes = suite('red eyes');

const red: Colour = [190, 60, 70];
const disc = (inside: Colour, outside: Colour, radius: number): Uint8Array =>
  paint((x, y) => (Math.hypot(x - 15.5, y - 15.5) <= radius ? inside : outside), pupilSide);

eyes('a pupil is red when a third of it is', () => {
  assert.is(isRedPupil(disc(red, red, 16)), true);
  assert.is(isRedPupil(disc(red, [20, 15, 15], 9.5)), true);
  assert.is(isRedPupil(disc(red, [20, 15, 15], 8)), false);
});

eyes('black, blue, brown and skin are not red', () => {
  for (const ordinary of [
    [12, 10, 11],
    [90, 120, 180],
    [110, 70, 45],
    [80, 45, 25],
    [205, 140, 100],
    [255, 255, 255],
  ] as const) {
    assert.is(isRedPupil(disc(ordinary, ordinary, 16)), false, `${ordinary}`);
  }
});

/** An eye whose iris has this radius; `height` of the lid opening over its width. */
const eyeOf = (radius: number, height = 0.35): EyeContour => ({
  eyelid: [
    [0, 50],
    [30, 50 - 50 * height],
    [70, 50 - 50 * height],
    [100, 50],
    [70, 50 + 50 * height],
    [30, 50 + 50 * height],
  ],
  irisCentre: [50, 50],
  irisEdge: [
    [50 + radius, 50],
    [50, 50 - radius],
    [50 - radius, 50],
    [50, 50 + radius],
  ],
});

eyes('the pupil is the middle half of the iris', () => {
  const square = pupilToPicture(eyeOf(20));
  assert.ok(square);
  const corners = [transformPoint(square, [0, 0]), transformPoint(square, [pupilSide - 1, pupilSide - 1])] as const;
  near(corners[0][0], 40, 0.5);
  near(corners[1][1], 60, 0.5);
});

eyes('a closed eye and one of a few pixels cannot be judged', () => {
  assert.is(pupilToPicture(eyeOf(20, 0.1)), null);
  assert.is(pupilToPicture(eyeOf(5.9)), null);
  assert.ok(pupilToPicture(eyeOf(6)));
});

eyes('one red pupil is enough, and none is said only of two that were seen', () => {
  assert.is(redEyesOf([false, true]), 1);
  assert.is(redEyesOf([null, true]), 1);
  assert.is(redEyesOf([false, false]), 0);
  assert.is(redEyesOf([false, null]), null);
});

eyes.run();
