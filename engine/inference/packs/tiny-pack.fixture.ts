/** For tests: small model packs, made with the ONNX writer of the build. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PackDescription, writePack } from '../../../build/models/write-pack.ts';
import { createOnnxGraph } from '../../../build/networks/onnx.ts';
import { entriesOf, type MadeEntry } from './archive/archive.fixture.ts';
import { goldenInput } from './check-networks.ts';
import type { PackManifest } from './manifest.ts';
import type { TrustedKey } from './signature.ts';

const side = 16;
const usualSlope = 0.05;
/** Blue, green, red. */
const feeding: PackManifest['feeding'] = {
  side,
  colour: 'bgr',
  mean: [10, 20, 30],
  deviation: [2, 2, 2],
  crop: 'context',
  decode: 'living-of-three',
};

export interface Maker {
  readonly privateKey: KeyObject;
  readonly trusted: TrustedKey;
}

export function createMaker(name = 'maker'): Maker {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, trusted: { name, key: publicKey } };
}

/** Probabilities by the mean of each colour plane: softmax of `slope` times the means. `logits`: before the softmax. */
export function tinyOnnx(answer: 'probabilities' | 'logits', slope = usualSlope): Uint8Array {
  const graph = createOnnxGraph('tiny');
  const input = graph.input('input', [1, 3, side, side]);
  const means = graph.node('GlobalAveragePool', [input], [1, 3, 1, 1]);
  const flat = graph.node('Reshape', [means, graph.integers([1, 3])], [1, 3]);
  const scaled = graph.node('Mul', [flat, graph.floats([1], Float32Array.of(slope))], [1, 3]);
  const softmax = graph.node('Softmax', [scaled], [1, 3], { axis: 1 });
  graph.output('probabilities', answer === 'logits' ? scaled : softmax);
  return graph.toBytes();
}

/** What the network gives for these planes, worked out here: [attack by print, living, attack by screen]. */
export function tinyProbabilities(planes: Float32Array, slope = usualSlope): number[] {
  const powers = planeMeans(planes).map((mean) => Math.exp(slope * mean));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Of the three planes of a network's input. */
export function planeMeans(planes: Float32Array): number[] {
  const area = planes.length / 3;
  return [0, 1, 2].map((channel) => {
    const plane = planes.subarray(channel * area, (channel + 1) * area);
    return plane.reduce((sum, value) => sum + value, 0) / area;
  });
}

export const tinyContents = (answer: 'probabilities' | 'logits' = 'probabilities'): Record<string, Uint8Array> => ({
  'tiny.onnx': tinyOnnx(answer),
  'LICENSE.txt': Buffer.from('Do what you like.'),
});

export function tinyDescription(): PackDescription {
  return {
    name: 'tiny',
    version: '1.0.0',
    kind: 'liveness',
    recipe: 'silent-face',
    title: 'A network for tests',
    origin: 'this test',
    licence: { name: 'none', file: 'LICENSE.txt' },
    networks: [
      {
        id: 'tiny',
        file: 'tiny.onnx',
        input: { name: 'input', shape: [1, 3, side, side] },
        outputs: { probabilities: [1, 3] },
        context_scale: 2.7,
      },
    ],
    feeding,
    golden: [1, 2].map((seed) => ({
      network: 'tiny',
      seed,
      outputs: { probabilities: { values: tinyProbabilities(goldenInput(seed, feeding)) } },
      tolerance: 1e-4,
    })),
  };
}

/** 48 means of a face chip, 16 of blue, of green, of red: a descriptor of sorts. */
export function tinyDescriptor(version: number): {
  description: PackDescription;
  contents: Record<string, Uint8Array>;
} {
  const graph = createOnnxGraph('means');
  const input = graph.input('input', [1, 3, 112, 112]);
  const pooled = graph.node('AveragePool', [input], [1, 3, 4, 4], { kernel_shape: [28, 28], strides: [28, 28] });
  graph.output('vector', graph.node('Reshape', [pooled, graph.integers([1, 48])], [1, 48]));
  const chip: PackManifest['feeding'] = {
    side: 112,
    colour: 'bgr',
    mean: [10, 20, 30],
    deviation: [1, 1, 1],
    crop: 'arcface-112',
    decode: 'unit-vector',
  };
  const planes = goldenInput(3, chip);
  let corner = 0;
  for (let y = 0; y < 28; y++) for (let x = 0; x < 28; x++) corner += (planes[y * 112 + x] as number) / 28 ** 2;
  const description: PackDescription = {
    ...tinyDescription(),
    name: 'means',
    kind: 'descriptor',
    recipe: 'arcface-112',
    networks: [
      {
        id: 'means',
        file: 'means.onnx',
        input: { name: 'input', shape: [1, 3, 112, 112] },
        outputs: { vector: [1, 48] },
      },
    ],
    feeding: chip,
    descriptor: { version, length: 48, similarity: { slope: 10, offset: -3 } },
    golden: [{ network: 'means', seed: 3, outputs: { vector: { indices: [0], values: [corner] } }, tolerance: 0.01 }],
  };
  return { description, contents: { 'means.onnx': graph.toBytes(), 'LICENSE.txt': Buffer.from('Do what you like.') } };
}

/** The files of a small pack, as entries of an archive. */
export function tinyPackEntries(
  privateKey: KeyObject,
  change: Partial<PackDescription> = {},
  contents: Record<string, Uint8Array> = tinyContents(),
): MadeEntry[] {
  const dir = makeFolder();
  writePack(dir, { ...tinyDescription(), ...change }, contents, privateKey);
  return entriesOf(dir);
}

let root: string | undefined;

/** A folder that goes when the test ends. */
function makeFolder(): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'perigee-pack-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  return mkdtempSync(join(root, 'pack-'));
}

/** Writes a pack into a folder of its own and returns that. */
export function writeTinyPack(
  maker: Maker | null,
  change: Partial<PackDescription> = {},
  contents: Record<string, Uint8Array> = tinyContents(),
): string {
  const dir = makeFolder();
  writePack(dir, { ...tinyDescription(), ...change }, contents, maker?.privateKey);
  return dir;
}
