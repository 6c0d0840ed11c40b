import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { openWorld, picture, sdk, type World } from '../matcher/matcher.fixture.ts';
import { createFake, honestMatch, named, openProxy, set } from './matcher-proxy.fixture.ts';
import type { MatchPlugin } from './plugin.ts';

const test = suite<{ world: World }>('how a plugin is asked');
test.before.each(async (context) => {
  const world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
  for (let who = 1; who <= 4; who++) world.addFace(picture(who));
  context.world = world;
});
test.after.each(({ world }) => world.close());

const broken: MatchPlugin['match'] = () => Promise.reject(new Error('broken'));
const hundred = {
  references: Array.from({ length: 100 }, (_, who) => sdk(picture(who))),
  candidates: [set({ origin: 'faces' })],
  visibleTo: null,
};

/** Takes a moment for each answer, and knows how many it was asked for at a time. */
function createSlow(world: World, more: Partial<MatchPlugin> = {}) {
  let running = 0;
  const seen = { most: 0 };
  const honest = honestMatch(world);
  const fake = createFake(async (request, signal) => {
    running += 1;
    seen.most = Math.max(seen.most, running);
    await pause(50);
    running -= 1;
    return honest(request, signal);
  }, more);
  return { ...fake, seen };
}

test('a hundred references at once are asked a few at a time, and none is late for having waited', async ({
  world,
}) => {
  const { plugin, asked, seen } = createSlow(world);
  // All of them take 25 times 50 ms on four places; what a call waits for its turn is not the plugin's delay.
  const proxy = await openProxy(world, named(plugin), { plugin_timeout_ms: 1000, failures_before_pause: 1 });
  assert.equal(await proxy.match(hundred), await world.matcher.match(hundred));
  assert.is(asked.length, 100);
  assert.is(seen.most, 4);
  assert.equal(proxy.problems(), []);
});

test('a plugin says itself how many calls it takes', async ({ world }) => {
  const { plugin, seen } = createSlow(world, { concurrency: () => 7 });
  const proxy = await openProxy(world, named(plugin));
  await proxy.match(hundred);
  assert.is(seen.most, 7);
});

test('what is too much for a plugin goes to the Python Matcher, and is no failure', async ({ world }) => {
  const { plugin, asked } = createSlow(world);
  const proxy = await openProxy(world, named(plugin), {
    plugin_concurrency: 2,
    plugin_waiting: 3,
  });
  assert.equal(await proxy.match(hundred), await world.matcher.match(hundred));
  assert.is(asked.length, 5);
  assert.equal(proxy.problems(), []);
});

test('calls that wait are not made any more when a plugin has failed', async ({ world }) => {
  const { plugin, asked } = createFake(broken);
  const proxy = await openProxy(world, named(plugin), { plugin_concurrency: 1, failures_before_pause: 3 });
  assert.equal(await proxy.match(hundred), await world.matcher.match(hundred));
  assert.is(asked.length, 3);
});

test('after failures in a row a plugin rests, and then it is asked once until an answer is right', async ({
  world,
}) => {
  let isBroken = true;
  const honest = honestMatch(world);
  const { plugin, asked } = createFake((request, signal) => (isBroken ? broken : honest)(request, signal));
  const proxy = await openProxy(world, named(plugin), {
    plugin_concurrency: 1,
    failures_before_pause: 2,
    pause_seconds: 30,
  });
  await proxy.match(hundred);
  await proxy.match(hundred);
  assert.is(asked.length, 2);
  assert.equal(proxy.problems(), ['fake rests after 2 failures in a row']);
  world.clock.advance(30_000);
  await proxy.match(hundred);
  assert.is(asked.length, 3, 'one of a hundred was risked');
  isBroken = false;
  await proxy.match(hundred);
  assert.is(asked.length, 3, 'it rests again');
  world.clock.advance(30_000);
  await proxy.match(hundred);
  assert.is(asked.length, 4);
  assert.equal(proxy.problems(), []);
  await proxy.match(hundred);
  assert.is(asked.length, 104);
});

test('a plugin that leaves candidates out is found out, unless it says that it is approximate', async ({ world }) => {
  const truth = await world.matcher.match(hundred);
  const honest = honestMatch(world);
  const forgetful: MatchPlugin['match'] = async (request, signal) => {
    const found = await honest(request, signal);
    return Array.isArray(found) ? found.slice(1) : found;
  };
  const ask = async (more: Partial<MatchPlugin>, check_every: number) => {
    const { plugin, asked } = createFake(forgetful, more);
    const settings = { plugin_concurrency: 1, failures_before_pause: 2, check_every };
    const proxy = await openProxy(world, named(plugin), settings);
    const answers = await proxy.match(hundred);
    const wrong = answers.filter((one, i) => JSON.stringify(one) !== JSON.stringify(truth[i])).length;
    return { asked: asked.length, wrong };
  };
  assert.equal(await ask({}, 1), { asked: 2, wrong: 0 });
  assert.equal(await ask({}, 10), { asked: 100, wrong: 90 }, 'right ones in between count for it');
  assert.equal(await ask({ isApproximate: () => true }, 1), { asked: 100, wrong: 100 });
  assert.equal(await ask({}, 0), { asked: 100, wrong: 100 });
});

test('plugins start side by side, nobody waits for them, and the order of the setting decides ties', async ({
  world,
}) => {
  const events: string[] = [];
  const starting = (name: string, ms: number, more: Partial<MatchPlugin> = {}) =>
    createFake(async () => [], {
      name,
      async init() {
        events.push(`${name} begins`);
        await pause(ms);
        events.push(`${name} is there`);
      },
      ...more,
    }).plugin;
  const slow = starting('slow', 60);
  const quick = starting('quick', 10);
  const proxy = await openProxy(world, [...named(slow), ...named(quick)]);
  assert.equal(events, ['slow begins', 'quick begins', 'quick is there', 'slow is there']);
  assert.equal(proxy.activePlugins(), ['slow', 'quick']);
  await proxy.stop();
  assert.equal(proxy.activePlugins(), []);
});

test('what keeps a plugin from answering can be read, and one that cannot start is closed', async ({ world }) => {
  let closed = 0;
  const close = async (): Promise<void> => {
    closed += 1;
  };
  const failing = createFake(broken, { name: 'failing', close, init: () => Promise.reject(new Error('no database')) });
  const hanging = createFake(broken, { name: 'hanging', close, init: () => new Promise(() => {}) });
  const away = createFake(async () => [], { problem: () => 'is out of step' });
  const good = createFake(async () => [], { name: 'good' });
  const plugins = [failing, hanging, away, good].flatMap(({ plugin }) => named(plugin));
  const proxy = await openProxy(world, [...plugins, { name: '/none.mjs', problem: 'cannot be loaded: no file' }], {
    init_timeout_ms: 50,
  });
  assert.equal(proxy.activePlugins(), ['fake', 'good']);
  assert.is(closed, 2);
  assert.equal(proxy.problems(), [
    'failing did not start: no database',
    'hanging did not start: no answer within 50 ms',
    'fake is out of step',
    '/none.mjs cannot be loaded: no file',
  ]);
  await proxy.stop();
});

test.run();
