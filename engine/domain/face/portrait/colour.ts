import { linearOf } from '../luma.ts';

/**
 * The largest of R, G and B minus the smallest, in levels, below which a part of a picture is without colour: its mean
 * and its 95th percentile. Grey pictures have 0, and a few levels after JPEG, a scanner or a slight tone; the palest of
 * 22 photographed faces had 16 and 30.
 */
const greyMean = 6;
const greyPercentile = 12;

function isGrey(rgb: ArrayLike<number>, mask: Uint8Array): boolean {
  const histogram = new Float64Array(256);
  let sum = 0;
  let count = 0;
  for (let pixel = 0, i = 0; pixel < mask.length; pixel++, i += 3) {
    if (!mask[pixel]) continue;
    const r = rgb[i] as number;
    const g = rgb[i + 1] as number;
    const b = rgb[i + 2] as number;
    const spread = Math.max(r, g, b) - Math.min(r, g, b);
    histogram[spread] = (histogram[spread] as number) + 1;
    sum += spread;
    count += 1;
  }
  let seen = 0;
  let percentile = -1;
  while (seen < 0.95 * count) seen += histogram[++percentile] as number;
  return sum <= greyMean * count && percentile <= greyPercentile;
}

/**
 * Whether a face has colour. Null for one without it in a picture that has some: a grey photograph in a coloured frame
 * and a face too dark to show its colour look alike.
 *
 * @param rgb of the window, 0..255, interleaved
 * @param face mask; at least one pixel
 * @param picture mask: what of the window is picture
 */
export function colorTypeOf(
  rgb: ArrayLike<number>,
  face: Uint8Array,
  picture: Uint8Array,
): 'color' | 'grayscale' | null {
  if (!isGrey(rgb, face)) return 'color';
  return isGrey(rgb, picture) ? 'grayscale' : null;
}

/** CIELAB's axes of 8-bit sRGB under D50, as OFIQ computes them: a* green to red, b* blue to yellow. */
export function labOf([red, green, blue]: readonly [number, number, number]): { a: number; b: number } {
  const [r, g, b] = [linearOf(red / 255), linearOf(green / 255), linearOf(blue / 255)];
  const root = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = root((0.43605 * r + 0.38508 * g + 0.14309 * b) / 0.964221);
  const y = root(0.22249 * r + 0.71689 * g + 0.06062 * b);
  const z = root((0.01393 * r + 0.0971 * g + 0.71419 * b) / 0.825211);
  return { a: 500 * (x - y), b: 200 * (y - z) };
}

/** OFIQ's range of natural skin. */
const naturalA = { from: 5, to: 25 };
const naturalB = { from: 5, to: 35 };
/** OFIQ's score 200 / (1 + exp(distance / 10)) is 50 of 100 here. */
const natural = 10 * Math.log(3);

const outside = (value: number, { from, to }: { from: number; to: number }): number =>
  Math.max(0, from - value, value - to);

/**
 * Whether the light is natural: 1 when the mean colour of the cheeks lies in the range that skin has, or near it
 * (ISO/IEC 29794-5 natural colour as OFIQ computes it; LP5 wants a yes or a no of it). This tells a colour cast, not the
 * kind of lamp.
 *
 * @param rgb of the window, 0..255, interleaved
 * @param cheeks mask; at least one pixel
 */
export function naturalLightOf(rgb: ArrayLike<number>, cheeks: Uint8Array): 0 | 1 {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let pixel = 0, i = 0; pixel < cheeks.length; pixel++, i += 3) {
    if (!cheeks[pixel]) continue;
    for (const channel of [0, 1, 2] as const) sum[channel] += rgb[i + channel] as number;
    count += 1;
  }
  const { a, b } = labOf([sum[0] / count, sum[1] / count, sum[2] / count]);
  if (a < 0 || b < 0) return 0;
  return Math.hypot(outside(a, naturalA), outside(b, naturalB)) <= natural ? 1 : 0;
}
