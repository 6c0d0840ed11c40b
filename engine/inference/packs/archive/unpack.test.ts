import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packLimits } from '../manifest.ts';
import { PackError } from '../pack-error.ts';
import { type MadeEntry, tarOf, zipOf } from './archive.fixture.ts';
import { unpackArchive } from './unpack.ts';

const folder = mkdtempSync(join(tmpdir(), 'perigee-archives-'));
let made = 0;

/** Unpacks into a folder of its own, and returns what lies there. */
async function unpack(bytes: Uint8Array): Promise<Record<string, Buffer>> {
  const name = String(made++);
  writeFileSync(join(folder, `${name}.bin`), bytes);
  const target = join(folder, name);
  await unpackArchive(join(folder, `${name}.bin`), target);
  return Object.fromEntries(readdirSync(target).map((file) => [file, readFileSync(join(target, file))]));
}

async function refusalOf(bytes: Uint8Array): Promise<string> {
  try {
    await unpack(bytes);
  } catch (error) {
    assert.instance(error, PackError, (error as Error).stack ?? '');
    return (error as Error).message;
  }
  return 'not refused';
}

const formats: Readonly<Record<string, (entries: readonly MadeEntry[]) => Uint8Array>> = {
  zip: zipOf,
  tar: tarOf,
  'tar.gz': (entries) => gzipSync(tarOf(entries)),
};

const a = { path: 'a.txt', data: Buffer.from('first') };
/** More than any buffer on the way holds, and nothing that packs well. */
const large = Buffer.alloc(3_000_001, 0).map((_, i) => (i * 2_654_435_761) >>> 13);

const archives = suite('archives of model packs');
archives.after(() => rmSync(folder, { recursive: true }));

for (const [name, pack] of Object.entries(formats)) {
  archives(`${name}: files at the top or in the one folder of the archive come out as they went in`, async () => {
    const files = { 'a.txt': a.data, 'b.onnx': large, 'empty.txt': Buffer.alloc(0) };
    for (const prefix of ['', './', 'pack-1.0/', './pack/', 'модель/']) {
      const folders = prefix.length > 2 ? [{ path: prefix, type: '5', mode: 0o40755 }] : [];
      const entries = Object.entries(files).map(([file, data]) => ({ path: prefix + file, data, mode: 0o100644 }));
      assert.equal(await unpack(pack([...folders, ...entries])), files);
    }
  });

  archives(`${name}: what desktops add is passed over`, async () => {
    const clutter = ['__MACOSX/pack/._a.txt', 'pack/.DS_Store', '._pack'].map((path) => ({ path, data: a.data }));
    assert.equal(await unpack(pack([...clutter, { ...a, path: 'pack/a.txt' }])), { 'a.txt': a.data });
  });

  archives(`${name}: names that lead out of the pack, or that no pack has, are refused`, async () => {
    for (const path of ['../a.txt', 'x/../../a.txt', '..', '/etc/passwd', '..\\a.txt', 'pack/..']) {
      assert.match(
        await refusalOf(pack([{ ...a, path }])),
        /leads out|absolute|invalid relative path|a name that no/i,
        path,
      );
    }
    for (const path of [
      '.hidden',
      'pack/.own-key.pem',
      'a b',
      'ü.txt',
      Uint8Array.of(0x61, 0xff, 0xfe),
      'x'.repeat(65),
    ]) {
      assert.match(await refusalOf(pack([{ ...a, path }])), /a name that no file of a pack can have/, String(path));
    }
    assert.match(await refusalOf(pack([{ ...a, path: 'x/y/a.txt' }])), /folder of a folder/);
    assert.match(await refusalOf(pack([{ path: 'x/y/', type: '5' }])), /folder of a folder/);
  });

  archives(`${name}: the same name twice, and files of two folders, are refused`, async () => {
    assert.match(await refusalOf(pack([a, { ...a, data: large }])), /"a.txt" in the archive is there twice/);
    assert.match(await refusalOf(pack([a, { ...a, path: 'x/b.txt' }])), /in another folder/);
    assert.match(
      await refusalOf(
        pack([
          { ...a, path: 'x/a.txt' },
          { ...a, path: 'y/b.txt' },
        ]),
      ),
      /in another folder/,
    );
  });

  archives(`${name}: thousands of tiny entries, files or folders, are refused before they are written`, async () => {
    const files = Array.from({ length: 5000 }, (_, i) => ({ path: `f${i}`, data: Buffer.of(1) }));
    assert.match(await refusalOf(pack(files)), /more than 128 entries/);
    assert.ok(readdirSync(join(folder, String(made - 1))).length <= packLimits.entries);
    const folders = files.map(({ path }) => ({ path: `${path}/`, type: '5' }));
    assert.match(await refusalOf(pack(folders)), /more than 128 entries/);
  });

  archives(`${name}: an archive without files is refused`, async () => {
    assert.match(await refusalOf(pack([])), /empty|is no .zip/);
    assert.match(await refusalOf(pack([{ path: 'pack/', type: '5' }])), /the archive is empty/);
  });

  archives(`${name}: cut anywhere, it is refused or gives whole files only, and never hangs`, async () => {
    const whole = pack([a, { path: 'b.onnx', data: large }, { path: 'c.txt', data: a.data }]);
    for (const share of [0.001, 0.3, 0.7, 0.999]) {
      assert.match(await refusalOf(whole.subarray(0, Math.floor(whole.length * share))), /damaged|no .zip/, `${share}`);
    }
  });

  archives(`${name}: bytes that were changed never end the process`, async () => {
    const whole = Buffer.from(pack([a, { path: 'b.txt', data: large.subarray(0, 2000) }]));
    for (let i = 0; i < whole.length; i += 97) {
      const changed = Buffer.from(whole);
      changed[i] = (changed[i] as number) ^ 0x55;
      await refusalOf(changed);
    }
  });
}

archives('tar: links, devices, pipes and kinds that nobody knows are refused', async () => {
  for (const type of ['1', '2', '3', '4', '6', 'S', 'V', 'Z']) {
    const entry = { path: 'a.txt', type, link: type < '3' ? '/etc/passwd' : '' };
    assert.match(await refusalOf(tarOf([entry])), /is no plain file|damaged/, type);
    assert.match(await refusalOf(tarOf([{ ...a, path: 'b.txt' }, entry, a])), /is no plain file|damaged/, type);
  }
});

archives('zip: links, devices and encrypted files are refused', async () => {
  for (const mode of [0o120777, 0o020666, 0o060666, 0o010644, 0o140755]) {
    assert.match(await refusalOf(zipOf([{ ...a, mode }])), /"a.txt" in the archive is no plain file/);
  }
  assert.match(await refusalOf(zipOf([{ ...a, encrypted: true }])), /is encrypted/);
});

archives('zip: a file that is another size than it says is refused, as soon as it is larger', async () => {
  assert.match(await refusalOf(zipOf([{ path: 'a.txt', data: large, statedBytes: 10 }])), /damaged: .*bytes/);
  assert.match(await refusalOf(zipOf([{ ...a, statedBytes: 10_000 }])), /damaged: .*bytes/);
});

archives('what would be too large when it is unpacked is refused by what it says, before it is unpacked', async () => {
  const statedBytes = packLimits.networkBytes + 1;
  assert.match(await refusalOf(zipOf([{ ...a, statedBytes }])), /is too large/);
  assert.match(await refusalOf(tarOf([{ ...a, statedBytes }])), /is too large/);
});

archives('bytes after the end of a tar are not kept, and an archive in an archive is none', async () => {
  const zeros = Buffer.alloc(50 * 1024 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  assert.equal(await unpack(gzipSync(Buffer.concat([tarOf([a]), zeros]))), { 'a.txt': a.data });
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 * zeros.length);
  assert.match(await refusalOf(gzipSync(gzipSync(tarOf([a])))), /the archive is no tar/);
});

archives('what is no archive is refused by its first bytes, whatever it is called', async () => {
  for (const text of ['', 'hello', `PK${'x'.repeat(600)}`]) {
    assert.match(await refusalOf(Buffer.from(text)), /is no .zip, .tar or .tar.gz archive/);
  }
  assert.match(await refusalOf(gzipSync('no tar inside')), /empty/);
});

archives.run();
