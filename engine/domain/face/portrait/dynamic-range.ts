/**
 * How much of the 256 levels of luminance a face makes use of: the Shannon entropy of their histogram, at most 8 bits,
 * over 8 (ISO/IEC 29794-5 dynamic range as OFIQ computes it).
 *
 * @param luminance whole numbers 0..255 (`luminanceOf`)
 * @param face mask; at least one pixel
 */
export function dynamicRangeOf(luminance: Uint8Array, face: Uint8Array): number {
  const histogram = new Float64Array(256);
  let count = 0;
  for (let pixel = 0; pixel < face.length; pixel++) {
    if (!face[pixel]) continue;
    const level = luminance[pixel] as number;
    histogram[level] = (histogram[level] as number) + 1;
    count += 1;
  }
  const bits = histogram.reduce((sum, some) => (some ? sum - (some / count) * Math.log2(some / count) : sum), 0);
  return bits / 8;
}
