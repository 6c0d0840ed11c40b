import type { Pixels } from '../decode/pixels.ts';

/** Part of a picture, first and last column and row. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where an output pixel falls between two columns or rows of the patch, by pixel centres; its border is repeated. */
function taps(first: number, last: number, size: number): { low: number; high: number; part: number }[] {
  const length = last - first + 1;
  return Array.from({ length: size }, (_, i) => {
    const at = Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / size - 0.5));
    const low = Math.trunc(at);
    return { low: first + low, high: first + Math.min(length - 1, low + 1), part: at - low };
  });
}

/**
 * Stretches a patch to a square without keeping its aspect: bilinear, not smoothed before, rounded to whole numbers, as
 * OpenCV's `resize` does by default. `planes` is [3, size, size]: red, green, blue.
 */
export function stretchInto({ data, width }: Pixels, patch: Patch, size: number, planes: Float32Array): void {
  const columns = taps(patch.left, patch.right, size);
  const rows = taps(patch.top, patch.bottom, size);
  const area = size * size;
  let out = 0;
  for (const row of rows) {
    const [above, below] = [row.low * width, row.high * width];
    for (const { low, high, part } of columns) {
      const [a, b, c, d] = [(above + low) * 3, (above + high) * 3, (below + low) * 3, (below + high) * 3];
      for (let channel = 0; channel < 3; channel++) {
        const top = (data[a + channel] as number) * (1 - part) + (data[b + channel] as number) * part;
        const bottom = (data[c + channel] as number) * (1 - part) + (data[d + channel] as number) * part;
        planes[out + channel * area] = Math.round(top + (bottom - top) * row.part);
      }
      out++;
    }
  }
}
