import { type EyeContour, irisRadiusOf, isClosed } from '../eyes.ts';
import { squareToPicture, type Transform } from '../geometry.ts';

/**
 * Red pupils: light of the flash that comes back from the retina. Red is known by more red than green and blue and by a
 * hue that leans to neither: skin and brown eyes in warm light lean to yellow. Our own measure; the numbers are from 22
 * photographed faces, of which one has red eyes (0.55 and 0.69 of its pupils are red, at most 0.19 of the others').
 */
const redder = 40;
const hueDegrees = 20;
const redShare = 0.3;
/** The pupil is looked for in this part of the iris. */
const pupilPerIris = 0.5;
/** Radius of an iris in pixels below which too little of its pupil is to be seen. */
const smallestIris = 6;

/** Side of the square of pixels in which a pupil is sampled. */
export const pupilSide = 32;

/** From the square around a pupil to the picture. Null: the eye is closed, or too small in the picture. */
export function pupilToPicture(contour: EyeContour): Transform | null {
  const radius = irisRadiusOf(contour);
  if (isClosed(contour) || radius < smallestIris) return null;
  const [centreX, centreY] = contour.irisCentre;
  return squareToPicture({ centreX, centreY, side: 2 * pupilPerIris * radius, angle: 0 }, pupilSide);
}

function isRed(r: number, g: number, b: number): boolean {
  const least = Math.min(g, b);
  return r - Math.max(g, b) >= redder && 60 * Math.abs(g - b) <= hueDegrees * (r - least);
}

/** Whether a pupil is red: the share of its circle. `rgb`: [pupilSide, pupilSide, 3], 0..255, interleaved. */
export function isRedPupil(rgb: ArrayLike<number>): boolean {
  const middle = (pupilSide - 1) / 2;
  let red = 0;
  let count = 0;
  for (let y = 0; y < pupilSide; y++) {
    for (let x = 0; x < pupilSide; x++) {
      if (Math.hypot(x - middle, y - middle) > pupilSide / 2) continue;
      const i = (y * pupilSide + x) * 3;
      count += 1;
      if (isRed(rgb[i] as number, rgb[i + 1] as number, rgb[i + 2] as number)) red += 1;
    }
  }
  return red >= redShare * count;
}

/** Of both pupils, null for one that cannot be judged: 1 when one is red, 0 when both are not, else null. */
export function redEyesOf(pupils: readonly (boolean | null)[]): 0 | 1 | null {
  if (pupils.includes(true)) return 1;
  return pupils.includes(null) ? null : 0;
}
