import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Check, CheckedFace, CheckThreshold } from './checks/check.ts';
import { refusedCheckNames, refusedChecks } from './checks/refused-checks.ts';
import type { FaceEstimate, Point, Portrait } from './estimation.ts';
import { allChecks, checkFace, type FaceCheckName, faceCheckNames, faceChecks, needsOf } from './face-checks.ts';

const goodPortrait: Portrait = {
  dynamicRange: 0.85,
  colorType: 'color',
  naturalLight: 1,
  backgroundUniformity: 0.9,
  backgroundLightness: 0.8,
  redEyes: 0,
};

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
      portrait: goodPortrait,
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
  const nothing = { headPose: null, gaze: null, eyes: null, mouth: null, quality: null, landmarks68: null };
  const blind = portrait({ ...nothing, portrait: null });
  for (const name of faceCheckNames.filter((check) => faceChecks[check].needs.length > 0)) {
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
  assert.is(needsOf(allChecks).size, 7);
});

/** Each check of the portrait with a value that fails it. */
const badPortraits: readonly [FaceCheckName, Partial<Portrait>, value: unknown][] = [
  ['dynamic_range', { dynamicRange: 0.49 }, 0.49],
  ['face_color_type', { colorType: 'grayscale' }, 'grayscale'],
  ['natural_light', { naturalLight: 0 }, 0],
  ['background_uniformity', { backgroundUniformity: 0.49 }, 0.49],
  ['background_lightness', { backgroundLightness: 0.98 }, 0.98],
  ['background_lightness', { backgroundLightness: 0.29 }, 0.29],
  ['red_eyes', { redEyes: 1 }, 1],
];
for (const [name, bad, value] of badPortraits) {
  test(`${name} alone makes the status of all checks 0: ${value}, and null`, () => {
    const missing = Object.fromEntries(Object.keys(bad).map((member) => [member, null]));
    for (const [more, found] of [
      [bad, value],
      [missing, null],
    ] as const) {
      const { status, checks } = checkFace(portrait({ portrait: { ...goodPortrait, ...more } }), allChecks);
      assert.is(status, 0);
      assert.equal(
        checks.filter(({ result }) => result === 0).map((check) => [check.name, check.object_value]),
        [[name, found]],
      );
    }
  });
}

test('the checks of the portrait, and no others, need the portrait', () => {
  const ofPortrait = new Set<string>(badPortraits.map(([name]) => name));
  for (const name of faceCheckNames) {
    assert.is(needsOf(new Map([[name, {}]])).has('portrait'), ofPortrait.has(name), name);
  }
});

test('a check of 0 and 1 passes by a list of numbers', () => {
  const passing = (threshold: CheckThreshold): number | undefined =>
    checkFace(portrait(), new Map([['natural_light', threshold]])).checks[0]?.result;
  assert.equal([passing([1]), passing([0, 1]), passing([0])], [1, 1, 0]);
});

test('every check says its unit, its formula and its source', () => {
  for (const name of faceCheckNames) {
    const { unit, formula, source } = faceChecks[name];
    assert.ok(unit && formula && source, name);
    assert.not.match(`${unit}${formula}${source}`, /[|\n]/, name);
  }
});

test('every check with names admits by default only names that it knows', () => {
  for (const name of faceCheckNames) {
    const check: Check = faceChecks[name];
    if (check.kind === 'list')
      assert.ok(
        check.threshold.every((value) => check.values.includes(value)),
        name,
      );
  }
});

test('a check is either decided or refused with a reason of its own', () => {
  assert.not(refusedCheckNames.some((name) => faceCheckNames.includes(name as unknown as FaceCheckName)));
  assert.is(new Set(Object.values(refusedChecks)).size, refusedCheckNames.length);
});

test.run();
