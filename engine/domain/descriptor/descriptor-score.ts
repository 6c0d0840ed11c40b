import { distanceBetween } from '../face/geometry.ts';
import { leftEyeCorners, type Mesh, meshPoint, rightEyeCorners } from '../face/mesh.ts';

/** Pixels between the outer eye corners from which on size costs nothing: half of what the descriptor chip has. */
const enoughEyePixels = 37;
/** `quality.blurriness` from which on blur costs nothing. */
const sharpEnough = 0.5;

/**
 * "Garbage score" of a descriptor, 0..1: suitability of the sample for matching, of what was really measured. The
 * product of the mesh network's face probability, the root of the detector's score (1 for a face sample, where no
 * detector runs), and what is lost by a small or blurred face (both 1 for a good one).
 */
export function descriptorScoreOf(mesh: Mesh, detectionScore: number | null, blurriness: number): number {
  const eyePixels = distanceBetween(meshPoint(mesh, leftEyeCorners.outer), meshPoint(mesh, rightEyeCorners.outer));
  const size = Math.min(1, eyePixels / enoughEyePixels);
  const sharpness = Math.min(1, blurriness / sharpEnough);
  return mesh.faceScore * Math.sqrt(detectionScore ?? 1) * size * sharpness;
}
