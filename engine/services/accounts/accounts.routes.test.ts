import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LunaRouter } from '#contract/http';
import { createLog } from '#kernel/log';
import { createRestApp } from '../../../appliance/rest/rest.ts';
import { createListsRoutes } from '../faces/lists.routes.ts';
import { createLists } from '../faces/lists.service.ts';
import { createAccountsRoutes } from './accounts.routes.ts';
import { type AccountsBench, basic, lanAddress, openAccountsBench, startMs, wrong } from './accounts-bench.ts';
import { createTokensRoutes } from './tokens.routes.ts';

const stranger = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const owner = { login: 'owner@site.com', password: 'correct horse', account_type: 'user', description: 'gate' };
const other = { login: 'other@site.com', password: 'battery staple', account_type: 'user', description: '' };

interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

interface Context {
  bench: AccountsBench;
  app: LunaRouter;
  call(
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: unknown,
    address?: string,
  ): Promise<Answer>;
}

function openApp(): Context {
  const bench = openAccountsBench();
  const { accounts, storage, clock, ids } = bench;
  const lists = createLists({ storage, clock, ids });
  const app = createRestApp({
    log: createLog('silent'),
    clock,
    ids,
    authenticate: accounts.authenticate,
    rootRouters: [],
    routers: [
      createAccountsRoutes({ accounts }),
      createTokensRoutes({ accounts }),
      createListsRoutes({ lists, externalAddress: () => 'http://box' }),
    ],
  });
  const call: Context['call'] = async (method, path, headers = {}, body, remoteAddress = '127.0.0.1') => {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const init = {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    // What Node hands over: the body as a stream, with its socket.
    const chunks = body === undefined ? [] : [Buffer.from(JSON.stringify(body))];
    const incoming = Object.assign(Readable.from(chunks), { socket: { remoteAddress } });
    const answer = await app.request(`/6${path}`, init, { incoming });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { bench, app, call };
}

const byOwner = basic(owner.login, owner.password);
const byOther = basic(other.login, other.password);
const byAdmin = basic('admin@site.com', 'admin password');

const routes = suite<Context>('accounts over HTTP');
routes.before.each((context) => void Object.assign(context, openApp()));
routes.after.each(({ bench }) => bench.close());

const makeAdmin = ({ accounts }: AccountsBench) =>
  accounts.create({ login: 'admin@site.com', password: 'admin password', accountType: 'admin', description: '' });
const makeAdvanced = ({ accounts }: AccountsBench) =>
  accounts.create({ login: 'adv@site.com', password: 'advanced', accountType: 'advanced_user', description: '' });
const byAdvanced = basic('adv@site.com', 'advanced');

routes('an account is created on the appliance and then gets in from elsewhere', async ({ call, bench }) => {
  const created = await call('POST', '/accounts', {}, owner);
  assert.is(created.status, 201);
  const { account_id } = created.body;
  assert.equal(created.body, { account_id, url: `/6/accounts/${account_id}` });
  assert.is(created.headers.get('location'), `/6/accounts/${account_id}`);
  const read = await call('GET', '/account', byOwner, undefined, lanAddress);
  assert.is(read.status, 200);
  const time = new Date(startMs).toISOString();
  assert.equal(read.body, {
    account_id,
    login: owner.login,
    account_type: 'user',
    description: 'gate',
    create_time: time,
    last_update_time: time,
  });
  assert.not.ok(JSON.stringify(bench.storage.accounts.findById(account_id)).includes(owner.password));
  const some = await call('GET', '/account?targets=login,account_type', byOwner);
  assert.equal(some.body, { login: owner.login, account_type: 'user' });
  assert.is((await call('GET', '/account?targets=password', byOwner)).body.error_code, 22016);
});

routes('nobody creates accounts from another host, but an administrator may', async ({ call, bench }) => {
  const from = (headers: Record<string, string>, body: object) => call('POST', '/accounts', headers, body, lanAddress);
  assert.is((await from({}, owner)).body.error_code, 37003);
  bench.settings.openSignUp = true;
  assert.is((await from({}, owner)).status, 403, 'the first one never');
  await makeAdmin(bench);
  bench.settings.openSignUp = false;
  assert.is((await from({}, owner)).status, 403);
  assert.is((await from(byAdmin, owner)).status, 201);
  assert.is((await from(byOwner, other)).body.error_code, 37003);
  const { token } = (await call('POST', '/login', byAdmin)).body;
  assert.is((await from({ Authorization: `Bearer ${token}` }, other)).body.error_code, 11064);
  bench.settings.openSignUp = true;
  assert.is((await from({}, other)).status, 201);
});

routes('a page of another site that a browser on the appliance shows cannot create accounts', async ({ call }) => {
  assert.is((await call('POST', '/accounts', { Host: 'evil.example' }, owner)).status, 403);
  assert.is(
    (await call('POST', '/accounts', { Host: 'localhost', Origin: 'https://evil.example' }, owner)).status,
    403,
  );
});

routes('the wanted id is taken, and brings the data made under it', async ({ call }) => {
  const bare = { 'Luna-Account-Id': stranger };
  const list = await call('POST', '/lists', bare, {});
  assert.is(list.status, 201);
  assert.is((await call('POST', '/accounts', bare, owner)).body.account_id, stranger);
  assert.is((await call('GET', `/lists/${list.body.list_id}`, byOwner, undefined, lanAddress)).status, 200);
  assert.is((await call('POST', '/accounts', bare, other)).status, 409);
  assert.is((await call('POST', '/accounts', { 'Luna-Account-Id': 'x' }, other)).body.error_code, 11037);
  const again = await call('POST', '/accounts', {}, { ...owner, login: owner.login.toUpperCase() });
  assert.is(again.status, 409);
});

const badAccounts: readonly [what: string, body: object][] = [
  ['the type admin', { ...owner, account_type: 'admin' }],
  ['no type', { ...owner, account_type: undefined }],
  ['no login', { ...owner, login: undefined }],
  ['a login without domain', { ...owner, login: 'owner' }],
  ['a login with blanks', { ...owner, login: 'a b@site.com' }],
  ['a login with a colon', { ...owner, login: 'a:b@site.com' }],
  ['a long login', { ...owner, login: `${'a'.repeat(128)}@site.com` }],
  ['a short password', { ...owner, password: 'ab' }],
  ['a long password', { ...owner, password: 'a'.repeat(129) }],
  ['a password with a NUL', { ...owner, password: 'abc\0def' }],
  ['a password that is a number', { ...owner, password: 12345 }],
  ['a long description', { ...owner, description: 'a'.repeat(129) }],
];
for (const [what, body] of badAccounts) {
  routes(`an account with ${what} is refused with 12022 and does not exist`, async ({ call, bench }) => {
    const answer = await call('POST', '/accounts', {}, body);
    assert.is(answer.status, 400);
    assert.is(answer.body.error_code, 12022);
    assert.ok(bench.accounts.isEmpty());
  });
}

routes('the own account is changed and removed by its password only', async ({ call, bench }) => {
  const { account_id } = (await call('POST', '/accounts', {}, owner)).body;
  await call('POST', '/accounts', {}, other);
  const bare = { 'Luna-Account-Id': account_id };
  for (const [method, body] of [
    ['PATCH', { password: 'taken over' }],
    ['DELETE', undefined],
  ] as const) {
    assert.is((await call(method, '/account', bare, body)).body.error_code, 11065);
  }
  assert.is((await call('PATCH', '/account', byOwner, {})).body.error_code, 12022);
  assert.is((await call('PATCH', '/account', byOwner, { login: other.login })).status, 409);
  assert.is((await call('PATCH', '/account', byOwner, { account_type: 'admin', description: 'x' })).status, 204);
  bench.clock.advance(1000);
  const change = { login: 'new@site.com', password: 'a new one' };
  assert.is((await call('PATCH', '/account', byOwner, change)).status, 204);
  assert.is((await call('GET', '/account', byOwner)).body.error_code, 11065);
  const byNew = basic(change.login, change.password);
  const read = (await call('GET', '/account', byNew)).body;
  assert.is(read.account_type, 'user');
  assert.is(read.description, 'x');
  assert.is(read.last_update_time, new Date(startMs + 1000).toISOString());
  assert.is((await call('DELETE', '/account', byNew)).status, 204);
  assert.is((await call('GET', '/account', byNew)).status, 401);
  assert.is((await call('GET', '/account', bare)).body.error_code, 37001);
  assert.is((await call('GET', '/account', byOther)).status, 200);
});

routes('data of a removed account stay, for the appliance and for a new account with that id', async ({ call }) => {
  const { account_id } = (await call('POST', '/accounts', {}, owner)).body;
  const { list_id } = (await call('POST', '/lists', byOwner, {})).body;
  await call('DELETE', '/account', byOwner);
  const bare = { 'Luna-Account-Id': account_id };
  assert.is((await call('GET', `/lists/${list_id}`, bare)).status, 200);
  await call('POST', '/accounts', bare, other);
  assert.is((await call('GET', `/lists/${list_id}`, byOther, undefined, lanAddress)).status, 200);
});

routes('all accounts are seen by advanced users and administrators, never their passwords', async ({ call, bench }) => {
  await call('POST', '/accounts', {}, owner);
  await makeAdmin(bench);
  await makeAdvanced(bench);
  const refused = await call('GET', '/accounts', byOwner);
  assert.is(refused.status, 403);
  for (const headers of [byAdmin, byAdvanced]) {
    const all = await call('GET', '/accounts', headers, undefined, lanAddress);
    assert.equal(
      all.body.accounts.map((account: { login: string }) => account.login).sort(),
      ['adv@site.com', 'admin@site.com', owner.login].sort(),
    );
    assert.not.ok(JSON.stringify(all.body).includes('argon2'));
  }
  const some = await call('GET', `/accounts?account_type=admin&targets=login`, byAdmin);
  assert.equal(some.body, { accounts: [{ login: 'admin@site.com' }] });
  assert.equal((await call('GET', `/accounts?login=${owner.login}&page=2`, byAdmin)).body, { accounts: [] });
  assert.is((await call('GET', `/accounts?login=${owner.login.toUpperCase()}`, byAdmin)).body.accounts.length, 1);
  assert.is((await call('GET', '/accounts?account_type=root', byAdmin)).body.error_code, 12012);
});

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

routes('a guesser is told when to come back', async ({ call }) => {
  await call('POST', '/accounts', {}, owner);
  let answer: Answer | undefined;
  for (let i = 0; i < 7; i++)
    answer = await call('GET', '/lists', basic(owner.login, `${wrong} ${i}`), undefined, lanAddress);
  assert.is(answer?.status, 429);
  assert.is(answer?.body.error_code, 11065);
  assert.ok(answer?.headers.get('retry-after'));
  assert.is((await call('GET', '/lists', byOwner)).status, 200);
});

routes.run();
