import { type DescriptorVersion, defaultDescriptorVersion } from './descriptor.ts';

/**
 * Every descriptor version that can be compared, with its calibration. LP5 7.5: similarity is a logistic of the vector
 * score, so that unrelated people land near 0 and the same person near 1 whatever the network.
 */
const knownVersions = new Map<number, DescriptorVersion>([
  [
    defaultDescriptorVersion,
    {
      version: defaultDescriptorVersion,
      name: 'dlib-resnet-128',
      length: 128,
      metric: 'euclidean',
      // Fitted on 78 pairs of one person and 1,933 pairs of different ones (105 photographs: pairs of the deepface test
      // set, 20 television crops, face-api's group photographs). The distances of different people have mean 0.850 and
      // deviation 0.084; a normal tail puts one false match in 10^4 at a distance of 0.538 and one in 10^6 at 0.451,
      // which LP5 wants at the similarities 0.75 and 0.9. Too few pairs to see such rates: the nearest of the 1,933
      // stands at 0.548 (0.73), 4 are below 0.58, which is more than the normal tail has. Of the same person's pairs
      // 95 % reach 0.75 and 81 % reach 0.9; their median is 0.94.
      similarity: { slope: 12.6, offset: 7.88 },
    },
  ],
]);

/** Grows only while the appliance is put together, by the descriptor packs that are installed. */
export const descriptorVersions: ReadonlyMap<number, DescriptorVersion> = knownVersions;

/**
 * Makes the version of a model pack known, before anything compares. A number means one network for as long as the
 * process lives: another calibration or length under a known number is an error.
 */
export function knowDescriptorVersion(version: DescriptorVersion): void {
  const known = knownVersions.get(version.version);
  // Another release of a pack may bring the same network under another name.
  if (known && JSON.stringify({ ...known, name: '' }) !== JSON.stringify({ ...version, name: '' })) {
    throw new Error(`descriptor version ${version.version} is already that of '${known.name}'`);
  }
  if (!known) knownVersions.set(version.version, version);
}

/**
 * Similarity 0..1, rounded to 6 digits, of a vector score (-distance or cosine, by the version's metric). A descriptor and
 * itself get what the curve gives there, 0.999622 with the embedded network, and not LP5's 1: to stretch the curve would
 * move the similarities that stand for false match rates, most with packs whose curve is flat.
 */
export function similarityOf(version: DescriptorVersion, score: number): number {
  const { slope, offset } = version.similarity;
  return Math.round(1e6 / (1 + Math.exp(-(slope * score + offset)))) / 1e6;
}

/** The lowest vector score whose similarity reaches `threshold`; -Infinity for 0 and below. Inverse of `similarityOf`. */
export function scoreAt(version: DescriptorVersion, threshold: number): number {
  if (threshold <= 0) return Number.NEGATIVE_INFINITY;
  const { slope, offset } = version.similarity;
  const bounded = Math.min(threshold, 1 - 1e-9);
  return (Math.log(bounded / (1 - bounded)) - offset) / slope;
}

/** The vector score of two vectors in f64: -euclidean distance or cosine. The reference the matcher must agree with. */
export function exactScore(version: DescriptorVersion, a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  let distanceSquared = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
    distanceSquared += (x - y) * (x - y);
  }
  if (version.metric === 'euclidean') return -Math.sqrt(distanceSquared);
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
