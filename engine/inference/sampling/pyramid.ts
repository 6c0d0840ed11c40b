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

/** Every pixel the mean of four. An odd last row or column is left out. */
function halve({ data, width, height }: Pixels): Pixels {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const half = new Uint8Array(halfWidth * halfHeight * 3);
  const row = width * 3;
  for (let y = 0, out = 0; y < halfHeight; y++) {
    let above = y * 2 * row;
    let below = above + row;
    for (let x = 0; x < halfWidth; x++, out += 3, above += 6, below += 6) {
      half[out] =
        ((data[above] as number) +
          (data[above + 3] as number) +
          (data[below] as number) +
          (data[below + 3] as number) +
          2) >>
        2;
      half[out + 1] =
        ((data[above + 1] as number) +
          (data[above + 4] as number) +
          (data[below + 1] as number) +
          (data[below + 4] as number) +
          2) >>
        2;
      half[out + 2] =
        ((data[above + 2] as number) +
          (data[above + 5] as number) +
          (data[below + 2] as number) +
          (data[below + 5] as number) +
          2) >>
        2;
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
