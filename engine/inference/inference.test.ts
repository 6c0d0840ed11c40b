import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { detectionOnly } from '#domain/face/estimation';
import { isLunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../build/kernels/compile.ts';
import { prepareNetworks } from '../../build/networks/prepare.ts';
import { missingLibrary } from './device.ts';
import { createInference } from './inference.ts';

const networksDir = 'dist/networks';
await prepareNetworks({ outDir: networksDir, onProgress: () => {} });
const kernels = await prepareKernels({ outDir: 'dist', name: 'sampling' });
const photo = readFileSync('node_modules/@vladmandic/face-api/demo/sample6.jpg');
const described = { ...detectionOnly, descriptor: true };
const log = createLog('silent');
const folder = mkdtempSync(join(tmpdir(), 'perigee-inference-'));

async function failure(job: Promise<unknown>): Promise<Error> {
  return job.then(
    () => {
      throw new Error('did not fail');
    },
    (error: Error) => error,
  );
}

const inference = suite('inference');
inference.after(() => rmSync(folder, { recursive: true }));

inference('pictures are estimated on worker threads, bad ones are refused one by one', async () => {
  const port = createInference({ kernels, networksDir, log, workers: 2, device: 'cpu', maxBytes: 1_000_000 });
  await port.start();
  try {
    assert.is(port.device().chosen, 'cpu');
    const [one, broken, two, large] = await Promise.all([
      port.estimate(photo, described),
      failure(port.estimate(photo.subarray(0, 50_000), described)),
      port.estimate(photo, { ...described, warp: true, exif: true }),
      failure(port.estimate(new Uint8Array(1_000_001), described)),
    ]);
    assert.is(one.faces.length, 4);
    assert.equal(two.faces[0]?.descriptor?.vector, one.faces[0]?.descriptor?.vector);
    assert.ok(two.faces[0]?.warpJpeg instanceof Uint8Array);
    assert.ok(isLunaError(broken, 'ImageConversion'));
    assert.ok(isLunaError(large, 'BodyTooLarge'));
    assert.equal(port.stats(), { workers: 2, running: 0, waiting: 0 });
  } finally {
    await port.stop();
  }
});

inference('a picture that takes longer than allowed is refused, and its worker is replaced', async () => {
  const port = createInference({ kernels, networksDir, log, workers: 1, device: 'cpu', timeoutMs: 5 });
  await port.start();
  try {
    for (let i = 0; i < 2; i++) {
      assert.ok(isLunaError(await failure(port.estimate(photo, described)), 'RequestTimeout'));
    }
  } finally {
    await port.stop();
  }
});

inference('a damaged network is named at the start', async () => {
  const copy = join(folder, 'damaged');
  cpSync(networksDir, copy, { recursive: true });
  const path = join(copy, 'iris.onnx');
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0x40;
  writeFileSync(path, bytes);
  const port = createInference({ kernels, networksDir: copy, log, workers: 1, device: 'cpu' });
  assert.match((await failure(port.start())).message, /iris\.onnx is damaged/);
});

inference('a folder without networks is named at the start', async () => {
  const port = createInference({ kernels, networksDir: folder, log, workers: 1, device: 'cpu' });
  assert.match((await failure(port.start())).message, /manifest\.json cannot be read/);
});

inference('a device that was asked for and is not there is an error at the start', async () => {
  const absent = (['cuda', 'tensorrt', 'webgpu'] as const).find((name) => missingLibrary(name));
  assert.ok(absent, 'this machine lacks at least one accelerator');
  const port = createInference({ kernels, networksDir, log, workers: 1, device: absent });
  assert.match((await failure(port.start())).message, `The inference device '${absent}' cannot be used`);
});

inference.run();
