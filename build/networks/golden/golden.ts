/**
 * Golden values: what the original networks answer in TensorFlow.js to made-up pictures. Kept as a sample of each
 * output, so that the conversion is compared with its origin and not with itself.
 */
export interface Golden {
  network: string;
  /** How the values were made. */
  madeBy: string;
  cases: GoldenCase[];
}

export interface GoldenCase {
  seed: number;
  outputs: Record<string, { length: number; indices: number[]; values: number[] }>;
}

/** How an original is fed: what its package does to a pixel of 0..255 before the graph. */
export interface Feed {
  readonly side: number;
  readonly scale: number;
  readonly offset: number;
  /** Highest difference to the original per output. */
  readonly tolerance: Readonly<Record<string, number>>;
}

/** Scores of 1e-3 px on meshes, 1e-5 on descriptors and probabilities; a detector's outputs are raw and reach 120. */
export const feeds: Readonly<Record<string, Feed>> = {
  blazeface: {
    side: 256,
    scale: 1 / 127.5,
    offset: -1,
    tolerance: { scores16: 1e-3, boxes16: 1e-3, scores32: 1e-3, boxes32: 1e-3 },
  },
  facemesh: { side: 192, scale: 1 / 255, offset: 0, tolerance: { mesh: 1e-3, face: 1e-5 } },
  iris: { side: 64, scale: 1 / 255, offset: 0, tolerance: { points: 1e-3 } },
  face_recognition: { side: 150, scale: 1, offset: 0, tolerance: { descriptor: 1e-5 } },
  face_expression: { side: 112, scale: 1, offset: 0, tolerance: { expressions: 1e-5 } },
  age_gender: { side: 112, scale: 1, offset: 0, tolerance: { age: 1e-4, gender: 1e-5 } },
};

export { goldenPicture } from '../../../engine/inference/golden-picture.ts';
