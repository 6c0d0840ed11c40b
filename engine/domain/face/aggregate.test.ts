import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultDescriptorVersion } from '../descriptor/descriptor.ts';
import { aggregate, meanDescriptor } from './aggregate.ts';
import type { Descriptor, Emotions, Liveness } from './estimation.ts';
import { judgeLiveness } from './liveness.ts';

const thresholds = { liveness: 0.5, quality: 0.5 };
const none = { basicAttributes: null, emotions: null, liveness: null, descriptor: null };
const descriptor = (score: number, ...values: number[]): Descriptor => ({
  version: defaultDescriptorVersion,
  vector: Float32Array.of(...values),
  score,
});
const emotions = (anger: number): Emotions => ({
  anger,
  disgust: 0,
  fear: 0,
  happiness: 1 - anger,
  neutral: 0,
  sadness: 0,
  surprise: 0,
});

const test = suite('aggregation');

test('nothing in, nothing out: what no picture had is null', () => {
  assert.equal(aggregate([], thresholds), none);
  assert.equal(aggregate([none, none], thresholds), none);
});

test('one picture is itself', () => {
  const one = {
    basicAttributes: { age: 31, gender: 1, maleProbability: 0.8 } as const,
    emotions: emotions(0.25),
    liveness: { prediction: 'real', probability: 0.9, quality: 1 } as const,
    descriptor: descriptor(0.5, 1, 2),
  };
  assert.equal(aggregate([one], thresholds), one);
});

test('ages are means, the gender follows the mean probability, emotions are means', () => {
  const of = (age: number, maleProbability: number, anger: number) => ({
    ...none,
    basicAttributes: { age, gender: (maleProbability > 0.5 ? 1 : 0) as 0 | 1, maleProbability },
    emotions: emotions(anger),
  });
  const whole = aggregate([of(30, 0.95, 1), of(33, 0.4, 0), of(33, 0.4, 0.5), none], thresholds);
  assert.is(whole.basicAttributes?.age, 32);
  assert.is(whole.basicAttributes?.gender, 1, 'two weak votes for female lose against one strong one for male');
  assert.is(whole.emotions?.anger, 0.5);
});

test('descriptors of a euclidean version are averaged as they are', () => {
  const mean = meanDescriptor([descriptor(0.4, 1, 3), descriptor(0.8, 3, 5)]);
  assert.equal([...(mean?.vector ?? [])], [2, 4]);
  assert.ok(Math.abs((mean?.score ?? 0) - 0.6) < 1e-9);
});

test('descriptors of an older version, from before another one came into use, are left out of the mean', () => {
  const older: Descriptor = { version: 20_500, vector: Float32Array.of(9, 9, 9), score: 0.1 };
  const mean = meanDescriptor([older, descriptor(0.4, 1, 3), descriptor(0.8, 3, 5)]);
  assert.equal([mean?.version, ...(mean?.vector ?? [])], [defaultDescriptorVersion, 2, 4]);
  assert.is(meanDescriptor([descriptor(0.4, 1, 3), older]), older);
});

/** Pictures with these probabilities and qualities, judged one by one, as one estimate. */
function livenessOf(...pictures: (readonly [probability: number | null, quality: number | null])[]): Liveness | null {
  const faces = pictures.map(([probability, quality]) => ({
    ...none,
    liveness: judgeLiveness({ probability, quality }, thresholds),
  }));
  return aggregate(faces, thresholds).liveness;
}

test('liveness of one picture is its own: real, attack, undecided, of too little quality, not estimated', () => {
  for (const [probability, quality, prediction] of [
    [0.9, 0.8, 'real'],
    [0.1, 0.8, 'spoof'],
    [0.55, 0.8, 'unknown'],
    [0.9, 0.3, 'unknown'],
    [null, null, 'unknown'],
  ] as const) {
    assert.equal(livenessOf([probability, quality]), { prediction, probability, quality });
  }
});

test('liveness of several pictures is the mean of those with enough quality, judged as one picture is', () => {
  assert.equal(livenessOf([0.9, 1], [0.7, 0.5], [0, 0.4], [null, null]), {
    prediction: 'real',
    probability: 0.8,
    quality: 0.75,
  });
  // Undecided pictures count, and a mean between the limits is undecided as well.
  assert.equal(livenessOf([0.75, 1], [0.45, 1]), { prediction: 'unknown', probability: 0.6, quality: 1 });
  assert.equal(livenessOf([0.75, 1], [0.5, 1]), { prediction: 'real', probability: 0.625, quality: 1 });
  assert.equal(livenessOf([1, 1], [0, 1]), { prediction: 'unknown', probability: 0.5, quality: 1 });
  assert.equal(livenessOf([0, 1], [0.5, 1]), { prediction: 'spoof', probability: 0.25, quality: 1 });
});

test('liveness of several pictures is unknown, with their means, when none has enough quality', () => {
  assert.equal(livenessOf([1, 0.25], [0.5, 0.125], [null, null]), {
    prediction: 'unknown',
    probability: 0.75,
    quality: 0.1875,
  });
  assert.equal(livenessOf([null, null], [null, null]), { prediction: 'unknown', probability: null, quality: null });
});

test.run();
