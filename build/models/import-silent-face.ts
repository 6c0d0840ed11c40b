import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from '../networks/lock.ts';
import { buildSilentFace, silentFaceSide } from './silent-face-graph.ts';
import { readTorchFile } from './torch-file.ts';
import { writePack } from './write-pack.ts';

/** The two files of the original, and how many times its box each network sees of the face. */
export const silentFaceSources = [
  {
    id: 'minifasnet-v2',
    file: '2.7_80x80_MiniFASNetV2.pth',
    sha256: 'a5eb02e1843f19b5386b953cc4c9f011c3f985d0ee2bb9819eea9a142099bec0',
    scale: 2.7,
  },
  {
    id: 'minifasnet-v1se',
    file: '4_0_0_80x80_MiniFASNetV1SE.pth',
    sha256: '84ee1d37d96894d5e82de5a57df044ef80a58be2b218b5ed7cdfd875ec2f5990',
    scale: 4,
  },
] as const;

const origin = 'https://github.com/minivision-ai/Silent-Face-Anti-Spoofing';
const notice = `The networks of this pack were converted from minivision's Silent-Face-Anti-Spoofing
(${origin}, resources/anti_spoof_models),
which its authors publish under the Apache License 2.0. The weights are unchanged; the batch normalisations are folded
into the convolutions.

`;

interface GoldenFile {
  tolerance: number;
  cases: { network: string; seed: number; probabilities: number[] }[];
}

function readSource(folder: string, { file, sha256 }: (typeof silentFaceSources)[number]): Uint8Array {
  const path = join(folder, file);
  if (!existsSync(path)) {
    throw new Error(`${path} is missing. Download it from ${origin} (resources/anti_spoof_models), then try again.`);
  }
  const bytes = readFileSync(path);
  if (sha256Of(bytes) !== sha256) {
    throw new Error(`${path} is damaged or another release: its sha256 is not ${sha256}. Download it again.`);
  }
  return bytes;
}

/** Writes the liveness pack made of the two `.pth` files in `folder` into `packDir`. Throws an error that names the file. */
export function importSilentFace(folder: string, packDir: string, privateKey: KeyObject): void {
  const golden = JSON.parse(readFileSync(new URL('./silent-face.golden.json', import.meta.url), 'utf8')) as GoldenFile;
  const licence = readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8');
  const contents: Record<string, Uint8Array> = { 'LICENSE.txt': Buffer.from(notice + licence) };
  for (const source of silentFaceSources) {
    contents[`${source.id}.onnx`] = buildSilentFace(source.id, readTorchFile(readSource(folder, source))).toBytes();
  }
  writePack(
    packDir,
    {
      name: 'silent-face',
      version: '1.0.0',
      kind: 'liveness',
      recipe: 'silent-face',
      title: 'Passive liveness: MiniFASNet V2 and V1SE of Silent-Face-Anti-Spoofing',
      origin,
      licence: { name: 'Apache-2.0', file: 'LICENSE.txt' },
      networks: silentFaceSources.map(({ id, scale }) => ({
        id,
        file: `${id}.onnx`,
        input: { name: 'input', shape: [1, 3, silentFaceSide, silentFaceSide] },
        outputs: { probabilities: [1, 3] },
        context_scale: scale,
      })),
      feeding: {
        side: silentFaceSide,
        colour: 'bgr',
        mean: [0, 0, 0],
        deviation: [1, 1, 1],
        crop: 'context',
        decode: 'living-of-three',
      },
      golden: golden.cases.map(({ network, seed, probabilities }) => ({
        network,
        seed,
        outputs: { probabilities: { values: probabilities } },
        tolerance: golden.tolerance,
      })),
    },
    contents,
    privateKey,
  );
}
