import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { accountA, picture, sdk } from '../../../matcher/matcher.fixture.ts';
import { pgvectorSuite } from './testing/suite.fixture.ts';
import { set } from './testing/world.fixture.ts';

const test = pgvectorSuite('pgvector, many things at once');
const isSearch = (text: string): boolean => text.includes('LEFT JOIN LATERAL');

test('a hundred references are answered by a few connections, and nobody takes the plugin for ill', async (context) => {
  const { world, lists, open } = context;
  let running = 0;
  let most = 0;
  const beforeQuery = async (text: string): Promise<void> => {
    if (!isSearch(text)) return;
    most = Math.max(most, ++running);
    await pause(10);
    running -= 1;
  };
  const proxy = { failures_before_pause: 1, plugin_waiting: 1000 };
  const watched = await open({ connections: 3 }, { beforeQuery, proxy });
  await watched.inStep();
  const request = {
    references: Array.from({ length: 100 }, (_, who) => sdk(picture(who % 30, 0.2))),
    candidates: [set({}), set({ list_id: lists[0] })],
    visibleTo: accountA,
  };
  assert.equal(await watched.proxy.match(request), await world.matcher.match(request));
  assert.is(watched.answered, 200);
  assert.is(watched.refused, 0);
  assert.is(most, 3);
  assert.equal(watched.proxy.problems(), []);
});

test('a search that is given up keeps its connection, and the next one is handed back without a loss', async (context) => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let searches = 0;
  const beforeQuery = (text: string) => (isSearch(text) && searches++ === 0 ? held : undefined);
  const proxy = { plugin_timeout_ms: 200, failures_before_pause: 10 };
  const watched = await context.open({ connections: 1 }, { beforeQuery, proxy });
  await watched.inStep();
  assert.not(await watched.agree(picture(1), set({})), 'the first is late');
  assert.not(await watched.agree(picture(1), set({})), 'the second finds no connection');
  assert.is(searches, 1);
  assert.is.not(watched.cost(set({})), Number.POSITIVE_INFINITY);
  release();
  await held;
  while (!(await watched.agree(picture(1), set({})))) await pause(5);
  assert.equal(watched.proxy.problems(), []);
});

test('a search waits for the changes before it, not for those that go on coming', async ({ world, open }) => {
  const beforeQuery = (text: string) => (text.includes('INSERT INTO') ? pause(10) : undefined);
  const watched = await open({}, { beforeQuery });
  await watched.inStep();
  const seen = world.addFace(picture(200));
  let isAnswered = false;
  let changes = 0;
  const search = async (): Promise<void> => {
    const [best] = await watched.proxy.matchVector({ version: 20001, vector: picture(200) }, set({}), accountA);
    assert.is(best?.face?.['face_id'], seen);
    isAnswered = true;
  };
  const change = async (): Promise<void> => {
    for (; !isAnswered; changes++) {
      world.addFace(picture(300 + changes));
      await world.matcher.catchUp();
      await pause(1);
    }
  };
  await Promise.all([search(), change()]);
  assert.ok(changes > 0);
  assert.is(watched.answered, 1);
  assert.is(watched.refused, 0);
});

test.run();
