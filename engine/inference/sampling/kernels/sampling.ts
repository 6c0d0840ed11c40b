/**
 * AssemblyScript (not TypeScript): pictures made smaller and looked at through a transform. Compiled by
 * `build/kernels/compile.ts` to `sampling.wasm`. Pictures are RGB, one byte per channel, rows without padding; behind each
 * there is room for a row and 64 bytes, which may be read and written.
 */

/** Half the sum of each pair of bytes, rounded down. */
// @ts-ignore: decorator
@inline
function halfSumDown(a: v128, b: v128): v128 {
  return i8x16.sub(i8x16.avgr_u(a, b), v128.and(v128.xor(a, b), i8x16.splat(1)));
}

/**
 * A picture half as wide and high: every pixel the mean of four. An odd last row or column is left out. Rows are averaged
 * with rounding down, neighbours with rounding up, so that the picture becomes neither darker nor lighter.
 */
export function halve(from: usize, width: i32, height: i32, to: usize): void {
  const row = <usize>width * 3;
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  for (let y = 0; y < halfHeight; y++) {
    let upper = from + <usize>(2 * y) * row;
    let out = to + <usize>(y * halfWidth) * 3;
    // Eight pixels to four at a time; what is written behind the end of a row is written again by the next row.
    for (let x = 0; x < halfWidth; x += 4, upper += 24, out += 12) {
      const first = halfSumDown(v128.load(upper), v128.load(upper + row));
      const second = halfSumDown(v128.load(upper, 16), v128.load(upper + row, 16));
      const left = v128.shuffle<u8>(first, second, 0, 1, 2, 6, 7, 8, 12, 13, 14, 18, 19, 20, 0, 0, 0, 0);
      const right = v128.shuffle<u8>(first, second, 3, 4, 5, 9, 10, 11, 15, 16, 17, 21, 22, 23, 0, 0, 0, 0);
      v128.store(out, i8x16.avgr_u(left, right));
    }
  }
}

/** The columns of a row that lie in the picture: those where `start + step * column` is within `low`..`high`. */
// @ts-ignore: decorator
@inline
function firstWithin(start: f64, step: f64, low: f64, high: f64, size: i32): i32 {
  if (step == 0) return start >= low && start <= high ? 0 : size;
  return <i32>max(0, min(<f64>size, Math.ceil(min((low - start) / step, (high - start) / step))));
}

// @ts-ignore: decorator
@inline
function lastWithin(start: f64, step: f64, low: f64, high: f64, size: i32): i32 {
  if (step == 0) return start >= low && start <= high ? size : 0;
  return <i32>max(0, min(<f64>size, Math.floor(max((low - start) / step, (high - start) / step)) + 1));
}

// @ts-ignore: decorator
@inline
function fill(planes: usize, area: usize, from: i32, to: i32, value: f32): void {
  for (let i = from; i < to; i++) {
    const at = planes + (<usize>i << 2);
    store<f32>(at, value);
    store<f32>(at + area, value);
    store<f32>(at + 2 * area, value);
  }
}

/** Bytes 0 to 2 or 3 to 5 of `bytes` as f32; the fourth value means nothing. */
// @ts-ignore: decorator
@inline
function leftOf(bytes: v128): v128 {
  return f32x4.convert_i32x4_s(i8x16.swizzle(bytes, i8x16(0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 16, 16, 16, 16)));
}

// @ts-ignore: decorator
@inline
function rightOf(bytes: v128): v128 {
  return f32x4.convert_i32x4_s(i8x16.swizzle(bytes, i8x16(3, 16, 16, 16, 4, 16, 16, 16, 5, 16, 16, 16, 16, 16, 16, 16)));
}

/**
 * Fills `planes`, [3, size, size] f32, with the picture seen through a transform from its pixels to the picture's: one
 * bilinear tap each, value * scale + offset; half a pixel over the border repeats it, further outside is `offset`.
 */
export function sample(
  picture: usize, width: i32, height: i32,
  xx: f64, xy: f64, x0: f64, yx: f64, yy: f64, y0: f64,
  size: i32, planes: usize, scale: f32, offset: f32,
): void {
  const area = <usize>(size * size) << 2;
  const row = <usize>width * 3;
  const lastX = <f64>(width - 1);
  const lastY = <f64>(height - 1);
  // A thousandth of a pixel less: rounding must not put a column outside.
  const margin: f64 = 0.499;
  const add = f32x4.splat(offset);
  for (let y = 0; y < size; y++) {
    const startX = x0 + xy * <f64>y;
    const startY = y0 + yy * <f64>y;
    const from = max(
      firstWithin(startX, xx, -margin, lastX + margin, size),
      firstWithin(startY, yx, -margin, lastY + margin, size),
    );
    const to = max(
      from,
      min(lastWithin(startX, xx, -margin, lastX + margin, size), lastWithin(startY, yx, -margin, lastY + margin, size)),
    );
    const base = y * size;
    fill(planes, area, base, base + from, offset);
    let out = planes + (<usize>(base + from) << 2);
    for (let x = from; x < to; x++, out += 4) {
      const atX = min(lastX, max(0, startX + xx * <f64>x));
      const atY = min(lastY, max(0, startY + yx * <f64>x));
      const left = <i32>atX;
      const top = <i32>atY;
      const partX = <f32>(atX - <f64>left) * scale;
      const partY = <f32>(atY - <f64>top);
      const w11 = partX * partY;
      const w10 = partX - w11;
      const w01 = partY * scale - w11;
      const w00 = scale - partX - w01;
      // At the last column or row the other one has no weight: whatever lies behind is read and counts nothing.
      const at = picture + <usize>top * row + <usize>left * 3;
      const upper = v128.load64_zero(at);
      const lower = v128.load64_zero(at + row);
      const sum = f32x4.add(
        f32x4.add(f32x4.mul(leftOf(upper), f32x4.splat(w00)), f32x4.mul(rightOf(upper), f32x4.splat(w10))),
        f32x4.add(f32x4.mul(leftOf(lower), f32x4.splat(w01)), f32x4.mul(rightOf(lower), f32x4.splat(w11))),
      );
      const value = f32x4.add(sum, add);
      v128.store_lane<f32>(out, value, 0);
      v128.store_lane<f32>(out + area, value, 1);
      v128.store_lane<f32>(out + 2 * area, value, 2);
    }
    fill(planes, area, base + to, base + size, offset);
  }
}
