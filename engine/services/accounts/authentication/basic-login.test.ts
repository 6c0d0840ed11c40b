import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSeededChance } from '#kernel/chance';
import { createFixedClock } from '#kernel/clock';
import { LunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { type AccountsBench, lanAddress, openAccountsBench, startMs, wrong } from '../accounts-bench.ts';
import { createBasicLogin } from './basic-login.ts';
import { createLoginBrake } from './login-brake.ts';
import { createPasswords } from './passwords.ts';

const login = 'owner@site.com';
const password = 'correct horse';

/** A login over real storage that counts the hashes it computes. */
async function openLogin(bench: AccountsBench) {
  const accountId = await bench.accounts.create({ login, password, accountType: 'user', description: '' });
  const clock = createFixedClock(startMs);
  const chance = createSeededChance(7);
  const passwords = createPasswords({ chance });
  const state = { hashes: 0 };
  const signIn = createBasicLogin({
    storage: bench.storage,
    clock,
    chance,
    log: createLog('silent'),
    passwords: {
      ...passwords,
      verify(...given) {
        state.hashes += 1;
        return passwords.verify(...given);
      },
    },
    brake: createLoginBrake({ clock }),
  });
  const statusOf = async (name: string, word: string, host = 'loopback'): Promise<number> => {
    try {
      await signIn(name, word, { host, isTrusted: host === 'loopback' });
      return 200;
    } catch (error) {
      if (!(error instanceof LunaError)) throw error;
      return error.status;
    }
  };
  return { accountId, clock, state, signIn, statusOf };
}

const basicLogin = suite<{ bench: AccountsBench }>('basic login');
basicLogin.before.each((context) => {
  context.bench = openAccountsBench();
});
basicLogin.after.each(({ bench }) => bench.close());

basicLogin('the same credentials cost one hash, also when they come a hundred times at once', async ({ bench }) => {
  const { clock, state, statusOf } = await openLogin(bench);
  const all = await Promise.all(Array.from({ length: 100 }, () => statusOf(login, password, lanAddress)));
  assert.equal([...new Set(all)], [200]);
  for (let i = 0; i < 10; i++) assert.is(await statusOf(login, password, lanAddress), 200);
  assert.is(state.hashes, 1);
  clock.advance(5 * 60_000);
  assert.is(await statusOf(login, password, lanAddress), 200);
  assert.is(state.hashes, 2);
});

basicLogin('what one host proved is no proof for another one', async ({ bench }) => {
  const { state, statusOf } = await openLogin(bench);
  await statusOf(login, password, lanAddress);
  await statusOf(login, password, '192.168.1.21');
  assert.is(state.hashes, 2);
});

basicLogin('a changed password, login or account ends the trust at once', async ({ bench }) => {
  const { accountId, statusOf } = await openLogin(bench);
  assert.is(await statusOf(login, password), 200);
  await bench.accounts.change(accountId, { password: 'another one' });
  assert.is(await statusOf(login, password), 401);
  assert.is(await statusOf(login, 'another one'), 200);
  await bench.accounts.change(accountId, { login: 'new@site.com' });
  assert.is(await statusOf(login, 'another one'), 401);
  assert.is(await statusOf('new@site.com', 'another one'), 200);
  bench.accounts.remove(accountId);
  assert.is(await statusOf('new@site.com', 'another one'), 401);
});

basicLogin('a password that is changed while it is checked does not get in', async ({ bench }) => {
  const { accountId, statusOf } = await openLogin(bench);
  const row = bench.storage.accounts.findById(accountId);
  assert.ok(row);
  const answer = statusOf(login, password);
  bench.storage.accounts.update({ ...row, password: row.password.replace(/.$/, '') });
  assert.is(await answer, 401);
});

basicLogin(
  'a guesser is refused without a hash, right password or not; the owner gets in from elsewhere',
  async ({ bench }) => {
    const { clock, state, statusOf } = await openLogin(bench);
    const answers: number[] = [];
    for (let i = 0; i < 8; i++) answers.push(await statusOf(login, `${wrong} ${i}`, lanAddress));
    assert.equal(answers, [401, 401, 401, 401, 401, 401, 429, 429]);
    assert.is(state.hashes, 6);
    assert.is(await statusOf(login, password, lanAddress), 429);
    assert.is(await statusOf(login, password, '192.168.1.21'), 200);
    assert.is(await statusOf(login, password), 200);
    clock.advance(1000);
    assert.is(await statusOf(login, password, lanAddress), 200);
  },
);

basicLogin('a hundred guesses at once are no more than one after the other', async ({ bench }) => {
  const { state, statusOf } = await openLogin(bench);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => statusOf(login, `${wrong} ${i}`, lanAddress)),
  );
  assert.is(answers.filter((status) => status === 429).length, 94);
  assert.is(state.hashes, 6);
});

basicLogin('a host that was trusted is no oracle for guessing: it is slowed, too', async ({ bench }) => {
  const { statusOf } = await openLogin(bench);
  assert.is(await statusOf(login, password, lanAddress), 200);
  for (let i = 0; i < 7; i++) await statusOf(login, `${wrong} ${i}`, lanAddress);
  assert.is(await statusOf(login, password, lanAddress), 429);
});

basicLogin('the appliance itself is never locked out', async ({ bench }) => {
  const { statusOf } = await openLogin(bench);
  for (let i = 0; i < 10; i++) assert.is(await statusOf(login, wrong), 401);
  assert.is(await statusOf(login, password), 200);
});

basicLogin('an unknown login costs the same hash and is slowed the same way', async ({ bench }) => {
  const { state, statusOf } = await openLogin(bench);
  assert.is(await statusOf('nobody@site.com', password), 401);
  assert.is(state.hashes, 1);
  for (let i = 0; i < 6; i++) assert.is(await statusOf('nobody@site.com', `${wrong} ${i}`, lanAddress), 401);
  assert.is(await statusOf('nobody@site.com', password, lanAddress), 429);
});

basicLogin(
  'when too many hosts try at once, some are told to come back, and that does not count against them',
  async ({ bench }) => {
    const { statusOf } = await openLogin(bench);
    const hosts = Array.from({ length: 60 }, (_, i) => `10.0.0.${i}`);
    const answers = await Promise.all(hosts.map((host) => statusOf(login, password, host)));
    const busy = hosts.filter((_, i) => answers[i] === 503);
    assert.is(busy.length, 60 - 34);
    assert.is(answers.filter((status) => status === 200).length, 34);
    for (const host of busy.slice(0, 3)) assert.is(await statusOf(login, password, host), 200);
  },
);

/** Made by hash-wasm 4.13, an implementation of its own: password "password", salt "somesaltsomesalt". */
const foreignHash = '$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Gpj7qOY5RCXJvcMzqcdQqvgR3wcPX7SleI4c9NtXk6E';

const stored = suite('stored passwords');

stored('a hash is salted Argon2id of 19 MiB, and only its password fits', async () => {
  const passwords = createPasswords({ chance: createSeededChance(3) });
  const [one, two] = [await passwords.hash('a', 'loopback'), await passwords.hash('a', 'elsewhere')];
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.is.not(one, two);
  assert.is(await passwords.verify(one, 'a', 'loopback'), true);
  assert.is(await passwords.verify(two, 'a', 'elsewhere'), true);
  assert.is(await passwords.verify(one, 'b', 'loopback'), false);
  assert.is(await passwords.verify(undefined, 'a', 'loopback'), false);
});

stored('a hash of another implementation, with other costs, is understood', async () => {
  const passwords = createPasswords({ chance: createSeededChance(3) });
  assert.is(await passwords.verify(foreignHash, 'password', 'loopback'), true);
  assert.is(await passwords.verify(foreignHash, 'Password', 'loopback'), false);
});

stored('a damaged hash is a defect of ours, not a wrong password', async () => {
  const passwords = createPasswords({ chance: createSeededChance(3) });
  for (const damaged of [
    '',
    'plain',
    '$argon2id$v=19$m=99999999999,t=2,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA',
  ]) {
    try {
      await passwords.verify(damaged, 'a', 'loopback');
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, /damaged/);
    }
  }
});

basicLogin.run();
stored.run();
