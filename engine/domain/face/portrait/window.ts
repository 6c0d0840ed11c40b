import type { Point } from '../estimation.ts';
import { fitSimilarity, scaleOf, type Transform, transformPoint } from '../geometry.ts';
import { faceOvalPoints, type Mesh, meshPoints } from '../mesh.ts';

/**
 * The square part of a picture on which a portrait is judged: the face upright and always equally large. Masks are
 * [side, side], 1 where a pixel belongs to the part.
 */
export const windowSide = 384;
/**
 * Where OFIQ (the reference code of ISO/IEC 29794-5) has the centres of the eyes, the tip of the nose and the corners of
 * the mouth in its 616 pixels, and the scale to which it brings them for the background.
 */
const ofiqPoints = [
  [251, 272],
  [364, 272],
  [308, 336],
  [262, 402],
  [355, 402],
] as const;
const ofiqMiddle = 307.5;
const ofiqScale = 0.72;
const middle = (windowSide - 1) / 2;
const windowPoints = ofiqPoints.map(([x, y]): Point => [middle + (x - ofiqMiddle) * ofiqScale, y * ofiqScale]);

/** Pixels of the window between the eyes. */
export const windowEyeDistance = (364 - 251) * ofiqScale;
const eyeLine = 272 * ofiqScale;
/** OFIQ judges the background down to here, the height of the mouth: shoulders are below. */
const backgroundRows = 406 * ofiqScale;
/**
 * The head with hair, in eye distances: heads are 2.4 wide and reach 1.8 above the eyes (150, 115 and 63 mm); from its
 * widest place down it is a column, where long hair falls.
 */
const head = { halfWidth: 1.6, above: 2.2, widestAboveEyes: 0.2 };
/** The window's pixels next to the border of the picture are left out: they would mix with what is outside. */
const border = 3;

/** From the pixels of the window to those of the picture. `landmarks5`: of the face, in pixels of the picture. */
export function windowToPicture(landmarks5: readonly Point[]): Transform {
  return fitSimilarity(windowPoints, landmarks5);
}

/** Pixels of a mask. */
export function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let pixel = 0; pixel < mask.length; pixel++) count += mask[pixel] as number;
  return count;
}

/** The pixels that belong to both. */
export function bothOf(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length);
  for (let pixel = 0; pixel < both.length; pixel++) both[pixel] = (a[pixel] as number) & (b[pixel] as number);
  return both;
}

/** Where the window lies in the picture, a few pixels from its border. */
export function pictureMask(toPicture: Transform, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(windowSide * windowSide);
  const { xx, xy, x0, yx, yy, y0 } = toPicture;
  const margin = border * scaleOf(toPicture);
  for (let y = 0; y < windowSide; y++) {
    for (let x = 0; x < windowSide; x++) {
      const px = xx * x + xy * y + x0;
      const py = yx * x + yy * y + y0;
      const inside = px >= margin && py >= margin && px <= width - 1 - margin && py <= height - 1 - margin;
      mask[y * windowSide + x] = inside ? 1 : 0;
    }
  }
  return mask;
}

/** The inside of a polygon, by its crossings with the middle of each row (even-odd). `corners` in pixels of the window. */
export function polygonMask(corners: readonly Point[]): Uint8Array {
  const mask = new Uint8Array(windowSide * windowSide);
  for (let y = 0; y < windowSide; y++) {
    const crossings: number[] = [];
    for (const [i, [ax, ay]] of corners.entries()) {
      const [bx, by] = corners[(i + 1) % corners.length] as Point;
      if (ay <= y !== by <= y) crossings.push(ax + ((y - ay) * (bx - ax)) / (by - ay));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const first = Math.max(0, Math.ceil(crossings[i] as number));
      const last = Math.min(windowSide - 1, Math.floor(crossings[i + 1] as number));
      if (first <= last) mask.fill(1, y * windowSide + first, y * windowSide + last + 1);
    }
  }
  return mask;
}

/** The oval of the face (OFIQ: the convex hull of its landmarks). `toWindow`: from the pixels of the picture. */
export function faceMask(mesh: Mesh, toWindow: Transform): Uint8Array {
  return polygonMask(meshPoints(mesh, faceOvalPoints).map((point) => transformPoint(toWindow, point)));
}

/**
 * What is neither head nor below the mouth and lies in the picture: the background. OFIQ takes a network's word for
 * what is background; here it is the geometry alone.
 */
export function backgroundMask(inPicture: Uint8Array): Uint8Array {
  const mask = new Uint8Array(inPicture.length);
  const [halfWidth, above] = [head.halfWidth * windowEyeDistance, head.above * windowEyeDistance];
  const widest = eyeLine - head.widestAboveEyes * windowEyeDistance;
  for (let y = 0; y < backgroundRows; y++) {
    const up = Math.max(0, widest - y) / (above - head.widestAboveEyes * windowEyeDistance);
    const half = up >= 1 ? 0 : halfWidth * Math.sqrt(1 - up * up);
    for (let x = 0; x < windowSide; x++) {
      const at = y * windowSide + x;
      if (Math.abs(x - middle) > half) mask[at] = inPicture[at] as number;
    }
  }
  return mask;
}

/** Pixels of the window in which a background can be. */
export const backgroundRoom = windowSide * Math.ceil(backgroundRows);

const cheekSide = Math.trunc(0.3 * windowEyeDistance);
/** Pixels of both cheeks when nothing covers them. */
export const cheekRoom = 2 * cheekSide * cheekSide;

/**
 * The two cheeks as OFIQ and ISO/IEC 29794-5 have them: squares of 0.3 eye distances that begin below the centre of the
 * eye, half way to the mouth, and lead towards the nose. `face`: mask of the face, which the squares stay in.
 */
export function cheekMask(landmarks5: readonly Point[], toWindow: Transform, face: Uint8Array): Uint8Array {
  const [left, right, , leftMouth, rightMouth] = landmarks5.map((point) => transformPoint(toWindow, point)) as [
    Point,
    Point,
    Point,
    Point,
    Point,
  ];
  const mask = new Uint8Array(face.length);
  const down = ((leftMouth[1] + rightMouth[1]) / 2 - (left[1] + right[1]) / 2) / 2;
  for (const [x0, y0] of [
    [left[0], left[1] + down],
    [right[0] - cheekSide, right[1] + down],
  ] as const) {
    const [firstX, firstY] = [Math.round(x0), Math.round(y0)];
    for (let y = Math.max(0, firstY); y < Math.min(windowSide, firstY + cheekSide); y++) {
      for (let x = Math.max(0, firstX); x < Math.min(windowSide, firstX + cheekSide); x++) {
        mask[y * windowSide + x] = face[y * windowSide + x] as number;
      }
    }
  }
  return mask;
}
