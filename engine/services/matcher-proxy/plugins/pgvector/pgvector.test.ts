import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vectorBytes } from '#domain/descriptor';
import { descriptorVersions } from '#domain/similarity';
import { prepareKernels } from '../../../../../build/kernels/compile.ts';
import {
  accountA,
  accountB,
  createRandom,
  openWorld,
  picture,
  startMs,
  type World,
} from '../../../matcher/matcher.fixture.ts';
import type { Database } from './database.ts';
import { startPostgres, type TestPostgres } from './pgvector.fixture.ts';
import { openProxy, set, type WatchedProxy } from './pgvector.world.fixture.ts';
import { connectPostgres } from './postgres.ts';

/** A version that is compared by cosine, for as long as these tests run. */
const cosine = {
  version: 29_001,
  name: 'test-cosine-48',
  length: 48,
  metric: 'cosine',
  similarity: { slope: 10, offset: -4 },
} as const;
(descriptorVersions as Map<number, unknown>).set(cosine.version, cosine);

let postgres: TestPostgres;
let direct: Database;
let kernels: string;
let schemas = 0;
interface Context {
  world: World;
  lists: string[];
  faces: string[];
  schema: string;
  /** The plugin's settings. */
  settings: Record<string, unknown>;
  open(more?: Record<string, unknown>, options?: Parameters<typeof openProxy>[2]): Promise<WatchedProxy>;
}
const test = suite<Context>('pgvector');
const opened: WatchedProxy[] = [];

test.before(async () => {
  kernels = await prepareKernels({ outDir: 'dist' });
  postgres = await startPostgres();
  const options = { connections: 1, connectTimeoutMs: 10_000, queryTimeoutMs: 10_000, settings: {} };
  direct = await connectPostgres({ url: postgres.url, ...options });
});
test.before.each(async (context) => {
  context.world = await openWorld({ kernels });
  context.schema = `test_${process.pid}_${schemas++}`;
  context.settings = { url: postgres.url, schema: context.schema };
  context.open = async (more = {}, options = {}) => {
    const proxy = await openProxy(context.world, { ...context.settings, ...more }, options);
    opened.push(proxy);
    return proxy;
  };
  fill(context, 60);
  await context.world.matcher.catchUp();
});
test.after.each(async ({ world, schema }) => {
  for (const { proxy } of opened.splice(0)) await proxy.stop();
  await world.close();
  postgres.network.mode = 'open';
  const dropped = direct.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await dropped.catch(() => direct.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`));
});
test.after(async () => {
  await direct.close();
  await postgres.close();
});

const words = ['', 'a', 'A', 'a\\b', "o'b", '"{,}"', 'nul\0nul', 'ü\u{1F600}'];

function fill(context: Context, count: number): void {
  const { world } = context;
  context.lists = [world.addList(), world.addList(), world.addList()];
  const random = createRandom(count);
  context.faces = Array.from({ length: count }, (_, i) => {
    const row = {
      account_id: random() < 0.7 ? accountA : accountB,
      external_id: words[i % words.length] ?? '',
      user_data: words[(i >> 1) % words.length] ?? '',
      create_time: startMs - Math.floor(random() * 10) * 3_600_000,
    };
    return world.addFace(
      i % 10 === 9 ? null : picture(i % 25, 0.4, i),
      row,
      context.lists.filter(() => random() < 0.5),
    );
  });
}

test('answers every filter it takes as the Python Matcher does', async (context) => {
  const { lists, faces, open } = context;
  const watched = await open();
  await watched.inStep();
  const hour = (back: number): string => new Date(startMs - back * 3_600_000).toISOString();
  const filters: Record<string, unknown>[] = [
    {},
    ...lists.map((list_id) => ({ list_id })),
    { list_id: '00000000-0000-4000-8000-000000000000' },
    { account_id: accountA },
    { account_id: accountB },
    { face_ids: faces.slice(3, 40) },
    { face_ids: faces[4] },
    { external_ids: words.slice(0, 3) },
    ...words.map((word) => ({ external_ids: [word] })),
    ...words.map((word) => ({ user_data: word })),
    { external_ids: ['\ud800'] },
    { create_time__gte: hour(5) },
    { create_time__lt: hour(5) },
    { create_time__gte: hour(7), create_time__lt: hour(2) },
    { create_time__gte: 'now-4h' },
    { create_time__gte: 'now-999999999y' },
    { list_id: lists[0], user_data: 'a', create_time__gte: hour(8), face_ids: faces },
  ];
  let asked = 0;
  for (const [i, one] of filters.entries()) {
    for (const visibleTo of i % 2 ? [accountA, null] : [accountB]) {
      const more = { limit: 1 + (i % 7), threshold: i % 3 === 0 ? 0.5 : 0 };
      assert.ok(await watched.agree(picture(i, 0.2), set(one, more), visibleTo), JSON.stringify(one));
      asked += 1;
    }
  }
  assert.is(watched.answered, asked);
  assert.is(watched.refused, 0);
});

test('cosine versions are compared by cosine, whatever the length of their vectors', async ({ world, lists, open }) => {
  const random = createRandom(3);
  const vectors = Array.from({ length: 40 }, (_, i) =>
    Float32Array.from({ length: cosine.length }, () => (random() - 0.5) * 10 ** ((i % 12) - 9)),
  );
  for (const vector of vectors) {
    const face = world.addFace(picture(1), {}, [lists[0] ?? '']);
    const descriptors = [{ version: cosine.version, score: 1, vector: vectorBytes(vector) }];
    const attribute = { age: null, gender: null, ethnic_group: null };
    const samples = { basic_attributes_samples: [], face_descriptor_samples: [] };
    world.storage.faces.setAttribute(world.faceKey(face), { ...attribute, ...samples, descriptors }, startMs);
  }
  const watched = await open();
  await watched.inStep();
  for (const vector of vectors.slice(0, 15)) {
    assert.ok(await watched.agree(vector, set({ list_id: lists[0] }), accountA, cosine.version));
  }
  assert.is(watched.refused, 0);
});

test('leaves to others what it does not keep', async ({ world, open }) => {
  const watched = await open({ cost: 7 });
  await watched.inStep();
  assert.is(watched.cost(set({})), 7);
  const id = world.ids.next();
  for (const filters of [{ origin: 'events' }, { origin: 'attributes' }, { event_id: id }]) {
    assert.is(watched.cost(set(filters)), Number.POSITIVE_INFINITY);
  }
});

test('follows every change of a face', async ({ world, lists, faces, open }) => {
  const watched = await open();
  await watched.inStep();
  const [list = ''] = lists;
  const { storage } = world;
  const key = world.faceKey(faces[0] ?? '');
  const row = storage.faces.findById(faces[0] ?? '', null);
  const changes: (() => void)[] = [
    () => world.addFace(picture(0), {}, [list]),
    () => storage.faces.link(list, faces.slice(0, 20).map(world.faceKey)),
    () => storage.faces.unlink(list, faces.slice(10, 20).map(world.faceKey)),
    () => row && storage.faces.update(row, { user_data: 'changed', external_id: 'changed' }),
    () => storage.faces.removeAttribute(world.faceKey(faces[1] ?? '')),
    () => storage.faces.remove(key),
    () => world.addFace(picture(0), { face_id: faces[0] ?? '', user_data: 'changed' }, [list]),
    () => storage.lists.remove(list, accountA),
  ];
  for (const change of changes) {
    change();
    for (const filters of [{ list_id: list }, { user_data: 'changed' }, { external_ids: ['changed'] }, {}]) {
      assert.ok(await watched.agree(picture(0, 0.1), set(filters), null), change.toString());
    }
  }
});

test('many changes at once are left to the Python Matcher until they are written', async ({ world, open }) => {
  const watched = await open({ pending_changes: 3, batch_faces: 10 });
  await watched.inStep();
  for (let who = 100; who < 150; who++) world.addFace(picture(who));
  assert.not(await watched.agree(picture(120), set({})));
  await watched.inStep();
  assert.ok(await watched.agree(picture(120), set({})));
});

test('an interrupted load goes on where it stopped, and what changed meanwhile is noticed', async (context) => {
  const { world, faces, open, lists } = context;
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
  const table = `${context.schema}.face_20001`;
  const [state] = await direct.query(`SELECT walked_to FROM ${context.schema}.state`);
  assert.is(Number(state?.['walked_to']), 24);
  const [loaded] = await direct.query(`SELECT count(*) AS n FROM ${table}`);
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
    const { world, faces, lists, open } = context;
    const watched = await open({ search_timeout_ms: 150, write_timeout_ms: 150 });
    await watched.inStep();
    const { network } = postgres;
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
    const rows = await direct
      .query('SELECT 1')
      .catch(() => [])
      .then(() => direct.query(`SELECT face_id FROM ${context.schema}.face_20001 WHERE face_id = $1`, [face]));
    assert.is(rows.length, 1);
  });
}

test('a PostgreSQL that is not there at the start is waited for', async ({ open }) => {
  const { network } = postgres;
  network.mode = 'refusing';
  const watched = await open();
  assert.equal(watched.proxy.activePlugins(), ['pgvector']);
  assert.not(await watched.agree(picture(1), set({})));
  network.mode = 'open';
  await watched.inStep();
  assert.ok(await watched.agree(picture(1), set({})));
});

test('a PostgreSQL that lost what it had acknowledged is filled again before it answers', async (context) => {
  const watched = await context.open();
  await watched.inStep();
  await direct.query(`DELETE FROM ${context.schema}.face_20001 WHERE face_key % 2 = 0`);
  await direct.query(`UPDATE ${context.schema}.state SET writes = writes - 1`);
  assert.not(await watched.agree(picture(3), set({})), 'noticed by the search itself');
  await watched.inStep();
  assert.ok(await watched.agree(picture(3), set({})));
  await direct.query(`DROP SCHEMA ${context.schema} CASCADE`);
  assert.not(await watched.agree(picture(3), set({})));
  await watched.inStep();
  assert.ok(await watched.agree(picture(3), set({})));
});

test('two appliances in one schema never answer from each other', async (context) => {
  const watched = await context.open({ reconnect_min_ms: 60_000, reconnect_max_ms: 60_000 });
  await watched.inStep();
  await direct.query(`UPDATE ${context.schema}.state SET owner = 'another'`);
  assert.not(await watched.agree(picture(3), set({})));
  assert.is(watched.cost(set({})), Number.POSITIVE_INFINITY);
});

test('vectors that halves cannot hold, and many alike, cost nobody a right answer', async ({ world, lists, open }) => {
  const [list = ''] = lists;
  const scaled = (factor: number) => picture(1).map((value) => value * factor);
  for (const factor of [1e30, 1e5, 3e2, 1e-6, 1e-30]) world.addFace(scaled(factor), {}, [list]);
  for (let i = 0; i < 30; i++) world.addFace(picture(2), {}, [list]);
  const watched = await open();
  await watched.inStep();
  for (const factor of [1e30, 1e5, 3e2, 1, 1e-6, 1e-30])
    await watched.agree(scaled(factor), set({ list_id: list }), null);
  await watched.agree(picture(2), set({ list_id: list }, { limit: 10 }), null);
  assert.ok(await watched.agree(picture(5), set({ list_id: list }), null), "they are in nobody else's way");
});

test('wrong settings keep the plugin off', async ({ settings, open }) => {
  const wrong: Record<string, unknown>[] = [
    { url: undefined },
    { url: 'http://127.0.0.1/' },
    { url: 'postgres' },
    { schema: 'x"; DROP' },
    { schema: 'pg_catalog' },
    { mode: 'fast' },
    { cost: -1 },
    { oversampling: 0 },
    { hnsw_m: 50 },
    { surprise: 1 },
  ];
  for (const one of wrong) {
    const watched = await open({ ...settings, ...one });
    assert.equal(watched.proxy.activePlugins(), [], JSON.stringify(one));
  }
});

test('HNSW finds most, says so, and leaves nothing behind in exact mode', async (context) => {
  const { world, open } = context;
  for (let who = 0; who < 400; who++) world.addFace(picture(who + 1000, 0.5, who));
  const watched = await open({ mode: 'hnsw', hnsw_ef_search: 40 });
  await watched.inStep();
  const indexes = () =>
    direct.query("SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND indexdef LIKE '%hnsw%'", [context.schema]);
  assert.is((await indexes()).length, descriptorVersions.size);
  let found = 0;
  let wanted = 0;
  for (let who = 0; who < 20; who++) {
    const request = [{ version: 20001, vector: picture(who * 19, 0.6) }, set({}, { limit: 10 }), null] as const;
    const truth = await world.matcher.matchVector(...request);
    const answer = await watched.proxy.matchVector(...request);
    const ids = new Set(answer.map(({ face }) => face?.['face_id']));
    wanted += truth.length;
    found += truth.filter(({ face }) => ids.has(face?.['face_id'])).length;
  }
  assert.is(watched.answered, 20);
  console.log(`HNSW recall at 10: ${(found / wanted).toFixed(3)} (${wanted} candidates)`);
  assert.ok(found > wanted / 2, 'an index that finds less than half is broken, not approximate');
  await watched.proxy.stop();
  const exact = await open();
  await exact.inStep();
  assert.equal(await indexes(), []);
  assert.ok(await exact.agree(picture(3), set({})));
});

test.run();
