import { SignJWT } from 'jose';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rightObjects, rightResources, rightsOf } from '#domain/access';
import { LunaError } from '#kernel/errors';
import { type AccountsBench, lanAddress, openAccountsBench, requestOf, startMs } from './accounts-bench.ts';
import { allPermissions } from './permissions.ts';
import { TokenBody } from './token.schema.ts';

const owner = { account_id: '6d071cca-fda5-4a03-84d5-5bea65904480', account_type: 'advanced_user' } as const;
const hourMs = 3_600_000;

interface Context {
  bench: AccountsBench;
}

const tokens = suite<Context>('tokens');

tokens.before.each(async (context) => {
  context.bench = openAccountsBench();
  await context.bench.accounts.create({
    login: 'a@b.com',
    password: 'abc',
    accountType: owner.account_type,
    description: '',
    accountId: owner.account_id,
  });
});
tokens.after.each(({ bench }) => bench.close());

const bearer = (token: string) => requestOf({ Authorization: `Bearer ${token}` }, lanAddress);

async function codeOf({ accounts }: AccountsBench, token: string): Promise<number> {
  try {
    await accounts.authenticate(bearer(token));
    return 0;
  } catch (error) {
    if (!(error instanceof LunaError)) throw error;
    return error.code;
  }
}

tokens('a token gives its permissions, in its account, from any host', async ({ bench }) => {
  const permissions = {
    face: ['view', 'view'],
    resources: ['sdk'],
    emit_events: { allowed: 1, white_list: [owner.account_id] },
  };
  const body = TokenBody.parse({ permissions });
  const { row, token } = await bench.accounts.tokens.create(owner, body);
  assert.equal(await bench.accounts.authenticate(bearer(token)), {
    accountId: owner.account_id,
    accountType: 'advanced_user',
    via: 'token',
    tokenId: row.token_id,
    permissions: {
      objects: { ...Object.fromEntries(rightObjects.map((object) => [object, []])), face: ['view'] },
      resources: ['sdk'],
      emitEvents: { allowed: true, whiteList: [owner.account_id], blackList: [] },
    },
    seesAllAccounts: false,
  });
});

tokens('a Luna-Account-Id beside a token changes nothing', async ({ bench }) => {
  const { token } = await bench.accounts.tokens.create(owner, TokenBody.parse({ visibility_area: 'all' }));
  const other = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
  const request = requestOf({ Authorization: `Bearer ${token}`, 'Luna-Account-Id': other });
  const caller = await bench.accounts.authenticate(request);
  assert.is(caller?.accountId, owner.account_id);
  assert.is(caller?.seesAllAccounts, true);
});

tokens('all permissions are every right of every object', () => {
  const { resources, emit_events, ...objects } = allPermissions();
  assert.equal(objects, rightsOf);
  assert.equal(resources, rightResources);
  assert.equal(emit_events, { allowed: true, white_list: [], black_list: [] });
});

tokens('permissions take the rights that exist on an object, no others', () => {
  for (const object of rightObjects) {
    for (const right of ['creation', 'view', 'modification', 'deletion', 'matching', 'all', 1, null]) {
      const exists = (rightsOf[object] as readonly unknown[]).includes(right);
      const given = { permissions: { [object]: [right] } };
      assert.is(TokenBody.safeParse(given).success, exists, `${object}: ${right}`);
    }
  }
  assert.equal(TokenBody.parse({ permissions: { lambda: ['view'] } }), TokenBody.parse({}));
  for (const permissions of [
    'all',
    [],
    null,
    { face: 'view' },
    { emit_events: true },
    { emit_events: { white_list: ['x'] } },
  ]) {
    assert.not.ok(TokenBody.safeParse({ permissions }).success, JSON.stringify(permissions));
  }
});

tokens('a revoked, replaced or expired token answers for it from the next request on', async ({ bench }) => {
  const { accounts, clock } = bench;
  const body = TokenBody.parse({ expiration_time: new Date(startMs + hourMs).toISOString() });
  const { token, row } = await accounts.tokens.create(owner, body);
  assert.is(await codeOf(bench, token), 0);
  clock.advance(hourMs - 1);
  assert.is(await codeOf(bench, token), 0);
  clock.advance(1);
  assert.is(await codeOf(bench, token), 11065);
  accounts.tokens.replace(owner, row.token_id, TokenBody.parse({ permissions: { list: ['view'] } }));
  assert.is(await codeOf(bench, token), 0);
  assert.equal((await accounts.authenticate(bearer(token)))?.permissions?.objects['list'], ['view']);
  accounts.tokens.remove(owner.account_id, row.token_id);
  assert.is(await codeOf(bench, token), 11065);
});

tokens('a token ends with its account, also when the account is made again', async ({ bench }) => {
  const { token } = await bench.accounts.tokens.create(owner, TokenBody.parse({}));
  bench.accounts.remove(owner.account_id);
  assert.is(await codeOf(bench, token), 11065);
  await bench.accounts.create({
    login: 'a@b.com',
    password: 'abc',
    accountType: 'user',
    description: '',
    accountId: owner.account_id,
  });
  assert.is(await codeOf(bench, token), 11065);
});

tokens('visibility of all accounts is refused to a user, and broken when an account became one', async ({ bench }) => {
  const body = TokenBody.parse({ visibility_area: 'all' });
  const { token, row } = await bench.accounts.tokens.create(owner, body);
  assert.is(await codeOf(bench, token), 0);
  await bench.accounts.change(owner.account_id, { accountType: 'user' });
  assert.is(await codeOf(bench, token), 11062);
  const user = { ...owner, account_type: 'user' } as const;
  for (const attempt of [
    () => bench.accounts.tokens.create(user, body),
    async () => bench.accounts.tokens.replace(user, row.token_id, body),
  ]) {
    try {
      await attempt();
      assert.unreachable();
    } catch (error) {
      assert.is((error as LunaError).code, 12022);
      assert.match((error as Error).message, /visibility_area/);
    }
  }
});

tokens('a new password ends what logins opened, not the tokens made on purpose', async ({ bench }) => {
  const session = await bench.accounts.tokens.createSession(owner);
  const { token } = await bench.accounts.tokens.create(owner, TokenBody.parse({}));
  assert.is(await codeOf(bench, session.token), 0);
  await bench.accounts.change(owner.account_id, { password: 'a new one' });
  assert.is(await codeOf(bench, session.token), 11065);
  assert.is(await codeOf(bench, token), 0);
});

tokens('a login lasts 12 hours, and old ones make room', async ({ bench }) => {
  const { accounts, clock, storage } = bench;
  const first = await accounts.tokens.createSession(owner);
  clock.advance(12 * hourMs);
  assert.is(await codeOf(bench, first.token), 11065);
  const second = await accounts.tokens.createSession(owner);
  for (let i = 0; i < 60; i++) {
    clock.advance(1);
    await accounts.tokens.createSession(owner);
  }
  assert.is(storage.tokens.count(owner.account_id, 1), 50);
  assert.is(await codeOf(bench, second.token), 11065);
});

tokens('an account has at most 1000 tokens', async ({ bench }) => {
  const { row } = await bench.accounts.tokens.create(owner, TokenBody.parse({}));
  for (let i = 1; i < 1000; i++) bench.storage.tokens.insert({ ...row, token_id: bench.ids.random() });
  try {
    await bench.accounts.tokens.create(owner, TokenBody.parse({}));
    assert.unreachable();
  } catch (error) {
    assert.is((error as LunaError).errorName, 'TooManyTokens');
  }
});

tokens('the secret outlives a restart and differs between appliances', async ({ bench }) => {
  const { token } = await bench.accounts.tokens.create(owner, TokenBody.parse({}));
  const secret = bench.storage.meta.get('accounts.token_secret');
  assert.is(Buffer.from(secret ?? '', 'base64url').length, 32);
  const other = openAccountsBench(2);
  assert.is.not(other.storage.meta.get('accounts.token_secret'), secret);
  assert.is(await codeOf(other, token), 11062);
  other.close();
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const tampering: readonly [
  what: string,
  (token: string, id: string, secret: Uint8Array) => string | Promise<string>,
][] = [
  ['no algorithm', (token) => `${encode({ alg: 'none', typ: 'JWT' })}.${token.split('.')[1]}.`],
  [
    'no algorithm, with the signature',
    (token) => [encode({ alg: 'none', typ: 'JWT' }), ...token.split('.').slice(1)].join('.'),
  ],
  [
    'another algorithm in the header',
    (token) => [encode({ alg: 'HS512', typ: 'JWT' }), ...token.split('.').slice(1)].join('.'),
  ],
  ['no signature', (token) => `${token.split('.').slice(0, 2).join('.')}.`],
  ['a signature bit turned', (token) => token.slice(0, -10) + (token.at(-10) === 'A' ? 'B' : 'A') + token.slice(-9)],
  [
    'another payload',
    (token, id) => [token.split('.')[0], encode({ jti: id, sub: id, iat: 1 }), token.split('.')[2]].join('.'),
  ],
  ['another secret', (_, id) => signed({ alg: 'HS256', typ: 'JWT' }, id, new Uint8Array(32))],
  [
    'our secret, another algorithm',
    (_, id, secret) => signed({ alg: 'HS384', typ: 'JWT' }, id, Buffer.concat([secret, secret])),
  ],
  ['our secret, another type of token', (_, id, secret) => signed({ alg: 'HS256', typ: 'at+jwt' }, id, secret)],
  ['our secret, no token id', (_, __, secret) => signed({ alg: 'HS256', typ: 'JWT' }, undefined, secret)],
  ['one part', () => 'abc'],
  ['two parts', () => 'abc.def'],
  ['four parts', (token) => `${token}.abc`],
  ['a header that is not JSON', (token) => ['YWJj', ...token.split('.').slice(1)].join('.')],
  [
    'a critical extension',
    (token) => [encode({ alg: 'HS256', typ: 'JWT', crit: ['x'], x: 1 }), ...token.split('.').slice(1)].join('.'),
  ],
];

function signed(header: { alg: string; typ: string }, id: string | undefined, secret: Uint8Array): Promise<string> {
  const jwt = new SignJWT().setProtectedHeader(header).setSubject(owner.account_id).setIssuedAt(1);
  return (id === undefined ? jwt : jwt.setJti(id)).sign(secret);
}

for (const [what, tamper] of tampering) {
  tokens(`a token with ${what} is corrupted: 11062`, async ({ bench }) => {
    const { token, row } = await bench.accounts.tokens.create(owner, TokenBody.parse({}));
    const secret = Buffer.from(bench.storage.meta.get('accounts.token_secret') ?? '', 'base64url');
    const forged = await tamper(token, row.token_id, secret);
    assert.is.not(forged, token);
    assert.is(await codeOf(bench, forged), 11062);
    assert.is(await codeOf(bench, token), 0);
  });
}

tokens('a signed token of another account with the id of a token that exists opens nothing', async ({ bench }) => {
  const { row } = await bench.accounts.tokens.create(owner, TokenBody.parse({}));
  const secret = Buffer.from(bench.storage.meta.get('accounts.token_secret') ?? '', 'base64url');
  const forged = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setJti(row.token_id)
    .setSubject('0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d')
    .sign(secret);
  assert.is(await codeOf(bench, forged), 11065);
});

tokens.run();
