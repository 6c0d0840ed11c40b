import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultDescriptorVersion } from './descriptor.ts';
import { descriptorVersions, exactScore, scoreAt, similarityOf } from './similarity.ts';

const version = descriptorVersions.get(defaultDescriptorVersion);
if (!version) throw new Error('no default version');
const similarity = suite('similarity');

similarity('equal vectors are as good as 1, the distances of strangers are near 0', () => {
  assert.ok(similarityOf(version, 0) > 0.999);
  assert.ok(similarityOf(version, -0.85) < 0.1);
});

similarity('the calibrated distances have the similarities of LP5: 1 in 10^4 at 0.75, 1 in 10^6 at 0.9', () => {
  assert.ok(Math.abs(similarityOf(version, -0.538) - 0.75) < 0.01);
  assert.ok(Math.abs(similarityOf(version, -0.451) - 0.9) < 0.01);
});

similarity('a threshold and its score are each other’s inverse', () => {
  for (const threshold of [0.01, 0.5, 0.75, 0.9, 0.999]) {
    assert.ok(Math.abs(similarityOf(version, scoreAt(version, threshold)) - threshold) < 1e-5);
  }
  assert.is(scoreAt(version, 0), Number.NEGATIVE_INFINITY);
});

similarity('the score is the negative distance, or the cosine', () => {
  const [a, b] = [Float32Array.of(3, 0), Float32Array.of(0, 4)];
  assert.is(exactScore(version, a, b), -5);
  assert.is(exactScore({ ...version, metric: 'cosine' }, a, Float32Array.of(6, 0)), 1);
  assert.is(exactScore({ ...version, metric: 'cosine' }, a, b), 0);
});

similarity.run();
