import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaceEstimate, Point } from './estimation.ts';
import {
  allChecks,
  type CheckedFace,
  checkFace,
  type FaceCheckName,
  faceCheckNames,
  needsOf,
  undecidableChecks,
} from './face-checks.ts';

/** A 400 x 520 portrait: eyes at y 200, 100 apart around the middle; chin 160 below, ears 240 apart. */
function portrait(more: Partial<FaceEstimate> = {}, picture: Partial<CheckedFace['picture']> = {}): CheckedFace {
  const landmarks68: Point[] = Array.from({ length: 68 }, () => [200, 250]);
  landmarks68[0] = [80, 210];
  landmarks68[16] = [320, 210];
  landmarks68[8] = [200, 360];
  return {
    face: {
      rect: { x: 90, y: 120, width: 220, height: 260 },
      detectionScore: 1,
      landmarks5: [
        [150, 200],
        [250, 200],
        [200, 250],
        [170, 300],
        [230, 300],
      ],
      landmarks68,
      headPose: { yaw: 1, pitch: -2, roll: 5.4 },
      emotions: null,
      gaze: { yaw: 0, pitch: 1 },
      eyes: {
        left: { state: 'open', irisLandmarks: [], eyelidLandmarks: [] },
        right: { state: 'open', irisLandmarks: [], eyelidLandmarks: [] },
      },
      mouth: { score: 1, opened: 0.1, smile: 0.1, occluded: null },
      quality: { light: 0.9, dark: 0.9, blurriness: 0.9, illumination: 0.9, specularity: 0.9 },
      basicAttributes: null,
      liveness: null,
      descriptor: null,
      warpJpeg: null,
      ...more,
    },
    picture: { width: 400, height: 520, format: 'jpeg', sizeBytes: 60_000, ...picture },
  };
}
const checkOf = (facts: CheckedFace, name: FaceCheckName) =>
  checkFace(facts, new Map([[name, allChecks.get(name) ?? {}]])).checks[0];

const test = suite('face checks');

test('a good portrait passes every check', () => {
  const { status, checks } = checkFace(portrait(), allChecks);
  assert.equal(
    checks.filter(({ result }) => result === 0),
    [],
  );
  assert.is(status, 1);
  assert.is(checks.length, faceCheckNames.length);
});

test('roll 5.4 passes and 9 fails, and the status is the AND of the results', () => {
  const plan = new Map([
    ['head_roll', { min: -8, max: 8 }],
    ['head_yaw', { min: -5, max: 5 }],
  ] as const);
  assert.equal(checkFace(portrait(), plan).status, 1);
  const turned = checkFace(portrait({ headPose: { yaw: 0, pitch: 0, roll: 9 } }), plan);
  assert.equal(turned, {
    status: 0,
    checks: [
      { name: 'head_roll', object_value: 9, threshold_value: { min: -8, max: 8 }, result: 0 },
      { name: 'head_yaw', object_value: 0, threshold_value: { min: -5, max: 5 }, result: 1 },
    ],
  });
});

test('geometry is measured as the standard defines it', () => {
  const facts = portrait();
  for (const [name, value] of [
    ['eye_distance', 100],
    ['head_horizontal_center', 0.5],
    ['head_vertical_center', 0.385],
    ['head_width', 0.6],
    ['head_height', 0.615],
    ['aspect_ratio', 0.769],
    ['face_width', 220],
    ['indent_left', 90],
    ['indent_right', 90],
    ['indent_upper', 120],
    ['indent_lower', 140],
    ['image_format', 'JPEG'],
  ] as const) {
    assert.is(checkOf(facts, name)?.object_value, value, name);
  }
});

test('each check fails alone', () => {
  const bad: readonly [FaceCheckName, CheckedFace][] = [
    ['image_format', portrait({}, { format: 'bmp' })],
    ['image_size', portrait({}, { sizeBytes: 100 })],
    ['image_width', portrait({}, { width: 100 })],
    ['head_pitch', portrait({ headPose: { yaw: 0, pitch: 20, roll: 0 } })],
    ['gaze_yaw', portrait({ gaze: { yaw: -30, pitch: 0 } })],
    ['mouth_open', portrait({ mouth: { score: 1, opened: 0.9, smile: 0, occluded: null } })],
    ['mouth_smiling', portrait({ mouth: { score: 1, opened: 0, smile: 0.9, occluded: null } })],
    ['indent_left', portrait({ rect: { x: 3, y: 120, width: 220, height: 260 } })],
    [
      'blurriness_quality',
      portrait({ quality: { light: 1, dark: 1, blurriness: 0.2, illumination: 1, specularity: 1 } }),
    ],
  ];
  for (const [name, facts] of bad) assert.is(checkOf(facts, name)?.result, 0, name);
});

test('what could not be measured is null and does not pass', () => {
  const blind = portrait({ headPose: null, gaze: null, eyes: null, mouth: null, quality: null, landmarks68: null });
  for (const name of ['head_yaw', 'gaze_pitch', 'left_eye', 'mouth_open', 'dark_quality', 'head_width'] as const) {
    assert.equal([checkOf(blind, name)?.object_value, checkOf(blind, name)?.result], [null, 0], name);
  }
});

test('only what the checks need is asked of the networks', () => {
  assert.equal(
    [
      ...needsOf(
        new Map([
          ['head_yaw', {}],
          ['face_width', {}],
        ]),
      ),
    ],
    ['headPose'],
  );
  assert.is(needsOf(allChecks).size, 6);
});

test('a check is either decided or named as undecidable', () => {
  assert.not(undecidableChecks.some((name) => faceCheckNames.includes(name as unknown as FaceCheckName)));
});

test.run();
