import type { Pixels } from '../decode/pixels.ts';

/** A picture in halves: level 0 is the picture, each further one half as wide and high. Made when first asked for. */
export interface Pyramid {
  readonly width: number;
  readonly height: number;
  /** The level on which a step of `scale` pixels of the picture is about one pixel, and its number. */
  levelFor(scale: number): { pixels: Pixels; level: number };
}

const shortestLevelSide = 16;
/** Between the nearest level (0.5) and the next finer one (0): a tap then stands for 0.8 to 1.6 pixels of its level. */
const sharpness = 0.3;

/** Bytes four at a time: half the sum of each pair, rounded down or up. */
const halfSumDown = (a: number, b: number): number => (a & b) + (((a ^ b) >>> 1) & 0x7f7f7f7f);
const halfSumUp = (a: number, b: number): number => (a | b) - (((a ^ b) >>> 1) & 0x7f7f7f7f);

/**
 * Every pixel the mean of four. An odd last row or column is left out. Rows are averaged with rounding down, neighbours
 * with rounding up, so that the picture becomes neither darker nor lighter.
 */
function halve({ data, width, height }: Pixels): Pixels {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const half = new Uint8Array(halfWidth * halfHeight * 3);
  const from = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const to = new DataView(half.buffer);
  const row = width * 3;
  const last = halfWidth - 1;
  for (let y = 0, out = 0; y < halfHeight; y++) {
    let i = y * 2 * row;
    for (let x = 0; x < last; x++, i += 6, out += 3) {
      // Four bytes are a pixel and the next one's red, which is written again by the next step.
      const left = halfSumDown(from.getInt32(i, true), from.getInt32(i + row, true));
      const right = halfSumDown(from.getInt32(i + 3, true), from.getInt32(i + row + 3, true));
      to.setInt32(out, halfSumUp(left, right), true);
    }
    // The last pixel of a row byte by byte: there may be nothing behind it.
    for (let channel = 0; channel < 3; channel++, i++, out++) {
      const left = halfSumDown(data[i] as number, data[i + row] as number);
      const right = halfSumDown(data[i + 3] as number, data[i + row + 3] as number);
      half[out] = halfSumUp(left, right);
    }
  }
  return { data: half, width: halfWidth, height: halfHeight };
}

export function createPyramid(picture: Pixels): Pyramid {
  const levels = [picture];
  const levelAt = (wanted: number): number => {
    for (;;) {
      const last = levels[levels.length - 1] as Pixels;
      if (levels.length > wanted || Math.min(last.width, last.height) < 2 * shortestLevelSide) break;
      levels.push(halve(last));
    }
    return Math.min(wanted, levels.length - 1);
  };
  return {
    width: picture.width,
    height: picture.height,
    levelFor(scale) {
      const level = levelAt(Math.max(0, Math.floor(Math.log2(scale) + sharpness)));
      return { pixels: levels[level] as Pixels, level };
    },
  };
}
