import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSeededChance } from './chance.ts';
import { createFixedClock } from './clock.ts';
import { errorCatalogue, isLunaError, lunaError, toErrorBody } from './errors.ts';
import { createGate } from './gate.ts';
import { createIds } from './ids.ts';
import { createLifecycle, sideBySide } from './lifecycle.ts';

const kernel = suite('kernel');

kernel('ids made one after the other ascend, also when the clock stands still or steps back', () => {
  const clock = createFixedClock(1_700_000_000_000);
  const ids = createIds({ clock, chance: createSeededChance(1) });
  const made: string[] = [];
  for (let i = 0; i < 2000; i++) {
    if (i === 700) clock.advance(5);
    if (i === 1400) clock.advance(-10_000);
    made.push(ids.next());
  }
  assert.equal([...made].sort(), made);
  assert.is(new Set(made).size, made.length);
});

kernel('an error tells the LP5 number, the status and the values it was given', () => {
  const error = lunaError('FaceNotFound', { faceId: 'f1' });
  assert.equal(toErrorBody(error), {
    error_code: 22002,
    desc: 'Object not found',
    detail: "Face 'f1' not found",
    link: '/docs/errors/22002',
  });
  assert.is(error.status, 404);
});

kernel('error statuses are client or server errors', () => {
  for (const [name, entry] of Object.entries(errorCatalogue)) {
    assert.ok(entry.status >= 400 && entry.status < 600, name);
  }
});

kernel('no two subjects of the catalogue use one name for their errors', async () => {
  const folder = new URL('./errors/', import.meta.url);
  const names: string[] = [];
  for (const file of readdirSync(folder).filter((file) => file !== 'entry.ts')) {
    const module: Record<string, object> = await import(new URL(file, folder).href);
    names.push(...Object.values(module).flatMap((subject) => Object.keys(subject)));
  }
  assert.equal(names.sort(), Object.keys(errorCatalogue).sort());
});

kernel('a gate runs its number, lets its number wait and refuses the rest', async () => {
  const gate = createGate({ name: 'test', concurrent: 2, waiting: 1 });
  const releases: (() => void)[] = [];
  const job = (): Promise<void> => new Promise((resolve) => releases.push(resolve));
  const first = gate.pass(job);
  const second = gate.pass(job);
  const third = gate.pass(job);
  assert.is(gate.running, 2);
  assert.is(gate.waiting, 1);
  const refused = await gate.pass(job).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(isLunaError(refused, 'ServiceBusy'));
  while (releases.length) {
    releases.shift()?.();
    await new Promise(setImmediate);
  }
  await Promise.all([first, second, third]);
  await gate.idle();
  assert.is(gate.running, 0);
});

kernel('a failed start stops what had started, in reverse', async () => {
  const told: string[] = [];
  const part = (name: string, broken = false) => ({
    name,
    start() {
      if (broken) throw new Error('cannot');
      told.push(`start ${name}`);
    },
    stop() {
      told.push(`stop ${name}`);
    },
  });
  const lifecycle = createLifecycle([part('a'), part('b'), part('c', true)], () => {});
  let thrown: unknown;
  await lifecycle.start().catch((error: unknown) => {
    thrown = error;
  });
  assert.match(String(thrown), 'cannot');
  assert.equal(told, ['start a', 'start b', 'stop b', 'stop a']);
});

kernel('a part that does not stop is named, and those before it are stopped all the same', async () => {
  const told: string[] = [];
  const lifecycle = createLifecycle(
    [
      { name: 'engine', start: () => {}, stop: () => void told.push('engine stopped') },
      { name: 'hung', stopMs: 20, start: () => {}, stop: () => new Promise<void>(() => {}) },
    ],
    (name, error) => told.push(`${name}: ${(error as Error).message}`),
  );
  await lifecycle.start();
  await lifecycle.stop();
  assert.equal(told, ['hung: not stopped within 20 ms', 'engine stopped']);
});

kernel('parts side by side start together and stop one after the other; one that fails stops all', async () => {
  const told: string[] = [];
  const part = (name: string, ms: number, fails = false) => ({
    name,
    async start() {
      told.push(`start ${name}`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      if (fails) throw new Error(`${name} cannot`);
    },
    stop: () => void told.push(`stop ${name}`),
  });
  const good = sideBySide('both', [[part('a', 20), part('b', 0)], [part('c', 0)]], () => {});
  await good.start();
  await good.stop();
  assert.equal(told, ['start a', 'start c', 'start b', 'stop c', 'stop b', 'stop a']);
  told.length = 0;
  const bad = sideBySide('both', [[part('a', 20)], [part('c', 0, true), part('d', 0)]], () => {});
  try {
    await bad.start();
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'c cannot');
  }
  assert.equal(told, ['start a', 'start c', 'stop a'], 'a was awaited, then stopped; d never started');
});

kernel.run();
