import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exampleDescriptor } from '#contract/matching/raw-descriptors';
import { type ApplianceInProcess, openApplianceInProcess, type PortInProcess } from './appliance-in-process.ts';
import { bodyRoutesOf } from './document.ts';
import { createJudgedRequests, type JudgedRequests } from './judged-requests.ts';

const account = '6d071cca-fda5-4a03-84d5-5bea65904480';

interface Context {
  folder: string;
  appliance: ApplianceInProcess;
  list: string;
  face: string;
  public: JudgedRequests;
  matcher: JudgedRequests;
  proxy: JudgedRequests;
}

const requestsOf = (port: PortInProcess): JudgedRequests => createJudgedRequests(port, account);

/** Takes every search and finds nobody: what it answers is told from what the Python Matcher answers. */
const blindPlugin = `export default () => ({
  name: 'blind', init: async () => {}, close: async () => {}, cost: () => 1, match: async () => [],
  isApproximate: () => true, problem: () => globalThis.blindIsAway,
});`;

const ports = suite<Context>('own ports of services');

ports.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'perigee-plugin-'));
  const plugin = join(context.folder, 'blind.mjs');
  writeFileSync(plugin, blindPlugin);
  const matcher = { reference_limit: 2, array_filter_limit: 1, cross_match_limit: 1 };
  context.appliance = await openApplianceInProcess({ matcher, matcher_proxy: { enabled: true, plugins: [plugin] } });
  const own = context.appliance.ownPort('luna-python-matcher');
  const proxy = context.appliance.ownPort('luna-python-matcher-proxy');
  assert.ok(own && proxy);
  context.public = requestsOf(context.appliance);
  context.matcher = requestsOf(own);
  context.proxy = requestsOf(proxy);

  const { body: list } = await context.public.send('POST', '/6/lists', { json: {}, expect: 201 });
  const attribute = { descriptors: [{ type: exampleDescriptor.type, data: exampleDescriptor.data }] };
  const { body: made } = await context.public.send('POST', '/6/attributes', { json: attribute, expect: 201 });
  const face = { attribute_id: made.attribute_id, lists: [list.list_id] };
  const { body } = await context.public.send('POST', '/6/faces', { json: face, expect: 201 });
  context.list = list.list_id;
  context.face = body.face_id;
});
ports.after(async ({ appliance, folder }) => {
  await appliance?.close();
  rmSync(folder, { recursive: true, force: true });
});

const search = (list: string) => ({
  references: [exampleDescriptor],
  candidates: [{ filters: { origin: 'faces', list_id: list }, targets: ['face_id'] }],
});

ports('a service answers there with its own paths and nothing else', ({ appliance }) => {
  const root = ['/config', '/configs', '/docs/errors/{code}', '/docs/spec', '/healthcheck', '/version'];
  const shared = root.map((path) => `${path} GET`);
  const proxied = ['/1/matcher/bodies POST', '/1/matcher/faces POST', '/1/matcher/raw POST'];
  const routes = (service: Parameters<ApplianceInProcess['ownPort']>[0]): string[] => {
    const port = appliance.ownPort(service);
    return port ? bodyRoutesOf(port.document).map(({ path, method }) => `${path} ${method}`) : [];
  };
  const crossed = ['/1/cross_match/bodies POST', '/1/cross_match/faces POST'];
  assert.equal(routes('luna-python-matcher').sort(), [...crossed, ...proxied, ...shared].sort());
  assert.equal(routes('luna-python-matcher-proxy').sort(), [...proxied, ...shared].sort());
});

ports('every answer of the matcher is one that its own document declares', async ({ matcher, list, face }) => {
  const { body: version } = await matcher.send('GET', '/version', { expect: 200 });
  assert.is(version.Version.api, 1);
  await matcher.send('GET', '/healthcheck?include_luna_services=1', { expect: 200 });
  assert.is((await matcher.send('GET', '/configs', { expect: 200 })).body.matcher.reference_limit, 2);
  await matcher.send('GET', '/docs/spec', { headers: { Accept: 'application/json' }, expect: 200 });
  const { body: found } = await matcher.send('POST', '/1/matcher/faces', { json: search(list), expect: 200 });
  assert.is(found[0].matches[0].result[0].face.face_id, face);
  const raw = { references: [exampleDescriptor], candidates: [exampleDescriptor] };
  await matcher.send('POST', '/1/matcher/raw', { json: raw, expect: 200 });
  await matcher.send('POST', '/1/matcher/bodies', { json: search(list), expect: 403 });
  const cross = { references: { origin: 'faces', list_id: list }, candidates: search(list).candidates[0] };
  const { body: refused } = await matcher.send('POST', '/1/cross_match/bodies', { json: cross, expect: 403 });
  assert.is(refused.error_code, 11044);
  const { body: crossed } = await matcher.send('POST', '/1/cross_match/faces', { json: cross, expect: 200 });
  assert.equal(
    crossed.map((one: { reference: unknown; result: unknown[] }) => [one.reference, one.result.length]),
    [[{ type: 'face', id: face }, 1]],
  );
});

ports('the matcher answers itself on its port, and the proxy with its plugins on its own', async (context) => {
  const count = async (requests: JudgedRequests, path: string): Promise<number> =>
    (await requests.send('POST', path, { json: search(context.list), expect: 200 })).body[0].matches[0].result.length;
  assert.is(await count(context.matcher, '/1/matcher/faces'), 1);
  assert.is(await count(context.proxy, '/1/matcher/faces'), 0);
  assert.is(await count(context.public, '/6/matcher/faces'), 0, 'the public port asks the proxy when there is one');
});

ports('the health of the appliance and its services tells why a plugin does not answer', async (context) => {
  const { matcher, public: open } = context;
  const state = globalThis as { blindIsAway?: string };
  state.blindIsAway = 'has lost its glasses';
  const { body } = await open.send('GET', '/healthcheck?include_luna_services=1', { expect: 502 });
  assert.match(body.detail, /matching plugins.*blind\.mjs has lost its glasses/);
  await matcher.send('GET', '/healthcheck?include_luna_services=1', { expect: 502 });
  await open.send('GET', '/healthcheck', { expect: 200 });
  delete state.blindIsAway;
  await open.send('GET', '/healthcheck?include_luna_services=1', { expect: 200 });
});

ports('the limits of the setting hold on every port', async ({ matcher, proxy, public: open, list }) => {
  const many = { ...search(list), references: Array(3).fill(exampleDescriptor) };
  const raw = { references: many.references, candidates: [exampleDescriptor] };
  for (const [requests, prefix] of [
    [matcher, '/1'],
    [proxy, '/1'],
    [open, '/6'],
  ] as const) {
    for (const [path, json] of [
      ['/matcher/faces', many],
      ['/matcher/raw', raw],
    ] as const) {
      const { body } = await requests.send('POST', prefix + path, { json, expect: 400 });
      assert.is(body.error_code, 31007, prefix + path);
    }
  }
  const ids = ['6d071cca-fda5-4a03-84d5-5bea65904480', '6d071cca-fda5-4a03-84d5-5bea65904481'];
  const wide = { ...search(list), candidates: [{ filters: { origin: 'faces', face_ids: ids } }] };
  const { body } = await matcher.send('POST', '/1/matcher/faces', { json: wide, expect: 400 });
  assert.match(body.detail, /candidates\.0\.filters\.face_ids.*at most 1 /);
});

ports('a cross match of more objects than the setting allows is refused as a whole', async (context) => {
  const { matcher, public: open, list } = context;
  const cross = { references: { origin: 'faces' }, candidates: search(list).candidates[0] };
  await matcher.send('POST', '/1/cross_match/faces', { json: cross, expect: 200 });
  await open.send('POST', '/6/faces', { json: {}, expect: 201 });
  const { body } = await matcher.send('POST', '/1/cross_match/faces', { json: cross, expect: 400 });
  assert.is(body.error_code, 31002);
});

ports('accounts and rights are those of the public port', async ({ appliance, list }) => {
  const own = appliance.ownPort('luna-python-matcher');
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(search(list)) };
  const nobody = await own?.send('/1/matcher/faces', init);
  assert.is(nobody?.status, 401);
  assert.is((await own?.send('/6/matcher/faces', init))?.status, 404);
  assert.is((await own?.send('/1/matcher/faces'))?.status, 405);
  const other = { ...init, headers: { ...init.headers, 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904400' } };
  const answer = await own?.send('/1/matcher/faces', other);
  assert.equal(((await answer?.json()) as { matches: { result: unknown[] }[] }[])[0]?.matches[0]?.result, []);
});

ports.run();
