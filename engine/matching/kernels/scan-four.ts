/** AssemblyScript. Four queries against a block of widened rows. */
import { dotFour } from './four';
import { allowed, report } from './row';

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
