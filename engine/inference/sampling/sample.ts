import { scaleOf, type Transform } from '#domain/geometry';
import type { Pixels } from '../decode/pixels.ts';
import type { Pyramid } from './pyramid.ts';

/** How a network wants its pixels: value * scale + offset of 0..255. Outside the picture is black. */
export interface Normalisation {
  readonly scale: number;
  readonly offset: number;
}

export const bytesAsTheyAre: Normalisation = { scale: 1, offset: 0 };

/** The same transform, to the pixels of a level of the pyramid. Pixel centres are whole numbers on every level. */
function toLevel({ xx, xy, x0, yx, yy, y0 }: Transform, level: number): Transform {
  const scale = 1 / 2 ** level;
  return {
    xx: xx * scale,
    xy: xy * scale,
    x0: (x0 + 0.5) * scale - 0.5,
    yx: yx * scale,
    yy: yy * scale,
    y0: (y0 + 0.5) * scale - 0.5,
  };
}

/** The columns of a row that lie in the picture: those where `start + step * column` is within `low`..`high`. */
function columnsWithin(
  start: number,
  step: number,
  low: number,
  high: number,
  size: number,
): [from: number, to: number] {
  if (step === 0) return start >= low && start <= high ? [0, size] : [0, 0];
  const [a, b] = [(low - start) / step, (high - start) / step];
  return [Math.max(0, Math.ceil(Math.min(a, b))), Math.min(size, Math.floor(Math.max(a, b)) + 1)];
}

/** One bilinear tap, half a pixel over the border repeats it. `planes` is [3, size, size]. */
function sampleLevel(
  { data, width, height }: Pixels,
  { xx, xy, x0, yx, yy, y0 }: Transform,
  size: number,
  planes: Float32Array,
  { scale, offset }: Normalisation,
): void {
  const area = size * size;
  const row = width * 3;
  const [lastX, lastY] = [width - 1, height - 1];
  // A thousandth of a pixel less: rounding must not put a column outside.
  const margin = 0.499;
  for (let y = 0; y < size; y++) {
    const startX = x0 + xy * y;
    const startY = y0 + yy * y;
    const [fromX, toX] = columnsWithin(startX, xx, -margin, lastX + margin, size);
    const [fromY, toY] = columnsWithin(startY, yx, -margin, lastY + margin, size);
    const from = Math.max(fromX, fromY);
    const to = Math.max(from, Math.min(toX, toY));
    let out = y * size;
    for (let x = 0; x < from; x++, out++) {
      planes[out] = offset;
      planes[out + area] = offset;
      planes[out + 2 * area] = offset;
    }
    for (let x = from; x < to; x++, out++) {
      const atX = Math.min(lastX, Math.max(0, startX + xx * x));
      const atY = Math.min(lastY, Math.max(0, startY + yx * x));
      const left = Math.trunc(atX);
      const top = Math.trunc(atY);
      const partX = atX - left;
      const partY = atY - top;
      const a = top * row + left * 3;
      const right = left < lastX ? 3 : 0;
      const below = top < lastY ? row : 0;
      const c = a + below;
      const w11 = partX * partY * scale;
      const w10 = partX * scale - w11;
      const w01 = partY * scale - w11;
      const w00 = scale - partX * scale - w01;
      planes[out] =
        (data[a] as number) * w00 +
        (data[a + right] as number) * w10 +
        (data[c] as number) * w01 +
        (data[c + right] as number) * w11 +
        offset;
      planes[out + area] =
        (data[a + 1] as number) * w00 +
        (data[a + right + 1] as number) * w10 +
        (data[c + 1] as number) * w01 +
        (data[c + right + 1] as number) * w11 +
        offset;
      planes[out + 2 * area] =
        (data[a + 2] as number) * w00 +
        (data[a + right + 2] as number) * w10 +
        (data[c + 2] as number) * w01 +
        (data[c + right + 2] as number) * w11 +
        offset;
    }
    for (let x = to; x < size; x++, out++) {
      planes[out] = offset;
      planes[out + area] = offset;
      planes[out + 2 * area] = offset;
    }
  }
}

/**
 * Fills a network input from the picture.
 *
 * @param toPicture from the pixels of the input to those of the picture
 * @param planes [3, size, size]: red, green, blue
 */
export function sampleInto(
  pyramid: Pyramid,
  toPicture: Transform,
  size: number,
  planes: Float32Array,
  normalisation: Normalisation,
): void {
  const { pixels, level } = pyramid.levelFor(scaleOf(toPicture));
  sampleLevel(pixels, toLevel(toPicture, level), size, planes, normalisation);
}

/** [3, size, size] of 0..255 to bytes, pixel by pixel. */
export function interleave(planes: Float32Array, size: number): Uint8Array {
  const area = size * size;
  const bytes = new Uint8ClampedArray(area * 3);
  for (let i = 0, out = 0; i < area; i++, out += 3) {
    bytes[out] = planes[i] as number;
    bytes[out + 1] = planes[i + area] as number;
    bytes[out + 2] = planes[i + 2 * area] as number;
  }
  return new Uint8Array(bytes.buffer);
}

/** The part of a picture inside a box, which must lie in the picture. */
export function cutOut(
  { data, width }: Pixels,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Pixels {
  const part = new Uint8Array(box.width * box.height * 3);
  for (let y = 0; y < box.height; y++) {
    const start = ((box.y + y) * width + box.x) * 3;
    part.set(data.subarray(start, start + box.width * 3), y * box.width * 3);
  }
  return { data: part, width: box.width, height: box.height };
}
