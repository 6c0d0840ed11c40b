import type { BasicAttributes, Emotions, Point, Rect } from '#domain/face/estimation';
import type { Transform } from '#domain/face/geometry';
import type { Mesh } from '#domain/face/mesh';
import type { Normalisation } from '../sampling/normalisation.ts';

/**
 * What a network of each kind is to the pipeline: the square it looks at, how it wants its pixels, and what its
 * outputs mean. All models of a kind pass the shared suite in `models.test.ts`.
 */
export interface Model<Decoded> {
  /** Name in the manifest. */
  readonly network: string;
  /** Its input is [1, 3, side, side], red, green, blue. */
  readonly side: number;
  readonly normalisation: Normalisation;
  /** In place, after the sampler: what it cannot do itself, such as another order of colours. */
  prepare?(planes: Float32Array): void;
  decode(outputs: Outputs): Decoded;
}

export type Outputs = Readonly<Record<string, Float32Array>>;

/** Throws when the network has no such output: the manifest and the model do not belong together. */
export function requireOutput(outputs: Outputs, name: string, length: number): Float32Array {
  const output = outputs[name];
  if (output?.length !== length) throw new Error(`output '${name}' has ${output?.length} values, expected ${length}`);
  return output;
}

/** In pixels of the detector's input. */
export interface DetectedFace {
  readonly rect: Rect;
  /** 0..1 */
  readonly score: number;
  /** For the first turn of the face: the eyes, left and right in the picture. */
  readonly leftEye: Point;
  readonly rightEye: Point;
}

export interface DetectorModel extends Model<DetectedFace[]> {
  /** Candidates from this score on, best first, overlaps not yet removed. */
  readonly lowestScore: number;
}

/** 468 points x, y, z in pixels of the input; the probability that there is a face. */
export type MeshModel = Model<{ readonly points: Float32Array; readonly faceScore: number }>;

export interface DescriptorModel extends Model<Float32Array> {
  /** Descriptor version (`#domain/descriptor`). */
  readonly version: number;
  /** From the pixels of its input to those of the picture. */
  toPicture(mesh: Mesh): Transform;
  /** The same for a face sample of ours (250x250) whose mesh cannot be trusted. */
  readonly toWarp: Transform;
}

/** In pixels of the input, which shows a left eye, or a right one in the mirror. */
export type IrisModel = Model<{
  /** Corner, two upper points, corner, two lower points. */
  readonly eyelid: Point[];
  readonly centre: Point;
  /** On the edge of the iris. */
  readonly edge: Point[];
}>;

export type EmotionModel = Model<Emotions>;
/** Null where the network's numbers are no age and no probabilities. */
export type AgeGenderModel = Model<BasicAttributes | null>;

/** Probability 0..1 that the face lives, NaN where the network's numbers are no probabilities, of the box grown `scale` times and stretched to the input. */
export interface ContextModel extends Model<number> {
  readonly scale: number;
}

/** Networks that see different surroundings of a face; their mean counts. */
export type LivenessModel = readonly ContextModel[];
