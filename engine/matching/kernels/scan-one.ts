/** AssemblyScript. One query against consecutive rows. */
import { allowed, dotRow, dropped, report } from './row';

// @ts-ignore: decorator
@inline
function scan(
  euclidean: bool, rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  from: i32, to: i32, query: usize, a: f32, b: f32, c: f32, mask: usize, out: usize,
): i32 {
  let n = 0;
  let row = rows + <usize>from * stride;
  for (let i = from; i < to; i++, row += stride) {
    const dot = dotRow(row, query, stride);
    if (!dropped(euclidean, dot, i, scales, squares, errors, a, b, c) && allowed(mask, i)) n = report(out, n, i, dot);
  }
  return n;
}

/** One query against the consecutive rows [from, to); `mask` (bit per row, 0 = none) is asked only for rows that pass. */
export function scanCosine(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  from: i32, to: i32, query: usize, a: f32, b: f32, c: f32, mask: usize, out: usize,
): i32 {
  return scan(false, rows, stride, scales, squares, errors, from, to, query, a, b, c, mask, out);
}

export function scanEuclidean(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  from: i32, to: i32, query: usize, a: f32, b: f32, c: f32, mask: usize, out: usize,
): i32 {
  return scan(true, rows, stride, scales, squares, errors, from, to, query, a, b, c, mask, out);
}
