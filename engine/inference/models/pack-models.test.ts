import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { arcfaceToPicture, arcfaceToWarp } from '#domain/face/face-template';
import { transformPoint } from '#domain/face/geometry';
import { stretchInto } from '../sampling/stretch.ts';
import { faceApiAgeGender } from './age-gender.faceapi.ts';
import { arcface112 } from './descriptor.arcface.ts';
import { yunet, yunetOutputs } from './detector.yunet.ts';
import { type Feeding, prepareOf } from './feeding.ts';
import { silentFace } from './liveness.silent-face.ts';

const plain: Feeding = { colour: 'rgb', mean: [0, 0, 0], deviation: [1, 1, 1] };
const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-4;

const models = suite('models of packs');

models('pixels are put into the order of colours, centred and scaled per channel', () => {
  const planes = Float32Array.of(10, 11, 20, 21, 30, 31);
  prepareOf({ colour: 'bgr', mean: [30, 20, 10], deviation: [1, 2, 4] })(planes);
  assert.equal([...planes], [0, 1, 0, 0.5, 0, 0.25]);
  const same = Float32Array.of(1, 2, 3);
  prepareOf(plain)(same);
  assert.equal([...same], [1, 2, 3]);
});

models('a living face is the second of three classes', () => {
  const model = silentFace({ network: 'n', side: 80, feeding: plain, scale: 2.7, output: 'p' });
  assert.ok(close(model.decode({ p: Float32Array.of(0.1, 0.7, 0.2) }), 0.7));
  assert.throws(() => model.decode({ p: Float32Array.of(0.1, 0.9) }), /has 2 values, expected 3/);
});

models('what is no probability is no estimate: of a living face, of an age, of a gender', () => {
  const live = silentFace({ network: 'n', side: 80, feeding: plain, scale: 2.7, output: 'p' });
  for (const values of [
    [0.1, 4.2, -1],
    [0.3, 0.3, 0.3],
    [-0.5, 0.7, 0.8],
    [0, Number.NaN, 1],
  ]) {
    assert.ok(Number.isNaN(live.decode({ p: Float32Array.from(values) })), `${values}`);
  }
  const attributes = (age: number, ...gender: number[]) =>
    faceApiAgeGender.decode({ age: Float32Array.of(age), gender: Float32Array.from(gender) });
  assert.is(attributes(31, 0.25, 0.75)?.gender, 0);
  assert.equal([attributes(31, 3, -2), attributes(31, 0.5, 0.9), attributes(Number.NaN, 0.5, 0.5)], [null, null, null]);
});

models('a detection is where its cell and its offsets say', () => {
  const side = 64;
  const outputs = Object.fromEntries(
    Object.entries(yunetOutputs(side)).map(([name, length]) => [name, new Float32Array(length)]),
  );
  const put = (name: string, values: number[], cell: number): void => outputs[name]?.set(values, cell * values.length);
  // Row 1, column 2 of the grid with 4 x 4 cells of 16 pixels.
  put('cls_16', [1.3], 6);
  put('obj_16', [0.64], 6);
  put('bbox_16', [0.5, 0.25, Math.log(2), Math.log(3)], 6);
  put('kps_16', [0.1, 0.2, 0.9, 0.2, 0, 0, 0, 0, 0, 0], 6);
  // Too unlikely, and one whose size is no number a picture has.
  put('cls_8', [0.5], 3);
  put('obj_8', [0.5], 3);
  put('cls_32', [1], 0);
  put('obj_32', [1], 0);
  put('bbox_32', [0, 0, 900, 1], 0);
  const faces = yunet({ network: 'n', side, feeding: plain }).decode(outputs);
  assert.is(faces.length, 1);
  const [face] = faces;
  assert.ok(face && close(face.score, 0.8));
  const { x, y, width, height } = face.rect;
  assert.ok([x - 24, y + 4, width - 32, height - 48].every((off) => close(off, 0)));
  const [leftX, leftY] = face.leftEye;
  assert.ok(close(leftX, 33.6) && close(leftY, 19.2));
});

models('a descriptor is a unit vector, and a vector without length is an error', () => {
  const model = arcface112({ network: 'n', feeding: plain, output: 'v', version: 20_100, length: 2 });
  const vector = model.decode({ v: Float32Array.of(3, 4) });
  assert.ok(close(vector[0] as number, 0.6) && close(vector[1] as number, 0.8));
  for (const v of [
    [0, 0],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
  ]) {
    assert.throws(() => model.decode({ v: Float32Array.from(v) }), /of norm/);
  }
});

models('the chip lies on the five points; on a face sample its eyes are where the sample has them', () => {
  const points = [
    [138.2946, 151.6963],
    [173.5318, 151.5014],
    [156.0252, 171.7366],
    [141.5493, 192.3655],
    [170.7299, 192.2041],
  ] as const;
  const [x, y] = transformPoint(arcfaceToPicture(points), [0, 0]);
  assert.ok(Math.abs(x - 100) < 1e-3 && Math.abs(y - 100) < 1e-3);
  const [eyeX, eyeY] = transformPoint(arcfaceToWarp, [38.2946, 51.6963]);
  assert.ok(Math.abs(eyeX - 88) < 2 && Math.abs(eyeY - 100) < 2);
});

models('a patch is stretched by pixel centres, its border repeated, rounded', () => {
  // Red counts columns, green rows, blue is constant.
  const [width, height] = [6, 4];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 9][i % 3] as number;
  }).map((value, i) => (i % 3 === 2 ? value : value * 10));
  const planes = new Float32Array(3 * 4);
  stretchInto({ data, width, height }, { left: 1, top: 0, right: 4, bottom: 3 }, 2, planes);
  assert.equal([...planes], [15, 35, 15, 35, 5, 5, 25, 25, 9, 9, 9, 9]);
  const larger = new Float32Array(3 * 16);
  stretchInto({ data, width, height }, { left: 2, top: 1, right: 3, bottom: 2 }, 4, larger);
  assert.equal([...larger.subarray(0, 4)], [20, 23, 28, 30]);
});

models.run();
