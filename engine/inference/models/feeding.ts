/** How a network of a model pack wants its pixels: (byte - mean) / deviation per channel, in its order of colours. */
export interface Feeding {
  readonly colour: 'rgb' | 'bgr';
  /** Of the network's first, second and third channel, 0..255. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** Turns planes [3, size, size] of red, green and blue bytes into what the network wants, in place. */
export function prepareOf({ colour, mean, deviation }: Feeding): (planes: Float32Array) => void {
  const isPlain = mean.every((value) => value === 0) && deviation.every((value) => value === 1);
  return (planes) => {
    const area = planes.length / 3;
    if (colour === 'bgr') {
      const red = planes.slice(0, area);
      planes.copyWithin(0, 2 * area);
      planes.set(red, 2 * area);
    }
    if (isPlain) return;
    for (const [channel, centre] of mean.entries()) {
      const scale = 1 / (deviation[channel] as number);
      for (let i = channel * area; i < (channel + 1) * area; i++) planes[i] = ((planes[i] as number) - centre) * scale;
    }
  };
}
