import { lunaError } from '#kernel/errors';

/** A decoded picture: RGB, one byte per channel, rows from the top, no padding. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

const shortestSide = 16;
const longestSide = 16_384;

/** Throws `ImageSize` 100028 for a picture that is too large to decode or too small to hold a face. */
export function checkSize(width: number, height: number, maxPixels: number): void {
  const sides = [width, height];
  const bad = sides.some((side) => !Number.isInteger(side) || side < shortestSide || side > longestSide);
  if (bad || width * height > maxPixels) {
    throw lunaError('ImageSize', { width, height, limitMegapixels: Math.floor(maxPixels / 1e6) });
  }
}
