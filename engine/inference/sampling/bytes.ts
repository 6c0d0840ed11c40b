import type { Pixels } from '../decode/pixels.ts';

/** [3, size, size] of 0..255 to bytes, pixel by pixel. */
export function interleave(planes: Float32Array, size: number): Uint8Array {
  const area = size * size;
  const bytes = new Uint8ClampedArray(area * 3);
  for (let i = 0, out = 0; i < area; i++, out += 3) {
    bytes[out] = planes[i] as number;
    bytes[out + 1] = planes[i + area] as number;
    bytes[out + 2] = planes[i + 2 * area] as number;
  }
  return new Uint8Array(bytes.buffer);
}

/** The part of a picture inside a box, which must lie in the picture. */
export function cutOut(
  { data, width }: Pixels,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Pixels {
  const part = new Uint8Array(box.width * box.height * 3);
  for (let y = 0; y < box.height; y++) {
    const start = ((box.y + y) * width + box.x) * 3;
    part.set(data.subarray(start, start + box.width * 3), y * box.width * 3);
  }
  return { data: part, width: box.width, height: box.height };
}
