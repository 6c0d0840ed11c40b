/** AssemblyScript. Rows laid out for `four.ts`. */
import { errorOf, scaleOf, shrink } from './row';

/**
 * Widens rows to int16 once, for all centroids: the rows [from, from + count), or those named by `ids` when it
 * is not 0. Two rows at a time are interleaved, 8 values of each in turn, so that `dotFour` reads them by one pointer.
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
    const scale = scaleOf(scales, i);
    const number = numbers + <usize>j * 12;
    store<f32>(number, scale);
    store<f32>(number, scale * scale * <f32>load<u32>(squares + (<usize>i << 2)) * shrink, 4);
    store<f32>(number, errorOf(errors, i), 8);
  }
}
