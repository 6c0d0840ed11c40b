import type { Point } from '#domain/face/estimation';
import { type IrisModel, requireOutput } from './model.ts';

/** 71 points of the eye's surroundings, whose first 16 go round the lids, then the iris: its centre and four of its edge. */
const pointCount = 76;
const firstIrisPoint = 71;
/** At the places of the mesh points 33, 160, 158, 133, 153, 144 (order: MediaPipe's refinement of the left eye). */
const eyelidPoints = [0, 11, 13, 8, 5, 3] as const;

/** MediaPipe Iris (Ablavatski et al. 2020). Sees left eyes: a right one is shown in the mirror. */
export const mediapipeIris: IrisModel = {
  network: 'iris',
  side: 64,
  normalisation: { scale: 1 / 255, offset: 0 },
  decode(outputs) {
    const points = requireOutput(outputs, 'points', pointCount * 3);
    const at = (index: number): Point => [points[index * 3] as number, points[index * 3 + 1] as number];
    return {
      eyelid: eyelidPoints.map(at),
      centre: at(firstIrisPoint),
      edge: [1, 2, 3, 4].map((i) => at(firstIrisPoint + i)),
    };
  },
};
