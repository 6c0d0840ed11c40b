import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRestApp } from '../../../appliance/rest/rest-app.ts';
import { createListsRoutes } from '../faces/lists.routes.ts';
import { createLists } from '../faces/lists.service.ts';
import {
  type AccountsBench,
  type Answer,
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

const routes = suite<{ bench: AccountsBench; call: Call }>('accounts over HTTP');
routes.before.each((context) => {
  context.bench = openAccountsBench();
  const lists = createListsRoutes({ lists: createLists(context.bench), externalAddress: () => 'http://box' });
  context.call = callerOfApp(createRestApp(restEngineOf(context.bench, [lists])));
});
routes.after.each(({ bench }) => bench.close());

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

routes('who may not create an account learns so before the body is read', async ({ call }) => {
  const huge = { ...owner, description: 'x'.repeat(200_000) };
  assert.is((await call('POST', '/accounts', {}, huge, lanAddress)).body.error_code, 37003);
  const local = await call('POST', '/accounts', {}, huge);
  assert.equal([local.status, local.body.error_code], [413, 106]);
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

const proxied = { 'X-Forwarded-For': '192.168.1.20' };

routes('what a proxy on the appliance passes on neither makes accounts nor gets in by a bare id', async ({ call }) => {
  assert.is((await call('POST', '/accounts', proxied, owner)).body.error_code, 37003, 'the first one');
  await call('POST', '/accounts', {}, owner);
  assert.is((await call('POST', '/accounts', proxied, other)).body.error_code, 37003);
  assert.is((await call('GET', '/lists', { ...proxied, 'Luna-Account-Id': stranger })).body.error_code, 11061);
  assert.is((await call('GET', '/lists', { ...proxied, ...byOwner })).status, 200);
});

routes('with bare headers from nobody, the first account alone is made on the appliance', async ({ call, bench }) => {
  bench.settings.allowAccountHeader = 'nobody';
  assert.is((await call('POST', '/accounts', {}, owner)).status, 201);
  assert.is((await call('POST', '/accounts', {}, other)).body.error_code, 37003);
  await makeAdmin(bench);
  assert.is((await call('POST', '/accounts', byAdmin, other)).status, 201);
});

routes('who may make an account may send any credentials, but a token, and names the wanted id', async (context) => {
  const { call, bench } = context;
  await call('POST', '/accounts', {}, owner);
  bench.settings.openSignUp = true;
  const bad: readonly Record<string, string>[] = [
    basic(owner.login, wrong),
    { Authorization: 'Digest x' },
    { Authorization: 'Bearer x' },
    { 'Luna-Account-Id': '0195d8a2-6f0a-7c3e-9b1d-00000000000a' },
  ];
  for (const [i, headers] of bad.entries()) {
    const account = { ...other, login: `new${i}@site.com` };
    const answer = await call('POST', '/accounts', headers, account, lanAddress);
    assert.is(answer.status, 201, JSON.stringify([headers, answer.body]));
    const wanted = headers['Luna-Account-Id'];
    if (wanted) assert.is(answer.body.account_id, wanted);
  }
  assert.is((await call('POST', '/accounts', { 'Luna-Account-Id': 'x' }, other, lanAddress)).body.error_code, 11037);
  bench.settings.openSignUp = false;
  const refused = await call('POST', '/accounts', basic(owner.login, wrong), other, lanAddress);
  assert.is(refused.body.error_code, 11065, 'who needs credentials learns that they are wrong');
});

routes('a host that makes accounts without end is slowed, and told for how long', async ({ call, bench }) => {
  await call('POST', '/accounts', {}, owner);
  bench.settings.openSignUp = true;
  const answers: Answer[] = [];
  for (let i = 0; i < 8; i++) {
    answers.push(await call('POST', '/accounts', {}, { ...other, login: `n${i}@site.com` }, lanAddress));
  }
  assert.equal(
    answers.map(({ status }) => status),
    [201, 201, 201, 201, 201, 201, 429, 429],
  );
  assert.equal([answers[6]?.body.error_code, answers[6]?.headers.get('retry-after')], [37007, '1']);
  bench.clock.advance(1000);
  assert.is((await call('POST', '/accounts', {}, { ...other, login: 'later@site.com' }, lanAddress)).status, 201);
  assert.is((await call('POST', '/accounts', {}, { ...other, login: 'x@site.com' }, '192.168.1.21')).status, 201);
  for (let i = 0; i < 8; i++) {
    const account = { ...other, login: `local${i}@site.com` };
    assert.is((await call('POST', '/accounts', {}, account)).status, 201, 'the appliance itself is not slowed');
  }
});

routes('a crowd that signs up takes no turn from logins on the appliance', async ({ call, bench }) => {
  await call('POST', '/accounts', {}, owner);
  bench.settings.openSignUp = true;
  const crowd = Array.from({ length: 65 }, (_, i) => {
    const account = { ...other, login: `crowd${i}@site.com` };
    return call('POST', '/accounts', i % 2 ? {} : proxied, account, i % 2 ? `10.0.0.${i}` : '127.0.0.1');
  });
  const logins = Array.from({ length: 5 }, (_, i) => call('GET', '/lists', basic(owner.login, `${wrong} ${i}`)));
  assert.equal(
    (await Promise.all(logins)).map(({ status }) => status),
    [401, 401, 401, 401, 401],
  );
  assert.is((await call('GET', '/lists', byOwner)).status, 200);
  const statuses = new Set((await Promise.all(crowd)).map(({ status }) => status));
  assert.equal([...statuses].sort(), [201, 429, 503], 'made, slowed per host, and more than wait');
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

routes('a guesser is told when to come back: the seconds in the answer are those it has to wait', async (context) => {
  const { call, bench } = context;
  await call('POST', '/accounts', {}, owner);
  let tried = 0;
  const guess = () => call('GET', '/lists', basic(owner.login, `${wrong} ${tried++}`), undefined, lanAddress);
  for (let i = 0; i < 6; i++) assert.is((await guess()).status, 401);
  for (const seconds of [1, 2, 4, 8]) {
    const answer = await guess();
    assert.equal([answer.status, answer.body.error_code], [429, 11065]);
    assert.is(answer.headers.get('retry-after'), String(seconds));
    bench.clock.advance(seconds * 1000);
    assert.is((await guess()).status, 401);
  }
  assert.is((await call('GET', '/lists', byOwner)).status, 200);
});

routes.run();
