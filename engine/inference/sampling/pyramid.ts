import { readFileSync } from 'node:fs';
import { scaleOf, type Transform } from '#domain/face/geometry';
import type { Pixels } from '../decode/pixels.ts';
import type { Normalisation } from './normalisation.ts';

/** A picture in halves: level 0 is the picture, each further one half as wide and high. Made when first asked for. */
export interface Pyramid {
  readonly width: number;
  readonly height: number;
  /** The level on which a step of `scale` pixels of the picture is about one pixel, and its number. */
  levelFor(scale: number): { pixels: Pixels; level: number };
  /**
   * Fills a network input from the picture, one bilinear tap per value.
   *
   * @param toPicture from the pixels of the input to those of the picture
   * @param planes [3, size, size]: red, green, blue
   */
  sampleInto(toPicture: Transform, size: number, planes: Float32Array, normalisation: Normalisation): void;
}

/** Where pictures lie to be sampled: one WebAssembly memory, used by one thread. */
export interface Sampling {
  /**
   * Copies the picture and gives it to `job` as a pyramid, which ends with the job. Jobs may be nested, not
   * overlap: the picture opened last is the first to end.
   */
  withPyramid<T>(picture: Pixels, job: (pyramid: Pyramid) => Promise<T>): Promise<T>;
}

/** The exports of `kernels/sampling.ts`; all arguments are byte addresses or numbers. */
interface Kernels {
  halve(from: number, width: number, height: number, to: number): void;
  sample(...args: number[]): void;
}

interface Level {
  readonly at: number;
  readonly width: number;
  readonly height: number;
}

const shortestLevelSide = 16;
/** Between the nearest level (0.5) and the next finer one (0): a tap then stands for 0.8 to 1.6 pixels of its level. */
const sharpness = 0.3;
const pageBytes = 65_536;
const mostPages = 65_536;
/** The kernels keep the first page for themselves. */
const firstByte = pageBytes;
/** A memory that a single large picture has made larger than this is let go of after it. */
const keptBytes = 96 * 1024 * 1024;

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
/** Room of a level: its pixels, and the row and 64 bytes that the kernels may touch behind it. */
const bytesOf = (width: number, height: number): number => align(width * 3 * (height + 1) + 64);

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

/** All levels of a picture, one behind the other from `first` on, and the first byte behind them. */
function layOut({ width, height }: Pixels, first: number): { levels: Level[]; end: number } {
  const levels: Level[] = [];
  let at = first;
  for (let [w, h] = [width, height]; ; [w, h] = [w >> 1, h >> 1]) {
    levels.push({ at, width: w, height: h });
    at += bytesOf(w, h);
    if (Math.min(w, h) < 2 * shortestLevelSide) return { levels, end: at };
  }
}

/** `kernels`: path of `sampling.wasm`. */
export function createSampling(kernels: string): Sampling {
  const module = new WebAssembly.Module(readFileSync(kernels));
  const openMemory = () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true });
    return { memory, kernels: new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels };
  };
  let used = openMemory();
  let top = firstByte;

  const reach = (end: number): void => {
    const missing = end - used.memory.buffer.byteLength;
    if (missing > 0) used.memory.grow(Math.ceil(missing / pageBytes));
  };

  function openPyramid(picture: Pixels): Pyramid {
    const { levels, end } = layOut(picture, top);
    top = end;
    reach(end);
    const { at: start } = levels[0] as Level;
    new Uint8Array(used.memory.buffer).set(picture.data, start);
    let made = 1;
    const levelAt = (wanted: number): number => {
      const level = Math.min(wanted, levels.length - 1);
      for (; made <= level; made++) {
        const from = levels[made - 1] as Level;
        used.kernels.halve(from.at, from.width, from.height, (levels[made] as Level).at);
      }
      return level;
    };
    const levelOf = (scale: number): number => levelAt(Math.max(0, Math.floor(Math.log2(scale) + sharpness)));
    return {
      width: picture.width,
      height: picture.height,
      levelFor(scale) {
        const level = levelOf(scale);
        const { at, width, height } = levels[level] as Level;
        return { pixels: { data: new Uint8Array(used.memory.buffer, at, width * height * 3), width, height }, level };
      },
      sampleInto(toPicture, size, planes, { scale, offset }) {
        const level = levelOf(scaleOf(toPicture));
        const { at, width, height } = levels[level] as Level;
        const { xx, xy, x0, yx, yy, y0 } = toLevel(toPicture, level);
        reach(top + planes.byteLength);
        used.kernels.sample(at, width, height, xx, xy, x0, yx, yy, y0, size, top, scale, offset);
        planes.set(new Float32Array(used.memory.buffer, top, planes.length));
      },
    };
  }

  return {
    async withPyramid(picture, job) {
      const before = top;
      const pyramid = openPyramid(picture);
      const end = top;
      try {
        const result = await job(pyramid);
        if (top !== end) throw new Error('pictures overlap in one sampling memory');
        return result;
      } finally {
        top = before;
        if (top === firstByte && used.memory.buffer.byteLength > keptBytes) used = openMemory();
      }
    },
  };
}
