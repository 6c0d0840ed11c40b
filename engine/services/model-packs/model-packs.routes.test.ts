import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packLimits } from '#inference/packs/manifest';
import { createPackStore } from '#inference/packs/pack-store';
import { createRestApp } from '../../../appliance/rest/rest-app.ts';
import {
  type AccountsBench,
  byAdmin,
  byAdvanced,
  byOwner,
  type Call,
  callerOfApp,
  lanAddress,
  makeAdmin,
  makeAdvanced,
  openAccountsBench,
  owner,
  restEngineOf,
} from '../accounts/accounts-bench.ts';
import { createModelPacksRoutes } from './model-packs.routes.ts';
import { createModelPacks } from './model-packs.service.ts';
import { createPackChanges } from './pack-changes.ts';

/** Who gets in, and what is refused before a byte is read. What the routes do: `pack-changes.test.ts`. */
const routes = suite<{ bench: AccountsBench; call: Call; dir: string }>('model packs over HTTP');
const zip = { 'Content-Type': 'application/zip' };
const everyRoute: readonly [method: string, path: string][] = [
  ['GET', '/perigee/models'],
  ['POST', '/perigee/models'],
  ['POST', '/perigee/models/verify'],
  ['POST', '/perigee/models/tiny/activate'],
  ['POST', '/perigee/models/tiny/deactivate'],
  ['DELETE', '/perigee/models/tiny'],
];

routes.before.each((context) => {
  const dir = mkdtempSync(join(tmpdir(), 'perigee-model-routes-'));
  const bench = openAccountsBench();
  const { log } = bench;
  const trust = () => ({ keys: [], allowUnsigned: false });
  const store = createPackStore({ dir: join(dir, 'packs'), trust, check: async () => {} });
  const packs = createModelPacks({ store, meta: bench.storage.meta, log });
  const inference = { packs: () => [], reload: async () => {} };
  const router = createModelPacksRoutes({ packChanges: createPackChanges({ packs, store, inference }) });
  Object.assign(context, { dir, bench, call: callerOfApp(createRestApp(restEngineOf(bench, [router]))) });
});
routes.after.each(({ bench, dir }) => {
  bench.close();
  rmSync(dir, { recursive: true });
});

routes('from another host an administrator with a password gets in, and nobody else', async ({ call, bench }) => {
  await call('POST', '/accounts', {}, owner);
  await makeAdmin(bench);
  await makeAdvanced(bench);
  const { token } = (await call('POST', '/login', byAdmin)).body;
  const { account_id } = (await call('GET', '/account', byAdmin)).body;
  bench.settings.allowAccountHeader = 'everyone';
  for (const [method, path] of everyRoute) {
    const codeOf = async (headers: Record<string, string>): Promise<number> =>
      (await call(method, path, { ...zip, ...headers }, undefined, lanAddress)).body?.error_code ?? 0;
    assert.is(await codeOf({}), 12010, `${method} ${path}`);
    assert.is(await codeOf(byOwner), 11059);
    assert.is(await codeOf(byAdvanced), 11059);
    assert.is(await codeOf({ 'Luna-Account-Id': account_id }), 11065);
    assert.is(await codeOf({ Authorization: `Bearer ${token}` }), 11064);
    assert.ok([0, 38001, 38002].includes(await codeOf(byAdmin)));
  }
});

routes('a program on the appliance gets in without an account, a page of another site does not', async ({ call }) => {
  assert.equal((await call('GET', '/perigee/models')).body, { models: [] });
  const foreign = { ...zip, Host: '127.0.0.1:5000', Origin: 'http://evil.example' };
  for (const [method, path] of everyRoute) assert.is((await call(method, path, foreign)).body.error_code, 12010);
});

routes(
  'nor does what a proxy on the appliance passes on, nor a program where bare headers count for nobody',
  async (context) => {
    const { call, bench } = context;
    await makeAdmin(bench);
    for (const [method, path] of everyRoute) {
      const proxied = { ...zip, 'X-Forwarded-For': '127.0.0.1' };
      assert.is((await call(method, path, proxied)).body.error_code, 12010, `${method} ${path}`);
      bench.settings.allowAccountHeader = 'nobody';
      assert.is((await call(method, path, zip)).body.error_code, 12010, `${method} ${path}`);
      assert.ok([0, 38001, 38002].includes((await call(method, path, { ...zip, ...byAdmin })).body?.error_code ?? 0));
      bench.settings.allowAccountHeader = 'loopback';
    }
  },
);

routes(
  'another content type and an announced body that is too large are refused before they are read',
  async ({ call }) => {
    for (const path of ['/perigee/models', '/perigee/models/verify']) {
      const wrong = await call('POST', path, { 'Content-Type': 'application/json' }, {});
      assert.equal([wrong.status, wrong.body.error_code], [400, 12017]);
      assert.match(wrong.body.detail, /allowed: application\/zip, application\/x-tar, application\/gzip/);
      const large = await call('POST', path, { ...zip, 'Content-Length': String(packLimits.archiveBytes + 1) });
      assert.equal([large.status, large.body.error_code], [413, 106]);
      const empty = await call('POST', path, zip);
      assert.equal([empty.status, empty.body.error_code], [400, 38001]);
    }
  },
);

routes.run();
