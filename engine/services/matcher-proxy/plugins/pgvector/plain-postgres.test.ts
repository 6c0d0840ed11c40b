import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../../../build/kernels/compile.ts';
import { openWorld, picture, type World } from '../../../matcher/matcher.fixture.ts';
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

test.run();
