/** AssemblyScript. A row of int8 values with its scale, squares and error: its dot product, its test, its report. */

/** 1 - 2^-18: pays for the rounding of the f32 arithmetic in the euclidean test (see `quantise.ts`). */
export const shrink: f32 = 0.999996185302734375;

/** Added to every value of a coarse query, so that none is negative (`quantise.ts`). */
export const lift: i32 = 32;

/** Stands for a sum of int8 values that an i16 does not hold: such a row is looked at finely. */
export const noSum: i32 = -32768;

// @ts-ignore: decorator
@inline
export function scaleOf(scales: usize, i: i32): f32 {
  return reinterpret<f32>(load<u32>(scales + (<usize>i << 2)) & 0xffff0000);
}

/** Sum of the int8 values of a row, or `noSum`. */
// @ts-ignore: decorator
@inline
export function sumOf(scales: usize, i: i32): i32 {
  return <i32>load<i16>(scales + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function errorOf(errors: usize, i: i32): f32 {
  return reinterpret<f32>(<u32>load<u16>(errors + (<usize>i << 1)) << 16);
}

// @ts-ignore: decorator
@inline
export function sum(v: v128): i32 {
  const half = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1);
}

// @ts-ignore: decorator
@inline
export function dotRow(row: usize, query: usize, stride: usize): i32 {
  let s0 = i32x4.splat(0);
  let s1 = i32x4.splat(0);
  let at: usize = 0;
  const even = stride & ~31;
  let s2 = i32x4.splat(0);
  let s3 = i32x4.splat(0);
  for (; at < even; at += 32) {
    const r = row + at;
    const q = query + (at << 1);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load_ext<i8>(r), v128.load(q)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load_ext<i8>(r, 8), v128.load(q, 16)));
    s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load_ext<i8>(r, 16), v128.load(q, 32)));
    s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load_ext<i8>(r, 24), v128.load(q, 48)));
  }
  if (at < stride) {
    const r = row + at;
    const q = query + (at << 1);
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load_ext<i8>(r), v128.load(q)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load_ext<i8>(r, 8), v128.load(q, 16)));
  }
  return sum(i32x4.add(i32x4.add(s0, s1), i32x4.add(s2, s3)));
}

// @ts-ignore: decorator
@inline
export function dropped(euclidean: bool, dot: i32, i: i32, scales: usize, squares: usize, errors: usize, a: f32, b: f32, c: f32): bool {
  const scale = scaleOf(scales, i);
  const error = errorOf(errors, i);
  const product = scale * <f32>dot;
  if (!euclidean) return product + error * a < b;
  const t = error + b;
  return scale * scale * <f32>load<u32>(squares + (<usize>i << 2)) * shrink + a > t * t + product * c;
}

// @ts-ignore: decorator
@inline
export function report(out: usize, n: i32, i: i32, dot: i32): i32 {
  store<i32>(out + (<usize>n << 3), i);
  store<i32>(out + (<usize>n << 3), dot, 4);
  return n + 1;
}

// @ts-ignore: decorator
@inline
export function allowed(mask: usize, i: i32): bool {
  return !mask || ((load<u32>(mask + ((<usize>i >> 5) << 2)) >> (i & 31)) & 1) != 0;
}
