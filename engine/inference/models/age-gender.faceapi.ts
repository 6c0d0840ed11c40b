import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import { type AgeGenderModel, requireOutput } from './model.ts';
import { areProbabilities } from './probabilities.ts';

/** Age and gender network of face-api.js, on an upright square 1.2 times the detector's box. */
export const faceApiAgeGender: AgeGenderModel = {
  network: 'age_gender',
  side: 112,
  normalisation: bytesAsTheyAre,
  decode(outputs) {
    const age = requireOutput(outputs, 'age', 1)[0] as number;
    const genders = requireOutput(outputs, 'gender', 2);
    if (!Number.isFinite(age) || !areProbabilities(genders)) return null;
    const maleProbability = genders[0] as number;
    return { age: Math.min(100, Math.max(0, age)), gender: maleProbability > 0.5 ? 1 : 0, maleProbability };
  },
};
