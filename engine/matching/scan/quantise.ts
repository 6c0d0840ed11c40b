import type { DescriptorVersion } from '#domain/descriptor/descriptor';

/**
 * Rows as int8, queries as int16, and the bounds that make the search exact.
 *
 * Notation: x is the stored vector, y = s*v its int8 form (s scale, v integers in -127..127), e >= |x - y|;
 * q the query, p = r*u its int16 form (r scale, u integers), f >= |q - p|; D = <v, u>, an exact integer.
 * For cosine x and q are first divided by their norms (in f64), so |x| = |q| = 1.
 *
 * 1. D is exact: |v_i| <= 127 and |u_i| <= floor((2^31 - 1) / (127 * d)), so no sum of up to d products leaves int32.
 * 2. Cosine: <q,x> - <p,y> = <q, x - y> + <q - p, y>, hence by Cauchy-Schwarz (and |y| <= |x| + e)
 *      | cos(q,x) - s*r*D | <= e + f*(1 + e).
 * 3. Euclidean: by the triangle inequality for q - x = (q - p) + (p - y) + (y - x)
 *      | |q - x| - |p - y| | <= e + f,   and  |p - y|^2 = s^2*<v,v> + r^2*<u,u> - 2*s*r*D  from integers alone.
 * 4. Rounding. `exactScore` sums d products in f64: its relative error is below d * 2^-52 (Higham, Accuracy and
 *    Stability of Numerical Algorithms, 2nd ed., section 3.1), under 2^-40 for every d allowed here. All bounds here are
 *    computed in f64 with less error than that, but for the distance in `intervalOf`: the root of a difference that may
 *    cancel is off by up to 2^-25 of the larger norm. The kernels compare in f32, where each operation is within 2^-24
 *    relative: at most eight operations on terms bounded by |p||y| (cosine) or |p|^2 + |y|^2 (euclidean). All three are paid
 *    for by `slack` = 2^-16 of the vector's norm added to e and to f, and for the euclidean test, whose terms are
 *    squares, by taking 2^-18 off |y|^2 and |p|^2 on the side that drops.
 * 5. So a row scores within [lower, upper] of `intervalOf`, and a kernel drops it only if upper < threshold.
 * 6. The threshold is at any time at most the k-th best lower bound of rows seen so far (or a score that k rows are
 *    known to reach, or `minScore`). A dropped row scores strictly below k rows that exist: it is not among the k best,
 *    however ties are broken. Every row not dropped is scored by `exactScore` itself. Hence the answer is exact.
 *
 * 7. Most rows are judged by a coarse form of the query, p' = r'*t with 6-bit integers t, f' >= |q - p'|: steps 2 to 5 ask
 *    nothing of p but its error, so they hold for p' too. A row that the coarse bound does not drop is judged again as
 *    above. The kernel multiplies by t + 32 (1..63, never negative) and takes 32 * sum(v) off again: exact integers,
 *    since four products of at most 127 * 63 fit into int16 and d of them into int32. A row whose sum an i16 does not
 *    hold is always judged finely.
 *
 * A vector whose largest value lies outside [1e-15, 1e15] is not quantised: e (or f) is infinite, it is never dropped
 * and always scored exactly. That keeps all f32 terms above away from overflow and underflow.
 */
const slack = 2 ** -16;
const smallest = 1e-15;
const largest = 1e15;

/** Added to each value of a coarse query; half the range that its 6 bits have. The kernels know it as `lift`. */
const coarseLift = 32;

/** Stands for a sum that an i16 does not hold. The kernels know it too. */
const noSum = -32768;

export interface QuantisedRow {
  readonly values: Int8Array;
  /** Value of one step: a bf16. */
  scale: number;
  /** Sum of the values. */
  sum: number;
  /** Sum of the squared values. */
  squares: number;
  /** Bits of the error as bf16, rounded up. */
  errorBits: number;
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** f32 at or above x. */
function roundUp(x: number): number {
  const near = Math.fround(x);
  if (near >= x) return near;
  float[0] = near;
  bits[0] = (bits[0] as number) + (near < 0 ? -1 : 1);
  return float[0] as number;
}

/** f32 at or below x. */
export function roundDown(x: number): number {
  return -roundUp(-x);
}

/** The upper half of the f32 at or above a non-negative x. Infinity stays infinity. */
function toBf16Up(x: number): number {
  float[0] = roundUp(x);
  return ((bits[0] as number) + 0xffff) >>> 16;
}

export function fromBf16(errorBits: number): number {
  bits[0] = errorBits << 16;
  return float[0] as number;
}

function norm(vector: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (vector[i] as number) * (vector[i] as number);
  return Math.sqrt(sum);
}

function peak(vector: Float32Array): number {
  let most = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = Math.abs(vector[i] as number);
    if (value > most) most = value;
  }
  return most;
}

/** Factor that brings a vector to the form that is compared: 1 / norm for cosine, 1 for euclidean. */
function unitOf(metric: DescriptorVersion['metric'], vector: Float32Array): number {
  return metric === 'cosine' ? 1 / norm(vector) : 1;
}

/** Scale and sum of a row as one word of its block: bf16 above, i16 below. */
export function scaleWord({ scale, sum }: { scale: number; sum: number }): number {
  float[0] = scale;
  const small = sum >= -32767 && sum <= 32767 ? sum : noSum;
  return ((bits[0] as number) & 0xffff0000) | (small & 0xffff);
}

/** The scale in a word made by `scaleWord`. */
export function scaleOf(word: number): number {
  return fromBf16(word >>> 16);
}

/** Fills `row` from a finite, non-zero vector. `row.values` may be longer than the vector (padding stays zero). */
export function quantiseRow(metric: DescriptorVersion['metric'], vector: Float32Array, row: QuantisedRow): void {
  const unit = unitOf(metric, vector);
  const most = peak(vector) * unit;
  if (!(most >= smallest && most <= largest)) {
    row.values.fill(0);
    row.scale = 0;
    row.sum = 0;
    row.squares = 0;
    row.errorBits = toBf16Up(Number.POSITIVE_INFINITY);
    return;
  }
  const { values } = row;
  const scale = fromBf16(toBf16Up(most / 127));
  const inverse = unit / scale;
  let sum = 0;
  let squares = 0;
  let error = 0;
  let length = 0;
  for (let i = 0; i < vector.length; i++) {
    const x = (vector[i] as number) * unit;
    // No clamping: |x| <= most and scale is at least most / 127, so the nearest integer is at most 127.
    const value = Math.floor((vector[i] as number) * inverse + 0.5);
    values[i] = value;
    sum += value;
    squares += value * value;
    const rest = x - scale * value;
    error += rest * rest;
    length += x * x;
  }
  row.scale = scale;
  row.sum = sum;
  row.squares = squares;
  row.errorBits = toBf16Up(Math.sqrt(error) * (1 + slack) + Math.sqrt(length) * slack);
}

export interface QuantisedQuery {
  readonly metric: DescriptorVersion['metric'];
  readonly scale: number;
  /** r^2 * <u,u>. */
  readonly square: number;
  readonly error: number;
}

/** Fills `values` (int16, may be longer) from a finite, non-zero query and returns its numbers. */
export function quantiseQuery(
  metric: DescriptorVersion['metric'],
  query: Float32Array,
  values: Int16Array,
): QuantisedQuery {
  values.fill(0);
  return quantise(metric, query, Math.min(8191, Math.floor((2 ** 31 - 1) / (127 * query.length))), 0, values);
}

/** Fills `values` (bytes, may be longer) with the coarse form of a finite, non-zero query, lifted, and returns its numbers. */
export function quantiseCoarsely(
  metric: DescriptorVersion['metric'],
  query: Float32Array,
  values: Uint8Array,
): QuantisedQuery {
  values.fill(coarseLift);
  return quantise(metric, query, coarseLift - 1, coarseLift, values);
}

function quantise(
  metric: DescriptorVersion['metric'],
  query: Float32Array,
  steps: number,
  lift: number,
  values: Int16Array | Uint8Array,
): QuantisedQuery {
  const unit = unitOf(metric, query);
  const most = peak(query) * unit;
  if (!(most >= smallest && most <= largest)) return { metric, scale: 1, square: 0, error: Number.POSITIVE_INFINITY };
  const scale = Math.fround(most / steps);
  let squares = 0;
  let error = 0;
  let length = 0;
  for (let i = 0; i < query.length; i++) {
    const x = (query[i] as number) * unit;
    const value = Math.max(-steps, Math.min(steps, Math.round(x / scale)));
    values[i] = value + lift;
    squares += value * value;
    error += (x - scale * value) ** 2;
    length += x * x;
  }
  return {
    metric,
    scale,
    square: scale * scale * squares,
    error: Math.sqrt(error) * (1 + slack) + Math.sqrt(length) * slack,
  };
}

/** The constants a, b, c (f32) with which a kernel drops every row whose upper bound lies below `threshold`. */
export function dropConstants(query: QuantisedQuery, threshold: number): [number, number, number] {
  const { scale, error } = query;
  if (query.metric === 'cosine') {
    // s*D + e*a < b  <=>  s*r*D + e*(1 + f) + f < threshold, with a rounded up and b rounded down.
    const b = (threshold - error) / scale;
    return [roundUp(((1 + error) / scale) * (1 + slack)), roundDown(b - Math.abs(b) * 2 ** -22), 0];
  }
  // Scores are negative distances: threshold = -T. Drop if |p-y| > T + e + f.
  const reach = error - threshold;
  return [roundDown(query.square * (1 - 2 ** -18)), roundUp(reach * (1 + 2 ** -18)), Math.fround(2 * scale)];
}

/** Lower and upper bound of the score of a row from its numbers and the integer dot product. Writes into `target`. */
export function intervalOf(
  query: QuantisedQuery,
  row: { scale: number; squares: number; error: number },
  dot: number,
  target: { lower: number; upper: number },
): void {
  const { scale, error } = query;
  if (query.metric === 'cosine') {
    const near = row.scale * scale * dot;
    const width = row.error + error * (1 + row.error);
    target.lower = near - width;
    target.upper = near + width;
    return;
  }
  const square = row.scale * row.scale * row.squares + query.square - 2 * row.scale * scale * dot;
  const distance = Math.sqrt(Math.max(0, square));
  const width = row.error + error;
  target.lower = -(distance + width);
  target.upper = -Math.max(0, distance - width);
}
