import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { migrations } from './index.ts';

/**
 * SHA-256 of every migration that customers have. A release adds its lines; a line never changes, because a database
 * that has a migration would not get its new form.
 */
const released: Readonly<Record<number, string>> = {};

const hashOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

const history = suite('migrations');

history('they are numbered from 1 without gaps, and every file is in the list', () => {
  assert.equal(
    migrations.map(({ version }) => version),
    migrations.map((_, i) => i + 1),
  );
  const files = readdirSync(import.meta.dirname).filter((name) => /^\d{3}-.*\.ts$/.test(name));
  assert.equal(
    files.map((name) => Number(name.slice(0, 3))),
    migrations.map(({ version }) => version),
  );
});

history('released ones are unchanged', () => {
  for (const [version, hash] of Object.entries(released)) {
    const migration = migrations.find((one) => one.version === Number(version));
    assert.is(hashOf(migration?.sql ?? ''), hash, `migration ${version} was released and may not change`);
  }
});

history.run();
