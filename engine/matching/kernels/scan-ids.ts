/** AssemblyScript. One query against named rows. */
import { dotRow, dropped, report, sum } from './row';

// @ts-ignore: decorator
@inline
function scanIds(
  euclidean: bool, rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  ids: usize, count: i32, query: usize, a: f32, b: f32, c: f32, out: usize,
): i32 {
  let n = 0;
  let at = 0;
  for (; at + 4 <= count; at += 4) {
    const list = ids + (<usize>at << 2);
    const i0 = load<i32>(list);
    const i1 = load<i32>(list, 4);
    const i2 = load<i32>(list, 8);
    const i3 = load<i32>(list, 12);
    const r0 = rows + <usize>i0 * stride;
    const r1 = rows + <usize>i1 * stride;
    const r2 = rows + <usize>i2 * stride;
    const r3 = rows + <usize>i3 * stride;
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    for (let k: usize = 0; k < stride; k += 8) {
      const q = v128.load(query + (k << 1));
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load_ext<i8>(r0 + k), q));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load_ext<i8>(r1 + k), q));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load_ext<i8>(r2 + k), q));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load_ext<i8>(r3 + k), q));
    }
    const d0 = sum(s0);
    const d1 = sum(s1);
    const d2 = sum(s2);
    const d3 = sum(s3);
    if (!dropped(euclidean, d0, i0, scales, squares, errors, a, b, c)) n = report(out, n, i0, d0);
    if (!dropped(euclidean, d1, i1, scales, squares, errors, a, b, c)) n = report(out, n, i1, d1);
    if (!dropped(euclidean, d2, i2, scales, squares, errors, a, b, c)) n = report(out, n, i2, d2);
    if (!dropped(euclidean, d3, i3, scales, squares, errors, a, b, c)) n = report(out, n, i3, d3);
  }
  for (; at < count; at++) {
    const i = load<i32>(ids + (<usize>at << 2));
    const dot = dotRow(rows + <usize>i * stride, query, stride);
    if (!dropped(euclidean, dot, i, scales, squares, errors, a, b, c)) n = report(out, n, i, dot);
  }
  return n;
}

/** One query against the rows named by `ids` (i32), four rows in flight so that cache misses overlap. */
export function scanIdsCosine(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  ids: usize, count: i32, query: usize, a: f32, b: f32, c: f32, out: usize,
): i32 {
  return scanIds(false, rows, stride, scales, squares, errors, ids, count, query, a, b, c, out);
}

export function scanIdsEuclidean(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  ids: usize, count: i32, query: usize, a: f32, b: f32, c: f32, out: usize,
): i32 {
  return scanIds(true, rows, stride, scales, squares, errors, ids, count, query, a, b, c, out);
}
