import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { yunetOutputs } from '../../../engine/inference/models/detector.yunet.ts';
import { sessionOptions } from '../../../engine/inference/networks.ts';
import { goldenInput } from '../../../engine/inference/packs/check-networks.ts';
import type { PackManifest } from '../../../engine/inference/packs/manifest.ts';
import { type PackDescription, writePack } from '../../models/write-pack.ts';

const goldenSeed = 7;
const goldenValues = 50;
const apache = { name: 'Apache-2.0', file: 'LICENSE.txt' };
const licence = readFileSync(new URL('../../../LICENSE', import.meta.url));
const rgb255 = (values: readonly [number, number, number]): [number, number, number] => [
  values[0] * 255,
  values[1] * 255,
  values[2] * 255,
];

/** Golden vector by the network itself: proves the pack's way through installation, not the network. */
async function goldenOf(file: string, network: PackManifest['networks'][number], feeding: PackManifest['feeding']) {
  const session = await InferenceSession.create(file, sessionOptions({ executionProvider: 'cpu', intraOpThreads: 1 }));
  const data = goldenInput(goldenSeed, feeding);
  const results = await session.run({ [network.input.name]: new Tensor('float32', data, network.input.shape) });
  const outputs = Object.fromEntries(
    Object.keys(network.outputs).map((name) => {
      const all = results[name]?.data as Float32Array;
      const step = Math.max(1, Math.floor(all.length / goldenValues));
      const indices = Array.from({ length: Math.ceil(all.length / step) }, (_, i) => i * step);
      return [name, { indices, values: indices.map((i) => all[i] as number) }];
    }),
  );
  await session.release();
  return [{ network: network.id, seed: goldenSeed, outputs, tolerance: 1e-3 }];
}

async function writeSingle(
  dir: string,
  file: string,
  key: KeyObject,
  network: Omit<PackManifest['networks'][number], 'file'>,
  description: Omit<PackDescription, 'networks' | 'golden' | 'licence'>,
): Promise<void> {
  const whole = { ...network, file: 'network.onnx' };
  const golden = await goldenOf(file, whole, description.feeding);
  const contents = { 'network.onnx': readFileSync(file), 'LICENSE.txt': licence };
  writePack(dir, { ...description, licence: apache, networks: [whole], golden }, contents, key);
}

/** YuNet of libfacedetection with an input of `side` pixels. */
export function writeYunetPack(dir: string, modelsDir: string, side: 320 | 640, key: KeyObject): Promise<void> {
  const outputs = Object.entries(yunetOutputs(side)).map(([name, length]): [string, number[]] => {
    const values = name.startsWith('bbox') ? 4 : name.startsWith('kps') ? 10 : 1;
    return [name, [1, length / values, values]];
  });
  return writeSingle(
    dir,
    join(modelsDir, `yunet_n_${side}.onnx`),
    key,
    { id: 'yunet', input: { name: 'input', shape: [1, 3, side, side] }, outputs: Object.fromEntries(outputs) },
    {
      name: `yunet-${side}`,
      version: '1.0.0',
      kind: 'detector',
      recipe: 'yunet',
      title: `YuNet, ${side} pixels`,
      origin: 'https://github.com/ShiqiYu/libfacedetection.train',
      feeding: { side, colour: 'bgr', mean: [0, 0, 0], deviation: [1, 1, 1], crop: 'letterbox', decode: 'yunet' },
    },
  );
}

/** MobileFaceNet of foamliu: 128 values, compared by cosine. */
export function writeMobileFaceNetPack(dir: string, modelsDir: string, key: KeyObject): Promise<void> {
  return writeSingle(
    dir,
    join(modelsDir, 'mobilefacenet_foamliu.onnx'),
    key,
    { id: 'mobilefacenet', input: { name: 'input0', shape: [1, 3, 112, 112] }, outputs: { output0: [1, 128] } },
    {
      name: 'mobilefacenet',
      version: '1.0.0',
      kind: 'descriptor',
      recipe: 'arcface-112',
      title: 'MobileFaceNet',
      origin: 'https://github.com/foamliu/MobileFaceNet',
      feeding: {
        side: 112,
        colour: 'rgb',
        mean: rgb255([0.485, 0.456, 0.406]),
        deviation: rgb255([0.229, 0.224, 0.225]),
        crop: 'arcface-112',
        decode: 'unit-vector',
      },
      // Cosines of different people: mean 0.006, deviation 0.10. A normal tail puts one false match in 10^4 at 0.378 and
      // one in 10^6 at 0.480, which LP5 wants at the similarities 0.75 and 0.9.
      descriptor: { version: 20_100, length: 128, similarity: { slope: 10.8, offset: -2.98 } },
    },
  );
}
