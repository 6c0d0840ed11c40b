/** Rounding to IEEE 754 binary16, as pgvector's halfvec stores a value: to nearest, ties to even. */

const largestHalf = 65504;
/** Exponent of the smallest normal number; below it the steps stay the same. */
const lowestExponent = -14;
const fractionBits = 10;
/** Adding and taking away 1.5 * 2^52 leaves an f64 rounded to an integer, ties to even. */
const toInteger = 1.5 * 2 ** 52;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
/** Distance of neighbouring halves by the biased f32 exponent. */
const steps = Float64Array.from(
  { length: 256 },
  (_, exponent) => 2 ** (Math.max(exponent - 127, lowestExponent) - fractionBits),
);

/** The half nearest to a finite f32; what is too large becomes the largest half instead of infinity. */
export function toHalf(value: number): number {
  float[0] = value;
  const step = steps[((bits[0] as number) >>> 23) & 0xff] as number;
  const rounded = (value / step + toInteger - toInteger) * step;
  return Math.max(-largestHalf, Math.min(largestHalf, rounded));
}

/** A vector as pgvector reads it. Five digits tell every half from its neighbours. */
export function toVectorText(halves: readonly number[] | Float64Array): string {
  let text = '[';
  for (let i = 0; i < halves.length; i++) text += (i > 0 ? ',' : '') + (halves[i] as number).toPrecision(5);
  return `${text}]`;
}
