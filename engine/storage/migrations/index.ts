import { sql as first } from './001-first.ts';
import { sql as broker } from './002-broker.ts';
import { sql as matching } from './003-matching.ts';
import { sql as accounts } from './004-accounts.ts';
import { sql as faceChanges } from './005-face-changes.ts';
import { sql as attributesByAccount } from './006-attributes-by-account.ts';

/**
 * All schema versions, in order; `PRAGMA user_version` of a database is the number of the last one it has. A released
 * migration never changes: append a new file `NNN-what.ts` and a line here.
 */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, sql: first },
  { version: 2, sql: broker },
  { version: 3, sql: matching },
  { version: 4, sql: accounts },
  { version: 5, sql: faceChanges },
  { version: 6, sql: attributesByAccount },
];
