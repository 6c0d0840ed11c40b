import { type ListCheck, own, type RangeCheck, rounded } from './check.ts';

const mesh = 'MediaPipe FaceMesh (Kartynnik et al. 2019)';
const iris = 'MediaPipe Iris (Ablavatski et al. 2020)';

const head = (name: 'yaw' | 'pitch' | 'roll', limit: number, formula: string): RangeCheck => ({
  kind: 'range',
  threshold: { min: -limit, max: limit },
  needs: ['headPose'],
  unit: 'degrees',
  formula: `${formula}; null for face samples`,
  source: `${own}, from the points of ${mesh}`,
  measure: ({ face }) => rounded(face.headPose?.[name]),
});

const gaze = (name: 'yaw' | 'pitch'): RangeCheck => ({
  kind: 'range',
  threshold: { min: -5, max: 5 },
  needs: ['gaze'],
  unit: 'degrees',
  formula: `${name} of the head and the mean turn of both eyeballs: arcsine of the way of the iris from the middle of the lid corners, over 0.4 of their distance`,
  source: `${own}, from the points of ${iris}; radius of an eyeball 12 mm, lid opening 30 mm`,
  measure: ({ face }) => rounded(face.gaze?.[name]),
});

const mouth = (name: 'opened' | 'smile', formula: string): RangeCheck => ({
  kind: 'range',
  threshold: { max: 0.5 },
  needs: ['mouth'],
  unit: '0..1',
  formula,
  source: `${own}, from the points of ${mesh}`,
  measure: ({ face }) => rounded(face.mouth?.[name]),
});

const eye = (side: 'left' | 'right'): ListCheck => ({
  kind: 'list',
  values: ['open', 'closed', 'occluded'],
  threshold: ['open'],
  needs: ['eyes'],
  unit: 'name',
  formula: `\`closed\` when height over width of the lid opening is below 0.18; ${side} in the picture; \`occluded\` is never answered`,
  source: `eye aspect ratio of Soukupová and Čech 2016, from the points of ${iris}; the 0.18 is our own`,
  measure: ({ face }) => face.eyes?.[side].state ?? null,
});

/** Where a person looks, and with what face. */
export const expressionChecks = {
  head_yaw: head('yaw', 5, 'how far the lines between opposite points of the face lead into the depth'),
  head_pitch: head('pitch', 5, 'how far the line from forehead to chin leads into the depth, 8 degrees being upright'),
  head_roll: head('roll', 8, 'turn of the lines between opposite points of the face in the picture'),
  gaze_yaw: gaze('yaw'),
  gaze_pitch: gaze('pitch'),
  mouth_smiling: mouth(
    'smile',
    'logistic of 22.4 w + 25.6 l - 13.96 with the width w of the mouth and the lift l of its corners over the distance of the outer eye corners',
  ),
  mouth_open: mouth('opened', 'logistic of 40 (g - 0.12) with the gap g of the lips over the inner width of the mouth'),
  left_eye: eye('left'),
  right_eye: eye('right'),
};
