import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { detectionOnly } from '#domain/face/estimation';
import { createInference, type Inference } from '#inference/inference';
import { createPackStore } from '#inference/packs/pack-store';
import { LunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import type { PackDescription } from '../../../build/models/write-pack.ts';
import { prepareNetworks } from '../../../build/networks/prepare.ts';
import { tarOf, zipOf } from '../../inference/packs/archive/archive.fixture.ts';
import { createMaker, tinyContents, tinyDescriptor, tinyPackEntries } from '../../inference/packs/tiny-pack.fixture.ts';
import { createModelPacks } from './model-packs.service.ts';
import { createPackChanges, type IncomingArchive, type PackChanges } from './pack-changes.ts';

const networksDir = 'dist/networks';
await prepareNetworks({ outDir: networksDir, onProgress: () => {} });
const kernels = await prepareKernels({ outDir: 'dist', name: 'sampling' });
const photo = readFileSync('node_modules/@vladmandic/face-api/demo/sample1.jpg');
const maker = createMaker();
const log = createLog('silent');

interface Context {
  dir: string;
  meta: Map<string, string>;
  inference: Inference;
  changes: PackChanges;
}
const packs = suite<Context>('model packs of a running daemon');

packs.before.each(async (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'perigee-pack-changes-'));
  const meta = new Map<string, string>();
  const store = createPackStore({
    dir,
    trust: () => ({ keys: [maker.trusted], allowUnsigned: false }),
    // What the networks do is looked at in the store's own tests; here, one shall fail later.
    check: async () => {},
  });
  const modelPacks = createModelPacks({
    store,
    meta: { get: (key) => meta.get(key), set: (key, value) => void meta.set(key, value) },
    log,
  });
  const inference = createInference({ kernels, networksDir, log, workers: 1, device: 'cpu', packs: modelPacks.wanted });
  await inference.start();
  const changes = createPackChanges({ packs: modelPacks, store, inference });
  Object.assign(context, { dir, meta, inference, changes });
});
packs.after.each(async ({ dir, inference }) => {
  await inference.stop();
  rmSync(dir, { recursive: true });
});

function archiveOf(change: Partial<PackDescription> = {}, contents = tinyContents()): IncomingArchive {
  const zip = zipOf(tinyPackEntries(maker.privateKey, change, contents));
  return { declared: 'zip', parts: partsOf(zip) };
}

async function* partsOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

async function refusalOf(job: Promise<unknown>): Promise<string> {
  const error = await job.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, LunaError);
  return `${(error as LunaError).errorName}: ${(error as LunaError).message}`;
}

const stateOf = async (changes: PackChanges) =>
  (await changes.list()).map(({ id, active, inUse }) => `${id}${active ? ' active' : ''}${inUse ? ' in use' : ''}`);

packs('an archive is verified, installed, put in use, taken out of use and removed', async ({ changes, dir }) => {
  assert.is((await changes.verify(archiveOf())).id, 'tiny-1.0.0');
  assert.equal(await stateOf(changes), []);
  await changes.install(archiveOf());
  assert.equal(await stateOf(changes), ['tiny-1.0.0']);
  const active = await changes.activate('tiny');
  assert.equal([active.active, active.inUse, active.problem], [true, true, null]);
  assert.match(await refusalOf(changes.remove('tiny')), /ModelPackConflict: .*is active: deactivate it first/);
  const inactive = await changes.deactivate('tiny');
  assert.equal([inactive.active, inactive.inUse], [false, false]);
  await changes.remove('tiny');
  assert.equal(readdirSync(dir), []);
});

packs('what is wrong is refused with its error, and leaves nothing', async ({ changes, dir }) => {
  const entries = tinyPackEntries(maker.privateKey);
  const stranger = zipOf(tinyPackEntries(createMaker('stranger').privateKey));
  const cases: [Uint8Array, IncomingArchive['declared'], RegExp][] = [
    [stranger, 'zip', /ModelPackRefused: .*not made by a trusted key/],
    [Buffer.from('nothing'), 'zip', /ModelPackRefused: .*no .zip, .tar or .tar.gz archive/],
    [zipOf(entries).subarray(0, 900), 'zip', /ModelPackRefused: .*the archive is damaged/],
    [gzipSync(tarOf(entries)), 'tar', /ContentTypeMismatch: .*'application\/x-tar' does not fit .*application\/gzip/],
    [
      tarOf([...entries, { path: 'x.txt', type: '2', link: '/etc/passwd' }]),
      'tar',
      /ModelPackRefused: .*no plain file/,
    ],
  ];
  for (const [bytes, declared, reason] of cases) {
    assert.match(await refusalOf(changes.install({ declared, parts: partsOf(bytes) })), reason);
    assert.equal(readdirSync(dir), []);
  }
  assert.match(await refusalOf(changes.activate('tiny')), /ModelPackNotFound/);
  assert.match(await refusalOf(changes.deactivate('tiny')), /ModelPackNotFound/);
  assert.match(await refusalOf(changes.remove('../tiny')), /ModelPackNotFound/);
});

packs('networks that cannot be loaded leave those before in use, and active', async ({ changes, inference, dir }) => {
  await changes.install(archiveOf());
  await changes.activate('tiny');
  const junk = { ...tinyContents(), 'tiny.onnx': Buffer.from('no network at all') };
  await changes.install(archiveOf({ version: '2.0.0' }, junk));
  const before = inference.packs();
  assert.match(
    await refusalOf(changes.activate('tiny-2.0.0')),
    /ModelPackNotTakenUp: .*what was in use before goes on/,
  );
  assert.is(inference.packs(), before);
  assert.equal(await stateOf(changes), ['tiny-1.0.0 active in use', 'tiny-2.0.0']);
  assert.equal(changes.problems(), []);
  truncateSync(join(dir, 'tiny-2.0.0', 'LICENSE.txt'), 3);
  assert.match(await refusalOf(changes.activate('tiny-2.0.0')), /ModelPackRefused: .*'LICENSE.txt' has 3 bytes/);
  assert.equal(await stateOf(changes), ['tiny-1.0.0 active in use', 'tiny-2.0.0']);
  assert.is((await inference.estimate(photo, { ...detectionOnly, liveness: true })).faces.length, 3);
});

packs('changes at the same time are made one after the other, while pictures are answered', async (context) => {
  const { changes, inference } = context;
  const { description, contents } = tinyDescriptor(20_250);
  await Promise.all([changes.install(archiveOf()), changes.install(archiveOf(description, contents))]);
  const request = { ...detectionOnly, descriptor: true };
  const looking = Array.from({ length: 6 }, () => inference.estimate(photo, request));
  await Promise.all([changes.activate('tiny'), changes.activate('means'), changes.deactivate('tiny')]);
  assert.equal(await stateOf(changes), ['means-1.0.0 active in use', 'tiny-1.0.0']);
  for (const { faces } of await Promise.all(looking)) assert.is(faces.length, 3);
  const { faces } = await inference.estimate(photo, request);
  assert.is(faces[0]?.descriptor?.version, 20_250);
});

packs('an archive that comes slowly holds up nothing but a third one', async ({ changes, inference }) => {
  await changes.install(archiveOf());
  let goOn = (): void => {};
  const gone = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const slow = (): IncomingArchive => ({
    declared: 'zip',
    parts: (async function* () {
      yield Buffer.from('PK');
      await gone;
      throw new LunaError('BadHttpRequest', 'the body ended early');
    })(),
  });
  const waiting = [refusalOf(changes.install(slow())), refusalOf(changes.verify(slow()))];
  assert.match(await refusalOf(changes.install(archiveOf())), /ServiceBusy: Queue 'model pack uploads'/);
  assert.ok((await changes.activate('tiny')).inUse);
  assert.is((await inference.estimate(photo, detectionOnly)).faces.length, 3);
  goOn();
  for (const refusal of await Promise.all(waiting)) assert.match(refusal, /the body ended early/);
});

packs('what is changed beside the daemon is taken up, and what fails then is told', async ({ changes, meta }) => {
  await changes.install(archiveOf());
  await changes.install(archiveOf({ version: '2.0.0' }, { ...tinyContents(), 'tiny.onnx': Buffer.from('none') }));
  meta.set('models.active', JSON.stringify({ liveness: 'tiny-1.0.0' }));
  await changes.refresh();
  assert.equal(await stateOf(changes), ['tiny-1.0.0 active in use', 'tiny-2.0.0']);
  meta.set('models.active', JSON.stringify({ liveness: 'tiny-2.0.0' }));
  assert.match(await refusalOf(changes.refresh()), /ModelPackNotTakenUp/);
  assert.equal(changes.problems(), ["model pack 'tiny-2.0.0': its networks could not be put in use"]);
  await changes.activate('tiny-1.0.0');
  assert.equal(changes.problems(), []);
});

packs.run();
