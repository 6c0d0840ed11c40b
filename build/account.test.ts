import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { databaseFile, filesFolder } from '#contract/settings/data-folder';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage } from '#storage/storage';
import { lockDataDirectory } from '../appliance/daemon/data-lock.ts';
import { createAccounts } from '../engine/services/accounts/accounts.service.ts';
import { basic, requestOf } from '../engine/services/accounts/accounts-bench.ts';

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

const login = 'owner@site.com';
const lan = '192.168.1.20';

const account = suite<{ dataDir: string; run(args: string[], input?: string): Promise<Outcome> }>('npm run account');

account.before.each((context) => {
  context.dataDir = mkdtempSync(join(tmpdir(), 'perigee-account-'));
  context.run = (args, input = '') =>
    new Promise((resolve) => {
      const env = { ...process.env, PERIGEE_DATA_DIR: context.dataDir };
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'build/account.ts', ...args], {
        env,
      });
      const outcome: Outcome = { code: null, stdout: '', stderr: '' };
      child.stdout.on('data', (chunk) => {
        outcome.stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        outcome.stderr += chunk;
      });
      child.on('close', (code) => resolve({ ...outcome, code }));
      child.stdin.on('error', () => {});
      child.stdin.end(input);
    });
});
account.after.each(({ dataDir }) => rmSync(dataDir, { recursive: true, force: true }));

/** What the daemon holds: the lock of the data directory and the database. */
function openDaemon(dataDir: string) {
  const unlock = lockDataDirectory(dataDir);
  const log = createLog('silent');
  const storage = openStorage({ file: databaseFile(dataDir), filesDir: filesFolder(dataDir), log });
  const ids = createIds({ clock: systemClock, chance: systemChance });
  const settings = () => ({ allowAccountHeader: 'loopback', openSignUp: false }) as const;
  const accounts = createAccounts({ storage, clock: systemClock, chance: systemChance, ids, log, settings });
  return {
    accounts,
    close() {
      storage.close();
      unlock();
    },
  };
}

account('an account made while the daemon is stopped gets in when it runs', async ({ run, dataDir }) => {
  const created = await run(['create', '--login', login, '--type', 'admin'], 'first word\n');
  assert.is(created.code, 0, created.stderr);
  const daemon = openDaemon(dataDir);
  const caller = await daemon.accounts.authenticate(requestOf(basic(login, 'first word'), lan));
  assert.is(caller?.accountId, created.stdout.trim());
  assert.is(caller?.accountType, 'admin');
  daemon.close();
});

account('what is changed beside a running daemon holds at its next request', async ({ run, dataDir }) => {
  const daemon = openDaemon(dataDir);
  const signIn = async (password: string): Promise<string> => {
    try {
      return (await daemon.accounts.authenticate(requestOf(basic(login, password))))?.accountType ?? 'nobody';
    } catch {
      return 'refused';
    }
  };
  assert.is((await run(['create', '--login', login], 'first word')).code, 0);
  assert.is(await signIn('first word'), 'user');
  assert.is((await run(['type', '--login', login, '--type', 'admin'])).code, 0);
  assert.is(await signIn('first word'), 'admin');
  assert.is((await run(['password', '--login', login], 'second word\n')).code, 0);
  assert.is(await signIn('first word'), 'refused');
  assert.is(await signIn('second word'), 'admin');
  assert.match((await run(['list'])).stdout, /^[0-9a-f-]{36} {2}admin {10}owner@site\.com\n$/);
  assert.is((await run(['remove', '--login', login])).code, 0);
  assert.is(await signIn('second word'), 'refused');
  daemon.close();
});

account('a running daemon of another release keeps its schema', async ({ run, dataDir }) => {
  openDaemon(dataDir).close();
  const unlock = lockDataDirectory(dataDir);
  const connection = new BetterSqlite3(databaseFile(dataDir));
  connection.pragma('user_version = 1');
  const outcome = await run(['create', '--login', login], 'first word');
  assert.is(outcome.code, 1);
  assert.match(outcome.stderr, /another release/);
  assert.is(connection.pragma('user_version', { simple: true }), 1);
  connection.close();
  unlock();
});

const refused: readonly [what: string, args: string[], input: string, says: RegExp][] = [
  ['no command', [], '', /usage:/],
  ['an unknown command', ['make'], '', /usage:/],
  [
    'a password on the command line',
    ['create', '--login', login, '--password', 'x'],
    '',
    /Unknown option '--password'/,
  ],
  ['no password', ['create', '--login', login], '', /No password/],
  ['a short password', ['create', '--login', login], 'ab\n', /password: /],
  ['no login', ['create'], 'first word', /--login: /],
  ['a login that is none', ['create', '--login', 'root'], 'root', /name@domain\.zone/],
  ['an unknown type', ['create', '--login', login, '--type', 'root'], 'first word', /--type: /],
  ['an id that is none', ['create', '--login', login, '--id', '7'], 'first word', /--id: not a UUID/],
  ['an unknown account', ['remove', '--login', login], '', /no account with login owner@site\.com/],
  ['a type command without type', ['type', '--login', login], '', /usage:/],
];
for (const [what, args, input, says] of refused) {
  account(`${what} is refused in one line of words`, async ({ run }) => {
    const outcome = await run(args, input);
    assert.is(outcome.code, 1);
    assert.match(outcome.stderr, says);
    assert.not.match(outcome.stderr, /\n\s+at /);
  });
}

account.run();
