import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '#contract/established/names';
import { createRestApp } from '../../../appliance/rest/rest-app.ts';
import { createListsRoutes } from '../faces/lists.routes.ts';
import { createLists } from '../faces/lists.service.ts';
import {
  type AccountsBench,
  basic,
  byAdmin,
  byAdvanced,
  byOther,
  byOwner,
  type Call,
  callerOfApp,
  lanAddress,
  makeAdmin,
  makeAdvanced,
  openAccountsBench,
  other,
  owner,
  restEngineOf,
  startMs,
  stranger,
  wrong,
} from './accounts-bench.ts';

const routes = suite<{ bench: AccountsBench; call: Call }>('tokens over HTTP');
routes.before.each((context) => {
  context.bench = openAccountsBench();
  const lists = createListsRoutes({ lists: createLists(context.bench), externalAddress: () => 'http://box' });
  context.call = callerOfApp(createRestApp(restEngineOf(context.bench, [lists])));
});
routes.after.each(({ bench }) => bench.close());

routes('a login answers a token with all rights, which opens the data but no account', async ({ call, bench }) => {
  await call('POST', '/accounts', {}, owner);
  const answer = await call('POST', '/login', byOwner, undefined, lanAddress);
  assert.is(answer.status, 201);
  assert.is(answer.body.expiration_time, new Date(startMs + 12 * 3_600_000).toISOString());
  const session = { Authorization: `Bearer ${answer.body.token}` };
  assert.is((await call('POST', '/lists', session, {}, lanAddress)).status, 201);
  for (const path of ['/account', '/accounts', '/tokens']) {
    assert.is((await call('GET', path, session)).body.error_code, 11064);
  }
  assert.is((await call('POST', '/login', session)).body.error_code, 11064);
  const bare = { 'Luna-Account-Id': answer.body.account_id };
  assert.is((await call('POST', '/login', bare)).body.error_code, 11065);
  assert.is((await call('POST', '/login')).body.error_code, 12010);
  assert.is((await call('POST', '/login', basic(owner.login, wrong))).status, 401);
  bench.clock.advance(12 * 3_600_000);
  assert.is((await call('GET', '/lists', session)).status, 401);
});

routes('the largest token there may be fits its route', async ({ call }) => {
  await call('POST', '/accounts', {}, owner);
  const handlers = (first: string) =>
    Array.from(
      { length: limits.idsPerFilter },
      (_, i) => `${first}${stranger.slice(1, -4)}${String(i).padStart(4, '0')}`,
    );
  const emit_events = { allowed: true, white_list: handlers('a'), black_list: handlers('b') };
  const created = await call('POST', '/tokens', byOwner, { permissions: { emit_events } });
  assert.is(created.status, 201, JSON.stringify(created.body));
});

routes('tokens are created, read, listed, replaced and revoked', async ({ call }) => {
  const { account_id } = (await call('POST', '/accounts', {}, owner)).body;
  const body = {
    description: 'camera',
    expiration_time: '2027-01-01T00:00:00.000Z',
    permissions: { list: ['view'], emit_events: { allowed: true, black_list: [stranger.toUpperCase()] } },
  };
  const created = await call('POST', '/tokens', byOwner, body);
  assert.is(created.status, 201);
  const { token_id, token } = created.body;
  assert.is(created.headers.get('location'), `/6/tokens/${token_id}`);
  const read = await call('GET', `/tokens/${token_id.toUpperCase()}`, byOwner);
  assert.equal(read.body, {
    token_id,
    account_id,
    description: 'camera',
    expiration_time: '2027-01-01T00:00:00.000Z',
    visibility_area: 'account',
    permissions: {
      attribute: [],
      face: [],
      list: ['view'],
      handler: [],
      verifier: [],
      task: [],
      event: [],
      face_sample: [],
      body_sample: [],
      image: [],
      object: [],
      token: [],
      resources: [],
      emit_events: { allowed: 1, white_list: [], black_list: [stranger] },
    },
    create_time: new Date(startMs).toISOString(),
  });
  assert.equal((await call('GET', '/tokens', byOwner)).body, { tokens: [read.body] });

  const headers = { Authorization: `Bearer ${token}` };
  assert.is((await call('GET', '/lists', headers, undefined, lanAddress)).status, 200);
  assert.is((await call('POST', '/lists', headers, {}, lanAddress)).body.error_code, 11059);
  assert.is((await call('PUT', `/tokens/${token_id}?grant_all_permissions=1`, byOwner, {})).status, 204);
  assert.is((await call('POST', '/lists', headers, {}, lanAddress)).status, 201);
  const replaced = (await call('GET', `/tokens/${token_id}`, byOwner)).body;
  assert.is(replaced.expiration_time, null);
  assert.is(replaced.permissions.face.length, 5);
  assert.is((await call('DELETE', `/tokens/${token_id}`, byOwner)).status, 204);
  assert.is((await call('GET', '/lists', headers, undefined, lanAddress)).status, 401);
  for (const method of ['GET', 'DELETE'] as const) {
    assert.is((await call(method, `/tokens/${token_id}`, byOwner)).body.error_code, 37004);
  }
});

routes('a token with a right sends nothing beyond it: 11059 names the right and the object', async ({ call }) => {
  await call('POST', '/accounts', {}, owner);
  const { list_id } = (await call('POST', '/lists', byOwner, {})).body;
  const calls: readonly [method: string, path: string, body: unknown, right: string][] = [
    ['POST', '/lists', {}, 'creation'],
    ['GET', '/lists', undefined, 'view'],
    ['GET', `/lists/${list_id}`, undefined, 'view'],
    ['PATCH', `/lists/${list_id}`, { user_data: 'x' }, 'modification'],
    ['DELETE', `/lists/${list_id}`, undefined, 'deletion'],
  ];
  for (const granted of ['creation', 'view', 'modification']) {
    const { token } = (await call('POST', '/tokens', byOwner, { permissions: { list: [granted] } })).body;
    for (const [method, path, body, right] of calls) {
      const answer = await call(method, path, { Authorization: `Bearer ${token}` }, body);
      if (right === granted) assert.ok(answer.status < 300, `${method} ${path}`);
      else {
        assert.is(answer.body.error_code, 11059);
        assert.match(answer.body.detail, new RegExp(`'${right}' for 'list'`));
      }
    }
  }
});

routes('nothing of another account can be reached by its id', async ({ call, bench }) => {
  await call('POST', '/accounts', {}, owner);
  const { account_id: otherId } = (await call('POST', '/accounts', {}, other)).body;
  await makeAdvanced(bench);
  const { token_id } = (await call('POST', '/tokens', byOwner, {})).body;
  const { list_id } = (await call('POST', '/lists', byOwner, {})).body;
  for (const headers of [byOther, { ...byOther, 'Luna-Account-Id': stranger }, { 'Luna-Account-Id': otherId }]) {
    assert.is((await call('GET', `/tokens/${token_id}`, headers)).status, 404);
    assert.is((await call('PUT', `/tokens/${token_id}`, headers, {})).status, 404);
    assert.is((await call('DELETE', `/tokens/${token_id}`, headers)).status, 404);
    assert.equal((await call('GET', '/tokens', headers)).body, { tokens: [] });
    assert.is((await call('GET', `/lists/${list_id}`, headers)).status, 404);
    assert.is((await call('DELETE', `/lists/${list_id}`, headers)).status, 404);
    assert.equal((await call('GET', '/lists', headers)).body, { lists: [] });
  }
  assert.is((await call('GET', `/tokens/${token_id}`, byOwner)).status, 200);
});

routes('who acts for another account gets no hold of its login and tokens', async ({ call, bench }) => {
  const { account_id } = (await call('POST', '/accounts', {}, owner)).body;
  const advancedId = await makeAdvanced(bench);
  const adminId = await makeAdmin(bench);
  const acting = { ...byAdvanced, 'Luna-Account-Id': adminId };
  const { token_id } = (await call('POST', '/tokens', acting, {}, lanAddress)).body;
  assert.is((await call('GET', `/tokens/${token_id}`, byAdvanced)).body.account_id, advancedId);
  assert.is((await call('GET', '/account', acting)).body.account_id, advancedId);
  assert.is((await call('PATCH', '/account', acting, { description: 'mine' })).status, 204);
  assert.is((await call('GET', '/account', byAdmin)).body.description, '');
  const session = (await call('POST', '/login', acting)).body;
  assert.is(session.account_id, advancedId);

  const { list_id } = (await call('POST', '/lists', byOwner, {})).body;
  const forOwner = { ...byAdvanced, 'Luna-Account-Id': account_id };
  assert.is((await call('GET', `/lists/${list_id}`, forOwner)).status, 200);
  assert.is((await call('POST', '/lists', forOwner, {})).status, 201);
  assert.is((await call('DELETE', `/lists/${list_id}`, forOwner)).body.error_code, 11059);
  assert.is((await call('PATCH', `/lists/${list_id}`, forOwner, { user_data: 'x' })).status, 403);
  assert.is((await call('DELETE', `/lists/${list_id}`, byAdvanced)).status, 404, 'without selecting: own data only');
  assert.is((await call('DELETE', `/lists/${list_id}`, { ...byAdmin, 'Luna-Account-Id': account_id })).status, 204);
});

routes('a bare id from another host, where everyone may send one, reads tokens and writes none', async (context) => {
  const { call, bench } = context;
  const { account_id } = (await call('POST', '/accounts', {}, owner)).body;
  bench.settings.allowAccountHeader = 'everyone';
  const bare = { 'Luna-Account-Id': account_id };
  const { token_id } = (await call('POST', '/tokens', byOwner, {}, lanAddress)).body;
  for (const [method, path, body] of [
    ['POST', '/tokens', { permissions: { face: ['view'] } }],
    ['PUT', `/tokens/${token_id}`, { description: 'taken' }],
    ['DELETE', `/tokens/${token_id}`, undefined],
  ] as const) {
    const answer = await call(method, path, bare, body, lanAddress);
    assert.equal([answer.status, answer.body.error_code], [401, 11065], method);
  }
  const read = (await call('GET', '/tokens', bare, undefined, lanAddress)).body;
  assert.equal(
    read.tokens.map((token: { description: string }) => token.description),
    [''],
  );
  assert.is((await call('POST', '/tokens', bare, {})).status, 201, 'on the appliance it is enough');
  assert.is((await call('DELETE', `/tokens/${token_id}`, bare)).status, 204);
});

routes.run();
