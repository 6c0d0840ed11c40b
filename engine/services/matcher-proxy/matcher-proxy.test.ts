import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters, type CandidateSet } from '#contract/candidates';
import { isLunaError, lunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { accountA, accountB, openWorld, picture, sdk, type World } from '../matcher/matcher.fixture.ts';
import { createRejections } from '../matcher/rejections.service.ts';
import { createFacesForPlugins } from './faces-for-plugins.ts';
import { loadPlugins } from './load-plugins.ts';
import { createMatcherProxy, type MatcherProxy } from './matcher-proxy.service.ts';
import { MatcherProxySettings } from './matcher-proxy.settings.ts';
import { type MatchPlugin, type PluginFactory, Rematch, type SubRequest } from './plugin.ts';
import { createThinPlugin } from './plugins/thin.plugin.ts';

const test = suite<{ world: World; list: string; faces: string[] }>('matcher proxy');
test.before.each(async (context) => {
  const world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
  context.world = world;
  context.list = world.addList();
  context.faces = [1, 2, 3, 4].map((who) => world.addFace(picture(who), { user_data: `${who}` }, [context.list]));
});
test.after.each(({ world }) => world.close());

/** A plugin that answers what it is told, and remembers what it was asked. */
function createFake(match: MatchPlugin['match'], more: Partial<MatchPlugin> = {}) {
  const asked: SubRequest[] = [];
  const plugin: MatchPlugin = {
    name: 'fake',
    init: async () => {},
    close: async () => {},
    cost: ({ filters }) => (filters.origin === 'faces' ? 1 : Number.POSITIVE_INFINITY),
    ...more,
    match(request, signal) {
      asked.push(request);
      return match(request, signal);
    },
  };
  return { plugin, asked };
}

async function openProxy(
  world: World,
  plugins: readonly { name: string; create: PluginFactory }[],
  settings: Partial<MatcherProxySettings> = {},
): Promise<MatcherProxy> {
  const { storage, matcher, clock, log } = world;
  const proxy = createMatcherProxy({
    matcher,
    plugins,
    context: createFacesForPlugins({ storage, matcher }),
    settings: MatcherProxySettings.parse({ enabled: true, plugin_timeout_ms: 100, init_timeout_ms: 500, ...settings }),
    clock,
    log,
  });
  await proxy.start();
  return proxy;
}
const named = (plugin: MatchPlugin) => [{ name: plugin.name, create: () => plugin }];

function set(filters: Record<string, unknown>, more: Partial<CandidateSet> = {}): CandidateSet {
  return { filters: CandidateFilters.parse(filters), limit: 2, threshold: 0, ...more };
}
/** A request of two references and three sets; of all of it, and as the Python Matcher alone answers it. */
async function both({ world, list }: { world: World; list: string }, proxy: MatcherProxy) {
  world.addEvent(picture(1));
  const request = {
    references: [sdk(picture(1)), sdk(picture(2))],
    candidates: [set({ origin: 'faces', list_id: list }), set({ origin: 'events' }), set({ origin: 'faces' })],
    visibleTo: accountA,
  };
  return { answer: await proxy.match(request), truth: await world.matcher.match(request) };
}

test('without plugins its answers are those of the Python Matcher', async (context) => {
  const proxy = await openProxy(context.world, []);
  const { answer, truth } = await both(context, proxy);
  assert.equal(answer, truth);
});

test('the cheapest plugin takes what it can, the rest stays, and the answer keeps its order and targets', async (context) => {
  const { world, faces } = context;
  const { matcher } = world;
  const honest = createFake(async ({ reference, filters, limit, threshold, visibleTo }) => {
    const result = await matcher.matchVector(reference, { filters, limit, threshold }, visibleTo);
    return result.map(({ face, similarity }) => ({ id: String(face?.['face_id']), similarity: similarity - 0.001 }));
  });
  const costly = createFake(async () => [], { name: 'costly', cost: () => 99 });
  const tooCostly = createFake(async () => [], { name: 'too costly', cost: () => 100 });
  const proxy = await openProxy(world, [...named(tooCostly.plugin), ...named(costly.plugin), ...named(honest.plugin)]);
  assert.equal(proxy.activePlugins(), ['too costly', 'costly', 'fake']);
  const { answer, truth } = await both(context, proxy);
  assert.is(honest.asked.length, 4, 'two references, two sets of faces');
  assert.is(tooCostly.asked.length, 0);
  assert.equal(
    answer.map((one) => [one.matches[0], one.matches[2]]),
    truth.map((one) => [one.matches[0], one.matches[2]]),
  );
  assert.is(costly.asked.length, 2, 'the events');
  assert.ok(truth[0]?.matches[0]?.result[0]?.face?.['face_id'] === faces[0]);
  await proxy.stop();
});

const wrongIds: MatchPlugin['match'] = async () => [{ id: '00000000-0000-4000-8000-000000000000', similarity: 0.5 }];
const misbehaviour: [string, (faces: string[]) => MatchPlugin['match']][] = [
  ['throws', () => () => Promise.reject(new Error('broken'))],
  [
    'throws before it returns',
    () => () => {
      throw new Error('broken');
    },
  ],
  ['asks for a rematch', () => () => Promise.reject(new Rematch())],
  ['hangs', () => () => new Promise(() => {})],
  ['answers too late', () => () => new Promise((resolve) => setTimeout(resolve, 200, []))],
  ['answers no array', () => async () => ({}) as never],
  ['answers nothing', () => async () => undefined as never],
  ['answers null candidates', () => async () => [null] as never],
  ['answers a similarity that is no number', (faces) => async () => [{ id: faces[0] ?? '', similarity: Number.NaN }]],
  [
    'answers a candidate twice',
    (faces) => async () => [1, 1].map((similarity) => ({ id: faces[0] ?? '', similarity })),
  ],
  ['answers more than the limit', (faces) => async () => faces.map((id) => ({ id, similarity: 0.5 }))],
  ['invents an id', () => wrongIds],
  ['lies about a similarity', (faces) => async () => [{ id: faces[3] ?? '', similarity: 0.99 }]],
];
for (const [what, make] of misbehaviour) {
  test(`a plugin that ${what} costs nobody a right answer`, async (context) => {
    const { plugin, asked } = createFake(make(context.faces));
    const proxy = await openProxy(context.world, named(plugin));
    const { answer, truth } = await both(context, proxy);
    assert.equal(answer, truth);
    assert.ok(asked.length > 0);
    await proxy.stop();
  });
}

test("a plugin cannot answer another account's faces, nor faces that the filters leave out", async ({
  world,
  list,
}) => {
  const foreign = world.addFace(picture(1), { account_id: accountB });
  const outside = world.addFace(picture(1));
  for (const id of [foreign, outside]) {
    const proxy = await openProxy(world, named(createFake(async () => [{ id, similarity: 1 }]).plugin));
    const result = await proxy.matchVector(
      { version: 20001, vector: picture(1) },
      set({ origin: 'faces', list_id: list }),
      accountA,
    );
    assert.not(result.some(({ face }) => face?.['face_id'] === id));
    assert.is(result.length, 2);
  }
});

test('a rejection holds for what a plugin answers', async ({ world, list, faces }) => {
  const event = world.addEvent(picture(1));
  createRejections(world).create(accountA, { face_id: faces[0] ?? '', event_id: event });
  const { plugin } = createFake(async () => [{ id: faces[0] ?? '', similarity: 1 }]);
  const proxy = await openProxy(world, named(plugin));
  const request = {
    references: [{ type: 'event' as const, id: event }],
    candidates: [set({ origin: 'faces', list_id: list }, { limit: 1 })],
    visibleTo: accountA,
  };
  assert.equal(await proxy.match(request), await world.matcher.match(request));
});

test('an error that a plugin returns is final', async ({ world }) => {
  const { plugin } = createFake(async () => lunaError('NoMatcher'));
  const proxy = await openProxy(world, named(plugin));
  try {
    await proxy.matchVector({ version: 20001, vector: picture(1) }, set({ origin: 'faces' }), null);
    assert.unreachable();
  } catch (error) {
    assert.ok(isLunaError(error, 'NoMatcher'));
  }
});

test('a plugin whose cost is nonsense or throws is not asked', async (context) => {
  const costs: MatchPlugin['cost'][] = [
    () => Number.NaN,
    () => -1,
    () => 'cheap' as never,
    () => {
      throw new Error('no idea');
    },
  ];
  for (const cost of costs) {
    const { plugin, asked } = createFake(wrongIds, { cost });
    const proxy = await openProxy(context.world, named(plugin));
    await both(context, proxy);
    assert.is(asked.length, 0);
  }
});

test('after failures in a row a plugin rests, then it is asked again', async ({ world }) => {
  const { plugin, asked } = createFake(async () => Promise.reject(new Error('broken')));
  const proxy = await openProxy(world, named(plugin), { failures_before_pause: 2, pause_seconds: 30 });
  const ask = () => proxy.matchVector({ version: 20001, vector: picture(1) }, set({ origin: 'faces' }), null);
  for (let i = 0; i < 5; i++) await ask();
  assert.is(asked.length, 2);
  world.clock.advance(30_000);
  await ask();
  assert.is(asked.length, 3);
});

test('a plugin that cannot start stays off and the others work', async ({ world }) => {
  const broken = createFake(wrongIds, { name: 'broken', init: () => Promise.reject(new Error('no database')) });
  const hanging = createFake(wrongIds, { name: 'hanging', init: () => new Promise(() => {}) });
  const good = createFake(async () => []);
  const proxy = await openProxy(world, [...named(broken.plugin), ...named(hanging.plugin), ...named(good.plugin)], {
    init_timeout_ms: 50,
  });
  assert.equal(proxy.activePlugins(), ['fake']);
  await proxy.stop();
});

test('a plugin that fails to take a change is switched off, and the search goes on', async ({ world, list }) => {
  const { plugin, asked } = createFake(wrongIds, {
    init: async (context) => {
      context.onFacesChanged(() => {
        throw new Error('lost');
      });
    },
  });
  const proxy = await openProxy(world, named(plugin));
  const face = world.addFace(picture(7), {}, [list]);
  const [best] = await proxy.matchVector({ version: 20001, vector: picture(7) }, set({ origin: 'faces' }), null);
  assert.is(best?.face?.['face_id'], face);
  assert.is(asked.length, 0);
  assert.equal(proxy.activePlugins(), []);
});

test('plugins come by name or by file; what cannot be loaded is left out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugins-'));
  const own = join(folder, 'own.mjs');
  const empty = join(folder, 'empty.mjs');
  writeFileSync(own, 'export default () => ({ name: "own" });');
  writeFileSync(empty, 'export const nothing = 1;');
  const loaded = await loadPlugins(['thin', own, empty, join(folder, 'none.mjs'), 'constructor'], createLog('silent'));
  assert.equal(
    loaded.map(({ name }) => name),
    ['thin', own],
  );
  assert.is(loaded[1]?.create().name, 'own');
  rmSync(folder, { recursive: true });
});

test('thin answers its lists as the Python Matcher does, and follows every change', async (context) => {
  const { world, list, faces } = context;
  const other = world.addList();
  world.addFace(picture(1, 0.1), { account_id: accountB }, [other]);
  let answered = 0;
  const create: PluginFactory = () => {
    const thin = createThinPlugin();
    return {
      ...thin,
      match(request, signal) {
        answered += 1;
        return thin.match(request, signal);
      },
    };
  };
  const plugin_settings = { thin: { list_ids: [list, other], max_faces: 5 } };
  const proxy = await openProxy(world, [{ name: 'thin', create }], { plugin_settings });
  const check = async (taken: number, filters: Record<string, unknown> = { list_id: list }): Promise<void> => {
    const before = answered;
    for (const visibleTo of [accountA, null]) {
      const request = {
        references: [sdk(picture(1)), sdk(picture(2, 0.3))],
        candidates: [set({ origin: 'faces', ...filters })],
        visibleTo,
      };
      assert.equal(await proxy.match(request), await world.matcher.match(request));
    }
    assert.is(answered - before, taken);
  };
  await check(4);
  await check(4, { list_id: other });
  await check(0, { list_id: list, user_data: '1' });
  await check(0, {});
  world.storage.faces.unlink(list, [world.faceKey(faces[0] ?? '')]);
  await check(4);
  world.storage.faces.remove(world.faceKey(faces[1] ?? ''));
  await check(4);
  world.addFace(picture(2, 0.1), {}, [list]);
  await check(4);
  for (let who = 10; who < 13; who++) world.addFace(picture(who), {}, [list]);
  await check(0);
  await proxy.stop();
});

test.run();
