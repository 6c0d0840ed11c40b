import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLunaError, lunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { accountA, accountB, openWorld, picture, sdk, type World } from '../matcher/matcher.fixture.ts';
import { createRejections } from '../matcher/rejections/rejections.service.ts';
import { createFacesForPlugins } from './faces-for-plugins.ts';
import { loadPlugins } from './load-plugins.ts';
import { both, createFake, honestMatch, named, openProxy, set } from './matcher-proxy.fixture.ts';
import { type MatchPlugin, type PluginFactory, Rematch } from './plugin.ts';
import { createThinPlugin } from './plugins/thin.plugin.ts';

const test = suite<{ world: World; list: string; faces: string[] }>('matcher proxy');
test.before.each(async (context) => {
  const world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
  context.world = world;
  context.list = world.addList();
  context.faces = [1, 2, 3, 4].map((who) => world.addFace(picture(who), { user_data: `${who}` }, [context.list]));
});
test.after.each(({ world }) => world.close());

test('without plugins its answers are those of the Python Matcher', async (context) => {
  const proxy = await openProxy(context.world, []);
  const { answer, truth } = await both(context, proxy);
  assert.equal(answer, truth);
});

test('the cheapest plugin takes what it can, the rest stays, and the answer keeps its order and targets', async (context) => {
  const { world, faces } = context;
  const honest = createFake(honestMatch(world));
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
  [
    'answers candidates that break when they are looked at again',
    (faces) => async () => {
      let looks = 0;
      const look = (): string | undefined => {
        if (looks++ > 0) throw new Error('looked at again');
        return faces[0];
      };
      return [Object.defineProperty({ id: '', similarity: 0.9 }, 'id', { get: look })];
    },
  ],
  ['leaves the best candidate out', (faces) => async () => [{ id: faces[2] ?? '', similarity: 0.02 }]],
  ['finds nobody', () => async () => []],
  [
    'writes into its vector and fails',
    () =>
      async ({ reference }) =>
        fail(() => reference.vector.fill(1)),
  ],
  [
    'writes into the filters',
    () =>
      async ({ filters }) =>
        fail(() => overwrite(filters)),
  ],
  ['writes into the request', () => async (request) => fail(() => Object.assign(request, { threshold: 1, limit: 1 }))],
  [
    'writes into its vector and the filters when nobody waits any more',
    () =>
      ({ reference, filters }, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            reference.vector.fill(1);
            quietly(() => overwrite(filters));
          });
        }),
  ],
  ['lies about a similarity', (faces) => async () => [{ id: faces[3] ?? '', similarity: 0.99 }]],
];

/** What a plugin may try with what it is given; whatever comes of it, its call fails. */
function fail(mischief: () => void): never {
  quietly(mischief);
  throw new Error('after mischief');
}
function quietly(mischief: () => void): void {
  try {
    mischief();
  } catch {}
}
function overwrite(filters: object): void {
  quietly(() => Object.assign(filters, { face_ids: [] }));
  quietly(() => Object.assign(filters, { list_id: '00000000-0000-4000-8000-000000000000' }));
}

for (const [what, make] of misbehaviour) {
  test(`a plugin that ${what} costs nobody a right answer`, async (context) => {
    const { plugin, asked } = createFake(make(context.faces));
    const proxy = await openProxy(context.world, named(plugin), { check_every: 1, plugin_timeout_ms: 100 });
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

test('a plugin that writes into what it is asked the cost of changes no answer', async (context) => {
  const cost: MatchPlugin['cost'] = ({ reference, filters }) => {
    reference.vector.fill(1);
    overwrite(filters);
    return 1;
  };
  const mutating = createFake(async () => Promise.reject(new Error('broken')), { cost });
  const honest = createFake(honestMatch(context.world), { name: 'honest', cost: () => 50 });
  const proxy = await openProxy(context.world, [...named(mutating.plugin), ...named(honest.plugin)]);
  const { answer, truth } = await both(context, proxy);
  assert.equal(answer, truth);
  const vectors = mutating.asked.map(({ reference }) => reference.vector[0]);
  assert.ok(vectors.length > 0 && !vectors.includes(1), 'the call has a vector of its own as well');
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

test('a change that comes while a plugin works is not held against it', async ({ world, faces }) => {
  const { plugin, asked } = createFake(async () => {
    world.storage.faces.remove(world.faceKey(faces[0] ?? ''));
    return [{ id: faces[0] ?? '', similarity: 0.9 }];
  });
  const proxy = await openProxy(world, named(plugin), { failures_before_pause: 1, check_every: 0 });
  const ask = () => proxy.matchVector({ version: 20001, vector: picture(1) }, set({ origin: 'faces' }), null);
  assert.not((await ask()).some(({ face }) => face?.['face_id'] === faces[0]));
  assert.equal(proxy.problems(), []);
  await ask();
  assert.is(asked.length, 2);
  assert.equal(proxy.problems(), ['fake rests after 1 failures in a row'], 'nothing changed the second time');
});

test('the limits of a candidate set are checked before a plugin is asked', async ({ world }) => {
  const { plugin, asked } = createFake(async () => []);
  const proxy = await openProxy(world, named(plugin));
  for (const wrong of [set({ origin: 'faces' }, { limit: 1001 }), set({ origin: 'faces' }, { targets: ['tags'] })]) {
    try {
      await proxy.match({ references: [sdk(picture(1))], candidates: [wrong], visibleTo: null });
      assert.unreachable();
    } catch (error) {
      assert.ok(isLunaError(error), String(error));
    }
  }
  assert.is(asked.length, 0);
});

test('a stored descriptor that cannot be read is left out, with a line in the log, and plugins get the rest', async (context) => {
  const { world, list, faces } = context;
  const key = world.faceKey(faces[0] ?? '');
  const before = world.storage.faces.attributeOf(key);
  assert.ok(before);
  const descriptors = [{ version: 20001, score: 1, vector: new Uint8Array(12) }];
  world.storage.faces.setAttribute(key, { ...before, descriptors }, 0);
  const lines: { msg: string; face?: string }[] = [];
  const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
  const faces4 = createFacesForPlugins({ ...world, log }).readFaces(faces.map(world.faceKey));
  assert.equal(
    faces4.map(({ descriptors: given }) => given.length),
    [0, 1, 1, 1],
  );
  const told = lines.filter(({ msg }) => msg === 'plugins are not given a stored descriptor');
  assert.equal(
    told.map(({ face }) => face),
    [faces[0]],
  );
  const proxy = await openProxy(world, [{ name: 'thin', create: createThinPlugin }], {
    plugin_settings: { thin: { list_ids: [list] } },
  });
  assert.equal(proxy.activePlugins(), ['thin']);
  assert.equal(proxy.problems(), []);
});

test('plugins come by name or by file; what cannot be loaded is left out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugins-'));
  const own = join(folder, 'own.mjs');
  const empty = join(folder, 'empty.mjs');
  writeFileSync(own, 'export default () => ({ name: "own" });');
  writeFileSync(empty, 'export const nothing = 1;');
  const loaded = await loadPlugins(['thin', own, empty, join(folder, 'none.mjs'), 'constructor'], createLog('silent'));
  assert.equal(
    loaded.map(({ name, create }) => [name, create !== undefined]),
    [
      ['thin', true],
      [own, true],
      [empty, false],
      [join(folder, 'none.mjs'), false],
      ['constructor', false],
    ],
  );
  assert.match(loaded[2]?.problem ?? '', /default export is no function/);
  assert.is(loaded[1]?.create?.().name, 'own');
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
