import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../../../build/kernels/compile.ts';
import { testsWith } from '../../../../../build/testing/debian.ts';
import { findPostgres } from '../../../../../build/testing/postgres.ts';
import { openWorld, picture, type World } from '../../../matcher/matcher.fixture.ts';
import { isOfStatement } from './database.ts';
import { connectPostgres } from './postgres.ts';
import { startPostgres, type TestPostgres } from './testing/postgres.fixture.ts';
import { openProxy, set } from './testing/world.fixture.ts';

const test = suite<{ postgres: TestPostgres; world: World; lines: { msg: string; err?: { message: string } }[] }>(
  'a PostgreSQL without pgvector',
);
test.before(async (context) => {
  context.postgres = await startPostgres({ plain: true });
  const world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
  context.lines = [];
  const log = createLog('info', { write: (line) => void context.lines.push(JSON.parse(line)) });
  context.world = { ...world, log };
});
test('the server is the installed PostgreSQL where there is one without pgvector', ({ postgres }) => {
  const installed = findPostgres();
  const isExpected = 'path' in installed && !installed.hasPgvector;
  assert.is(postgres.isReal, isExpected || process.env['POSTGRES_TEST_URL'] !== undefined);
});
test.after(async ({ world, postgres }) => {
  await world.close();
  await postgres.close();
});

test('the log says once what to install, and the Python Matcher answers', async ({ world, postgres, lines }) => {
  const face = world.addFace(picture(1));
  const { proxy, agree, cost } = await openProxy(world, { url: postgres.url });
  const told = () => lines.filter(({ msg }) => msg === 'pgvector is out of step');
  for (let waitedMs = 0; told().length === 0 && waitedMs < 5000; waitedMs += 10) await pause(10);
  for (let i = 0; i < 20; i++) {
    assert.not(await agree(picture(1), set({})));
    await pause(5);
  }
  assert.is(cost(set({})), Number.POSITIVE_INFINITY);
  const [best] = await proxy.matchVector({ version: 20001, vector: picture(1) }, set({}), null);
  assert.is(best?.face?.['face_id'], face);
  assert.is(told().length, 1);
  assert.match(
    told()[0]?.err?.message ?? '',
    /PostgreSQL \d+.* has no pgvector: install it on the machine of the server/,
  );
  await proxy.stop();
});

const withReal = testsWith(test, process.env['POSTGRES_TEST_URL'] ? { path: '' } : findPostgres());
const limits = { connectTimeoutMs: 10_000, queryTimeoutMs: 10_000 };

withReal(
  'a real PostgreSQL ends a statement that takes too long, and the next one is answered',
  async (_, { postgres }) => {
    const db = await connectPostgres({
      url: postgres.directUrl,
      connections: 1,
      settings: { statement_timeout: '100' },
      ...limits,
    });
    try {
      await db.query('SELECT pg_sleep(60)');
      assert.unreachable();
    } catch (error) {
      assert.ok(isOfStatement(error), String(error));
    }
    const [after] = await db.query("SELECT current_setting('statement_timeout') AS most");
    assert.is(after?.['most'], '100ms');
    await db.close();
  },
);

withReal('connections to a real PostgreSQL end with a statement under way', async (_, { postgres }) => {
  const db = await connectPostgres({ url: postgres.directUrl, connections: 2, settings: {}, ...limits });
  const sleeping = db.query('SELECT pg_sleep(60)').then(
    () => 'answered',
    () => 'refused',
  );
  await db.query('SELECT 1');
  await db.close();
  assert.is(await sleeping, 'refused');
});

withReal('two appliances in one schema of a real PostgreSQL are kept apart by its lock', async (_, { postgres }) => {
  const lock = "SELECT pg_try_advisory_lock(hashtextextended('perigee x', 0)) AS locked";
  const [one, two] = await Promise.all(
    [1, 2].map(() => connectPostgres({ url: postgres.directUrl, connections: 1, settings: {}, ...limits })),
  );
  assert.ok(one && two);
  assert.is((await one.query(lock))[0]?.['locked'], true);
  assert.is((await two.query(lock))[0]?.['locked'], false);
  await one.close();
  for (let i = 0; (await two.query(lock))[0]?.['locked'] !== true; i++) {
    assert.ok(i < 500, 'the lock of a connection that ended is free');
    await pause(10);
  }
  await two.close();
});

test.run();
