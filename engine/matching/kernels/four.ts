/** AssemblyScript. The inner loop over widened rows: four packed vectors at a time. */
import { sumFour } from './coarse';

/** Four packed queries against two widened rows: eight dot products, those of one row after those of the other, at `dots`. */
// @ts-ignore: decorator
@inline
export function dotFour(row: usize, end: usize, query: usize, dots: usize): void {
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
