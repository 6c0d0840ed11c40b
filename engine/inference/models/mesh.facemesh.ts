import { meshPointCount } from '#domain/face/mesh';
import { type MeshModel, requireOutput } from './model.ts';

/** MediaPipe FaceMesh (Kartynnik et al. 2019). */
export const facemesh: MeshModel = {
  network: 'facemesh',
  side: 192,
  normalisation: { scale: 1 / 255, offset: 0 },
  decode: (outputs) => ({
    points: requireOutput(outputs, 'mesh', meshPointCount * 3),
    faceScore: requireOutput(outputs, 'face', 1)[0] as number,
  }),
};
