import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entriesOf, type MadeEntry, tarOf, zipOf } from './archive/archive.fixture.ts';
import { PackError } from './pack-error.ts';
import { createPackStore } from './pack-store.ts';
import { createMaker, writeTinyPack } from './tiny-pack.fixture.ts';

const maker = createMaker();
const folder = mkdtempSync(join(tmpdir(), 'perigee-pack-archives-'));
const open = (name: string) =>
  createPackStore({
    dir: join(folder, name),
    trust: () => ({ keys: [maker.trusted], allowUnsigned: false }),
    check: async () => {},
  });

/** Nothing is installed, and nothing half of it is left. */
async function isRefused(archive: string, reason: RegExp): Promise<void> {
  const error = await open('untouched')
    .install(archive)
    .then(
      () => undefined,
      (thrown: Error) => thrown,
    );
  assert.instance(error, PackError);
  assert.match(error?.message ?? '', reason);
  assert.equal(readdirSync(join(folder, 'untouched')), []);
}

const packs = suite('model packs as archives');
packs.after(() => rmSync(folder, { recursive: true }));

packs(
  'a pack comes as an archive of every kind, with or without a folder in it, and with files that it does not name',
  async () => {
    const dir = writeTinyPack(maker, { version: '4.0.0' });
    const wrap = entriesOf(dir, 'tiny-4.0.0/');
    const readme = { path: 'tiny-4.0.0/README.md', data: Buffer.from('more') };
    const archives = [zipOf(entriesOf(dir)), zipOf([...wrap, readme]), tarOf(wrap), gzipSync(tarOf([readme, ...wrap]))];
    for (const [i, archive] of archives.entries()) {
      const path = join(folder, `pack-${i}`);
      writeFileSync(path, archive);
      const where = open(`from-archive-${i}`);
      assert.is((await where.verify(path)).signedBy, 'maker');
      assert.equal(readdirSync(join(folder, `from-archive-${i}`)), []);
      await where.install(path);
      const { dir: installed } = await where.open('tiny-4.0.0');
      assert.equal(readdirSync(installed).sort(), ['LICENSE.txt', 'manifest.json', 'manifest.sig', 'tiny.onnx']);
    }
  },
);

packs(
  'an archive without manifest, with a changed file, or cut short is refused, and nothing of it is left',
  async () => {
    const archive = (entries: MadeEntry[], share = 1): string => {
      const path = join(folder, 'broken.tgz');
      const bytes = gzipSync(tarOf(entries));
      writeFileSync(path, bytes.subarray(0, Math.ceil(bytes.length * share)));
      return path;
    };
    const entries = entriesOf(writeTinyPack(maker));
    const without = (name: string): MadeEntry[] => entries.filter(({ path }) => path !== name);
    await isRefused(archive(without('manifest.json')), /there is no manifest.json in the archive/);
    await isRefused(archive(without('manifest.sig')), /the pack is not signed/);
    await isRefused(archive(without('tiny.onnx')), /'tiny.onnx' is missing/);
    await isRefused(
      archive([...without('LICENSE.txt'), { path: 'LICENSE.txt', data: Buffer.from('Do what I like.') }]),
      /instead of|damaged/,
    );
    await isRefused(archive(entries, 0.5), /the archive is damaged/);
    writeFileSync(join(folder, 'text.zip'), 'no archive');
    await isRefused(join(folder, 'text.zip'), /is no .zip, .tar or .tar.gz archive/);
  },
);

packs('an upload is there while it is used, and gone afterwards, whatever happens', async () => {
  const uploads = open('uploads');
  const left = () => readdirSync(join(folder, 'uploads'));
  async function* parts(fail?: Error) {
    yield Buffer.from('one ');
    if (fail) throw fail;
    yield Buffer.from('two');
  }
  assert.is(await uploads.withUpload(parts(), async (path) => readFileSync(path, 'utf8')), 'one two');
  assert.equal(left(), []);
  const failing = uploads.withUpload(parts(new Error('the client is gone')), async () => 'used');
  assert.is(await failing.catch((error: Error) => error.message), 'the client is gone');
  assert.equal(left(), []);
});

packs('a start sweeps away what a process that is gone has left, and leaves what another one is at', async () => {
  const dir = join(folder, 'crashed');
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  // Ended, and its parent, which is no shell any more by then, does not ask: what a supervisor that does not reap leaves.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 30']);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const zombie = Number(line.toString());
  while (!readFileSync(`/proc/${zombie}/stat`, 'latin1').includes(') Z')) await setTimeout(5);
  mkdirSync(join(dir, `.incoming-${zombie}-x`), { recursive: true });
  for (const name of [`.incoming-${gone}-x`, `.removed-${process.pid}-x`, `.incoming-${process.ppid}-x`]) {
    mkdirSync(join(dir, name), { recursive: true });
  }
  await open('crashed').sweep();
  parent.kill();
  assert.equal(readdirSync(dir), [`.incoming-${process.ppid}-x`]);
});

packs.run();
