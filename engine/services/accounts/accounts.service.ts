import type { ReceivedRequest } from '#contract/http/received-request';
import { isLocalRequest } from '#contract/http/request-origin';
import type { AccountType } from '#domain/access';
import type { Chance } from '#kernel/chance';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Ids } from '#kernel/ids';
import type { Log } from '#kernel/log';
import type { AccountRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { AccountSelection } from '#storage/tables/account.table';
import type { AccountSettings } from './accounts.settings.ts';
import { type Authenticate, createAuthenticate } from './authentication/authenticate.ts';
import { createBasicLogin } from './authentication/basic-login.ts';
import { createLoginBrake } from './authentication/login-brake.ts';
import { createPasswords, type HashQueue } from './authentication/passwords.ts';
import { createSignUpBrake, type SignUpBrake } from './authentication/sign-up-brake.ts';
import { createStanding, type StandingOf } from './standing.ts';
import { createTokens, type Tokens } from './tokens.service.ts';

/** An account as others may see it. */
export type Account = Omit<AccountRow, 'password'>;

export interface NewAccount {
  login: string;
  password: string;
  accountType: AccountType;
  description: string;
  /** Data made earlier under this id become the account's. Default: a new one. */
  accountId?: string | undefined;
}

export interface AccountChange {
  login?: string | undefined;
  password?: string | undefined;
  description?: string | undefined;
  accountType?: AccountType | undefined;
}

/**
 * Accounts, logins and tokens (LP5 1.5). There is no default account: until the first one is created on the appliance,
 * only the appliance itself gets in. Accounts are read at every request, so what the command `npm run account` writes
 * from another process holds at once. Passwords are kept as Argon2id hashes.
 */
export interface Accounts {
  readonly authenticate: Authenticate;
  /**
   * Whether the request comes from a program on the appliance that is taken at its word: it may name an account,
   * administer and make accounts without a proof. Never with the setting that takes bare headers from nobody.
   */
  readonly trusts: (request: ReceivedRequest) => boolean;
  readonly standingOf: StandingOf;
  readonly signUps: SignUpBrake;
  readonly tokens: Tokens;
  readonly settings: () => AccountSettings;
  isEmpty(): boolean;
  /** Returns the id. Throws `AccountExists` for a login or an id that is taken, `ServiceBusy`. */
  create(account: NewAccount, from?: HashQueue): Promise<string>;
  /** Throws `AccountNotFound`. */
  get(accountId: string): Account;
  findByLogin(login: string): Account | undefined;
  page(selection: AccountSelection, limit: number, offset: number): Account[];
  count(selection: AccountSelection): number;
  /** A new password ends what logins opened; tokens made on purpose stay. Throws `AccountNotFound`, `AccountExists`, `ServiceBusy`. */
  change(accountId: string, change: AccountChange, from?: HashQueue): Promise<void>;
  /**
   * Its tokens end with it. Its data stay, reachable by its id: by the bare header where that is allowed, by those who
   * see all accounts, and by a new account with that id.
   */
  remove(accountId: string): void;
}

export function createAccounts(deps: {
  storage: Pick<Storage, 'atomically' | 'accounts' | 'tokens' | 'meta'>;
  clock: Clock;
  chance: Chance;
  ids: Ids;
  log: Log;
  settings: () => AccountSettings;
}): Accounts {
  const { storage, clock, chance, ids, log, settings } = deps;
  const { accounts } = storage;
  const passwords = createPasswords({ chance });
  const tokens = createTokens({ storage, clock, chance, ids });
  const brake = createLoginBrake({ clock });
  const basicLogin = createBasicLogin({ storage, clock, chance, log, passwords, brake });
  const trusts = (request: ReceivedRequest): boolean =>
    settings().allowAccountHeader !== 'nobody' && isLocalRequest(request);

  const requireFree = (what: 'login' | 'id', value: string, taken: AccountRow | undefined): void => {
    if (taken) throw lunaError('AccountExists', { what, value });
  };
  const require = (accountId: string): AccountRow => {
    const row = accounts.findById(accountId);
    if (!row) throw lunaError('AccountNotFound', { accountId });
    return row;
  };
  const withoutPassword = ({ password: _, ...account }: AccountRow): Account => account;

  return {
    authenticate: createAuthenticate({ storage, settings, basicLogin, tokens, trusts }),
    trusts,
    standingOf: createStanding({ storage, clock, settings }),
    signUps: createSignUpBrake({ clock }),
    tokens,
    settings,
    isEmpty: accounts.isEmpty,
    async create({ login, password, accountType, description, accountId = ids.random() }, from = 'loopback') {
      const requireBothFree = (): void => {
        requireFree('login', login, accounts.findByLogin(login));
        requireFree('id', accountId, accounts.findById(accountId));
      };
      requireBothFree();
      const hash = await passwords.hash(password, from);
      const now = clock.now();
      storage.atomically(() => {
        requireBothFree();
        accounts.insert({
          account_id: accountId,
          login,
          password: hash,
          account_type: accountType,
          description,
          create_time: now,
          last_update_time: now,
        });
      });
      log.info({ accountId, accountType }, 'account created');
      return accountId;
    },
    get: (accountId) => withoutPassword(require(accountId)),
    findByLogin(login) {
      const row = accounts.findByLogin(login);
      return row && withoutPassword(row);
    },
    page: (selection, limit, offset) => accounts.page(selection, limit, offset).map(withoutPassword),
    count: accounts.count,
    async change(accountId, { login, password, description, accountType }, from = 'loopback') {
      require(accountId);
      const hash = password === undefined ? undefined : await passwords.hash(password, from);
      storage.atomically(() => {
        const row = require(accountId);
        if (login !== undefined && login !== row.login) requireFree('login', login, accounts.findByLogin(login));
        accounts.update({
          ...row,
          login: login ?? row.login,
          password: hash ?? row.password,
          account_type: accountType ?? row.account_type,
          description: description ?? row.description,
          last_update_time: clock.now(),
        });
        if (hash !== undefined) tokens.removeSessions(accountId);
      });
      log.info({ accountId, password: password !== undefined }, 'account changed');
    },
    remove(accountId) {
      if (!accounts.remove(accountId)) throw lunaError('AccountNotFound', { accountId });
      log.info({ accountId }, 'account removed');
    },
  };
}
