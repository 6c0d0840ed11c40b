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

/**
 * Every pixel the mean of four. An odd last row or column is left out. Two rows are averaged four bytes at a time
 * (rounded down), then neighbours (rounded up), so that the picture becomes neither darker nor lighter.
 */
function halve({ data, width, height }: Pixels): Pixels {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const half = new Uint8Array(halfWidth * halfHeight * 3);
  const row = width * 3;
  const words = (row + 3) >> 2;
  // Rows of their own, because those of the picture need not begin at a whole word.
  const [upper, lower] = [new Int32Array(words), new Int32Array(words)];
  const [upperBytes, lowerBytes] = [new Uint8Array(upper.buffer), new Uint8Array(lower.buffer)];
  for (let y = 0, out = 0; y < halfHeight; y++) {
    const start = y * 2 * row;
    upperBytes.set(data.subarray(start, start + row));
    lowerBytes.set(data.subarray(start + row, start + 2 * row));
    for (let i = 0; i < words; i++) {
      const a = upper[i] as number;
      const b = lower[i] as number;
      upper[i] = ((a & b) + (((a ^ b) >>> 1) & 0x7f7f7f7f)) | 0;
    }
    for (let x = 0, i = 0; x < halfWidth; x++, out += 3, i += 6) {
      half[out] = ((upperBytes[i] as number) + (upperBytes[i + 3] as number) + 1) >> 1;
      half[out + 1] = ((upperBytes[i + 1] as number) + (upperBytes[i + 4] as number) + 1) >> 1;
      half[out + 2] = ((upperBytes[i + 2] as number) + (upperBytes[i + 5] as number) + 1) >> 1;
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
