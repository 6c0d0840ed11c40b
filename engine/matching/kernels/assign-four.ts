/** AssemblyScript. The nearest of many centroids for a block of widened rows. */
import { dotFour } from './four';

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
