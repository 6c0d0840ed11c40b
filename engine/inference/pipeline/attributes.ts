import type { Eyes, Gaze, HeadPose, Point, Rect } from '#domain/face/estimation';
import { type EyeContour, eyeOf, gazeOf } from '#domain/face/eyes';
import {
  angleOf,
  distanceBetween,
  middleOf,
  mirrored,
  type Square,
  squareToPicture,
  type Transform,
  transformPoint,
} from '#domain/face/geometry';
import { leftEyeCorners, type Mesh, meshPoint, rightEyeCorners } from '#domain/face/mesh';
import type { IrisModel } from '../models/model.ts';
import type { Pyramid } from '../sampling/pyramid.ts';
import type { Look } from './look.ts';

/** Of the detector's box: what the attribute networks see best (expressions 7 of 7, gender 50 of 50 photographs). */
const attributeSurroundings = 1.2;
/** Of the lid opening's width: MediaPipe's region of interest for its iris network. */
const eyeSurroundings = 2.3;

/** The upright square on which expressions, age and gender are estimated, of the box of a face. */
export function attributeSquare({ x, y, width, height }: Rect): Square {
  const side = attributeSurroundings * Math.max(width, height);
  return { centreX: x + width / 2, centreY: y + height / 2, side, angle: 0 };
}

/** Eyelids and irises of both eyes; the right one is shown to the network in the mirror. */
export async function eyeContoursOf(look: Look, model: IrisModel, pyramid: Pyramid, mesh: Mesh) {
  const contourOf = async (corners: { left: number; right: number }, mirror: boolean): Promise<EyeContour> => {
    const [left, right] = [meshPoint(mesh, corners.left), meshPoint(mesh, corners.right)];
    const [centreX, centreY] = middleOf(left, right);
    const side = eyeSurroundings * distanceBetween(left, right);
    const upright = squareToPicture({ centreX, centreY, side, angle: angleOf(left, right) }, model.side);
    const toPicture: Transform = mirror ? mirrored(upright, model.side) : upright;
    const { eyelid, centre, edge } = await look(model, pyramid, toPicture);
    const place = (point: Point): Point => transformPoint(toPicture, point);
    const lids = eyelid.map(place);
    const [outer, upperOuter, upperInner, inner, lowerInner, lowerOuter] = lids as [
      Point,
      Point,
      Point,
      Point,
      Point,
      Point,
    ];
    return {
      eyelid: mirror ? [inner, upperInner, upperOuter, outer, lowerOuter, lowerInner] : lids,
      irisCentre: place(centre),
      irisEdge: edge.map(place),
    };
  };
  return {
    left: await contourOf({ left: leftEyeCorners.outer, right: leftEyeCorners.inner }, false),
    right: await contourOf({ left: rightEyeCorners.inner, right: rightEyeCorners.outer }, true),
  };
}

export function eyesOf(contours: { left: EyeContour; right: EyeContour }): Eyes {
  return { left: eyeOf(contours.left), right: eyeOf(contours.right) };
}

export function gazeFrom(contours: { left: EyeContour; right: EyeContour }, head: HeadPose): Gaze {
  return gazeOf(contours.left, contours.right, head);
}
