import type { Point, Rect } from '#domain/face/estimation';
import {
  areaOf,
  intersectionOf,
  overlaps,
  scaleOf,
  squareToPicture,
  suppressOverlaps,
  transformPoint,
} from '#domain/face/geometry';
import type { DetectedFace, DetectorModel } from '../models/model.ts';
import type { Pyramid } from '../sampling/pyramid.ts';
import type { Look } from './look.ts';

/** Finds the faces of a picture; everything in its pixels. Best score first. */
export interface Detector {
  detect(pyramid: Pyramid, settings: DetectionSettings): Promise<DetectedFace[]>;
  /** Once more with black around the picture: finds the face that fills it. For when `detect` has found none. */
  detectPadded(pyramid: Pyramid, settings: DetectionSettings): Promise<DetectedFace[]>;
}

export interface DetectionSettings {
  readonly lowestScore: number;
  /** Look at four overlapping parts too: finds faces from 2 % of the picture's width on instead of 3 %. */
  readonly tiles: boolean;
}

const sameFace = { overUnion: 0.3, overSmaller: 0.7 };
/** A face wider than this part of the picture may be cut off: it is looked at again with black around the picture. */
const largeFace = 0.62;
const padding = 0.35;
const tileOverlap = 0.25;
/** Pixels of the detector's input that count as its border. */
const borderPixels = 2;

/** A part of the picture as a square, and whether its borders are inside the picture. */
interface View {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  readonly inner: boolean;
}

function wholeView({ width, height }: Pyramid, scale: number): View {
  return { centreX: (width - 1) / 2, centreY: (height - 1) / 2, side: Math.max(width, height) * scale, inner: false };
}

function paddedView(pyramid: Pyramid): View {
  return wholeView(pyramid, 1 + 2 * padding);
}

/** 2x2 squares that overlap by a quarter. */
function tileViews({ width, height }: Pyramid): View[] {
  const part = 1 / (2 - tileOverlap);
  const [tileWidth, tileHeight] = [width * part, height * part];
  const side = Math.max(tileWidth, tileHeight);
  return [0, 1].flatMap((row) =>
    [0, 1].map((column) => ({
      centreX: tileWidth / 2 + column * (width - tileWidth) - 0.5,
      centreY: tileHeight / 2 + row * (height - tileHeight) - 0.5,
      side,
      inner: true,
    })),
  );
}

export function createDetector(look: Look, model: DetectorModel): Detector {
  /** A face that is cut by the border of a view is seen whole by another one. */
  const isCut = (
    { x, y, width, height }: Rect,
    view: View,
    { width: pictureWidth, height: pictureHeight }: Pyramid,
  ) => {
    const [left, top] = [view.centreX - view.side / 2, view.centreY - view.side / 2];
    const margin = (borderPixels * view.side) / model.side;
    return (
      (left > 0 && x < left + margin) ||
      (top > 0 && y < top + margin) ||
      (left + view.side < pictureWidth && x + width > left + view.side - margin) ||
      (top + view.side < pictureHeight && y + height > top + view.side - margin)
    );
  };

  const detectIn = async (pyramid: Pyramid, view: View, lowestScore: number): Promise<DetectedFace[]> => {
    const toPicture = squareToPicture({ ...view, angle: 0 }, model.side);
    const scale = scaleOf(toPicture);
    const place = (point: Point): Point => transformPoint(toPicture, point);
    const faces = (await look(model, pyramid, toPicture)).filter(({ score }) => score >= lowestScore);
    const placed = faces.map(({ rect, score, leftEye, rightEye }) => {
      const [x, y] = place([rect.x, rect.y]);
      return {
        rect: { x, y, width: rect.width * scale, height: rect.height * scale },
        score,
        leftEye: place(leftEye),
        rightEye: place(rightEye),
      };
    });
    return suppressOverlaps(placed, sameFace).filter(({ rect }) => !view.inner || !isCut(rect, view, pyramid));
  };

  return {
    async detect(pyramid, { lowestScore, tiles }) {
      let faces = await detectIn(pyramid, wholeView(pyramid, 1), lowestScore);
      const longSide = Math.max(pyramid.width, pyramid.height);
      if (faces.some(({ rect }) => Math.max(rect.width, rect.height) > largeFace * longSide)) {
        // A large face is seen better with black around it; a small one in the closer view.
        const padded = await detectIn(pyramid, paddedView(pyramid), lowestScore);
        faces = [
          ...padded,
          ...faces.filter(({ rect }) => !padded.some((better) => overlaps(rect, better.rect, sameFace))),
        ];
      }
      if (tiles) {
        for (const view of tileViews(pyramid)) faces = [...faces, ...(await detectIn(pyramid, view, lowestScore))];
        faces = suppressOverlaps(faces, sameFace);
      }
      return visible(faces, pyramid);
    },
    async detectPadded(pyramid, { lowestScore }) {
      return visible(await detectIn(pyramid, paddedView(pyramid), lowestScore), pyramid);
    },
  };
}

/** Without what lies outside the picture altogether. Best score first. */
function visible(faces: readonly DetectedFace[], { width, height }: Pyramid): DetectedFace[] {
  const picture = { x: 0, y: 0, width, height };
  return faces.filter(({ rect }) => areaOf(intersectionOf(rect, picture)) > 0).sort((a, b) => b.score - a.score);
}
