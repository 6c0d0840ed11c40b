import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import { type Feeding, prepareOf } from './feeding.ts';
import { type ContextModel, requireOutput } from './model.ts';
import { areProbabilities } from './probabilities.ts';

/** Probabilities of an attack by print, of a living face, and of an attack by screen. */
const classes = 3;
const living = 1;

/** A network of minivision's Silent-Face-Anti-Spoofing: the face with its surroundings, stretched to a square. */
export function silentFace(options: {
  network: string;
  side: number;
  feeding: Feeding;
  scale: number;
  output: string;
}): ContextModel {
  const { network, side, feeding, scale, output } = options;
  return {
    network,
    side,
    scale,
    normalisation: bytesAsTheyAre,
    prepare: prepareOf(feeding),
    decode(outputs) {
      const probabilities = requireOutput(outputs, output, classes);
      return areProbabilities(probabilities) ? (probabilities[living] as number) : Number.NaN;
    },
  };
}
