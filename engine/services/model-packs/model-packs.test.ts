import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BootSettings } from '#contract/settings/boot-settings';
import { descriptorVersions, knowDescriptorVersion } from '#domain/descriptor/similarity';
import { detectionOnly } from '#domain/face/estimation';
import { createInference } from '#inference/inference';
import { packId } from '#inference/packs/manifest';
import { createPackStore } from '#inference/packs/pack-store';
import { publicKeyText } from '#inference/packs/signature';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { prepareNetworks } from '../../../build/networks/prepare.ts';
import { createMaker, tinyDescriptor, writeTinyPack } from '../../inference/packs/tiny-pack.fixture.ts';
import { createModelPacks } from './model-packs.service.ts';
import { trustOf } from './model-packs.settings.ts';
import { ownKeys, requireOwnKey } from './own-key.ts';

const networksDir = 'dist/networks';
await prepareNetworks({ outDir: networksDir, onProgress: () => {} });
const kernels = await prepareKernels({ outDir: 'dist', name: 'sampling' });
const photo = readFileSync('node_modules/@vladmandic/face-api/demo/sample6.jpg');
const maker = createMaker();
const log = createLog('silent');
const folder = mkdtempSync(join(tmpdir(), 'perigee-model-packs-'));
let made = 0;

function openPacks() {
  const dir = join(folder, String(made++));
  const values = new Map<string, string>();
  const meta = {
    get: (key: string) => values.get(key),
    set: (key: string, value: string): void => void values.set(key, value),
  };
  const store = createPackStore({
    dir,
    trust: () => ({ keys: [maker.trusted], allowUnsigned: false }),
    check: async () => {},
  });
  return { dir, meta, packs: createModelPacks({ store, meta, log }) };
}

async function reasonOf(job: Promise<unknown>): Promise<string> {
  return job.then(
    () => 'not refused',
    (error: Error) => error.message,
  );
}

const models = suite('active model packs');
models.after(() => rmSync(folder, { recursive: true }));

models('one pack per kind is active, by name or by name and version', async () => {
  const { packs } = openPacks();
  await packs.install(writeTinyPack(maker));
  assert.is(packs.changed(), false);
  assert.equal(await packs.wanted(), []);
  assert.is(await packs.activate('tiny'), 'tiny-1.0.0');
  assert.is(packs.changed(), true);
  assert.equal(
    (await packs.wanted()).map(({ manifest }) => packId(manifest)),
    ['tiny-1.0.0'],
  );
  assert.is(packs.changed(), false);
  await packs.install(writeTinyPack(maker, { version: '1.1.0' }));
  assert.match(await reasonOf(packs.activate('tiny')), /several are installed: tiny-1.0.0, tiny-1.1.0/);
  await packs.activate('tiny-1.1.0');
  assert.equal(
    (await packs.wanted()).map(({ manifest }) => packId(manifest)),
    ['tiny-1.1.0'],
  );
  assert.equal(
    (await packs.list()).map(({ id, active }) => [id, active]),
    [
      ['tiny-1.0.0', false],
      ['tiny-1.1.0', true],
    ],
  );
  assert.match(await reasonOf(packs.remove('tiny-1.1.0')), /is active/);
  assert.is(await packs.deactivate('tiny'), 'tiny-1.1.0');
  assert.is(await packs.remove('tiny-1.1.0'), 'tiny-1.1.0');
  assert.match(await reasonOf(packs.deactivate('tiny')), /no pack 'tiny' is active/);
  assert.match(await reasonOf(packs.activate('other')), /no pack 'other' is installed/);
});

models('a broken pack cannot be activated, and the active one stays', async () => {
  const { packs, dir } = openPacks();
  await packs.install(writeTinyPack(maker));
  await packs.install(writeTinyPack(maker, { version: '2.0.0' }));
  await packs.activate('tiny-1.0.0');
  truncateSync(join(dir, 'tiny-2.0.0', 'tiny.onnx'), 10);
  assert.match(await reasonOf(packs.activate('tiny-2.0.0')), /has 10 bytes/);
  assert.equal(
    (await packs.wanted()).map(({ manifest }) => packId(manifest)),
    ['tiny-1.0.0'],
  );
});

models('an active pack that breaks later is left out, with a problem that says why', async () => {
  const { packs, dir } = openPacks();
  await packs.install(writeTinyPack(maker));
  await packs.activate('tiny');
  truncateSync(join(dir, 'tiny-1.0.0', 'LICENSE.txt'), 3);
  assert.equal(await packs.wanted(), []);
  assert.match(packs.problems()[0] ?? '', /model pack 'tiny-1.0.0': 'LICENSE.txt' has 3 bytes/);
});

models(
  'the version of a descriptor pack is known when it is wanted, and keeps its meaning when the pack is gone',
  async () => {
    const { packs } = openPacks();
    const { description, contents } = tinyDescriptor(20_200);
    await packs.install(writeTinyPack(maker, description, contents));
    assert.not(descriptorVersions.has(20_200));
    await packs.activate('means');
    assert.equal((await packs.wanted()).length, 1);
    const version = descriptorVersions.get(20_200);
    assert.equal([version?.name, version?.length, version?.metric], ['means-1.0.0', 48, 'cosine']);
    if (version)
      assert.throws(() => knowDescriptorVersion({ ...version, length: 64 }), /already that of 'means-1.0.0'/);
    await packs.deactivate('means');
    await packs.remove('means');
    const feeding = { ...description.feeding, deviation: [2, 2, 2] as [number, number, number] };
    const other = writeTinyPack(maker, { ...description, feeding }, contents);
    for (const refused of [packs.verify, packs.install]) {
      assert.match(await reasonOf(refused(other)), /descriptor version 20200 was that of another network/);
    }
    await packs.install(writeTinyPack(maker, description, contents));
  },
);

models('a change that cannot be taken up leaves what is active, and what is said of it', async () => {
  const { packs } = openPacks();
  for (const version of ['1.0.0', '1.1.0']) await packs.install(writeTinyPack(maker, { version }));
  await packs.activate('tiny-1.0.0', async () => void (await packs.wanted()));
  assert.equal([packs.changed(), packs.active()], [false, ['tiny-1.0.0']]);
  let tried: string[] = [];
  const fail = async (): Promise<void> => {
    tried = (await packs.wanted()).map(({ manifest }) => packId(manifest));
    throw new Error('out of memory');
  };
  assert.is(await reasonOf(packs.activate('tiny-1.1.0', fail)), 'out of memory');
  assert.equal([tried, packs.active(), packs.changed()], [['tiny-1.1.0'], ['tiny-1.0.0'], false]);
  assert.is(await reasonOf(packs.deactivate('tiny', fail)), 'out of memory');
  assert.equal([tried, packs.active(), packs.changed()], [[], ['tiny-1.0.0'], false]);
  assert.equal(
    (await packs.wanted()).map(({ manifest }) => packId(manifest)),
    ['tiny-1.0.0'],
  );
});

models('a change that was taken up and cannot be written is taken back', async () => {
  const { packs, meta } = openPacks();
  await packs.install(writeTinyPack(maker));
  const inUse: string[][] = [];
  const takeUp = async (): Promise<void> => {
    inUse.push((await packs.wanted()).map(({ manifest }) => packId(manifest)));
  };
  const { set } = meta;
  const fail = (): never => {
    throw new Error('the disk is full');
  };
  meta.set = fail;
  assert.is(await reasonOf(packs.activate('tiny', takeUp)), 'the disk is full');
  assert.equal([inUse, packs.active(), packs.changed()], [[['tiny-1.0.0'], []], [], false]);
  meta.set = set;
  await packs.activate('tiny', takeUp);
  meta.set = fail;
  assert.is(await reasonOf(packs.deactivate('tiny', takeUp)), 'the disk is full');
  assert.equal([inUse.slice(2), packs.active()], [[['tiny-1.0.0'], [], ['tiny-1.0.0']], ['tiny-1.0.0']]);
  let calls = 0;
  const onlyOnce = async (): Promise<void> => {
    calls += 1;
    if (calls === 2) throw new Error('out of memory');
    await takeUp();
  };
  assert.is(await reasonOf(packs.deactivate('tiny', onlyOnce)), 'the disk is full');
  assert.equal([packs.active(), packs.changed()], [['tiny-1.0.0'], true], 'the daemon looks again');
});

models(
  'a new release of a descriptor pack with the same network keeps its number, beside the old one or after it',
  async () => {
    const { packs } = openPacks();
    const { description, contents } = tinyDescriptor(20_203);
    await packs.install(writeTinyPack(maker, description, contents));
    await packs.activate('means');
    assert.is((await packs.wanted()).length, 1);
    await packs.install(writeTinyPack(maker, { ...description, version: '1.0.1' }, contents));
    await packs.activate('means-1.0.1');
    assert.equal(
      (await packs.wanted()).map(({ manifest }) => packId(manifest)),
      ['means-1.0.1'],
    );
    assert.equal(packs.problems(), []);
    const similarity = { slope: 11, offset: -3 };
    const descriptor = { version: 20_203, length: 48, similarity };
    const other = writeTinyPack(maker, { ...description, version: '1.0.2', descriptor }, contents);
    assert.match(await reasonOf(packs.install(other)), /version 20203 is already that of the pack 'means-1.0.0'/);
  },
);

models('trusted are the keys of the settings and the one of the appliance itself', () => {
  const { dir } = openPacks();
  assert.equal(ownKeys(dir), []);
  requireOwnKey(dir);
  const settings = BootSettings.parse({ pack_keys: publicKeyText(maker.trusted.key) });
  const { keys, allowUnsigned } = trustOf(settings, ownKeys(dir));
  assert.equal([keys.length, keys[1]?.name, allowUnsigned], [2, 'this appliance', false]);
  assert.ok(keys[0]?.key.equals(maker.trusted.key));
  assert.is(BootSettings.safeParse({ pack_keys: 'no key' }).success, false);
});

models('running workers take packs up without losing a picture, and leave them again', async () => {
  const { packs } = openPacks();
  await packs.install(writeTinyPack(maker));
  const { description, contents } = tinyDescriptor(20_201);
  await packs.install(writeTinyPack(maker, description, contents));
  const inference = createInference({ kernels, networksDir, log, workers: 1, device: 'cpu', packs: packs.wanted });
  await inference.start();
  const request = { ...detectionOnly, liveness: true, descriptor: true };
  const look = async () => (await inference.estimate(photo, request)).faces;
  try {
    for (const face of await look()) assert.equal([face.liveness, face.descriptor?.version], [null, 20_001]);
    await packs.activate('tiny');
    await packs.activate('means');
    const under = [look(), look(), look()];
    await inference.reload();
    const after = await look();
    for (const faces of await Promise.all(under)) assert.is(faces.length, after.length);
    assert.equal(inference.packs().length, 2);
    for (const { liveness, descriptor } of after) {
      assert.is(descriptor?.version, 20_201);
      assert.is(descriptor?.vector.length, 48);
      assert.ok(Math.abs(Math.hypot(...(descriptor?.vector ?? [])) - 1) < 1e-5);
      if (liveness?.probability === null) assert.equal([liveness.prediction, liveness.quality], ['unknown', null]);
    }
    // The photograph has a face that is large enough and looks into the camera.
    assert.ok(after.some(({ liveness }) => liveness && liveness.probability !== null));
    await packs.deactivate('tiny');
    await packs.deactivate('means');
    await inference.reload();
    for (const face of await look()) assert.equal([face.liveness, face.descriptor?.version], [null, 20_001]);
  } finally {
    await inference.stop();
  }
});

models('workers that do not start with a pack leave the running ones as they are', async () => {
  const { packs } = openPacks();
  // Passes the file checks, but not the check of the networks, which this store leaves out.
  const { description, contents } = tinyDescriptor(20_202);
  await packs.install(writeTinyPack(maker, description, { ...contents, 'means.onnx': Buffer.from('no network') }));
  const inference = createInference({ kernels, networksDir, log, workers: 1, device: 'cpu', packs: packs.wanted });
  await inference.start();
  try {
    await packs.activate('means');
    assert.not.equal(await reasonOf(inference.reload()), 'not refused');
    const { faces } = await inference.estimate(photo, { ...detectionOnly, descriptor: true });
    assert.is(faces[0]?.descriptor?.version, 20_001);
    assert.equal(inference.packs(), []);
  } finally {
    await inference.stop();
  }
});

models('when workers do not start with a pack, that one is left out and the others are used', async () => {
  const { packs } = openPacks();
  const { description, contents } = tinyDescriptor(20_204);
  await packs.install(writeTinyPack(maker, description, { ...contents, 'means.onnx': Buffer.from('no network') }));
  await packs.install(writeTinyPack(maker));
  await packs.activate('means');
  await packs.activate('tiny');
  const inference = createInference({ kernels, networksDir, log, workers: 1, device: 'cpu', packs: packs.wanted });
  await inference.start();
  try {
    assert.equal(
      inference.packs().map(({ manifest }) => packId(manifest)),
      ['tiny-1.0.0'],
    );
    const { faces } = await inference.estimate(photo, { ...detectionOnly, liveness: true, descriptor: true });
    assert.is(faces[0]?.descriptor?.version, 20_001);
    assert.ok(faces.some(({ liveness }) => liveness && liveness.probability !== null));
  } finally {
    await inference.stop();
  }
});

models.run();
