/** How a network wants its pixels: value * scale + offset of 0..255. Outside the picture is black. */
export interface Normalisation {
  readonly scale: number;
  readonly offset: number;
}

export const bytesAsTheyAre: Normalisation = { scale: 1, offset: 0 };
