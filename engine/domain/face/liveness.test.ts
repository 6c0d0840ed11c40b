import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contextPatch, judgeLiveness, livenessFrom, livenessQuality, undeterminedLiveness } from './liveness.ts';

const picture = { width: 640, height: 480 };
const straight = { yaw: 0, pitch: 0 };
const rect = { x: 260, y: 180, width: 100, height: 120 };

const liveness = suite('liveness rules');

liveness('the patch is the box grown about its centre, the aspect kept', () => {
  assert.equal(contextPatch(rect, picture, 2), { left: 210, top: 120, right: 410, bottom: 360 });
});

liveness('a patch that leaves the picture is moved inside, not cut', () => {
  const corner = contextPatch({ ...rect, x: 2, y: 1 }, picture, 2);
  assert.equal(corner, { left: 0, top: 0, right: 200, bottom: 240 });
  const other = contextPatch({ ...rect, x: 539, y: 359 }, picture, 2);
  assert.equal(other, { left: 439, top: 239, right: 639, bottom: 479 });
});

liveness('where the picture is too small the patch takes as much as there is', () => {
  const patch = contextPatch({ x: 200, y: 100, width: 240, height: 300 }, picture, 2.7);
  assert.equal([patch.top, patch.bottom], [0, 479]);
  assert.ok(patch.left >= 0 && patch.right <= 639);
});

liveness('no box makes a patch outside the picture', () => {
  for (const x of [-300, -20, 0, 600, 900]) {
    for (const size of [0.5, 1, 40, 479, 2000]) {
      const { left, top, right, bottom } = contextPatch({ x, y: x / 2, width: size, height: size }, picture, 4);
      assert.ok(left >= 0 && top >= 0 && right <= 639 && bottom <= 479 && left <= right && top <= bottom);
    }
  }
});

liveness('too little context, a small face and a turned one cannot be told', () => {
  const scene = { rect, pose: straight, picture };
  assert.is(livenessQuality(scene), 100 / 120);
  assert.is(livenessQuality({ ...scene, picture: { width: 150, height: 175 } }), null);
  assert.is(livenessQuality({ ...scene, rect: { x: 300, y: 200, width: 59, height: 70 } }), null);
  // 118 pixels of 1280 are 59 of 640.
  const large = { width: 1280, height: 960 };
  assert.is(livenessQuality({ ...scene, rect: { ...rect, width: 118 }, picture: large }), null);
  assert.is(livenessQuality({ ...scene, pose: { yaw: -36, pitch: 0 } }), null);
  assert.is(livenessQuality({ ...scene, pose: { yaw: 0, pitch: 36 } }), null);
});

liveness('half of the wanted context lowers the quality, but not below the usual threshold', () => {
  const quality = livenessQuality({ rect: { x: 200, y: 60, width: 240, height: 300 }, pose: straight, picture });
  assert.ok(quality !== null && quality > 0.5 && quality < 0.6);
});

liveness('between 0.4 and 0.6 the networks are undecided, and no threshold makes that real', () => {
  assert.is(livenessFrom(0.61, 1).prediction, 'real');
  assert.is(livenessFrom(0.39, 1).prediction, 'spoof');
  for (const probability of [0.4, 0.5, 0.6]) {
    assert.is(livenessFrom(probability, 1).prediction, 'unknown');
    assert.is(judgeLiveness({ probability, quality: 1 }, { liveness: 0, quality: 0 }).prediction, 'unknown');
  }
});

liveness('what is no probability is no estimate', () => {
  for (const probability of [-0.1, 1.1, 7, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(livenessFrom(probability, 1), undeterminedLiveness);
  }
});

liveness('quality decides first, then the threshold; what was not estimated is unknown', () => {
  const predictionOf = (probability: number | null, quality: number | null) =>
    judgeLiveness({ probability, quality }, { liveness: 0.7, quality: 0.5 }).prediction;
  assert.is(predictionOf(0.9, 0.4), 'unknown');
  assert.is(predictionOf(0.9, 0.5), 'real');
  assert.is(predictionOf(0.7, 0.5), 'real');
  assert.is(predictionOf(0.69, 0.5), 'spoof');
  assert.is(predictionOf(0.39, 0.5), 'spoof');
  assert.is(predictionOf(null, null), 'unknown');
});

liveness.run();
