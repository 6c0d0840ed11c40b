import type { Point, Rect } from './estimation.ts';
import { fitSimilarity, middleOf, type Transform } from './geometry.ts';
import { leftEyeCorners, type Mesh, meshPoints, noseBase, rightEyeCorners } from './mesh.ts';

/**
 * Where the descriptor network wants a face. Source: the five points of dlib's mean face (`get_face_chip_details`), in
 * the unit square: corners of the right eye (outer, inner), of the left eye (outer, inner), base of the nose. Left and
 * right are those of the picture.
 */
export const meanFace: readonly Point[] = [
  [0.8595674595992, 0.2134981538014],
  [0.6460604764104, 0.2289674387677],
  [0.1205750620789, 0.2137274526848],
  [0.3340850613712, 0.2290642403242],
  [0.4901123135679, 0.6277975316475],
];
const meanFaceMeshPoints = [
  rightEyeCorners.outer,
  rightEyeCorners.inner,
  leftEyeCorners.outer,
  leftEyeCorners.inner,
  noseBase,
] as const;

export const chipSize = 150;
/** Of the mean face's square, around it. dlib's own value for its network. */
export const chipPadding = 0.25;
const chipTemplate = meanFace.map(([x, y]): Point => {
  const place = (part: number): number => ((chipPadding + part) / (1 + 2 * chipPadding)) * chipSize;
  return [place(x), place(y)];
});

export const warpSize = 250;
/**
 * The face sample ("warp") holds the whole descriptor chip, 205 pixels wide and in the middle, and some of its
 * surroundings. The eyes are at height 100, near x = 88 and x = 160.
 */
export const warpChipSize = 205;
const warpChipLeft = (warpSize - warpChipSize) / 2;
export const warpChipTop = 36;
const warpTemplate = chipTemplate.map(
  ([x, y]): Point => [warpChipLeft + (x * warpChipSize) / chipSize, warpChipTop + (y * warpChipSize) / chipSize],
);

/** Where the mesh of a face lies in its sample: the median of 130 faces of photographs. */
export const faceInWarp: Rect = { x: 30, y: 38, width: 189, height: 189 };

/** From chip pixels to picture pixels. */
export function chipToPicture(mesh: Mesh): Transform {
  return fitSimilarity(chipTemplate, meshPoints(mesh, meanFaceMeshPoints));
}

/** From warp pixels to picture pixels. */
export function warpToPicture(mesh: Mesh): Transform {
  return fitSimilarity(warpTemplate, meshPoints(mesh, meanFaceMeshPoints));
}

/** From chip pixels to the pixels of a warp that was made by `warpToPicture`. */
export const chipToWarp: Transform = {
  xx: warpChipSize / chipSize,
  xy: 0,
  x0: warpChipLeft,
  yx: 0,
  yy: warpChipSize / chipSize,
  y0: warpChipTop,
};

/**
 * ArcFace's template (Deng et al. 2019), pixels of 112x112: the centres of the eyes, tip of the nose, corners of the
 * mouth. Left and right are those of the picture.
 */
const arcfaceTemplate: readonly Point[] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];
export const arcfaceSize = 112;

/** From the pixels of ArcFace's chip to those of the picture. `points`: the five landmarks. */
export function arcfaceToPicture(points: readonly Point[]): Transform {
  return fitSimilarity(arcfaceTemplate, points);
}

/** From ArcFace's chip to a warp: by the eyes, which both templates have. */
export const arcfaceToWarp: Transform = fitSimilarity(arcfaceTemplate.slice(0, 2), [
  middleOf(warpTemplate[2] as Point, warpTemplate[3] as Point),
  middleOf(warpTemplate[0] as Point, warpTemplate[1] as Point),
]);
