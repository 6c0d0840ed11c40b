import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeededChance } from '#kernel/chance';
import { createFixedClock } from '#kernel/clock';
import { createIds, type Ids } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage, type Storage } from '#storage/storage';
import { type Accounts, createAccounts } from './accounts.service.ts';
import type { AccountSettings } from './accounts.settings.ts';

export const startMs = Date.parse('2026-03-05T10:20:30.123Z');
export const wrong = 'wrong password';
export const lanAddress = '192.168.1.20';

/** Accounts over real storage in memory, with a clock that tests move. */
export interface AccountsBench {
  accounts: Accounts;
  storage: Storage;
  clock: ReturnType<typeof createFixedClock>;
  ids: Ids;
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
export function requestOf(headers: Record<string, string>, remoteAddress: string | null = '127.0.0.1') {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { header: (name: string) => byName.get(name.toLowerCase()), remoteAddress };
}
