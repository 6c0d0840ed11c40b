import type { Point } from '../estimation.ts';
import { distanceBetween, middleOf } from '../geometry.ts';
import { type CheckedFace, own, type RangeCheck, round } from './check.ts';

function eyePoints({ face }: CheckedFace): readonly [Point, Point] | null {
  const [left, right] = face.landmarks5 ?? [];
  return left && right ? [left, right] : null;
}

/** Point M of ISO/IEC 19794-5: the middle between the eyes. */
function eyeMiddle(facts: CheckedFace): Point | null {
  const eyes = eyePoints(facts);
  return eyes && middleOf(...eyes);
}

/** Points of the 68-landmark scheme (iBUG 300-W), counted from 0: 0 and 16 the jaw at the ears, 8 the chin. */
function landmark({ face }: CheckedFace, index: number): Point | null {
  return face.landmarks68?.[index] ?? null;
}

function headWidth(facts: CheckedFace): number | null {
  const [left, right] = [landmark(facts, 0), landmark(facts, 16)];
  return left && right ? round(distanceBetween(left, right) / facts.picture.width) : null;
}

function headHeight(facts: CheckedFace): number | null {
  const [eyes, chin] = [eyeMiddle(facts), landmark(facts, 8)];
  return eyes && chin ? round((2 * distanceBetween(eyes, chin)) / facts.picture.height) : null;
}

const inPixels = (min: number, formula: string, source: string, measure: RangeCheck['measure']): RangeCheck => ({
  kind: 'range',
  threshold: { min },
  needs: [],
  unit: 'pixels',
  formula,
  source,
  measure,
});

const detector = 'the box of the face detector';
const face = (side: 'width' | 'height'): RangeCheck =>
  inPixels(180, `${side} of the face box`, detector, (facts) => Math.round(facts.face.rect[side]));
const indent = (border: string, measure: (facts: CheckedFace) => number): RangeCheck =>
  inPixels(20, `from the face box to the ${border} border of the picture`, detector, (facts) =>
    Math.round(measure(facts)),
  );

const centre = (threshold: RangeCheck['threshold'], axis: 'x' | 'y', source: string): RangeCheck => ({
  kind: 'range',
  threshold,
  needs: [],
  unit: axis === 'x' ? 'share of the width' : 'share of the height',
  formula: `${axis} of the middle between the eyes`,
  source,
  measure: (facts) => {
    const eyes = eyeMiddle(facts);
    return eyes && round(axis === 'x' ? eyes[0] / facts.picture.width : eyes[1] / facts.picture.height);
  },
});

/** Where the face is in the picture, and how large. */
export const geometryChecks = {
  eye_distance: inPixels(
    90,
    'between the middles of the lid corners',
    'ISO/IEC 19794-5, inter-eye distance',
    (facts) => {
      const eyes = eyePoints(facts);
      return eyes && Math.round(distanceBetween(...eyes));
    },
  ),
  head_horizontal_center: centre({ min: 0.45, max: 0.55 }, 'x', 'ISO/IEC 19794-5, 8.3.2'),
  head_vertical_center: centre({ min: 0.3, max: 0.5 }, 'y', 'ISO/IEC 19794-5, 8.3.3'),
  head_width: {
    kind: 'range',
    threshold: { min: 0.5, max: 0.75 },
    needs: ['landmarks68'],
    unit: 'share of the width',
    formula: 'distance of the jaw points at the ears; null for face samples',
    source: `${own}, from landmarks 0 and 16 of the iBUG 300-W scheme; ISO/IEC 19794-5 measures at the ears`,
    measure: headWidth,
  } satisfies RangeCheck as RangeCheck,
  head_height: {
    kind: 'range',
    threshold: { min: 0.6, max: 0.9 },
    needs: ['landmarks68'],
    unit: 'share of the height',
    formula:
      'twice the distance from the middle between the eyes to the chin, as eyes lie half way between chin and crown; null for face samples',
    source: `${own}: no network of this appliance finds the crown that ISO/IEC 19794-5 measures to`,
    measure: headHeight,
  } satisfies RangeCheck as RangeCheck,
  face_width: face('width'),
  face_height: face('height'),
  indent_left: indent('left', ({ face: { rect } }) => rect.x),
  indent_right: indent('right', ({ face: { rect }, picture }) => picture.width - rect.x - rect.width),
  indent_upper: indent('upper', ({ face: { rect } }) => rect.y),
  indent_lower: indent('lower', ({ face: { rect }, picture }) => picture.height - rect.y - rect.height),
};
