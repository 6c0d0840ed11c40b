import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import { createDatabase } from './database.ts';

function openOne() {
  const dir = mkdtempSync(join(tmpdir(), 'group-commit-'));
  const file = join(dir, 'one.db');
  const connection = new BetterSqlite3(file);
  connection.pragma('journal_mode = WAL');
  connection.exec('CREATE TABLE t (n INTEGER PRIMARY KEY, filling BLOB)');
  const db = createDatabase(connection, createLog('silent'));
  const insert = db.prepare('insert', 'INSERT INTO t (n, filling) VALUES (?, zeroblob(?))');
  const reader = new BetterSqlite3(file, { readonly: true });
  return {
    db,
    connection,
    add: (n: number, bytes = 1) => db.durably(() => insert.run(n, bytes).key),
    rows: () => reader.prepare('SELECT n FROM t ORDER BY n').pluck().all(),
    /** Changes with every commit of another connection. */
    commits: () => reader.pragma('data_version', { simple: true }),
    end() {
      reader.close();
      if (connection.open) db.close();
      rmSync(dir, { recursive: true });
    },
  };
}

const group = suite('group commit');

group('writes of one turn become visible together, by one commit', async () => {
  const { add, rows, commits, end } = openOne();
  const before = commits() as number;
  const all = Promise.all([add(1), add(2), add(3)]);
  assert.equal(rows(), []);
  assert.equal(await all, [1, 2, 3]);
  assert.equal([rows(), (commits() as number) - before], [[1, 2, 3], 1]);
  end();
});

group('a write that throws is undone alone', async () => {
  const { db, add, rows, end } = openOne();
  const halfway = db.durably(() => {
    db.prepare('half', 'INSERT INTO t (n) VALUES (7)').run();
    throw new Error('changed its mind');
  });
  const outcomes = await Promise.allSettled([add(1), add(1), halfway, add(2)]);
  assert.equal(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  assert.equal((outcomes[1] as PromiseRejectedResult).reason.errorName, 'Database');
  assert.equal((outcomes[2] as PromiseRejectedResult).reason.message, 'changed its mind');
  assert.equal(rows(), [1, 2]);
  end();
});

group('work that is asynchronous is refused and undone', async () => {
  const { db, rows, end } = openOne();
  const insert = db.prepare('late', 'INSERT INTO t (n) VALUES (9)');
  const outcome = await db.durably(async () => insert.run()).catch((error) => error.message);
  assert.equal([outcome, rows()], ['a transaction must be synchronous', []]);
  end();
});

group('when the disk is full nobody is told that something was written', async () => {
  const { add, rows, connection, end } = openOne();
  await add(1);
  connection.pragma(`max_page_count = ${connection.pragma('page_count', { simple: true })}`);
  const outcomes = await Promise.allSettled([add(2), add(3, 1_000_000), add(4)]);
  const told = outcomes.flatMap((one, i) => (one.status === 'fulfilled' ? [i + 2] : []));
  const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.errorName] : []));
  assert.ok(reasons.length > 0 && reasons.every((code) => code === 'StorageFull'), reasons.join());
  assert.equal(rows(), [1, ...told]);
  connection.pragma('max_page_count = 1000000');
  await add(5);
  assert.equal(rows(), [1, ...told, 5]);
  end();
});

group('many are worked off in several groups, in their order', async () => {
  const { db, add, rows, end } = openOne();
  const slow = db.durably(() => {
    for (const until = performance.now() + 10; performance.now() < until; );
  });
  const order: number[] = [];
  await Promise.all([slow, ...Array.from({ length: 50 }, (_, n) => add(n).then((key) => order.push(key)))]);
  const all = Array.from({ length: 50 }, (_, n) => n);
  assert.equal([rows(), order], [all, all]);
  end();
});

group('what was asked for before the end is written', async () => {
  const { db, add, rows, end } = openOne();
  const asked = add(1);
  db.close();
  await asked;
  assert.equal(rows(), [1]);
  end();
});

group.run();
