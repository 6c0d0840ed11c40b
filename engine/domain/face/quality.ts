import type { Quality } from './estimation.ts';
import { lumaOf } from './luma.ts';

/**
 * Quality of a face picture, each member 0..1 with 1 = good, from the pixels alone. Measured on an upright square crop
 * of the face (the chip that the descriptor network sees, so that every face is measured at the same scale).
 */

/** Luma at which ISO/IEC 29794-5 counts a pixel of the face as under- or over-exposed. */
const underExposedLuma = 25;
const overExposedLuma = 247;
/** A fifth of the face without detail makes it worthless: the share at which `light` and `dark` reach 0. */
const worthlessShare = 0.2;
/**
 * Variance of the Laplacian at which `blurriness` is 0.5, on 8-bit luma of a 150-pixel chip. Photographs of the
 * demonstration set lie at 300 to 1500, the same ones blurred by 2 pixels below 60.
 */
const middlingSharpness = 100;
/** Highlights: brighter than this and nearly without colour. */
const highlightLuma = 235;
const highlightChroma = 25;
const worthlessHighlights = 0.1;
const histogramBins = 32;

const clamp01 = (value: number): number => Math.min(1, Math.max(0, value));

/** The part of the chip that is face in every pose: the middle, without hair, ears and background. */
function insideFace(x: number, y: number, size: number): boolean {
  const dx = (x + 0.5) / size - 0.5;
  const dy = (y + 0.5) / size - 0.52;
  return (dx / 0.33) ** 2 + (dy / 0.4) ** 2 <= 1;
}

/** Variance of the 4-neighbour Laplacian of the luma (Pech-Pacheco et al. 2000: LAPV). */
function sharpnessOf(luma: Float32Array, size: number): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      if (!insideFace(x, y, size)) continue;
      const at = y * size + x;
      const value =
        4 * (luma[at] as number) -
        (luma[at - 1] as number) -
        (luma[at + 1] as number) -
        (luma[at - size] as number) -
        (luma[at + size] as number);
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}

function blurrinessFrom(luma: Float32Array, size: number): number {
  const sharpness = sharpnessOf(luma, size);
  return clamp01(sharpness / (sharpness + middlingSharpness));
}

/** The member `blurriness` of `qualityOf` alone, at a quarter of its cost. */
export function blurrinessOf(rgb: ArrayLike<number>, size: number): number {
  return blurrinessFrom(lumaOf(rgb, size * size), size);
}

/**
 * `light`: little over-exposure, `dark`: little under-exposure (shares of the face, ISO/IEC 29794-5 over- and
 * under-exposure prevention). `illumination`: both halves are lit alike (intersection of their luma histograms,
 * ISO/IEC 29794-5 illumination uniformity). `blurriness`: variance of the Laplacian. `specularity`: few colourless
 * highlights (share of the face).
 *
 * @param rgb `size * size * 3` values 0..255, interleaved
 */
export function qualityOf(rgb: ArrayLike<number>, size: number): Quality {
  const luma = lumaOf(rgb, size * size);
  const halves = [new Float64Array(histogramBins), new Float64Array(histogramBins)] as const;
  const counts = [0, 0];
  let over = 0;
  let under = 0;
  let highlights = 0;
  let inside = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!insideFace(x, y, size)) continue;
      const pixel = y * size + x;
      const value = luma[pixel] as number;
      const i = pixel * 3;
      const r = rgb[i] as number;
      const g = rgb[i + 1] as number;
      const b = rgb[i + 2] as number;
      inside += 1;
      if (value >= overExposedLuma) over += 1;
      if (value <= underExposedLuma) under += 1;
      if (value >= highlightLuma && Math.max(r, g, b) - Math.min(r, g, b) <= highlightChroma) highlights += 1;
      const half = x < size / 2 ? 0 : 1;
      const bin = Math.min(histogramBins - 1, Math.floor((value * histogramBins) / 256));
      halves[half][bin] = (halves[half][bin] as number) + 1;
      counts[half] = (counts[half] as number) + 1;
    }
  }
  const [left, right] = halves;
  const illumination = left.reduce(
    (sum, count, bin) => sum + Math.min(count / (counts[0] || 1), (right[bin] as number) / (counts[1] || 1)),
    0,
  );
  return {
    light: clamp01(1 - over / inside / worthlessShare),
    dark: clamp01(1 - under / inside / worthlessShare),
    blurriness: blurrinessFrom(luma, size),
    illumination: clamp01(illumination),
    specularity: clamp01(1 - highlights / inside / worthlessHighlights),
  };
}
