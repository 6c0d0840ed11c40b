import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { vectorBytes } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import { createLog } from '#kernel/log';
import { accountA, accountB, createRandom, picture, startMs } from '../../../matcher/matcher.fixture.ts';
import { cosine, pgvectorSuite, words } from './testing/suite.fixture.ts';
import { set } from './testing/world.fixture.ts';

const test = pgvectorSuite('pgvector');

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
  // Slow to write: a search has to wait.
  const beforeQuery = (text: string) => (text.includes('INSERT INTO') ? pause(20) : undefined);
  const watched = await open({}, { beforeQuery });
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

test('vectors that halves cannot hold, and many alike, cost nobody a right answer', async ({ world, lists, open }) => {
  const [list = ''] = lists;
  const scaled = (factor: number) => picture(1).map((value) => value * factor);
  for (const factor of [1e30, 1e5, 3e2, 1e-6, 1e-30]) world.addFace(scaled(factor), {}, [list]);
  // Closer to each other than halves can tell, the nearest last.
  const shifted = (by: number) => picture(2).map((value, i) => (i === 0 ? value + by * 1e-7 : value));
  for (let by = 120; by > 0; by--) world.addFace(shifted(by), {}, [list]);
  const watched = await open();
  await watched.inStep();
  for (const factor of [1e30, 1e5, 3e2, 1, 1e-6, 1e-30])
    await watched.agree(scaled(factor), set({ list_id: list }), null);
  await watched.agree(picture(2), set({ list_id: list }, { limit: 10 }), null);
  assert.ok(await watched.agree(picture(5), set({ list_id: list }), null), "they are in nobody else's way");
});

test('wrong settings keep the plugin off', async ({ open }) => {
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
    const watched = await open(one);
    assert.equal(watched.proxy.activePlugins(), [], JSON.stringify(one));
  }
});

test('HNSW finds most, says so, and leaves nothing behind in exact mode', async (context) => {
  const { world, schema, sql, open } = context;
  for (let who = 0; who < 400; who++) world.addFace(picture(who + 1000, 0.5, who));
  const lines: { msg: string; hnsw_ef_search?: number }[] = [];
  const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
  const watched = await open({ mode: 'hnsw', hnsw_ef_search: 40 }, { log });
  await watched.inStep();
  const indexes = () =>
    sql("SELECT indexname FROM pg_indexes WHERE schemaname = $1 AND indexdef LIKE '%hnsw%'", [schema]);
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
  const told = lines.filter(({ msg }) => msg === 'this answer is approximate: by HNSW');
  assert.equal(
    told.map(({ hnsw_ef_search }) => hnsw_ef_search),
    Array(20).fill(40),
  );
  console.log(`HNSW recall at 10: ${(found / wanted).toFixed(3)} (${wanted} candidates)`);
  assert.ok(found > wanted / 2, 'an index that finds less than half is broken, not approximate');
  await watched.proxy.stop();
  const exact = await open();
  await exact.inStep();
  assert.equal(await indexes(), []);
  assert.ok(await exact.agree(picture(3), set({})));
});

test.run();
