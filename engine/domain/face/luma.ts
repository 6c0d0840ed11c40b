/** ITU-R BT.601 luma of 8-bit RGB, 0..255. `rgb`: `pixelCount * 3` values 0..255, interleaved. */
export function lumaOf(rgb: ArrayLike<number>, pixelCount: number): Float32Array {
  const luma = new Float32Array(pixelCount);
  for (let pixel = 0, i = 0; pixel < pixelCount; pixel++, i += 3) {
    luma[pixel] = 0.299 * (rgb[i] as number) + 0.587 * (rgb[i + 1] as number) + 0.114 * (rgb[i + 2] as number);
  }
  return luma;
}

/** Linear light 0..1 of an sRGB value 0..1 (IEC 61966-2-1). */
export function linearOf(value: number): number {
  return value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92;
}

/**
 * Luminance of 8-bit sRGB in whole numbers 0..255, as ISO/IEC 29794-5 and OFIQ count it: ITU-R BT.709 weights on linear
 * light. `rgb` as above.
 */
export function luminanceOf(rgb: ArrayLike<number>, pixelCount: number): Uint8Array {
  const linear = Float64Array.from({ length: 256 }, (_, value) => 255 * linearOf(value / 255));
  const luminance = new Uint8Array(pixelCount);
  for (let pixel = 0, i = 0; pixel < pixelCount; pixel++, i += 3) {
    const red = linear[rgb[i] as number] as number;
    const green = linear[rgb[i + 1] as number] as number;
    const blue = linear[rgb[i + 2] as number] as number;
    luminance[pixel] = Math.floor(0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.5);
  }
  return luminance;
}
