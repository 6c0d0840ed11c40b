import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import { type EmotionModel, requireOutput } from './model.ts';

/** Expression network of face-api.js, on an upright square 1.2 times the detector's box. */
export const faceApiEmotion: EmotionModel = {
  network: 'face_expression',
  side: 112,
  normalisation: bytesAsTheyAre,
  decode(outputs) {
    const at = requireOutput(outputs, 'expressions', 7);
    return {
      neutral: at[0] as number,
      happiness: at[1] as number,
      sadness: at[2] as number,
      anger: at[3] as number,
      fear: at[4] as number,
      disgust: at[5] as number,
      surprise: at[6] as number,
    };
  },
};
