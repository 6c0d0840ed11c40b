import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { publicKeyText } from '#inference/packs/signature';
import { tarOf, zipOf } from '../../engine/inference/packs/archive/archive.fixture.ts';
import {
  createMaker,
  tinyContents,
  tinyPackEntries,
  writeTinyPack,
} from '../../engine/inference/packs/tiny-pack.fixture.ts';
import type { WeightTensor } from '../networks/weights.ts';
import { buildSilentFace, silentFaceSide } from './silent-face-graph.ts';

const maker = createMaker();
const dataDir = mkdtempSync(join(tmpdir(), 'perigee-models-'));

/** One call of `npm run models -- ...` on the data directory of this test. */
function models(args: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'build/models/models.ts', ...args],
      {
        env: { ...process.env, PERIGEE_DATA_DIR: dataDir, ...environment },
      },
    );
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

const command = suite('npm run models');
command.after(() => rmSync(dataDir, { recursive: true }));

command('a pack goes from its folder into use and away again', async () => {
  const trusting = { PERIGEE_PACK_KEYS: publicKeyText(maker.trusted.key) };
  const dir = writeTinyPack(maker);
  const refused = await models(['install', dir]);
  assert.equal([refused.code, refused.out], [1, '']);
  assert.match(refused.err, /^manifest.sig was not made by a trusted key for this manifest.json\n$/);
  assert.match(
    (await models(['install', dir], trusting)).out,
    /^installed: tiny-1.0.0 {2}liveness {2}none {2}signed by/,
  );
  assert.is((await models(['activate', 'tiny'], trusting)).out, 'active: tiny-1.0.0.\n');
  assert.match((await models(['list'], trusting)).out, /^\* tiny-1.0.0/);
  assert.is((await models(['deactivate', 'tiny'], trusting)).code, 0);
  assert.is((await models(['remove', 'tiny'], trusting)).out, 'removed: tiny-1.0.0\n');
});

command('a pack comes as an archive too; one that is broken says why and leaves nothing', async () => {
  const trusting = { PERIGEE_PACK_KEYS: publicKeyText(maker.trusted.key) };
  const entries = tinyPackEntries(maker.privateKey);
  const zip = join(dataDir, 'tiny.zip');
  const tgz = join(dataDir, 'tiny.tar.gz');
  writeFileSync(zip, zipOf(entries));
  writeFileSync(tgz, gzipSync(tarOf(entries)));
  assert.match((await models(['verify', zip], trusting)).out, /^sound: tiny-1.0.0 {2}liveness/);
  assert.match((await models(['install', tgz], trusting)).out, /^installed: tiny-1.0.0/);
  assert.is((await models(['remove', 'tiny'], trusting)).code, 0);
  truncateSync(tgz, Math.floor(statSync(tgz).size / 2));
  const broken = await models(['install', tgz], trusting);
  assert.equal([broken.code, broken.out], [1, '']);
  assert.match(broken.err, /^the archive is damaged: /);
  assert.equal(readdirSync(join(dataDir, 'packs')), []);
});

command('a maker makes a key, signs a pack with it, and an appliance that trusts the key takes it', async () => {
  const key = join(dataDir, 'maker.pem');
  const made = await models(['keygen', key]);
  const publicKey = made.out.trim().split('\n').at(-1) ?? '';
  assert.is(made.out, `Public key, for PERIGEE_PACK_KEYS of the appliances:\n${publicKey}\n`);
  assert.is(statSync(key).mode & 0o777, 0o600);
  const again = await models(['keygen', key]);
  assert.equal([again.code, again.err], [1, `${key} is there already\n`]);
  const pack = writeTinyPack(null);
  assert.is(
    (await models(['sign', pack, '--key', key])).out,
    `signed: tiny-1.0.0  liveness  none  signed by ${publicKey}\n`,
  );
  const sound = await models(['verify', pack], { PERIGEE_PACK_KEYS: publicKey });
  assert.is(sound.out, `sound: tiny-1.0.0  liveness  none  signed by ${publicKey}\n`);
  // What no appliance would take is not signed, and a signature that was there stays.
  const signature = readFileSync(join(pack, 'manifest.sig'));
  truncateSync(join(pack, 'LICENSE.txt'), 3);
  for (const [folder, reason] of [
    [pack, /^'LICENSE.txt' has 3 bytes instead of/],
    [writeTinyPack(null, {}, tinyContents('logits')), /^network 'tiny': 'probabilities' is not probabilities/],
    [dataDir, /^there is no manifest.json in /],
  ] as const) {
    const refused = await models(['sign', folder, '--key', key]);
    assert.equal([refused.code, refused.out], [1, '']);
    assert.match(refused.err, reason);
    assert.is(readdirSync(folder).includes('manifest.sig'), folder === pack);
  }
  assert.equal(readFileSync(join(pack, 'manifest.sig')), signature);
  const noKey = await models(['sign', pack, '--key', join(pack, 'LICENSE.txt')]);
  assert.match(noKey.err, /LICENSE.txt is no private Ed25519 key in PEM/);
  assert.match((await models(['sign', pack])).err, /^usage: /);
});

command('wrong calls and files that are not those of Silent-Face end with 1 and say why', async () => {
  const folder = mkdtempSync(join(dataDir, 'silent-face-'));
  const [usage, missing] = await Promise.all([
    models(['import', 'other', folder]),
    models(['import', 'silent-face', folder]),
  ]);
  assert.match(usage.err, /^usage: npm run models/);
  assert.match(missing.err, /2.7_80x80_MiniFASNetV2.pth is missing. Download it/);
  writeFileSync(join(folder, '2.7_80x80_MiniFASNetV2.pth'), 'something else');
  const other = await models(['import', 'silent-face', folder]);
  assert.equal([usage.code, missing.code, other.code], [1, 1, 1]);
  assert.match(other.err, /is damaged or another release/);
  assert.match((await models(['list'])).out, /No model pack is installed/);
});

/** Weights of the right names and shapes, small and repeatable. */
function madeUpWeights(excited: boolean): Map<string, WeightTensor> {
  const weights = new Map<string, WeightTensor>();
  let seed = 1;
  const put = (name: string, shape: number[], centre = 0): void => {
    const count = shape.reduce((product, side) => product * side, 1);
    const data = Float32Array.from({ length: count }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return centre + (seed / 2 ** 32 - 0.5) * 0.2;
    });
    weights.set(name, { shape, data });
  };
  const norm = (name: string, channels: number): void => {
    for (const part of ['weight', 'running_var']) put(`${name}.${part}`, [channels], 1);
    for (const part of ['bias', 'running_mean']) put(`${name}.${part}`, [channels]);
    put(`${name}.num_batches_tracked`, []);
  };
  const linear = (name: string, shape: number[]): void => {
    put(`${name}.conv.weight`, shape);
    norm(`${name}.bn`, shape[0] ?? 0);
  };
  const block = (name: string, shape: number[]): void => {
    linear(name, shape);
    put(`${name}.prelu.weight`, [shape[0] ?? 0], 0.25);
  };
  const unit = (name: string, from: number, wide: number, to: number): void => {
    block(`${name}.conv`, [wide, from, 1, 1]);
    block(`${name}.conv_dw`, [wide, 1, 3, 3]);
    linear(`${name}.project`, [to, wide, 1, 1]);
  };
  block('conv1', [4, 3, 3, 3]);
  block('conv2_dw', [4, 1, 3, 3]);
  for (const [down, stage, depth, from] of [
    ['conv_23', 'conv_3', 4, 4],
    ['conv_34', 'conv_4', 6, 6],
    ['conv_45', 'conv_5', 2, 6],
  ] as const) {
    unit(down, from, 5, 6);
    for (let i = 0; i < depth; i++) unit(`${stage}.model.${i}`, 6, 5, 6);
    if (!excited) continue;
    const name = `${stage}.model.${depth - 1}.se_module`;
    put(`${name}.fc1.weight`, [2, 6, 1, 1]);
    norm(`${name}.bn1`, 2);
    put(`${name}.fc2.weight`, [6, 2, 1, 1]);
    norm(`${name}.bn2`, 6);
  }
  block('conv_6_sep', [8, 6, 1, 1]);
  linear('conv_6_dw', [8, 1, 5, 5]);
  put('linear.weight', [7, 8]);
  norm('bn', 7);
  put('prob.weight', [3, 7]);
  return weights;
}

const network = suite('network of Silent-Face');

for (const excited of [false, true]) {
  network(`${excited ? 'with' : 'without'} excitation it loads and gives three probabilities`, async () => {
    const session = await InferenceSession.create(buildSilentFace('made-up', madeUpWeights(excited)).toBytes());
    const input = new Float32Array(3 * silentFaceSide ** 2).map((_, i) => (i * 7919) % 256);
    const { probabilities } = await session.run({ input: new Tensor('float32', input, [1, 3, 80, 80]) });
    const values = [...(probabilities?.data as Float32Array)];
    assert.is(values.length, 3);
    assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-5 && values.every((value) => value > 0));
    await session.release();
  });
}

network('a missing weight and one too many are errors that name it', () => {
  const missing = madeUpWeights(true);
  missing.delete('conv_4.model.5.se_module.fc2.weight');
  assert.throws(() => buildSilentFace('made-up', missing), /no 'conv_4.model.5.se_module.fc2.weight'/);
  const more = madeUpWeights(false);
  more.set('backdoor.weight', { shape: [1], data: Float32Array.of(1) });
  assert.throws(() => buildSilentFace('made-up', more), /does not have: backdoor.weight/);
});

command.run();
network.run();
