import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PackDescription } from '../../../build/models/write-pack.ts';
import { workerUrl } from '../inference.ts';
import { PackError } from './pack-error.ts';
import { createPackStore } from './pack-store.ts';
import { type CheckNetworks, createNetworkCheck } from './run-check.ts';
import { signManifest } from './signature.ts';
import { createMaker, tinyContents, tinyDescription, tinyDescriptor, writeTinyPack } from './tiny-pack.fixture.ts';

const maker = createMaker();
const stranger = createMaker('stranger');
const folder = mkdtempSync(join(tmpdir(), 'perigee-packs-'));
let allowUnsigned = false;
let runs = 0;
const runNetworks = createNetworkCheck(workerUrl);
/** `check`: the real one takes a process of its own; where the files decide, counting is enough. */
const open = (name: string, check: CheckNetworks = async () => void runs++) =>
  createPackStore({
    dir: join(folder, name),
    trust: () => ({ keys: [maker.trusted], allowUnsigned }),
    check,
  });
const store = open('installed');

async function refusalOf(job: Promise<unknown>): Promise<string> {
  try {
    await job;
  } catch (error) {
    assert.instance(error, PackError);
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

/** Nothing is installed, and nothing half of it is left. */
async function isRefused(dir: string, reason: RegExp, check?: CheckNetworks): Promise<void> {
  const untouched = open('untouched', check);
  assert.match(await refusalOf(untouched.install(dir)), reason);
  assert.equal(await untouched.list(), []);
  try {
    if (!check) assert.equal(readdirSync(join(folder, 'untouched')), []);
  } catch (error) {
    assert.is((error as { code?: string }).code, 'ENOENT');
  }
}

const described = (change: Partial<PackDescription>): string => writeTinyPack(maker, change);
const [network] = tinyDescription().networks;
const [golden] = tinyDescription().golden;
if (!network || !golden) throw new Error('the fixture has no network');

/** Changes the text of the manifest and signs it again: a pack whose maker is trusted and wrong. */
function resigned(change: (text: string) => string): string {
  const dir = described({});
  const text = Buffer.from(change(readFileSync(join(dir, 'manifest.json'), 'utf8')));
  writeFileSync(join(dir, 'manifest.json'), text);
  writeFileSync(join(dir, 'manifest.sig'), signManifest(text, maker.privateKey));
  return dir;
}

const packs = suite('model packs');
packs.after(() => rmSync(folder, { recursive: true }));

packs('a sound pack is verified, installed once, listed and opened', async () => {
  const dir = described({});
  assert.is((await store.verify(dir)).signedBy, 'maker');
  assert.equal(await store.list(), []);
  const before = runs;
  assert.is((await store.install(dir)).manifest.name, 'tiny');
  assert.is(runs, before + 1);
  await store.install(dir);
  const [only, ...others] = await store.list();
  assert.equal([only?.id, only?.problem, others.length], ['tiny-1.0.0', null, 0]);
  const opened = await store.open('tiny-1.0.0');
  assert.is(opened.dir, join(folder, 'installed', 'tiny-1.0.0'));
  const files = ['LICENSE.txt', 'manifest.json', 'manifest.sig', 'tiny.onnx'];
  assert.equal(readdirSync(opened.dir).sort(), files);
});

packs('another pack of the same name and version is refused, the installed one stays', async () => {
  assert.match(await refusalOf(store.install(described({ title: 'another' }))), /already installed/);
  assert.is((await store.open('tiny-1.0.0')).manifest.title, 'A network for tests');
});

packs(
  'an installed file that is damaged later is found when the pack is opened, and mended by installing',
  async () => {
    const file = join(folder, 'installed', 'tiny-1.0.0', 'tiny.onnx');
    const bytes = readFileSync(file);
    bytes[40] = (bytes[40] as number) ^ 1;
    writeFileSync(file, bytes);
    assert.match(await refusalOf(store.open('tiny-1.0.0')), /'tiny.onnx' is damaged/);
    await store.install(described({}));
    assert.is((await store.open('tiny-1.0.0')).manifest.name, 'tiny');
  },
);

packs('a signature that is missing or damaged is mended by installing; one that is there stays', async () => {
  const file = join(folder, 'installed', 'tiny-1.0.0', 'manifest.sig');
  const signature = readFileSync(file, 'utf8');
  for (const damage of [() => truncateSync(file, 5), () => rmSync(file)]) {
    damage();
    assert.match(await refusalOf(store.open('tiny-1.0.0')), /no Ed25519 signature|is not signed/);
    await store.install(described({}));
    assert.is(readFileSync(file, 'utf8'), signature);
    await store.open('tiny-1.0.0');
  }
  allowUnsigned = true;
  await store.install(writeTinyPack(null));
  allowUnsigned = false;
  assert.is(readFileSync(file, 'utf8'), signature);
});

packs('a pack is removed; names that lead elsewhere are not', async () => {
  await store.install(described({ version: '2.0.0' }));
  assert.is(await store.remove('tiny-2.0.0'), true);
  assert.is(await store.remove('tiny-2.0.0'), false);
  assert.is(await store.remove('../installed'), false);
  assert.match(await refusalOf(store.open('../installed')), /no name of a pack/);
});

packs('unsigned packs are refused unless the setting allows them, wrong signatures always', async () => {
  const unsigned = writeTinyPack(null);
  await isRefused(unsigned, /not signed/);
  await isRefused(writeTinyPack(stranger), /not made by a trusted key/);
  const changed = described({});
  appendFileSync(join(changed, 'manifest.json'), ' ');
  const garbled = described({});
  writeFileSync(join(garbled, 'manifest.sig'), 'not a signature');
  allowUnsigned = true;
  try {
    assert.is((await store.verify(unsigned)).signedBy, null);
    await isRefused(writeTinyPack(stranger), /not made by a trusted key/);
    await isRefused(changed, /not made by a trusted key/);
    await isRefused(garbled, /no Ed25519 signature/);
  } finally {
    allowUnsigned = false;
  }
});

packs('a changed, short, missing or linked file is refused', async () => {
  const changed = described({});
  const bytes = readFileSync(join(changed, 'tiny.onnx'));
  bytes[9] = (bytes[9] as number) ^ 1;
  writeFileSync(join(changed, 'tiny.onnx'), bytes);
  await isRefused(changed, /'tiny.onnx' is damaged \(wrong sha256\)/);
  const short = described({});
  truncateSync(join(short, 'tiny.onnx'), 100);
  await isRefused(short, /has 100 bytes instead of/);
  const missing = described({});
  rmSync(join(missing, 'LICENSE.txt'));
  await isRefused(missing, /'LICENSE.txt' is missing/);
  const linked = described({});
  rmSync(join(linked, 'LICENSE.txt'));
  symlinkSync('/etc/hostname', join(linked, 'LICENSE.txt'));
  await isRefused(linked, /'LICENSE.txt' is a link/);
  const folderless = join(folder, 'nothing');
  await isRefused(folderless, /no manifest.json/);
});

packs('names that lead out of the pack are refused', async () => {
  for (const name of ['../tiny.onnx', '/etc/passwd', 'a/b.onnx', '.hidden', '..', 'a\\\\b', '']) {
    await isRefused(
      resigned((text) => text.replaceAll('"tiny.onnx"', `"${name}"`)),
      /manifest.json: .*(file name|Invalid)/,
    );
  }
  await isRefused(
    resigned((text) => text.replace('"name": "tiny"', '"name": "../tiny"')),
    /manifest.json: name/,
  );
});

packs('what is too large is refused before it is read', async () => {
  const dir = resigned((text) => text.replace(/"size_bytes": \d+/, '"size_bytes": 9000000000'));
  await isRefused(dir, /manifest.json: files/);
  const large = described({});
  writeFileSync(join(large, 'manifest.json'), Buffer.alloc(1024 * 1024 + 1, 32));
  await isRefused(large, /larger than 1048576 bytes/);
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}.txt`, Buffer.from('x')]));
  await isRefused(writeTinyPack(maker, {}, { ...tinyContents(), ...many }), /at most 16 files/);
});

packs('a manifest that is none, or of another form, is refused with the member', async () => {
  await isRefused(
    resigned(() => 'not json'),
    /not JSON/,
  );
  await isRefused(
    resigned((text) => text.replace('"silent-face"', '"magic"')),
    /manifest.json: recipe/,
  );
  await isRefused(
    resigned((text) => text.replace('"format": 1', '"format": 2')),
    /manifest.json: format/,
  );
  await isRefused(
    resigned((text) => text.replace('"title"', '"titel"')),
    /manifest.json/,
  );
});

packs('a manifest that contradicts itself is refused', async () => {
  const cases: [Partial<PackDescription>, RegExp][] = [
    [{ licence: { name: 'MIT', file: 'COPYING' } }, /licence.file 'COPYING'/],
    [{ kind: 'detector' }, /has kind 'liveness'/],
    [{ feeding: { ...tinyDescription().feeding, crop: 'letterbox' } }, /has crop 'context'/],
    [{ feeding: { ...tinyDescription().feeding, side: 32 } }, /input must be \[1,3,32,32\]/],
    [{ networks: [{ ...network, file: 'other.onnx' }] }, /'other.onnx' is not among the files/],
    [{ networks: [{ ...network, outputs: { probabilities: [1, 4] } }] }, /one output of 3 values/],
    [{ networks: [network, network] }, /same id/],
    [{ golden: [{ ...golden, network: 'other' }] }, /no golden vector/],
    [{ golden: [{ ...golden, tolerance: 1 }] }, /proves nothing/],
    [{ descriptor: { version: 20_100, length: 48, similarity: { slope: 1, offset: 0 } } }, /liveness pack has none/],
  ];
  for (const [change, reason] of cases) await isRefused(described(change), reason);
});

packs('the networks of a sound pack are run on their golden vectors', async () => {
  assert.is((await open('run', runNetworks).install(described({}))).manifest.name, 'tiny');
});

packs('a pack whose networks are not what it says is refused after they were run', async () => {
  const values = golden.outputs['probabilities']?.values ?? [];
  const wrong = { probabilities: { values: values.map((value, i) => value + (i - 1) * 0.001) } };
  const renamed = { ...golden, outputs: { answer: { values } } };
  const outputs = { answer: [1, 3] };
  const input = { ...network.input, name: 'picture' };
  const junk = { ...tinyContents(), 'tiny.onnx': Buffer.from('no network at all') };
  await Promise.all([
    isRefused(
      described({ golden: [golden, { ...golden, outputs: wrong }] }),
      /instead of .*golden vector of seed 1/,
      runNetworks,
    ),
    isRefused(described({ networks: [{ ...network, input }] }), /no float input 'picture'/, runNetworks),
    isRefused(
      described({ networks: [{ ...network, outputs }], golden: [renamed] }),
      /no float output 'answer'/,
      runNetworks,
    ),
    isRefused(writeTinyPack(maker, {}, junk), /network 'tiny' cannot be loaded/, runNetworks),
  ]);
});

packs('two descriptor packs cannot give one version number two meanings', async () => {
  const { description, contents } = tinyDescriptor(20_150);
  await store.install(writeTinyPack(maker, description, contents));
  const same = writeTinyPack(maker, { ...description, name: 'release', version: '1.0.1' }, contents);
  assert.is((await store.verify(same)).manifest.version, '1.0.1');
  const similarity = { slope: 11, offset: -3 };
  for (const change of [
    { descriptor: { version: 20_150, length: 48, similarity } },
    { feeding: { ...description.feeding, colour: 'rgb' as const } },
  ]) {
    const rival = writeTinyPack(maker, { ...description, ...change, name: 'rival' }, contents);
    assert.match(await refusalOf(store.install(rival)), /version 20150 is already that of the pack 'means-1.0.0'/);
  }
  await isRefused(
    writeTinyPack(
      maker,
      { ...description, descriptor: { ...description.descriptor, version: 20_001 } as never },
      contents,
    ),
    /manifest.json: descriptor.version/,
  );
});

packs('a broken pack in the data directory is listed with its problem', async () => {
  const dir = join(folder, 'installed', 'means-1.0.0');
  truncateSync(join(dir, 'manifest.sig'), 0);
  const broken = (await store.list()).find(({ id }) => id === 'means-1.0.0');
  assert.match(broken?.problem ?? '', /no Ed25519 signature/);
});

packs('what a crash left is swept away by the next installation', async () => {
  const left = join(folder, 'installed', '.incoming-crashed');
  mkdirSync(left);
  utimesSync(left, 0, 0);
  await store.verify(described({ version: '3.0.0' }));
  assert.not.ok(readdirSync(join(folder, 'installed')).includes('.incoming-crashed'));
});

packs.run();
