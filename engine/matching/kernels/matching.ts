/**
 * AssemblyScript (not TypeScript): the loops of the matcher. Compiled by `build/kernels/compile.ts` to `matching.wasm`.
 *
 * A row is `stride` int8 values (a multiple of 16, zero-padded) with three numbers beside it: scale (f32), sum of the
 * squared int8 values (u32) and error (bf16 in a u16, rounded up). A query is `stride` int16 values. The integer dot
 * product is exact: `quantise.ts` bounds |query| so that no partial sum leaves int32.
 *
 * Each kernel drops a row only when its upper bound lies below the query's threshold and reports every other row as a
 * pair (row index, integer dot product) of i32. The two tests, with the constants of `quantise.ts`:
 *   cosine     drop when  scale * dot + error * a < b
 *   euclidean  drop when  (scale^2 * squares) * shrink + a > (error + b)^2 + 2 * scale * dot * c
 * Any comparison with NaN is false, so a row that cannot be judged is reported, never dropped.
 */

/** 1 - 2^-18: pays for the rounding of the f32 arithmetic in the euclidean test (see `quantise.ts`). */
const shrink: f32 = 0.999996185302734375;

// @ts-ignore: decorator
@inline
function errorOf(errors: usize, i: i32): f32 {
  return reinterpret<f32>(<u32>load<u16>(errors + (<usize>i << 1)) << 16);
}

// @ts-ignore: decorator
@inline
function sum(v: v128): i32 {
  const half = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1);
}

// @ts-ignore: decorator
@inline
function dotRow(row: usize, query: usize, stride: usize): i32 {
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
function dropped(euclidean: bool, dot: i32, i: i32, scales: usize, squares: usize, errors: usize, a: f32, b: f32, c: f32): bool {
  const scale = load<f32>(scales + (<usize>i << 2));
  const error = errorOf(errors, i);
  const product = scale * <f32>dot;
  if (!euclidean) return product + error * a < b;
  const t = error + b;
  return scale * scale * <f32>load<u32>(squares + (<usize>i << 2)) * shrink + a > t * t + product * c;
}

// @ts-ignore: decorator
@inline
function report(out: usize, n: i32, i: i32, dot: i32): i32 {
  store<i32>(out + (<usize>n << 3), i);
  store<i32>(out + (<usize>n << 3), dot, 4);
  return n + 1;
}

// @ts-ignore: decorator
@inline
function allowed(mask: usize, i: i32): bool {
  return !mask || ((load<u32>(mask + ((<usize>i >> 5) << 2)) >> (i & 31)) & 1) != 0;
}

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

/**
 * Widens rows to int16 once, for all queries of a batch: the rows [from, from + count), or those named by `ids` when it
 * is not 0. Two rows at a time are interleaved, 8 values of each in turn, so that `scanFour` reads them by one pointer.
 * `numbers` receives three f32 per row: scale, shrunk squared norm, error. An odd count is padded by one row of zeros.
 * Writes (count + 1) & ~1 rows of 2 * stride bytes to `wide`.
 */
export function widen(
  rows: usize, stride: usize, scales: usize, squares: usize, errors: usize,
  from: i32, count: i32, ids: usize, wide: usize, numbers: usize,
): void {
  if (count & 1) {
    memory.fill(wide + <usize>(count >> 1) * (stride << 2), 0, stride << 2);
    memory.fill(numbers + <usize>count * 12, 0, 12);
  }
  for (let j = 0; j < count; j++) {
    const i = ids ? load<i32>(ids + (<usize>j << 2)) : from + j;
    let source = rows + <usize>i * stride;
    const end = source + stride;
    let target = wide + <usize>(j >> 1) * (stride << 2) + (<usize>(j & 1) << 4);
    for (; source < end; source += 16, target += 64) {
      v128.store(target, v128.load_ext<i8>(source));
      v128.store(target, v128.load_ext<i8>(source, 8), 32);
    }
    const scale = load<f32>(scales + (<usize>i << 2));
    const number = numbers + <usize>j * 12;
    store<f32>(number, scale);
    store<f32>(number, scale * scale * <f32>load<u32>(squares + (<usize>i << 2)) * shrink, 4);
    store<f32>(number, errorOf(errors, i), 8);
  }
}

/** Interleaves four queries of `stride` int16 values, 8 values of each in turn, for `scanFour`. */
export function packFour(query: usize, stride: usize, packed: usize): void {
  const bytes = stride << 1;
  for (let k: usize = 0; k < bytes; k += 16, packed += 64) {
    v128.store(packed, v128.load(query + k));
    v128.store(packed, v128.load(query + bytes + k), 16);
    v128.store(packed, v128.load(query + 2 * bytes + k), 32);
    v128.store(packed, v128.load(query + 3 * bytes + k), 48);
  }
}

// @ts-ignore: decorator
@inline
function sumFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
function keepFour(euclidean: bool, dots: v128, number: usize, a: v128, b: v128, c: v128): i32 {
  const product = f32x4.mul(v128.load32_splat(number), f32x4.convert_i32x4_s(dots));
  const error = v128.load32_splat(number, 8);
  if (!euclidean) return i32x4.bitmask(v128.not(f32x4.lt(f32x4.add(product, f32x4.mul(error, a)), b)));
  const t = f32x4.add(error, b);
  const left = f32x4.add(v128.load32_splat(number, 4), a);
  return i32x4.bitmask(v128.not(f32x4.gt(left, f32x4.add(f32x4.mul(t, t), f32x4.mul(product, c)))));
}

// @ts-ignore: decorator
@inline
function reportFour(kept: i32, dots: v128, j: i32, ids: usize, base: i32, mask: usize, out: usize, outStride: usize, counts: usize): void {
  const i = ids ? load<i32>(ids + (<usize>j << 2)) : base + j;
  if (!allowed(mask, i)) return;
  for (let lane = 0; lane < 4; lane++) {
    if ((kept >> lane) & 1) {
      const n = load<i32>(counts + (<usize>lane << 2));
      const dot =
        lane == 0 ? i32x4.extract_lane(dots, 0)
        : lane == 1 ? i32x4.extract_lane(dots, 1)
        : lane == 2 ? i32x4.extract_lane(dots, 2)
        : i32x4.extract_lane(dots, 3);
      store<i32>(counts + (<usize>lane << 2), report(out + <usize>lane * outStride, n, i, dot));
    }
  }
}

/** Four packed queries against two widened rows: eight dot products, those of one row after those of the other, at `dots`. */
// @ts-ignore: decorator
@inline
function dotFour(row: usize, end: usize, query: usize, dots: usize): void {
  let s00 = i32x4.splat(0);
  let s01 = i32x4.splat(0);
  let s02 = i32x4.splat(0);
  let s03 = i32x4.splat(0);
  let s10 = i32x4.splat(0);
  let s11 = i32x4.splat(0);
  let s12 = i32x4.splat(0);
  let s13 = i32x4.splat(0);
  let at = query;
  for (let p = row; p < end; p += 64, at += 128) {
    let x0 = v128.load(p, 0);
    let x1 = v128.load(p, 16);
    let q = v128.load(at, 0);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, q));
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x1, q));
    q = v128.load(at, 16);
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x0, q));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, q));
    q = v128.load(at, 32);
    s02 = i32x4.add(s02, i32x4.dot_i16x8_s(x0, q));
    s12 = i32x4.add(s12, i32x4.dot_i16x8_s(x1, q));
    q = v128.load(at, 48);
    s03 = i32x4.add(s03, i32x4.dot_i16x8_s(x0, q));
    s13 = i32x4.add(s13, i32x4.dot_i16x8_s(x1, q));
    x0 = v128.load(p, 32);
    x1 = v128.load(p, 48);
    q = v128.load(at, 64);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, q));
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x1, q));
    q = v128.load(at, 80);
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x0, q));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, q));
    q = v128.load(at, 96);
    s02 = i32x4.add(s02, i32x4.dot_i16x8_s(x0, q));
    s12 = i32x4.add(s12, i32x4.dot_i16x8_s(x1, q));
    q = v128.load(at, 112);
    s03 = i32x4.add(s03, i32x4.dot_i16x8_s(x0, q));
    s13 = i32x4.add(s13, i32x4.dot_i16x8_s(x1, q));
  }
  v128.store(dots, sumFour(s00, s01, s02, s03));
  v128.store(dots, sumFour(s10, s11, s12, s13), 16);
}

// @ts-ignore: decorator
@inline
function scanFour(
  euclidean: bool, wide: usize, numbers: usize, stride: usize, base: i32, count: i32, ids: usize,
  query: usize, constants: usize, mask: usize, out: usize, outStride: usize, counts: usize,
): void {
  const bytes = stride << 2;
  const a = v128.load(constants);
  const b = v128.load(constants, 16);
  const c = v128.load(constants, 32);
  v128.store(counts, i32x4.splat(0));
  const dots = counts + 16;
  let row = wide;
  let number = numbers;
  for (let j = 0; j < count; j += 2) {
    const end = row + bytes;
    dotFour(row, end, query, dots);
    const d0 = v128.load(dots);
    const d1 = v128.load(dots, 16);
    const k0 = keepFour(euclidean, d0, number, a, b, c);
    const k1 = keepFour(euclidean, d1, number + 12, a, b, c);
    if (k0 | k1) {
      if (k0) reportFour(k0, d0, j, ids, base, mask, out, outStride, counts);
      if (k1 && j + 1 < count) reportFour(k1, d1, j + 1, ids, base, mask, out, outStride, counts);
    }
    row = end;
    number += 24;
  }
}

/**
 * Four packed queries against `count` widened rows, two rows at a time (8 sums in registers). `constants` holds four f32 each
 * of a, b, c. Lane n reports to `out + n * outStride`; `counts` receives four i32 (and needs 48 bytes). Reported is the row's index in its
 * block: `ids[j]`, or `base + j` when `ids` is 0.
 */
export function scanFourCosine(
  wide: usize, numbers: usize, stride: usize, base: i32, count: i32, ids: usize,
  query: usize, constants: usize, mask: usize, out: usize, outStride: usize, counts: usize,
): void {
  scanFour(false, wide, numbers, stride, base, count, ids, query, constants, mask, out, outStride, counts);
}

export function scanFourEuclidean(
  wide: usize, numbers: usize, stride: usize, base: i32, count: i32, ids: usize,
  query: usize, constants: usize, mask: usize, out: usize, outStride: usize, counts: usize,
): void {
  scanFour(true, wide, numbers, stride, base, count, ids, query, constants, mask, out, outStride, counts);
}

// @ts-ignore: decorator
@inline
function better(values: v128, first: i32, best: usize, cells: usize): void {
  for (let lane = 0; lane < 4; lane++) {
    const value =
      lane == 0 ? f32x4.extract_lane(values, 0)
      : lane == 1 ? f32x4.extract_lane(values, 1)
      : lane == 2 ? f32x4.extract_lane(values, 2)
      : f32x4.extract_lane(values, 3);
    if (value > load<f32>(best)) {
      store<f32>(best, value);
      store<i32>(cells, first + lane);
    }
  }
}

/**
 * Four packed centroids, numbered from `first` on, against `count` widened rows: where scale * dot * r - h is above the
 * f32 in `best`, it is put there and the centroid's number (i32) in `cells`. `constants` holds four f32 of r, then of h.
 */
export function assignFour(
  wide: usize, numbers: usize, stride: usize, count: i32, packed: usize, constants: usize, first: i32,
  best: usize, cells: usize, dots: usize,
): void {
  const bytes = stride << 2;
  const r = v128.load(constants);
  const h = v128.load(constants, 16);
  let row = wide;
  let number = numbers;
  for (let j = 0; j < count; j += 2) {
    dotFour(row, row + bytes, packed, dots);
    const at = <usize>j << 2;
    for (let n: usize = 0; n < 2 && j + <i32>n < count; n++) {
      const product = f32x4.mul(f32x4.mul(v128.load32_splat(number + n * 12), r), f32x4.convert_i32x4_s(v128.load(dots + (n << 4))));
      const values = f32x4.sub(product, h);
      const here = at + (n << 2);
      if (v128.any_true(f32x4.gt(values, v128.load32_splat(best + here)))) better(values, first, best + here, cells + here);
    }
    row += bytes;
    number += 24;
  }
}

/**
 * Sets in `mask` one bit per row of [0, count) whose label set is allowed (`allow`: bit per label set, 0 = any) and
 * whose key (f64) lies in [minKey, maxKey], and that is set in `only` (bit per row, 0 = any). Returns how many.
 */
export function select(
  labels: usize, keys: usize, count: i32, allow: usize, minKey: f64, maxKey: f64, only: usize, mask: usize,
): i32 {
  let total = 0;
  for (let base = 0; base < count; base += 32) {
    const end = min(count - base, 32);
    const filter = only ? load<u32>(only + (<usize>base >> 3)) : 0xffffffff;
    let word: u32 = 0;
    if (filter) {
      for (let i = 0; i < end; i++) {
        const at = <usize>(base + i);
        const key = load<f64>(keys + (at << 3));
        let bit: u32 = u32(key >= minKey) & u32(key <= maxKey);
        if (allow) {
          const label = load<u32>(labels + (at << 2));
          bit &= load<u32>(allow + <usize>((label >> 5) << 2)) >> (label & 31);
        }
        word |= bit << i;
      }
      word &= filter;
    }
    store<u32>(mask + (<usize>base >> 3), word);
    total += popcnt(word);
  }
  return total;
}

/** Writes the indexes of the set bits of `mask` over `count` rows to `ids` (i32). */
export function listBits(mask: usize, count: i32, ids: usize): void {
  let at = ids;
  for (let base = 0; base < count; base += 32) {
    let word = load<u32>(mask + (<usize>base >> 3));
    while (word) {
      store<i32>(at, base + ctz(word));
      at += 4;
      word &= word - 1;
    }
  }
}
