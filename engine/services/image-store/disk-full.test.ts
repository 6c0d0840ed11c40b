import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import type { DiskPort } from '#storage/files';
import { type Answer, openRouteBench } from '../route-bench.ts';
import { createImageStoreRoutes } from './image-store.routes.ts';
import { createImageStore } from './image-store.service.ts';

/**
 * What happens when the disk is full, on a real file system of 12 MiB where one can be mounted (root), and everywhere
 * with a disk that refuses to take more than so many bytes.
 */
const dir = mkdtempSync(join(tmpdir(), 'perigee-full-'));
const mountPoint = join(dir, 'mounted');
mkdirSync(mountPoint);
let mounted = false;
try {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', mountPoint], { stdio: 'ignore' });
  mounted = true;
} catch {
  console.log('no file system can be mounted here: the full disk is simulated only');
}

const noise = Buffer.alloc(250 * 250 * 3);
for (let i = 0; i < noise.length; i++) noise[i] = Math.imul(i, 2654435761) >>> 13;
const jpeg = new Uint8Array(
  await sharp(noise, { raw: { width: 250, height: 250, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer(),
);

const full = suite('a full disk');
full.after(() => {
  if (mounted) execFileSync('umount', [mountPoint]);
  rmSync(dir, { recursive: true, force: true });
});

const filesIn = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

async function fillAndRecover(disk: {
  filesDir: string;
  file: string;
  fill(): void;
  free(): void;
  port?: DiskPort;
}): Promise<void> {
  const bench = openRouteBench(
    (deps) => [createImageStoreRoutes({ images: createImageStore({ ...deps, log: createLog('silent') }) })],
    { file: disk.file, filesDir: disk.filesDir, ...(disk.port ? { disk: disk.port } : {}) },
  );
  const post = (): Promise<Answer> =>
    bench.call('POST', '/samples/faces', { body: jpeg, headers: { 'Content-Type': 'image/jpeg' } });
  const rows = (): number => bench.storage.images.usage().reduce((sum, { images }) => sum + images, 0);
  const stored: string[] = [];
  for (let i = 0; i < 10; i++) stored.push((await post()).body.sample_id);
  disk.fill();
  let refused: Answer | undefined;
  for (let i = 0; i < 400 && !refused; i++) {
    const answer = await post();
    if (answer.status === 201) stored.push(answer.body.sample_id);
    else refused = answer;
  }
  assert.is(refused?.status, 507);
  assert.equal([refused?.body.error_code, Object.keys(refused?.body).length], [19012, 4]);
  for (let i = 0; i < 5; i++) assert.is((await post()).status, 507, 'and it stays clear');
  assert.is(rows(), stored.length, 'a row for every acknowledged sample and no other');
  assert.is(filesIn(disk.filesDir), stored.length, 'a file for every row and nothing half-written');
  for (const id of [stored[0], stored.at(-1)]) {
    assert.equal((await bench.call('GET', `/samples/faces/${id}`)).bytes, jpeg, 'reading goes on');
  }
  for (const id of stored.splice(0, 5)) {
    const { status } = await bench.call('DELETE', `/samples/faces/${id}`);
    assert.is(status, 204, 'removing goes on');
  }
  disk.free();
  const later = await post();
  assert.is(later.status, 201, 'it works again without a restart');
  assert.equal((await bench.call('GET', `/samples/faces/${later.body.sample_id}`)).bytes, jpeg);
  assert.is(rows(), stored.length + 1);
  bench.close();
}

/** A disk that is full once it holds more than so many files: of the next one it takes a beginning only. */
const limitedDisk = (filesDir: string, limit: () => number): DiskPort => ({
  mkdir: async (path) => void mkdirSync(path, { recursive: true }),
  async open(path, flags) {
    const handle = await open(path, flags);
    const write = handle.writeFile.bind(handle);
    handle.writeFile = async (data) => {
      if (filesIn(filesDir) <= limit()) return write(data);
      await write((data as Uint8Array).subarray(0, 1000));
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    return handle;
  },
  rename,
  remove: async (path) => rmSync(path, { force: true }),
});

full('several pictures of one request are stored together or not at all', async () => {
  const filesDir = join(dir, 'several');
  let limit = 2;
  const bench = openRouteBench(
    (deps) => [createImageStoreRoutes({ images: createImageStore({ ...deps, log: createLog('silent') }) })],
    { file: ':memory:', filesDir, disk: limitedDisk(filesDir, () => limit) },
  );
  const post = (): Promise<Answer> => {
    const form = new FormData();
    for (const name of ['a', 'b', 'c']) form.append(name, new Blob([jpeg], { type: 'image/jpeg' }), `${name}.jpg`);
    return bench.call('POST', '/images', { body: form });
  };
  const left = (): number[] => [filesIn(filesDir), ...bench.storage.images.usage().map(({ images }) => images)];
  mkdirSync(filesDir, { recursive: true });
  assert.is((await post()).status, 507);
  assert.equal(left(), [0]);
  limit = 3;
  assert.is((await post()).body.images.length, 3);
  assert.equal(left(), [3, 3]);
  bench.close();
});

full('refuses with 507, keeps what was acknowledged, reads, removes and recovers (simulated)', async () => {
  const filesDir = join(dir, 'simulated');
  let limit = Number.POSITIVE_INFINITY;
  await fillAndRecover({
    file: ':memory:',
    filesDir,
    fill: () => {
      limit = 20;
    },
    free: () => {
      limit = Number.POSITIVE_INFINITY;
    },
    port: limitedDisk(filesDir, () => limit),
  });
});

if (mounted) {
  full('does the same on a real file system of 12 MiB that holds files and database', async () => {
    const ballast = join(mountPoint, 'ballast');
    await fillAndRecover({
      file: join(mountPoint, 'db', 'perigee.db'),
      filesDir: join(mountPoint, 'files'),
      fill: () => writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024)),
      free: () => rmSync(ballast),
    });
  });
}

full.run();
