import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';

const dir = mkdtempSync(join(tmpdir(), 'perigee-database-'));
const log = createLog('silent');
let count = 0;
const newFile = (): string => {
  count += 1;
  return join(dir, String(count), 'perigee.db');
};
const made = (): string => {
  const file = newFile();
  openDatabase({ file, log }).close();
  return file;
};

const opening = suite('opening a database');
opening.after(() => rmSync(dir, { recursive: true, force: true }));

opening('it is durable, strict and has large pages', () => {
  const connection = openDatabase({ file: newFile(), log });
  const pragma = (name: string): unknown => connection.pragma(name, { simple: true });
  assert.is(pragma('journal_mode'), 'wal');
  assert.is(pragma('synchronous'), 2, 'FULL');
  assert.is(pragma('foreign_keys'), 1);
  assert.is(pragma('page_size'), 8192);
  assert.ok(Number(pragma('busy_timeout')) > 0);
  const lax = connection
    .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
    .all();
  assert.equal(lax, []);
  connection.close();
});

opening('every index that the walks name is there', () => {
  const connection = openDatabase({ file: ':memory:', log });
  const indexes = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'index'").pluck().all();
  for (const file of ['face', 'event']) {
    const source = readFileSync(join(import.meta.dirname, 'tables', `${file}.table.ts`), 'utf8');
    const named = [...source.matchAll(/(?:[iI]ndex): '(\w+)'/g)].map((match) => match[1]);
    assert.ok(named.length > 4);
    for (const name of named) assert.ok(indexes.includes(name), name);
  }
  connection.close();
});

const refusal = (file: string, options: Partial<Parameters<typeof openDatabase>[0]> = {}): Error => {
  try {
    openDatabase({ file, log, ...options }).close();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was opened');
};

opening('a locked one is named and left alone', () => {
  const file = made();
  const other = new BetterSqlite3(file);
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE');
  const error = refusal(file);
  assert.is(error.name, 'StartError');
  assert.match(error.message, new RegExp(`${file} is locked`));
  other.close();
  openDatabase({ file, log }).close();
});

opening('what is no database, and one with flipped bytes, is called damaged', () => {
  const text = newFile();
  openDatabase({ file: text, log }).close();
  writeFileSync(text, 'no database at all, '.repeat(500));
  assert.match(refusal(text).message, /damaged/);
  const flipped = made();
  const bytes = readFileSync(flipped);
  for (let page = 2; page < bytes.length / 8192; page++) bytes.fill(0xa5, page * 8192, page * 8192 + 64);
  writeFileSync(flipped, bytes);
  const error = refusal(flipped);
  assert.is(error.name, 'StartError');
  assert.match(error.message, /damaged.*backup/s);
});

opening('of a large file the short tables are checked, so that a start does not take longer and longer', () => {
  const sql =
    'CREATE TABLE short (n INTEGER PRIMARY KEY, data TEXT); CREATE TABLE long (n INTEGER PRIMARY KEY, data TEXT)';
  const one = { migrations: [{ version: 1, sql }], fullCheckBytes: 0 };
  /** A database whose pages that hold `mark` are overwritten. */
  const damaged = (mark: string): string => {
    const file = newFile();
    const connection = openDatabase({ file, log, ...one });
    const rows = (count: number) =>
      `WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < ${count}) SELECT n,`;
    connection.exec(`INSERT INTO short ${rows(2000)} 'in short ' || n FROM r`);
    connection.exec(`INSERT INTO long ${rows(30_000)} 'in long ' || n FROM r`);
    connection.close();
    const bytes = readFileSync(file);
    const page = Math.floor(bytes.indexOf(mark) / 8192);
    assert.ok(page > 0);
    writeFileSync(file, bytes.fill(0xa5, page * 8192, page * 8192 + 64));
    return file;
  };
  assert.match(refusal(damaged('in short 700'), one).message, /damaged/);
  openDatabase({ file: damaged('in long 29000'), log, ...one }).close();
});

opening('a schema of a newer release is refused without being touched', () => {
  const file = made();
  const other = new BetterSqlite3(file);
  other.pragma('user_version = 999');
  other.close();
  const error = refusal(file);
  assert.match(error.message, /schema 999/);
  assert.equal(
    readdirSync(join(file, '..')).filter((name) => name.endsWith('.bak')),
    [],
  );
});

opening('an older schema is copied aside before it is changed, and the copy is whole', () => {
  const file = made();
  const before = openDatabase({ file, log });
  before.prepare("INSERT INTO meta (key, value) VALUES ('name', 'kept')").run();
  before.close();
  const last = migrations.at(-1)?.version ?? 0;
  const more = [...migrations, { version: last + 1, sql: 'CREATE TABLE more (x INTEGER) STRICT' }];
  const after = openDatabase({ file, log, migrations: more });
  assert.is(after.pragma('user_version', { simple: true }), last + 1);
  assert.is(after.prepare('SELECT count(*) AS n FROM more').pluck().get(), 0);
  after.close();
  const copy = new BetterSqlite3(`${file}.schema-${last}.bak`);
  assert.is(copy.pragma('integrity_check', { simple: true }), 'ok');
  assert.is(copy.pragma('user_version', { simple: true }), last);
  assert.is(copy.prepare("SELECT value FROM meta WHERE key = 'name'").pluck().get(), 'kept');
  copy.close();
});

opening('a migration that fails leaves the schema as it was', () => {
  const file = made();
  const last = migrations.at(-1)?.version ?? 0;
  const broken = [...migrations, { version: last + 1, sql: 'CREATE TABLE half (x INTEGER) STRICT; nonsense' }];
  refusal(file, { migrations: broken });
  const connection = openDatabase({ file, log });
  assert.is(connection.pragma('user_version', { simple: true }), last);
  assert.is(connection.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get(), 0);
  connection.close();
});

opening.run();
