import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pixels } from '../../../engine/inference/decode/pixels.ts';

/** The peer `@vladmandic/human` in TensorFlow.js (WebAssembly, SIMD, one thread): detection, mesh, descriptor. */
const folder = resolve('dist/bench/tensorflow');
const packages = ['tfjs-core', 'tfjs-converter', 'tfjs-backend-wasm'].map((name) => `@tensorflow/${name}@4.22.0`);

/** Whether TensorFlow.js is there; with `install` it is fetched by npm into `dist/`. */
export function findTensorFlow(install: boolean): boolean {
  if (install && !existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
    execFileSync('npm', ['install', '--prefix', folder, ...options, ...packages], { stdio: 'inherit' });
  }
  return existsSync(`${folder}/node_modules/@tensorflow/tfjs-backend-wasm`);
}

interface Human {
  tf: { tensor(values: Uint8Array, shape: number[], type: 'int32'): { dispose(): void } };
  load(): Promise<void>;
  detect(input: unknown): Promise<{ face: { embedding?: number[] }[]; error?: string }>;
}

/** What the peer needs for one picture. Its answer is the number of faces with a descriptor. */
export async function createHuman(): Promise<(pixels: Pixels) => Promise<number>> {
  const modules = `${folder}/node_modules`;
  const require = createRequire(import.meta.url);
  // Its build for Node looks for TensorFlow.js like any CommonJS module: this is where it is.
  process.env['NODE_PATH'] = modules;
  (require('node:module') as { _initPaths(): void })._initPaths();
  // It asks for its networks by fetch, which knows no files.
  const fetchElsewhere = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = String(input);
    return url.startsWith('file:') ? new Response(readFileSync(fileURLToPath(url))) : fetchElsewhere(input, init);
  };
  const { Human: HumanClass } = require(resolve('node_modules/@vladmandic/human/dist/human.node-wasm.js')) as {
    Human: new (config: unknown) => Human;
  };
  const off = { enabled: false };
  const human = new HumanClass({
    backend: 'wasm',
    wasmPath: `${modules}/@tensorflow/tfjs-backend-wasm/dist/`,
    modelBasePath: `file://${resolve('node_modules/@vladmandic/human/models')}/`,
    // Every picture anew, as ours does.
    cacheSensitivity: 0,
    filter: off,
    face: {
      enabled: true,
      detector: { rotation: true, maxDetected: 10, skipFrames: 0, skipTime: 0 },
      mesh: { enabled: true },
      description: { enabled: true, skipFrames: 0, skipTime: 0 },
      ...{ iris: off, emotion: off, antispoof: off, liveness: off },
    },
    ...{ body: off, hand: off, object: off, gesture: off, segmentation: off },
  });
  await human.load();
  return async ({ data, width, height }) => {
    const tensor = human.tf.tensor(data, [1, height, width, 3], 'int32');
    try {
      const { face, error } = await human.detect(tensor);
      if (error) throw new Error(error);
      return face.filter(({ embedding }) => embedding?.length).length;
    } finally {
      tensor.dispose();
    }
  };
}
