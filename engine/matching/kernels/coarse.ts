/**
 * AssemblyScript. Coarse dot products: int8 rows as they lie against queries of 6 bits, 1..63 with `lift` added
 * (`quantise.ts`, step 7). Two products of neighbours, and two such pairs, are added in i16: at most 4 * 127 * 63 = 32,004.
 */

/** Eight ones, read from memory: V8 would make a constant anew at every use. */
const ones: usize = memory.data<i16>([1, 1, 1, 1, 1, 1, 1, 1], 16);

// @ts-ignore: decorator
@inline
function pairs(row: v128, query: v128): v128 {
  return i16x8.relaxed_dot_i8x16_i7x16_s(row, query);
}

/** One row against one query of `stride` bytes each: four parts of the dot product, which still holds `lift` times the sum of the row. */
// @ts-ignore: decorator
@inline
export function dotCoarse(row: usize, query: usize, stride: usize): v128 {
  const one = v128.load(ones);
  let s0 = i32x4.splat(0);
  let s1 = i32x4.splat(0);
  const end = row + stride;
  const even = row + (stride & ~63);
  for (; row < even; row += 64, query += 64) {
    const p0 = i16x8.add(pairs(v128.load(row), v128.load(query)), pairs(v128.load(row, 16), v128.load(query, 16)));
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(p0, one));
    const p1 = i16x8.add(pairs(v128.load(row, 32), v128.load(query, 32)), pairs(v128.load(row, 48), v128.load(query, 48)));
    s1 = i32x4.add(s1, i32x4.dot_i16x8_s(p1, one));
  }
  for (; row < end; row += 16, query += 16) {
    s0 = i32x4.add(s0, i32x4.dot_i16x8_s(pairs(v128.load(row), v128.load(query)), one));
  }
  return i32x4.add(s0, s1);
}

/** The sums of the lanes of each of four vectors. */
// @ts-ignore: decorator
@inline
export function sumFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/**
 * Four packed queries against two rows: eight dot products, those of one row after those of the other, at `dots`. They
 * still hold `lift` times the sum of their row.
 */
// @ts-ignore: decorator
@inline
export function dotCoarseFour(row0: usize, row1: usize, stride: usize, query: usize, dots: usize): void {
  const one = v128.load(ones);
  let s00 = i32x4.splat(0);
  let s01 = i32x4.splat(0);
  let s02 = i32x4.splat(0);
  let s03 = i32x4.splat(0);
  let s10 = i32x4.splat(0);
  let s11 = i32x4.splat(0);
  let s12 = i32x4.splat(0);
  let s13 = i32x4.splat(0);
  const end = query + (stride << 2);
  const even = query + ((stride & ~31) << 2);
  for (; query < even; query += 128, row0 += 32, row1 += 32) {
    const x0 = v128.load(row0);
    const x1 = v128.load(row1);
    const y0 = v128.load(row0, 16);
    const y1 = v128.load(row1, 16);
    let q = v128.load(query);
    let r = v128.load(query, 64);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(i16x8.add(pairs(x0, q), pairs(y0, r)), one));
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(i16x8.add(pairs(x1, q), pairs(y1, r)), one));
    q = v128.load(query, 16);
    r = v128.load(query, 80);
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(i16x8.add(pairs(x0, q), pairs(y0, r)), one));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(i16x8.add(pairs(x1, q), pairs(y1, r)), one));
    q = v128.load(query, 32);
    r = v128.load(query, 96);
    s02 = i32x4.add(s02, i32x4.dot_i16x8_s(i16x8.add(pairs(x0, q), pairs(y0, r)), one));
    s12 = i32x4.add(s12, i32x4.dot_i16x8_s(i16x8.add(pairs(x1, q), pairs(y1, r)), one));
    q = v128.load(query, 48);
    r = v128.load(query, 112);
    s03 = i32x4.add(s03, i32x4.dot_i16x8_s(i16x8.add(pairs(x0, q), pairs(y0, r)), one));
    s13 = i32x4.add(s13, i32x4.dot_i16x8_s(i16x8.add(pairs(x1, q), pairs(y1, r)), one));
  }
  if (query < end) {
    const x0 = v128.load(row0);
    const x1 = v128.load(row1);
    let q = v128.load(query);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(pairs(x0, q), one));
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(pairs(x1, q), one));
    q = v128.load(query, 16);
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(pairs(x0, q), one));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(pairs(x1, q), one));
    q = v128.load(query, 32);
    s02 = i32x4.add(s02, i32x4.dot_i16x8_s(pairs(x0, q), one));
    s12 = i32x4.add(s12, i32x4.dot_i16x8_s(pairs(x1, q), one));
    q = v128.load(query, 48);
    s03 = i32x4.add(s03, i32x4.dot_i16x8_s(pairs(x0, q), one));
    s13 = i32x4.add(s13, i32x4.dot_i16x8_s(pairs(x1, q), one));
  }
  v128.store(dots, sumFour(s00, s01, s02, s03));
  v128.store(dots, sumFour(s10, s11, s12, s13), 16);
}

/** Interleaves four coarse queries of `stride` bytes, 16 of each in turn, for `dotCoarseFour`. */
export function packFour(query: usize, stride: usize, packed: usize): void {
  for (let k: usize = 0; k < stride; k += 16, packed += 64) {
    v128.store(packed, v128.load(query + k));
    v128.store(packed, v128.load(query + stride + k), 16);
    v128.store(packed, v128.load(query + 2 * stride + k), 32);
    v128.store(packed, v128.load(query + 3 * stride + k), 48);
  }
}
