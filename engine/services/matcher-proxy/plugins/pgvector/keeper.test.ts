import * as assert from 'uvu/assert';
import { knowDescriptorVersion } from '#domain/descriptor/similarity';
import { picture } from '../../../matcher/matcher.fixture.ts';
import { cosine, pgvectorSuite } from './testing/suite.fixture.ts';
import { set } from './testing/world.fixture.ts';

const test = pgvectorSuite('pgvector, when things go wrong');

test('an interrupted load goes on where it stopped, and what changed meanwhile is noticed', async (context) => {
  const { world, faces, open, lists, sql } = context;
  let writes = 0;
  const first = await open(
    { batch_faces: 8, reconnect_min_ms: 60_000, reconnect_max_ms: 60_000 },
    {
      beforeQuery(text) {
        if (text.includes('INSERT INTO') && text.includes('.face_20001') && ++writes > 3) throw new Error('power cut');
      },
    },
  );
  while (writes < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  await first.proxy.stop();
  const [state] = await sql(`SELECT walked_to FROM schema.state`);
  assert.is(Number(state?.['walked_to']), 24);
  const [loaded] = await sql(`SELECT count(*) AS n FROM schema.face_20001`);
  const stored = faces.length - Math.floor(faces.length / 10);
  assert.is(Number(loaded?.['n']), 22);

  world.storage.faces.remove(world.faceKey(faces[2] ?? ''));
  world.storage.faces.link(lists[0] ?? '', [world.faceKey(faces[3] ?? ''), world.faceKey(faces[50] ?? '')]);
  world.storage.faces.unlink(lists[1] ?? '', [world.faceKey(faces[3] ?? '')]);
  await world.matcher.catchUp();
  const second = await open({ batch_faces: 8 });
  await second.inStep();
  const changed = second.sent - (stored - 22);
  assert.ok(changed === 0 || changed === 1, `${changed} faces were sent again, at most the relinked one should be`);
  for (const list_id of lists) assert.ok(await second.agree(picture(3), set({ list_id }), null));
  assert.ok(await second.agree(picture(2), set({}), null));

  await second.proxy.stop();
  const third = await open();
  await third.inStep();
  assert.is(third.sent, 0);
});

for (const failure of ['refusing', 'frozen'] as const) {
  test(`PostgreSQL ${failure}: nobody notices, and what changed meanwhile is caught up later`, async (context) => {
    const { world, faces, lists, open, network, sql } = context;
    const watched = await open({ search_timeout_ms: 1000, write_timeout_ms: 1000 });
    await watched.inStep();
    network.mode = failure;
    if (failure === 'refusing') network.cut();
    const face = world.addFace(picture(70), {}, [lists[0] ?? '']);
    world.storage.faces.remove(world.faceKey(faces[0] ?? ''));
    for (let i = 0; i < 3; i++) assert.not(await watched.agree(picture(70), set({ list_id: lists[0] })));
    assert.is(watched.cost(set({})), Number.POSITIVE_INFINITY);
    network.cut();
    network.mode = 'open';
    await watched.inStep();
    const sentBefore = watched.sent;
    assert.ok(await watched.agree(picture(70), set({ list_id: lists[0] })));
    assert.ok(await watched.agree(picture(0), set({})));
    assert.is(watched.sent, sentBefore);
    const rows = await sql('SELECT 1 FROM schema.face_20001 WHERE face_id = $1', [face]);
    assert.is(rows.length, 1);
  });
}

test('PostgreSQL gone in the middle of a search: the search answers, and the plugin does when it is back', async (context) => {
  const { open, network, lists } = context;
  let isToFail = false;
  let failed = 0;
  const watched = await open(
    {},
    {
      beforeQuery(text) {
        if (!isToFail || !text.includes('LEFT JOIN LATERAL')) return;
        // The statement leaves and never arrives; then the connection breaks under it.
        failed += 1;
        network.mode = 'frozen';
        setTimeout(() => {
          network.mode = 'refusing';
          network.cut();
        }, 20);
      },
    },
  );
  await watched.inStep();
  isToFail = true;
  assert.not(await watched.agree(picture(3), set({ list_id: lists[0] })), 'the Python Matcher answers');
  assert.is(failed, 1);
  isToFail = false;
  network.mode = 'open';
  await watched.inStep();
  assert.ok(await watched.agree(picture(3), set({ list_id: lists[0] })));
});

test('a PostgreSQL that is not there at the start is waited for', async ({ open, network }) => {
  network.mode = 'refusing';
  const watched = await open();
  assert.equal(watched.proxy.activePlugins(), ['pgvector']);
  assert.not(await watched.agree(picture(1), set({})));
  network.mode = 'open';
  await watched.inStep();
  assert.ok(await watched.agree(picture(1), set({})));
});

test('a PostgreSQL that lost what it had acknowledged is filled again before it answers', async ({
  open,
  sql,
  schema,
}) => {
  const watched = await open();
  await watched.inStep();
  await sql(`DELETE FROM schema.face_20001 WHERE face_key % 2 = 0`);
  await sql(`UPDATE schema.state SET writes = writes - 1`);
  assert.not(await watched.agree(picture(3), set({})), 'noticed by the search itself');
  await watched.inStep();
  assert.ok(await watched.agree(picture(3), set({})));
  for (const loss of ['TABLE schema.face_20001', `SCHEMA ${schema} CASCADE`]) {
    await sql(`DROP ${loss}`);
    assert.not(await watched.agree(picture(3), set({})), loss);
    await watched.inStep();
    assert.ok(await watched.agree(picture(3), set({})), loss);
  }
});

test('two appliances in one schema never answer from each other', async ({ open, sql }) => {
  const watched = await open({ reconnect_min_ms: 60_000, reconnect_max_ms: 60_000 });
  await watched.inStep();
  await sql(`UPDATE schema.state SET owner = 'another'`);
  assert.not(await watched.agree(picture(3), set({})));
  assert.is(watched.cost(set({})), Number.POSITIVE_INFINITY);
});

test('a descriptor version that becomes known later gets its table; until then the Python Matcher answers', async ({
  world,
  faces,
  open,
  sql,
}) => {
  const watched = await open();
  await watched.inStep();
  const version = 29_002;
  knowDescriptorVersion({ ...cosine, version, name: 'late' });
  const late = picture(7).slice(0, cosine.length);
  world.describeFace(faces[4] ?? '', version, late);
  assert.not(await watched.agree(late, set({}), null, version));
  await watched.inStep();
  assert.ok(await watched.agree(late, set({}), null, version));
  assert.ok(await watched.agree(picture(3), set({}), null));
  assert.is((await sql('SELECT 1 FROM schema.face_29002')).length, 1);
});

test.run();
