import type { HeadPose } from './estimation.ts';
import { chin, foreheadTop, type Mesh } from './mesh.ts';

/** Mesh points that lie opposite each other: outer and inner eye corners, mouth corners, cheeks, temples. */
const oppositePairs = [
  [33, 263],
  [133, 362],
  [61, 291],
  [234, 454],
  [127, 356],
] as const;
/**
 * Degrees by which the line from forehead to chin leans in a face that looks into the camera: the median of 61
 * portraits turned less than 15 degrees, whose pitch is 0 by this.
 */
const restingPitch = -8;

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/**
 * Turn of the head from the geometry of the mesh, in degrees. The mean of the lines between opposite points is the
 * face's horizontal axis, the line from forehead to chin its vertical one; yaw and pitch are how far they lead into
 * the depth, roll how far the horizontal one is turned in the picture.
 */
export function headPoseOf({ points }: Mesh): HeadPose {
  const between = (from: number, to: number): [x: number, y: number, z: number] => {
    const part = (axis: number): number => (points[to * 3 + axis] as number) - (points[from * 3 + axis] as number);
    return [part(0), part(1), part(2)];
  };
  const across: [number, number, number] = [0, 0, 0];
  for (const [left, right] of oppositePairs) {
    const [x, y, z] = between(left, right);
    // Unit vectors: every pair counts the same.
    const length = Math.hypot(x, y, z) || 1;
    across[0] += x / length;
    across[1] += y / length;
    across[2] += z / length;
  }
  const down = between(foreheadTop, chin);
  return {
    yaw: degrees(Math.atan2(across[2], Math.hypot(across[0], across[1]))),
    pitch: degrees(Math.atan2(-down[2], Math.hypot(down[0], down[1]))) - restingPitch,
    roll: degrees(Math.atan2(across[1], across[0])),
  };
}
