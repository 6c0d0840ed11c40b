import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLunaError } from '#kernel/errors';
import { createFiles, type DiskPort } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'perigee-files-'));
const id = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
const rejection = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error) => error,
  );

/** A disk whose call number `failing` throws `code`; the others are real. */
function createFailingDisk(failing: number, code: string): { port: DiskPort; calls: () => number } {
  let calls = 0;
  const step = (): void => {
    calls += 1;
    if (calls === failing) throw Object.assign(new Error(code), { code });
  };
  const port: DiskPort = {
    async mkdir(path) {
      step();
      await mkdir(path, { recursive: true });
    },
    async open(path, flags) {
      step();
      const handle = await open(path, flags);
      for (const name of ['writeFile', 'sync'] as const) {
        const real = handle[name].bind(handle) as (...args: unknown[]) => Promise<void>;
        Object.assign(handle, {
          async [name](...args: unknown[]) {
            try {
              step();
            } catch (error) {
              // A full disk takes the first bytes.
              if (name === 'writeFile') await real(text('ha'));
              throw error;
            }
            await real(...args);
          },
        });
      }
      return handle;
    },
    async rename(from, to) {
      step();
      await rename(from, to);
    },
    remove: (path) => rm(path, { force: true }),
  };
  return { port, calls: () => calls };
}

const files = suite('files');
files.after(() => rmSync(root, { recursive: true, force: true }));

files('a file is read back, replaced, listed, streamed and removed', async () => {
  const store = createFiles(join(root, 'a'));
  await store.put('samples', id, text('one'));
  await store.put('samples', id, text('two'));
  assert.equal(Buffer.from((await store.get('samples', id)) ?? []).toString(), 'two');
  assert.is(await new Response(await store.stream('samples', id)).text(), 'two');
  const listed = [];
  for await (const entry of store.list('samples')) listed.push(entry.id);
  assert.equal(listed, [id]);
  assert.is(await store.remove('samples', id), true);
  assert.is(await store.remove('samples', id), false);
  assert.is(await store.get('samples', id), undefined);
  assert.is(await store.stream('samples', id), undefined);
  for await (const entry of store.list('nothing')) assert.unreachable(entry.id);
});

files('no name leads out of the folder', async () => {
  const store = createFiles(join(root, 'b'));
  for (const bad of ['../../etc/passwd', `../${id}`, `${id}/..`, '', id.toUpperCase(), `${id}\0`]) {
    for (const work of [() => store.put('x', bad, text('')), () => store.get('x', bad), () => store.remove('x', bad)]) {
      assert.ok((await rejection(work())) instanceof Error, bad);
    }
    for (const bucket of ['..', 'a/b', '', '.uploads', 'A']) {
      assert.instance(await rejection(store.get(bucket, id)), TypeError, bucket);
    }
  }
});

files('whichever step of the disk fails, the old file stays whole and nothing is left over', async () => {
  const steps = createFailingDisk(0, '');
  await createFiles(join(root, 'count'), steps.port).put('samples', id, text('x'));
  assert.ok(steps.calls() >= 8, String(steps.calls()));
  for (let failing = 1; failing <= steps.calls(); failing++) {
    const dir = join(root, `fail-${failing}`);
    await createFiles(dir).put('samples', id, text('old'));
    const { port, calls } = createFailingDisk(failing, failing % 2 ? 'ENOSPC' : 'EIO');
    const store = createFiles(dir, port);
    const error = await rejection(store.put('samples', id, text('newer')));
    if (calls() < failing) continue;
    assert.ok(isLunaError(error, failing % 2 ? 'StorageFull' : 'StorageFailed'), `step ${failing}: ${error}`);
    const now = Buffer.from((await store.get('samples', id)) ?? []).toString();
    // The last step only makes the rename durable: the new file is there, whole.
    assert.ok(now === 'old' || now === 'newer', `step ${failing}: ${now}`);
    assert.equal(filesIn(dir), [id], `step ${failing}`);
    await store.put('samples', id, text('later'));
    assert.is(Buffer.from((await store.get('samples', id)) ?? []).toString(), 'later', 'it works again');
  }
});

files('every folder that a first file needs is on the disk, and so is its name in the folder above', async () => {
  const flushed: string[] = [];
  const port: DiskPort = {
    mkdir: async (path) => void (await mkdir(path, { recursive: true })),
    async open(path, flags) {
      if (flags === 'r') flushed.push(path);
      return open(path, flags);
    },
    rename,
    remove: (path) => rm(path, { force: true }),
  };
  const dir = join(root, 'new', 'files');
  await mkdir(join(root, 'new'));
  await createFiles(dir, port).put('samples', id, text('x'));
  for (const folder of [join(root, 'new'), dir, join(dir, 'samples'), join(dir, 'samples', id.slice(0, 3))]) {
    assert.ok(flushed.includes(folder), folder);
  }
  assert.not.ok(flushed.includes(root));
});

files('more writers than there is room for are refused, the others get through', async () => {
  const store = createFiles(join(root, 'many'));
  const ids = Array.from({ length: 300 }, (_, i) => `${id.slice(0, -4)}${String(i).padStart(4, '0')}`);
  const answers = await Promise.all(ids.map((one) => rejection(store.put('samples', one, text(one)))));
  const refused = answers.filter((error) => error !== undefined);
  assert.is(refused.length, 300 - 8 - 256);
  assert.ok(refused.every((error) => isLunaError(error, 'ServiceBusy')));
  assert.is(filesIn(join(root, 'many')).length, 300 - refused.length);
});

files.run();
