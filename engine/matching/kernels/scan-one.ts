/** AssemblyScript. One query against consecutive rows. */
import { dotCoarse, sumFour } from './coarse';
import { allowed, dotRow, dropped, lift, noSum, report, shrink, sum, sumOf } from './row';

/** Which of the four rows from `i` on pass coarsely: a bit each. */
// @ts-ignore: decorator
@inline
function passFour(
  euclidean: bool, row: usize, stride: usize, i: i32, scales: usize, squares: usize, errors: usize, coarse: usize,
  a: f32, b: f32, c: f32,
): i32 {
  const d0 = dotCoarse(row, coarse, stride);
  const d1 = dotCoarse(row + stride, coarse, stride);
  const d2 = dotCoarse(row + 2 * stride, coarse, stride);
  const d3 = dotCoarse(row + 3 * stride, coarse, stride);
  const words = v128.load(scales + (<usize>i << 2));
  const sums = i32x4.shr_s(i32x4.shl(words, 16), 16);
  const scale = i32x4.shl(i32x4.shr_u(words, 16), 16);
  const near = i32x4.sub(sumFour(d0, d1, d2, d3), i32x4.mul(sums, i32x4.splat(lift)));
  const product = f32x4.mul(scale, f32x4.convert_i32x4_s(near));
  const error = i32x4.shl(v128.load_ext<u16>(errors + (<usize>i << 1)), 16);
  let drop: v128;
  if (!euclidean) drop = f32x4.lt(f32x4.add(product, f32x4.mul(error, f32x4.splat(a))), f32x4.splat(b));
  else {
    const t = f32x4.add(error, f32x4.splat(b));
    const square = f32x4.convert_i32x4_u(v128.load(squares + (<usize>i << 2)));
    const left = f32x4.mul(f32x4.mul(f32x4.mul(scale, scale), square), f32x4.splat(shrink));
    drop = f32x4.gt(f32x4.add(left, f32x4.splat(a)), f32x4.add(f32x4.mul(t, t), f32x4.mul(product, f32x4.splat(c))));
  }
  return i32x4.bitmask(v128.or(v128.not(drop), i32x4.eq(sums, i32x4.splat(noSum))));
}

// @ts-ignore: decorator
@inline
function scan(
  euclidean: bool, rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  from: i32, to: i32, query: usize, coarse: usize, constants: usize, mask: usize, out: usize,
): i32 {
  const ca = load<f32>(constants);
  const cb = load<f32>(constants, 4);
  const cc = load<f32>(constants, 8);
  const a = load<f32>(constants, 12);
  const b = load<f32>(constants, 16);
  const c = load<f32>(constants, 20);
  let n = 0;
  let row = rows + <usize>from * stride;
  let i = from;
  while (i < to) {
    let pass: i32;
    let many: i32;
    if (i + 4 <= to) {
      pass = passFour(euclidean, row, stride, i, scales, squares, errors, coarse, ca, cb, cc);
      many = 4;
    } else {
      const own = sumOf(scales, i);
      const near = sum(dotCoarse(row, coarse, stride)) - lift * own;
      pass = i32(own == noSum) | i32(!dropped(euclidean, near, i, scales, squares, errors, ca, cb, cc));
      many = 1;
    }
    while (pass) {
      const at = ctz(pass);
      pass &= pass - 1;
      const here = i + at;
      const dot = dotRow(row + <usize>at * stride, query, stride);
      if (!dropped(euclidean, dot, here, scales, squares, errors, a, b, c) && allowed(mask, here)) n = report(out, n, here, dot);
    }
    i += many;
    row += <usize>many * stride;
  }
  return n;
}

/**
 * One query against the consecutive rows [from, to), coarsely first. `constants` holds a, b, c (f32) of the coarse query, then of the
 * query; `mask` (bit per row, 0 = none) is asked only for rows that pass.
 */
export function scanCosine(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  from: i32, to: i32, query: usize, coarse: usize, constants: usize, mask: usize, out: usize,
): i32 {
  return scan(false, rows, stride, scales, squares, errors, from, to, query, coarse, constants, mask, out);
}

export function scanEuclidean(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  from: i32, to: i32, query: usize, coarse: usize, constants: usize, mask: usize, out: usize,
): i32 {
  return scan(true, rows, stride, scales, squares, errors, from, to, query, coarse, constants, mask, out);
}
