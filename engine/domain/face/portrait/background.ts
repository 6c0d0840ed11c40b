import { windowSide } from './window.ts';

/** OFIQ's sigmoid of the mean gradient: 0.95 at 10, half at about 113. */
const sigmoid = { height: 1.9, middle: 10, width: 100 };

/** Length of the gradient by the operator that OFIQ uses (Scharr, weights 3, 10, 3), at pixel `at` inside the window. */
function gradientAt(luminance: Uint8Array, at: number): number {
  const above = at - windowSide;
  const below = at + windowSide;
  const aboveLeft = luminance[above - 1] as number;
  const aboveRight = luminance[above + 1] as number;
  const belowLeft = luminance[below - 1] as number;
  const belowRight = luminance[below + 1] as number;
  const across =
    3 * (aboveRight - aboveLeft + belowRight - belowLeft) +
    10 * ((luminance[at + 1] as number) - (luminance[at - 1] as number));
  const down =
    3 * (belowLeft - aboveLeft + belowRight - aboveRight) +
    10 * ((luminance[below] as number) - (luminance[above] as number));
  return Math.sqrt(across * across + down * down);
}

/**
 * How uniform a background is, 0..1: the mean gradient of its luminance at OFIQ's scale of the face, through OFIQ's
 * sigmoid (ISO/IEC 29794-5 background uniformity).
 *
 * @param luminance of the window, whole numbers 0..255 (`luminanceOf`)
 * @param background mask; at least one pixel off the window's border
 */
export function backgroundUniformityOf(luminance: Uint8Array, background: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let y = 1; y < windowSide - 1; y++) {
    for (let x = 1; x < windowSide - 1; x++) {
      const at = y * windowSide + x;
      if (!background[at]) continue;
      sum += gradientAt(luminance, at);
      count += 1;
    }
  }
  const { height, middle, width } = sigmoid;
  return height * (1 - 1 / (1 + Math.exp((middle - sum / count) / width)));
}

/** Mean luma of the background, 0 black to 1 white. `luma`: of the window, 0..255 (`lumaOf`). */
export function backgroundLightnessOf(luma: ArrayLike<number>, background: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel < background.length; pixel++) {
    if (!background[pixel]) continue;
    sum += luma[pixel] as number;
    count += 1;
  }
  return sum / count / 255;
}
