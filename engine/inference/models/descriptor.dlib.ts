import { defaultDescriptorVersion } from '#domain/descriptor/descriptor';
import { chipSize, chipToPicture, chipToWarp } from '#domain/face/face-template';
import { bytesAsTheyAre } from '../sampling/normalisation.ts';
import { type DescriptorModel, requireOutput } from './model.ts';

/** dlib's face recognition ResNet: 128 values, compared by euclidean distance, not normalised. */
export const dlibResnet: DescriptorModel = {
  network: 'face_recognition',
  version: defaultDescriptorVersion,
  side: chipSize,
  normalisation: bytesAsTheyAre,
  toPicture: chipToPicture,
  toWarp: chipToWarp,
  decode: (outputs) => requireOutput(outputs, 'descriptor', 128).slice(),
};
