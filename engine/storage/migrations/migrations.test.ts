import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { migrations } from './index.ts';

/**
 * SHA-256 of every migration. A new one adds its line when it lands; a line never changes, because a database that has a
 * migration would not get its new form.
 */
const released: Readonly<Record<number, string>> = {
  1: '32037e215f6d0bec029f836b9002d871a64053a62e050829e621da83af973f2e',
  2: 'c826647bac0f603017ea14ff3811f6590100ed09f89f845ae5bd923da240d874',
  3: 'e565094097e0e3c033e1aaa15cffb3673d481b4b69f829ff576a83d7a45586e7',
  4: 'e4faccac47e57f5d669efd85fe4ac04faa2496908b8707b0784249b059d4bb55',
  5: '229d591b0896ce55dca40ab28cecb18ec23ec5872fc070a7443ca2c977afc753',
  6: 'ca6872b3dcb7cb13a09318934a7de4ef4a3fdf4d4a93ca15e853692818d7be8a',
};

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
  for (const { version, sql } of migrations) {
    assert.ok(released[version], `migration ${version} has no line here: ${hashOf(sql)}`);
    assert.is(hashOf(sql), released[version], `migration ${version} was released and may not change`);
  }
  assert.is(Object.keys(released).length, migrations.length);
});

history.run();
