import type { Mouth } from './estimation.ts';
import { angleOf, distanceBetween, middleOf } from './geometry.ts';
import { leftEyeCorners, leftMouthCorner, type Mesh, meshPoint, rightEyeCorners, rightMouthCorner } from './mesh.ts';

const upperLipInside = 13;
const lowerLipInside = 14;
const leftCornerInside = 78;
const rightCornerInside = 308;

/** Lip gap over inner mouth width where `opened` is 0.5, and how fast it rises. */
const halfOpen = 0.12;
const openSteepness = 40;
/** Mouth width over the distance of the outer eye corners where `smile` is 0.5, and how fast it rises. */
const halfSmile = 0.62;
const smileSteepness = 30;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** The lengths that `mouthOf` judges by; exported for the calibration. */
export function mouthRatiosOf(mesh: Mesh): { gap: number; width: number; lift: number } {
  const [left, right] = [meshPoint(mesh, leftMouthCorner), meshPoint(mesh, rightMouthCorner)];
  const [upper, lower] = [meshPoint(mesh, upperLipInside), meshPoint(mesh, lowerLipInside)];
  const eyes = [meshPoint(mesh, leftEyeCorners.outer), meshPoint(mesh, rightEyeCorners.outer)] as const;
  const eyeDistance = distanceBetween(...eyes) || 1;
  const inside = distanceBetween(meshPoint(mesh, leftCornerInside), meshPoint(mesh, rightCornerInside)) || 1;
  const angle = angleOf(...eyes);
  const [cornerX, cornerY] = middleOf(left, right);
  const [lipX, lipY] = middleOf(upper, lower);
  const lift = ((lipY - cornerY) * Math.cos(angle) - (lipX - cornerX) * Math.sin(angle)) / eyeDistance;
  return { gap: distanceBetween(upper, lower) / inside, width: distanceBetween(left, right) / eyeDistance, lift };
}

/**
 * Mouth from the geometry of the mesh. `opened`: the gap between the lips; `smile`: how wide the mouth is drawn;
 * `score`: the mesh network's certainty that it sees a face. Logistics of the ratios above.
 */
export function mouthOf(mesh: Mesh): Mouth {
  const { gap, width } = mouthRatiosOf(mesh);
  return {
    score: mesh.faceScore,
    opened: logistic(openSteepness * (gap - halfOpen)),
    smile: logistic(smileSteepness * (width - halfSmile)),
    occluded: null,
  };
}
