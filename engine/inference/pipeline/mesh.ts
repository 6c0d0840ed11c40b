import { angleOf, middleOf, type Square, squareToPicture } from '#domain/face/geometry';
import { leftEyeCorners, type Mesh, meshBox, meshPoints, rightEyeCorners } from '#domain/face/mesh';
import type { DetectedFace, MeshModel } from '../models/model.ts';
import type { Pyramid } from '../sampling/pyramid.ts';
import type { Look } from './look.ts';

/** Lays the mesh over a face: once by the detector's box, once more by the first mesh. */
export interface Mesher {
  meshOf(pyramid: Pyramid, face: DetectedFace): Promise<Mesh>;
  /** For a picture that is a face sample: the first look takes all of it. */
  meshOfWarp(pyramid: Pyramid): Promise<Mesh>;
}

/** The network was trained on boxes with a quarter of their side around them. */
const surroundings = 1.5;

export function createMesher(look: Look, model: MeshModel): Mesher {
  const meshIn = async (pyramid: Pyramid, square: Square): Promise<Mesh> => {
    const toPicture = squareToPicture(square, model.side);
    const { points, faceScore } = await look(model, pyramid, toPicture);
    const placed = new Float32Array(points.length);
    const scale = square.side / model.side;
    for (let i = 0; i < placed.length; i += 3) {
      const [x, y] = [points[i] as number, points[i + 1] as number];
      placed[i] = toPicture.xx * x + toPicture.xy * y + toPicture.x0;
      placed[i + 1] = toPicture.yx * x + toPicture.yy * y + toPicture.y0;
      placed[i + 2] = (points[i + 2] as number) * scale;
    }
    return { points: placed, faceScore };
  };

  const refine = (pyramid: Pyramid, mesh: Mesh): Promise<Mesh> => {
    const { x, y, width, height } = meshBox(mesh);
    const [leftEye, rightEye] = [leftEyeCorners, rightEyeCorners].map(({ outer, inner }) =>
      middleOf(...meshPoints(mesh, [outer, inner])),
    );
    return meshIn(pyramid, {
      centreX: x + width / 2,
      centreY: y + height / 2,
      side: surroundings * Math.max(width, height),
      angle: leftEye && rightEye ? angleOf(leftEye, rightEye) : 0,
    });
  };

  return {
    async meshOf(pyramid, { rect, leftEye, rightEye }) {
      const first = await meshIn(pyramid, {
        centreX: rect.x + rect.width / 2,
        centreY: rect.y + rect.height / 2,
        side: surroundings * Math.max(rect.width, rect.height),
        angle: angleOf(leftEye, rightEye),
      });
      return refine(pyramid, first);
    },
    async meshOfWarp(pyramid) {
      const { width, height } = pyramid;
      const whole = { centreX: (width - 1) / 2, centreY: (height - 1) / 2, side: Math.max(width, height), angle: 0 };
      return refine(pyramid, await meshIn(pyramid, whole));
    },
  };
}
