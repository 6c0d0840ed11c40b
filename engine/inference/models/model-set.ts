import { faceApiAgeGender } from './age-gender.faceapi.ts';
import { dlibResnet } from './descriptor.dlib.ts';
import { blazeface } from './detector.blazeface.ts';
import type { AgeGenderModel, DescriptorModel, DetectorModel, LivenessModel } from './model.ts';

/** The models that a pack can put in place of the embedded ones. */
export interface ModelSet {
  readonly detector: DetectorModel;
  readonly descriptor: DescriptorModel;
  readonly ageGender: AgeGenderModel;
  /** Null: nothing tells living faces from attacks. */
  readonly liveness: LivenessModel | null;
}

export const embeddedModels: ModelSet = {
  detector: blazeface,
  descriptor: dlibResnet,
  ageGender: faceApiAgeGender,
  liveness: null,
};
