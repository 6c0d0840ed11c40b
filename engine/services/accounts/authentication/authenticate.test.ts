import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AccountType } from '#domain/access';
import { LunaError } from '#kernel/errors';
import { type AccountsBench, basic, lanAddress, openAccountsBench, requestOf, wrong } from '../accounts-bench.ts';

const stranger = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const password = 'pass wörd';

const logins = { user: 'user@site.com', advanced_user: 'advanced@site.com', admin: 'admin@site.com' } as const;

interface Context {
  bench: AccountsBench;
  ids: Record<AccountType, string>;
}

const authenticate = suite<Context>('authentication');

authenticate.before(async (context) => {
  context.bench = openAccountsBench();
  const { accounts } = context.bench;
  const create = (accountType: AccountType) =>
    accounts.create({ login: logins[accountType], password, accountType, description: '' });
  context.ids = {
    user: await create('user'),
    advanced_user: await create('advanced_user'),
    admin: await create('admin'),
  };
});
authenticate.before.each(({ bench }) => {
  bench.settings.allowAccountHeader = 'loopback';
});
authenticate.after(({ bench }) => bench.close());

async function codeOf(bench: AccountsBench, headers: Record<string, string>, address?: string | null): Promise<number> {
  try {
    await bench.accounts.authenticate(requestOf(headers, address));
    return 0;
  } catch (error) {
    if (!(error instanceof LunaError)) throw error;
    return error.code;
  }
}

authenticate('a request without credentials is nobody', async ({ bench }) => {
  for (const address of ['127.0.0.1', lanAddress, null]) {
    assert.is(await bench.accounts.authenticate(requestOf({}, address)), null);
  }
});

authenticate('login and password give all rights of the account type, from any host', async ({ bench, ids }) => {
  for (const accountType of ['user', 'advanced_user', 'admin'] as const) {
    const request = requestOf(basic(logins[accountType].toUpperCase(), password), lanAddress);
    assert.equal(await bench.accounts.authenticate(request), {
      accountId: ids[accountType],
      accountType,
      via: 'basic',
      permissions: null,
      seesAllAccounts: accountType !== 'user',
    });
  }
});

authenticate('an accent typed as two characters is the same password', async ({ bench }) => {
  assert.is(await codeOf(bench, basic(logins.user, password.normalize('NFD'))), 0);
});

authenticate('a user who sends another account id, too, stays in its own account', async ({ bench, ids }) => {
  const headers = { ...basic(logins.user, password), 'Luna-Account-Id': ids.admin };
  const caller = await bench.accounts.authenticate(requestOf(headers));
  assert.is(caller?.accountId, ids.user);
  assert.is(caller?.accountType, 'user');
  assert.is(caller?.seesAllAccounts, false);
});

authenticate('an advanced user or administrator selects whose data are meant', async ({ bench, ids }) => {
  for (const accountType of ['advanced_user', 'admin'] as const) {
    for (const selected of [ids.user, stranger]) {
      const headers = { ...basic(logins[accountType], password), 'Luna-Account-Id': selected.toUpperCase() };
      assert.equal(await bench.accounts.authenticate(requestOf(headers, lanAddress)), {
        accountId: selected,
        actingAccountId: ids[accountType],
        accountType,
        via: 'basic',
        permissions: null,
        seesAllAccounts: false,
      });
    }
    const own = { ...basic(logins[accountType], password), 'Luna-Account-Id': ids[accountType] };
    const caller = await bench.accounts.authenticate(requestOf(own));
    assert.is(caller?.accountId, ids[accountType]);
    assert.is(caller?.actingAccountId, undefined);
    assert.is(caller?.seesAllAccounts, false);
  }
});

authenticate(
  'a bare account id on the appliance is that account, or a user of its own data',
  async ({ bench, ids }) => {
    const callerOf = (id: string) => bench.accounts.authenticate(requestOf({ 'Luna-Account-Id': id }));
    const plain = {
      accountId: stranger,
      accountType: 'user',
      via: 'account_id',
      permissions: null,
      seesAllAccounts: false,
    };
    assert.equal(await callerOf(stranger), plain);
    assert.equal(await callerOf(ids.user), { ...plain, accountId: ids.user });
    for (const accountType of ['advanced_user', 'admin'] as const) {
      assert.equal(await callerOf(ids[accountType]), {
        ...plain,
        accountId: ids[accountType],
        accountType,
        seesAllAccounts: true,
      });
    }
  },
);

const headerCases: readonly [setting: 'loopback' | 'everyone' | 'nobody', address: string | null, code: number][] = [
  ['loopback', '127.0.0.1', 0],
  ['loopback', '::1', 0],
  ['loopback', '::ffff:127.0.0.1', 0],
  ['loopback', null, 0],
  ['loopback', lanAddress, 11061],
  ['loopback', '::ffff:192.168.1.20', 11061],
  ['loopback', '', 11061],
  ['everyone', '127.0.0.1', 0],
  ['everyone', lanAddress, 0],
  ['nobody', '127.0.0.1', 11061],
  ['nobody', null, 11061],
  ['nobody', lanAddress, 11061],
];
for (const [setting, address, code] of headerCases) {
  authenticate(`a bare account id from '${address}', allowed for ${setting}, answers ${code}`, async ({ bench }) => {
    bench.settings.allowAccountHeader = setting;
    assert.is(await codeOf(bench, { 'Luna-Account-Id': stranger }, address), code);
  });
}

authenticate('no header makes another host this one', async ({ bench }) => {
  const forwarded = { 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1' };
  assert.is(await codeOf(bench, { 'Luna-Account-Id': stranger, ...forwarded }, lanAddress), 11061);
});

authenticate('what a proxy on the appliance passes on is another host', async ({ bench }) => {
  const forwarded = { 'X-Forwarded-For': '127.0.0.1' };
  assert.is(await codeOf(bench, { 'Luna-Account-Id': stranger, ...forwarded }, '127.0.0.1'), 11061);
  for (let i = 0; i < 7; i++) {
    await codeOf(bench, { ...basic('proxied@site.com', `${wrong} ${i}`), ...forwarded }, '127.0.0.1');
  }
  const status = async (headers: Record<string, string>) => {
    try {
      await bench.accounts.authenticate(requestOf(headers, '127.0.0.1'));
      return 200;
    } catch (error) {
      return (error as LunaError).status;
    }
  };
  assert.is(await status({ ...basic('proxied@site.com', password), ...forwarded }), 429, 'guesses are slowed');
  assert.is(await status(basic('proxied@site.com', password)), 401, 'the appliance itself is not');
});

authenticate('with bare headers from nobody, logins of the appliance itself are slowed, too', async ({ bench }) => {
  bench.settings.allowAccountHeader = 'nobody';
  const login = 'unseen@site.com';
  for (let i = 0; i < 6; i++) await codeOf(bench, basic(login, `${wrong} ${i}`), '127.0.0.1');
  try {
    await bench.accounts.authenticate(requestOf(basic(login, password), '127.0.0.1'));
    assert.unreachable();
  } catch (error) {
    assert.is((error as LunaError).status, 429);
  }
});

const pages: readonly [what: string, method: string, headers: Record<string, string>, isRefused: boolean][] = [
  ['a page of another site', 'POST', { Host: 'box:5000', Origin: 'https://evil.example' }, true],
  ['a page of another site', 'DELETE', { Host: 'box:5000', Origin: 'https://evil.example' }, true],
  ['a page without a site', 'POST', { Host: 'box:5000', Origin: 'null' }, true],
  ['a page on another port', 'PATCH', { Host: 'box:5000', Origin: 'http://box:8000' }, true],
  ['a browser that says so', 'POST', { Host: 'box:5000', 'Sec-Fetch-Site': 'cross-site' }, true],
  ['a page that opens a WebSocket', 'GET', { Host: 'box', Origin: 'http://evil.example', Upgrade: 'websocket' }, true],
  ['a page of another site that reads', 'GET', { Host: 'box:5000', Origin: 'https://evil.example' }, false],
  ['a page of another site that reads', 'HEAD', { Host: 'box:5000', 'Sec-Fetch-Site': 'cross-site' }, false],
  ['a page of the appliance', 'POST', { Host: 'box:5000', Origin: 'http://box:5000' }, false],
  ['a page behind a TLS proxy', 'PUT', { Host: 'box.example', Origin: 'https://box.example' }, false],
  ['its WebSocket', 'GET', { Host: 'box', Origin: 'http://box', Upgrade: 'websocket' }, false],
  ['a program', 'POST', { Host: 'box:5000' }, false],
];
for (const [what, method, headers, isRefused] of pages) {
  authenticate(`${method} by ${what}: ${isRefused ? '37006, but not with' : 'as with'} a token`, async (context) => {
    const { bench, ids } = context;
    bench.settings.allowAccountHeader = 'everyone';
    const codeWith = async (credentials: Record<string, string>): Promise<number> => {
      try {
        await bench.accounts.authenticate(requestOf({ ...headers, ...credentials }, lanAddress, { method }));
        return 0;
      } catch (error) {
        return (error as LunaError).code;
      }
    };
    const { token } = await bench.accounts.tokens.createSession({ account_id: ids.user, account_type: 'user' });
    const refusal = isRefused ? 37006 : 0;
    assert.is(await codeWith(basic(logins.user, password)), refusal);
    assert.is(await codeWith({ 'Luna-Account-Id': stranger }), refusal);
    assert.is(await codeWith({ Authorization: `Bearer ${token}` }), 0);
  });
}

authenticate('until the first account exists, no other host gets in', async () => {
  const bench = openAccountsBench();
  bench.settings.allowAccountHeader = 'everyone';
  assert.is(await codeOf(bench, { 'Luna-Account-Id': stranger }, lanAddress), 11061);
  assert.is(await codeOf(bench, basic('root@visionlabs.ai', 'root'), lanAddress), 11065);
  assert.is(await codeOf(bench, { 'Luna-Account-Id': stranger }, '127.0.0.1'), 0);
  await bench.accounts.create({ login: 'a@b.com', password, accountType: 'admin', description: '' });
  assert.is(await codeOf(bench, { 'Luna-Account-Id': stranger }, lanAddress), 0);
  bench.close();
});

authenticate('an account id that is none answers 11037, alone and beside a password', async ({ bench }) => {
  for (const value of ['', 'x', `${stranger}1`]) {
    assert.is(await codeOf(bench, { 'Luna-Account-Id': value }), 11037);
    assert.is(await codeOf(bench, { ...basic(logins.user, password), 'Luna-Account-Id': value }), 11037);
  }
});

authenticate(
  'wrong credentials answer 11065, malformed ones 12019, also where a bare id would do',
  async ({ bench }) => {
    const id = { 'Luna-Account-Id': stranger };
    for (const headers of [{}, id]) {
      assert.is(await codeOf(bench, { ...basic(logins.user, wrong), ...headers }), 11065);
      assert.is(await codeOf(bench, { ...basic('nobody@site.com', password), ...headers }), 11065);
      assert.is(await codeOf(bench, { ...basic(logins.user, ''), ...headers }), 11065);
      assert.is(await codeOf(bench, { Authorization: '', ...headers }), 12019);
      assert.is(await codeOf(bench, { Authorization: 'Basic !', ...headers }), 12019);
    }
  },
);

authenticate('the query names an account for a WebSocket only', async ({ bench }) => {
  const query = (name: string) => (name === 'luna-account-id' ? stranger : undefined);
  assert.is(await bench.accounts.authenticate(requestOf({}, null, { query })), null);
  const caller = await bench.accounts.authenticate(requestOf({ Upgrade: 'websocket' }, null, { query }));
  assert.is(caller?.accountId, stranger);
});

authenticate.run();
