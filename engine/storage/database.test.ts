import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { createDatabase } from './database.ts';
import { openDatabase } from './open-database.ts';
import { createMetaTable } from './tables/meta.table.ts';

const silent = createLog('silent');
const database = suite('database');

database('without space it answers StorageFull, keeps what it had, and goes on when there is space', () => {
  const connection = openDatabase({ file: ':memory:', log: silent });
  const db = createDatabase(connection, silent);
  const meta = createMetaTable(db);
  meta.set('before', 'kept');
  const pages = Number(connection.pragma('page_count', { simple: true }));
  connection.pragma(`max_page_count = ${pages + 4}`);
  const fill = (): void =>
    db.atomically(() => {
      for (let i = 0; i < 100; i++) meta.set(`big-${i}`, 'x'.repeat(4000));
    });
  for (let i = 0; i < 3; i++) {
    try {
      fill();
      assert.unreachable('it found space');
    } catch (error) {
      assert.ok(isLunaError(error, 'StorageFull'), String(error));
    }
    assert.is(meta.get('big-0'), undefined, 'nothing of the transaction is left');
    assert.is(meta.get('before'), 'kept');
  }
  assert.ok(meta.remove('before'), 'removing needs no space');
  connection.pragma('max_page_count = 1000000');
  fill();
  assert.is(meta.get('big-99')?.length, 4000);
  connection.close();
});

database('a slow statement is named in the log, without its values', () => {
  const lines: string[] = [];
  const log = createLog('warn', { write: (line: string) => void lines.push(line) });
  const connection = openDatabase({ file: ':memory:', log: silent });
  const db = createDatabase(connection, log);
  const count = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n';
  db.prepare('test.quick', count).get(10);
  db.prepare('test.slow', count).get(3_000_000);
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', /"statement":"test\.slow","ms":\d+/);
  assert.not.match(lines[0] ?? '', /3000000/);
  connection.close();
});

database('statements made of filters are kept, but not without bound', () => {
  const connection = openDatabase({ file: ':memory:', log: silent });
  const db = createDatabase(connection, silent);
  const first = db.prepareAnew('test', 'SELECT 0');
  assert.is(db.prepareAnew('test', 'SELECT 0'), first);
  for (let i = 1; i <= 300; i++) db.prepareAnew('test', `SELECT ${i}`);
  assert.is.not(db.prepareAnew('test', 'SELECT 0'), first);
  connection.close();
});

database.run();
