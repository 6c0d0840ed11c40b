/** AssemblyScript. Many queries, in groups of four, against rows of a block. */
import { dotCoarseFour } from './coarse';
import { allowed, dotRow, dropped, errorOf, lift, noSum, report, scaleOf, shrink, sumOf } from './row';

/** Bytes of rows that all groups pass before the next ones: they stay in the first-level cache beside a group. */
const partBytes: usize = 8192;

/** Bytes of constants per group: a, b, c of four coarse queries, then a, b, c of each of the four queries. */
const groupBytes: usize = 96;

/** Four numbers of a row for all groups: scale, shrunk squared norm, error, lift * sum. No sum = an infinite error: never dropped coarsely. */
// @ts-ignore: decorator
@inline
function placeNumbers(scales: usize, squares: usize, errors: usize, i: i32, number: usize): void {
  const scale = scaleOf(scales, i);
  const sum = sumOf(scales, i);
  store<f32>(number, scale);
  store<f32>(number, scale * scale * <f32>load<u32>(squares + (<usize>i << 2)) * shrink, 4);
  store<f32>(number, sum == noSum ? <f32>Infinity : errorOf(errors, i), 8);
  store<i32>(number, lift * sum, 12);
}

// @ts-ignore: decorator
@inline
function keepFour(euclidean: bool, dots: v128, number: usize, a: v128, b: v128, c: v128): i32 {
  const near = i32x4.sub(dots, v128.load32_splat(number, 12));
  const product = f32x4.mul(v128.load32_splat(number), f32x4.convert_i32x4_s(near));
  const error = v128.load32_splat(number, 8);
  if (!euclidean) return i32x4.bitmask(v128.not(f32x4.lt(f32x4.add(product, f32x4.mul(error, a)), b)));
  const t = f32x4.add(error, b);
  const left = f32x4.add(v128.load32_splat(number, 4), a);
  return i32x4.bitmask(v128.not(f32x4.gt(left, f32x4.add(f32x4.mul(t, t), f32x4.mul(product, c)))));
}

/** The rows that passed coarsely for some of four queries (bits of `kept`): looked at finely and reported. */
function refine(
  euclidean: bool, kept: i32, row: usize, i: i32, stride: usize, scales: usize, squares: usize, errors: usize,
  queries: usize, constants: usize, mask: usize, out: usize, outStride: usize, counts: usize,
): void {
  if (!allowed(mask, i)) return;
  for (let lane: usize = 0; lane < 4; lane++) {
    if (!((kept >> <i32>lane) & 1)) continue;
    const dot = dotRow(row, queries + lane * (stride << 1), stride);
    const own = constants + lane * 12;
    if (dropped(euclidean, dot, i, scales, squares, errors, load<f32>(own), load<f32>(own, 4), load<f32>(own, 8))) continue;
    const count = counts + (lane << 2);
    store<i32>(count, report(out + lane * outStride, load<i32>(count), i, dot));
  }
}

// @ts-ignore: decorator
@inline
function scanBatch(
  euclidean: bool, rows: usize, stride: usize, scales: usize, squares: usize, errors: usize, from: i32, count: i32, ids: usize,
  queries: usize, packed: usize, constants: usize, groups: i32, mask: usize, numbers: usize, out: usize, outStride: usize, counts: usize,
): i32 {
  const dots = numbers;
  numbers += 32;
  memory.fill(counts, 0, <usize>groups << 4);
  for (let j = 0; j < count; j++) {
    placeNumbers(scales, squares, errors, ids ? load<i32>(ids + (<usize>j << 2)) : from + j, numbers + (<usize>j << 4));
  }
  let any = 0;
  const partRows = max<i32>(2, <i32>(partBytes / stride) & ~1);
  for (let part = 0; part < count; part += partRows) {
    const end = min(part + partRows, count);
    for (let group: usize = 0; group < <usize>groups; group++) {
      const own = constants + group * groupBytes;
      const a = v128.load(own);
      const b = v128.load(own, 16);
      const c = v128.load(own, 32);
      const query = packed + group * (stride << 2);
      for (let j = part; j < end; j += 2) {
        const last = j + 1 == end;
        const i0 = ids ? load<i32>(ids + (<usize>j << 2)) : from + j;
        // An odd row out meets itself.
        const i1 = last ? i0 : ids ? load<i32>(ids + (<usize>j << 2), 4) : i0 + 1;
        const row0 = rows + <usize>i0 * stride;
        const row1 = rows + <usize>i1 * stride;
        dotCoarseFour(row0, row1, stride, query, dots);
        const number = numbers + (<usize>j << 4);
        const k0 = keepFour(euclidean, v128.load(dots), number, a, b, c);
        const k1 = last ? 0 : keepFour(euclidean, v128.load(dots, 16), number + 16, a, b, c);
        if (!(k0 | k1)) continue;
        any = 1;
        const fine = queries + group * (stride << 3);
        const at = out + group * (outStride << 2);
        if (k0) refine(euclidean, k0, row0, i0, stride, scales, squares, errors, fine, own + 48, mask, at, outStride, counts + (group << 4));
        if (k1) refine(euclidean, k1, row1, i1, stride, scales, squares, errors, fine, own + 48, mask, at, outStride, counts + (group << 4));
      }
    }
  }
  return any;
}

/**
 * `groups` times four queries against the `count` rows from `from` on, or those named by `ids` (i32) when it is not 0: coarsely two rows at a
 * time (8 sums in registers), and what passes finely. `queries`: int16; `packed`: coarse, by `packFour`. Query n reports to
 * `out + n * outStride` and its count is the n-th i32 at `counts`. `numbers` takes 16 bytes per row and 32 more. Returns 0
 * when nothing passed coarsely: all counts are 0 then.
 */
export function scanBatchCosine(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize, from: i32, count: i32, ids: usize,
  queries: usize, packed: usize, constants: usize, groups: i32, mask: usize, numbers: usize, out: usize, outStride: usize, counts: usize,
): i32 {
  return scanBatch(
    false, rows, stride, scales, squares, errors, from, count, ids, queries, packed, constants, groups, mask, numbers, out, outStride, counts,
  );
}

export function scanBatchEuclidean(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize, from: i32, count: i32, ids: usize,
  queries: usize, packed: usize, constants: usize, groups: i32, mask: usize, numbers: usize, out: usize, outStride: usize, counts: usize,
): i32 {
  return scanBatch(
    true, rows, stride, scales, squares, errors, from, count, ids, queries, packed, constants, groups, mask, numbers, out, outStride, counts,
  );
}
