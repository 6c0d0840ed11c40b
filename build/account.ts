/**
 * `npm run account -- create | list | password | type | remove`: accounts from the console of the appliance. Works on the
 * database itself, whether the daemon runs (it reads accounts at every request) or not. Passwords come from a prompt
 * or the first line of standard input, never from the command line, where other users of the machine could read them.
 */
import '../appliance/daemon/runtime-check.ts';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type * as z from 'zod';
import { Uuid } from '#contract/schemas';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { isLunaError } from '#kernel/errors';
import { createIds } from '#kernel/ids';
import { loadSettings, SettingsError } from '../appliance/daemon/load-settings.ts';
import { AccountTypeName, Login, Password } from '../engine/services/accounts/account.schema.ts';
import { type Accounts, createAccounts } from '../engine/services/accounts/accounts.service.ts';
import { createAccountTable } from '../engine/storage/tables/account.table.ts';
import { createMetaTable } from '../engine/storage/tables/meta.table.ts';
import { createTokenTable } from '../engine/storage/tables/token.table.ts';
import { CommandError, openDataFolder } from './open-data-folder.ts';

const usage = `usage: npm run account -- COMMAND
  create --login NAME@DOMAIN [--type user|advanced_user|admin] [--id UUID] [--description TEXT]
  list
  password --login NAME@DOMAIN
  type --login NAME@DOMAIN --type user|advanced_user|admin
  remove --login NAME@DOMAIN          its data stay
The password is asked for, or read from standard input: npm run account -- create --login a@b.com < password.txt`;

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new CommandError(`${what}: ${parsed.error.issues[0]?.message ?? 'invalid'}`);
  return parsed.data;
}

/** The first line of what is piped in, or asked for twice without an echo. */
async function readPassword(): Promise<string> {
  const { stdin } = process;
  const lines = createInterface({
    input: stdin,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: stdin.isTTY ?? false,
  });
  try {
    if (!stdin.isTTY) {
      for await (const line of lines) return line;
      throw new CommandError('No password on standard input.');
    }
    process.stderr.write('Password: ');
    const password = await lines.question('');
    process.stderr.write('\nOnce more: ');
    const again = await lines.question('');
    process.stderr.write('\n');
    if (password !== again) throw new CommandError('The two passwords differ.');
    return password;
  } finally {
    lines.close();
  }
}

function openAccounts(dataDir: string): { accounts: Accounts; close(): void } {
  const { db, log, close } = openDataFolder(dataDir);
  const accounts = createAccounts({
    storage: {
      atomically: db.atomically,
      accounts: createAccountTable(db),
      tokens: createTokenTable(db),
      meta: createMetaTable(db),
    },
    clock: systemClock,
    chance: systemChance,
    ids: createIds({ clock: systemClock, chance: systemChance }),
    log,
    settings: () => ({ allowAccountHeader: 'nobody', openSignUp: false }),
  });
  return { accounts, close };
}

function idOf(accounts: Accounts, login: string): string {
  const account = accounts.findByLogin(login);
  if (!account) throw new CommandError(`There is no account with login ${login}.`);
  return account.account_id;
}

async function runCommand(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      login: { type: 'string' },
      type: { type: 'string' },
      id: { type: 'string' },
      description: { type: 'string', default: '' },
    },
  });
  const command = positionals[0] ?? '';
  if (positionals.length !== 1 || !['create', 'list', 'password', 'type', 'remove'].includes(command)) {
    throw new CommandError(usage);
  }
  // Everything is asked and checked before the database is opened, so that it is held for milliseconds only.
  const login = command === 'list' ? '' : parse(Login, values.login ?? '', '--login');
  const type = values.type === undefined ? undefined : parse(AccountTypeName, values.type, '--type');
  if (command === 'type' && type === undefined) throw new CommandError(usage);
  const accountId = values.id === undefined ? undefined : parse(Uuid, values.id, '--id');
  const needsPassword = command === 'create' || command === 'password';
  const password = needsPassword ? parse(Password, await readPassword(), 'password') : '';

  const { accounts, close } = openAccounts(loadSettings(process.env).data_dir);
  try {
    if (command === 'create') {
      const accountType = type ?? 'user';
      const { description } = values;
      console.log(await accounts.create({ login, password, accountType, description, accountId }));
    } else if (command === 'password') {
      await accounts.change(idOf(accounts, login), { password });
    } else if (command === 'type') {
      await accounts.change(idOf(accounts, login), { accountType: type });
    } else if (command === 'remove') {
      accounts.remove(idOf(accounts, login));
    } else {
      const rows = accounts.page({}, accounts.count({}), 0);
      for (const row of rows) console.log(`${row.account_id}  ${row.account_type.padEnd(13)}  ${row.login}`);
    }
  } finally {
    close();
  }
}

try {
  await runCommand();
} catch (error) {
  const { name, code } = error as { name?: string; code?: string };
  const foreseen = error instanceof CommandError || error instanceof SettingsError || isLunaError(error);
  if (!foreseen && name !== 'StartError' && !code?.startsWith('ERR_PARSE_ARGS') && code !== 'EACCES') throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
