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

/** A repeatable picture of soft waves and some noise, RGB 0..255, [side, side, 3], whole numbers. */
export function goldenPicture(seed: number, side: number): Float32Array {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const waves = Array.from({ length: 9 }, () => ({
    x: Math.round(random() * 12) / side,
    y: Math.round(random() * 12) / side,
    phase: random(),
  }));
  // Triangle waves: exact in every engine, unlike a sine.
  const triangle = (t: number): number => Math.abs((((t % 1) + 1) % 1) * 2 - 1);
  const picture = new Float32Array(side * side * 3);
  for (let i = 0; i < picture.length; i++) {
    const channel = i % 3;
    const x = Math.floor(i / 3) % side;
    const y = Math.floor(i / 3 / side);
    let sum = 0;
    for (let k = channel; k < waves.length; k += 3) {
      const wave = waves[k];
      if (wave) sum += triangle(wave.x * x + wave.y * y + wave.phase);
    }
    picture[i] = Math.round((sum / 3) * 230 + random() * 25);
  }
  return picture;
}
