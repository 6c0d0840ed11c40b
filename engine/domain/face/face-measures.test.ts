import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { descriptorScoreOf } from '../descriptor/descriptor-score.ts';
import type { Point } from './estimation.ts';
import { type EyeContour, eyeAspectRatio, eyeOf, gazeOf } from './eyes.ts';
import { chipSize, chipToPicture, chipToWarp, warpToPicture } from './face-template.ts';
import { transformPoint } from './geometry.ts';
import { headPoseOf } from './head-pose.ts';
import { landmarks68Points, type Mesh, meshPointCount } from './mesh.ts';
import { mouthOf } from './mouth.ts';

/** Where the measured points of an upright face lie, in pixels; all others are at the origin. */
const places: Readonly<Record<number, readonly [number, number, number]>> = {
  33: [60, 100, 0],
  133: [88, 102, 0],
  362: [112, 102, 0],
  263: [140, 100, 0],
  2: [100, 145, -20],
  10: [100, 50, 0],
  152: [100, 200, 0],
  61: [80, 165, 0],
  291: [120, 165, 0],
  234: [50, 120, 0],
  454: [150, 120, 0],
  127: [52, 100, 0],
  356: [148, 100, 0],
  78: [84, 165, 0],
  308: [116, 165, 0],
  13: [100, 164, 0],
  14: [100, 165, 0],
};

function meshOf(move: (point: readonly [number, number, number]) => readonly [number, number, number]): Mesh {
  const points = new Float32Array(meshPointCount * 3);
  for (const [index, place] of Object.entries(places)) points.set(move(place), Number(index) * 3);
  return { points, faceScore: 1 };
}

const upright = meshOf((place) => place);
const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const [cos, sin] = [Math.cos(radians(20)), Math.sin(radians(20))];

const measures = suite('face measures');

measures('the head pose is told by the axis about which a face was turned', () => {
  const resting = headPoseOf(upright);
  assert.ok(Math.abs(resting.yaw) < 1e-6 && Math.abs(resting.roll) < 1e-6);
  // About the upright axis: the face's right end goes away from the camera, so the face looks to the right.
  const turned = headPoseOf(meshOf(([x, y, z]) => [x * cos - z * sin, y, x * sin + z * cos]));
  assert.ok(Math.abs(turned.yaw - 20) < 1 && Math.abs(turned.pitch - resting.pitch) < 1);
  // About the line of the ears: the chin comes nearer, so the face looks up.
  const raised = headPoseOf(meshOf(([x, y, z]) => [x, y * cos + z * sin, -y * sin + z * cos]));
  assert.ok(Math.abs(raised.pitch - resting.pitch - 20) < 1 && Math.abs(raised.yaw) < 1);
  // In the plane of the picture, clockwise.
  const leaning = headPoseOf(meshOf(([x, y, z]) => [x * cos - y * sin, x * sin + y * cos, z]));
  assert.ok(Math.abs(leaning.roll - 20) < 1e-3);
});

function eyeContour(left: number, opening: number, irisShift: number, irisDrop = 0): EyeContour {
  const eyelid: Point[] = [
    [left, 100],
    [left + 10, 100 - opening / 2],
    [left + 20, 100 - opening / 2],
    [left + 30, 100],
    [left + 20, 100 + opening / 2],
    [left + 10, 100 + opening / 2],
  ];
  const centre: Point = [left + 15 + irisShift, 100 + irisDrop];
  return {
    eyelid,
    irisCentre: centre,
    irisEdge: [
      [centre[0] + 5, centre[1]],
      [centre[0], centre[1] - 5],
      [centre[0] - 5, centre[1]],
      [centre[0], centre[1] + 5],
    ],
  };
}

measures('an eye is open or closed by the ratio of its lids', () => {
  assert.ok(Math.abs(eyeAspectRatio(eyeContour(0, 9, 0).eyelid) - 0.3) < 1e-9);
  assert.is(eyeOf(eyeContour(0, 9, 0)).state, 'open');
  assert.is(eyeOf(eyeContour(0, 3, 0)).state, 'closed');
  assert.is(eyeAspectRatio(Array.from({ length: 6 }, (): Point => [1, 1])), 0, 'a collapsed contour is closed');
});

measures('the iris has 32 points on its circle', () => {
  const { irisLandmarks } = eyeOf(eyeContour(0, 9, 2));
  assert.is(irisLandmarks.length, 32);
  for (const [x, y] of irisLandmarks) assert.ok(Math.abs(Math.hypot(x - 17, y - 100) - 5) < 1e-9);
});

measures('the gaze follows the head, and the irises on top of it', () => {
  const head = { yaw: 10, pitch: -5, roll: 0 };
  const ahead = gazeOf(eyeContour(0, 9, 0), eyeContour(60, 9, 0), head);
  assert.equal([Math.round(ahead.yaw), Math.round(ahead.pitch)], [10, -5]);
  const aside = gazeOf(eyeContour(0, 9, 4), eyeContour(60, 9, 4), head);
  assert.ok(aside.yaw > 25 && Math.round(aside.pitch) === -5, 'irises to the right');
  const down = gazeOf(eyeContour(0, 9, 0, 3), eyeContour(60, 9, 0, 3), head);
  assert.ok(down.pitch < -15, 'irises low');
});

measures('a mouth opens by the gap of its lips and smiles by its width', () => {
  const closed = mouthOf(upright);
  const opened = mouthOf(meshOf((place) => (place === places[14] ? [100, 185, 0] : place)));
  assert.ok(closed.opened < 0.1 && opened.opened > 0.9);
  const smiling = mouthOf(
    meshOf((place) => {
      if (place === places[61]) return [66, 158, 0];
      return place === places[291] ? [134, 158, 0] : place;
    }),
  );
  assert.ok(closed.smile < 0.4 && smiling.smile > 0.9);
  assert.is(closed.occluded, null);
});

measures('chip and face sample are one alignment: a point of the chip is the same point of the sample', () => {
  for (const corner of [
    [0, 0],
    [chipSize, 0],
    [75, 100],
  ] as const) {
    const byChip = transformPoint(chipToPicture(upright), corner);
    const byWarp = transformPoint(warpToPicture(upright), transformPoint(chipToWarp, corner));
    assert.ok(Math.hypot(byChip[0] - byWarp[0], byChip[1] - byWarp[1]) < 1e-3);
  }
});

measures('a descriptor scores less for a small, blurred or doubtful face', () => {
  assert.is(descriptorScoreOf(upright, 1, 0.9), 1);
  assert.is(descriptorScoreOf(upright, null, 0.9), 1, 'a face sample has no detector score');
  assert.ok(descriptorScoreOf(upright, 0.6, 0.9) < 0.8);
  assert.ok(descriptorScoreOf(upright, 1, 0.1) < 0.25);
  const small = meshOf(([x, y, z]) => [x / 8, y / 8, z / 8]);
  assert.ok(descriptorScoreOf(small, 1, 0.9) < 0.3);
  assert.is(descriptorScoreOf({ ...upright, faceScore: 0 }, 1, 0.9), 0);
});

measures('the 68 landmarks are 68 different points of the mesh', () => {
  assert.is(new Set(landmarks68Points).size, 68);
  assert.ok(landmarks68Points.every((index) => index < meshPointCount));
});

measures.run();
