import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { LunaRouter } from '#contract/http/http';
import type { ReceivedRequest } from '#contract/http/received-request';
import { createSeededChance } from '#kernel/chance';
import { createFixedClock } from '#kernel/clock';
import { createIds, type Ids } from '#kernel/ids';
import { createLog, type Log } from '#kernel/log';
import { openStorage, type Storage } from '#storage/storage';
import { createAccountsRoutes } from './accounts.routes.ts';
import { type Accounts, createAccounts } from './accounts.service.ts';
import type { AccountSettings } from './accounts.settings.ts';
import { createTokensRoutes } from './tokens.routes.ts';

export const startMs = Date.parse('2026-03-05T10:20:30.123Z');
export const wrong = 'wrong password';
export const lanAddress = '192.168.1.20';

/** Accounts over real storage in memory, with a clock that tests move. */
export interface AccountsBench {
  accounts: Accounts;
  storage: Storage;
  clock: ReturnType<typeof createFixedClock>;
  ids: Ids;
  log: Log;
  /** Changed by tests. */
  settings: { -readonly [Key in keyof AccountSettings]: AccountSettings[Key] };
  close(): void;
}

export function openAccountsBench(seed = 1): AccountsBench {
  const filesDir = mkdtempSync(join(tmpdir(), 'perigee-accounts-'));
  const log = createLog('silent');
  const storage = openStorage({ file: ':memory:', filesDir, log });
  const clock = createFixedClock(startMs);
  const chance = createSeededChance(seed);
  const ids = createIds({ clock, chance });
  const settings: AccountsBench['settings'] = { allowAccountHeader: 'loopback', openSignUp: false };
  const accounts = createAccounts({ storage, clock, chance, ids, log, settings: () => settings });
  return {
    accounts,
    storage,
    clock,
    ids,
    log,
    settings,
    close() {
      storage.close();
      rmSync(filesDir, { recursive: true, force: true });
    },
  };
}

export function basic(login: string, password: string): { Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` };
}

/** What `authenticate` is asked with. */
export function requestOf(
  headers: Record<string, string>,
  remoteAddress: string | null = '127.0.0.1',
  more: Partial<ReceivedRequest> = {},
): ReceivedRequest {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method: 'GET',
    header: (name) => byName.get(name.toLowerCase()),
    headerNames: () => byName.keys(),
    query: () => undefined,
    remoteAddress,
    ...more,
  };
}

export const stranger = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
export const owner = { login: 'owner@site.com', password: 'correct horse', account_type: 'user', description: 'gate' };
export const other = { login: 'other@site.com', password: 'battery staple', account_type: 'user', description: '' };
const admin = { login: 'admin@site.com', password: 'admin password', accountType: 'admin', description: '' } as const;
const advanced = {
  login: 'adv@site.com',
  password: 'advanced',
  accountType: 'advanced_user',
  description: '',
} as const;

export const byOwner = basic(owner.login, owner.password);
export const byOther = basic(other.login, other.password);
export const byAdmin = basic(admin.login, admin.password);
export const byAdvanced = basic(advanced.login, advanced.password);

export const makeAdmin = ({ accounts }: AccountsBench): Promise<string> => accounts.create(admin);
export const makeAdvanced = ({ accounts }: AccountsBench): Promise<string> => accounts.create(advanced);

/** What a REST application is made of, with the routers of other services. */
export function restEngineOf({ accounts, clock, ids, log }: AccountsBench, routers: readonly LunaRouter[]) {
  const own = [createAccountsRoutes({ accounts }), createTokensRoutes({ accounts })];
  const { authenticate, trusts } = accounts;
  return { log, clock, ids, authenticate, trusts, rootRouters: [], routers: [...own, ...routers] };
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any;
}

export type Call = (
  method: string,
  path: string,
  headers?: Record<string, string>,
  body?: unknown,
  address?: string,
) => Promise<Answer>;

/** Sends requests to `/6...` as Node would hand them over: the body as a stream, with its socket. From loopback by default. */
export function callerOfApp(app: LunaRouter): Call {
  return async (method, path, headers = {}, body, remoteAddress = '127.0.0.1') => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const json = text === undefined ? {} : { 'Content-Type': 'application/json' };
    const init = { method, headers: { ...json, ...headers }, ...(text === undefined ? {} : { body: text }) };
    const chunks = text === undefined ? [] : [Buffer.from(text)];
    const incoming = Object.assign(Readable.from(chunks), { socket: { remoteAddress } });
    const answer = await app.request(`/6${path}`, init, { incoming });
    const answered = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: answered === '' ? undefined : JSON.parse(answered),
    };
  };
}
