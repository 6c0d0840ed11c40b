import { arcfaceSize, arcfaceToPicture, arcfaceToWarp } from '#domain/face/face-template';
import { landmarks5Of } from '#domain/face/mesh';
import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import { type Feeding, prepareOf } from './feeding.ts';
import { type DescriptorModel, requireOutput } from './model.ts';

/** A descriptor network trained on ArcFace's chips of 112 pixels; its vectors are made unit vectors. */
export function arcface112(options: {
  network: string;
  feeding: Feeding;
  output: string;
  version: number;
  length: number;
}): DescriptorModel {
  const { network, feeding, output, version, length } = options;
  return {
    network,
    version,
    side: arcfaceSize,
    normalisation: bytesAsTheyAre,
    prepare: prepareOf(feeding),
    toPicture: (mesh) => arcfaceToPicture(landmarks5Of(mesh)),
    toWarp: arcfaceToWarp,
    decode(outputs) {
      const vector = requireOutput(outputs, output, length);
      const norm = Math.hypot(...vector);
      if (!(norm > 0 && Number.isFinite(norm))) throw new Error(`the descriptor network gave a vector of norm ${norm}`);
      return vector.map((value) => value / norm);
    },
  };
}
