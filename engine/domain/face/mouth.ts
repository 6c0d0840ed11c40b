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
/**
 * Weights of `smile`: mouth width and lift of its corners, over the distance of the outer eye corners. Logistic
 * regression against the expression network's "happy" on 126 faces turned less than 40 degrees; agrees on 87 %.
 */
const smileWeights = { width: 22.4, lift: 25.6, constant: -13.96 };

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Gap of the lips over the inner width of the mouth; width and lift of the corners over the eyes' distance. */
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
 * Mouth from the geometry of the mesh. `opened`: the gap between the lips; `smile`: how wide and how high its
 * corners are drawn;
 * `score`: the mesh network's certainty that it sees a face. Logistics of the ratios above.
 */
export function mouthOf(mesh: Mesh): Mouth {
  const { gap, width, lift } = mouthRatiosOf(mesh);
  return {
    score: mesh.faceScore,
    opened: logistic(openSteepness * (gap - halfOpen)),
    smile: logistic(smileWeights.width * width + smileWeights.lift * lift + smileWeights.constant),
    occluded: null,
  };
}
