import { descriptorVersions } from '../descriptor/similarity.ts';
import type { BasicAttributes, Descriptor, Emotions, FaceEstimate, Liveness } from './estimation.ts';
import { emotionNames } from './estimation.ts';
import { judgeLiveness, type LivenessThresholds } from './liveness.ts';

/**
 * One estimate of several pictures of one person (LP5 3.7). Class estimates are means of the single ones, the
 * predominant class is the greatest mean, ages are means, gender is by the mean probability. What no picture had is null,
 * and the estimate of one picture is its own.
 */
export interface AggregateEstimate {
  basicAttributes: BasicAttributes | null;
  emotions: Emotions | null;
  liveness: Liveness | null;
  descriptor: Descriptor | null;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value): value is T => value !== null);
}

function meanBasicAttributes(all: readonly BasicAttributes[]): BasicAttributes | null {
  if (all.length === 0) return null;
  const maleProbability = mean(all.map((one) => one.maleProbability));
  return { age: Math.round(mean(all.map(({ age }) => age))), gender: maleProbability > 0.5 ? 1 : 0, maleProbability };
}

function meanEmotions(all: readonly Emotions[]): Emotions | null {
  if (all.length === 0) return null;
  return Object.fromEntries(emotionNames.map((name) => [name, mean(all.map((one) => one[name]))])) as Emotions;
}

/**
 * Means over the pictures that have a probability and enough quality, judged as one picture is; `unknown` when none has.
 * Then the means are over those that have a probability at all.
 */
function meanLiveness(all: readonly Liveness[], thresholds: LivenessThresholds): Liveness | null {
  if (all.length === 0) return null;
  const estimated = all.filter(({ probability }) => probability !== null);
  const good = estimated.filter(({ quality }) => quality === null || quality >= thresholds.quality);
  const counted = good.length > 0 ? good : estimated;
  const meanOf = (values: readonly number[]): number | null => (values.length > 0 ? mean(values) : null);
  return judgeLiveness(
    {
      probability: meanOf(present(counted.map(({ probability }) => probability))),
      quality: meanOf(present(counted.map(({ quality }) => quality))),
    },
    thresholds,
  );
}

/**
 * Mean vector of descriptors of one version: that of the last one, because another one may have come into use between two
 * pictures. Cosine versions: mean of the unit vectors, made a unit vector again;
 * euclidean versions: plain mean, because their lengths carry meaning. The score is the mean of the scores.
 */
export function meanDescriptor(all: readonly Descriptor[]): Descriptor | null {
  const version = all.at(-1)?.version;
  const same = all.filter((one) => one.version === version);
  const [first] = same;
  if (first === undefined || same.length === 1) return first ?? null;
  const cosine = descriptorVersions.get(first.version)?.metric === 'cosine';
  const sum = new Float64Array(first.vector.length);
  for (const { vector } of same) {
    const scale = cosine ? 1 / (Math.hypot(...vector) || 1) : 1;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (vector[i] as number) * scale;
  }
  const divisor = cosine ? Math.hypot(...sum) || 1 : same.length;
  const vector = Float32Array.from(sum, (value) => value / divisor);
  return { version: first.version, vector, score: mean(same.map(({ score }) => score)) };
}

/** `faces` are of one person, one per picture. */
export function aggregate(
  faces: readonly Pick<FaceEstimate, 'basicAttributes' | 'emotions' | 'liveness' | 'descriptor'>[],
  thresholds: LivenessThresholds,
): AggregateEstimate {
  return {
    basicAttributes: meanBasicAttributes(present(faces.map(({ basicAttributes }) => basicAttributes))),
    emotions: meanEmotions(present(faces.map(({ emotions }) => emotions))),
    liveness: meanLiveness(present(faces.map(({ liveness }) => liveness)), thresholds),
    descriptor: meanDescriptor(present(faces.map(({ descriptor }) => descriptor))),
  };
}
