import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFixedClock } from '#kernel/clock';
import { LunaError } from '#kernel/errors';
import { createLoginBrake, type LoginBrake } from './login-brake.ts';

const bench = () => {
  const clock = createFixedClock(1_700_000_000_000);
  return { clock, brake: createLoginBrake({ clock }) };
};

/** Seconds that the next attempt has to wait. */
function waitOf(brake: LoginBrake, login: string, host: string): number {
  try {
    brake.check(login, host);
    return 0;
  } catch (error) {
    assert.instance(error, LunaError);
    assert.is((error as LunaError).status, 429);
    return Number(/in (\d+) s/.exec((error as Error).message)?.[1]);
  }
}

const brakeSuite = suite('login brake');

brakeSuite('five wrong passwords are free, then the delay doubles up to a minute', () => {
  const { clock, brake } = bench();
  const waits: number[] = [];
  for (let i = 0; i < 14; i++) {
    brake.begin('a@b.com', '10.0.0.1');
    const wait = waitOf(brake, 'a@b.com', '10.0.0.1');
    waits.push(wait);
    clock.advance(wait * 1000);
    assert.is(waitOf(brake, 'a@b.com', '10.0.0.1'), 0, 'over when it was said to be over');
  }
  assert.equal(waits.slice(0, 11), [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32]);
  assert.is(Math.max(...waits), 60);
});

brakeSuite('a day of guessing from one host is about 1,500 guesses at one login', () => {
  const { clock, brake } = bench();
  const endMs = clock.now() + 86_400_000;
  let guesses = 0;
  while (clock.now() < endMs) {
    const wait = waitOf(brake, 'a@b.com', '10.0.0.1');
    clock.advance(wait * 1000);
    if (wait > 0) continue;
    brake.begin('a@b.com', '10.0.0.1');
    guesses += 1;
  }
  assert.ok(guesses > 100 && guesses < 1600, String(guesses));
});

brakeSuite('other hosts and other logins are not slowed', () => {
  const { brake } = bench();
  for (let i = 0; i < 20; i++) brake.begin('a@b.com', '10.0.0.1');
  assert.is(waitOf(brake, 'a@b.com', '10.0.0.1'), 60);
  assert.is(waitOf(brake, 'a@b.com', '10.0.0.2'), 0);
  assert.is(waitOf(brake, 'c@d.com', '10.0.0.1'), 0);
});

brakeSuite('a host that tries many logins is slowed for all of them', () => {
  const { brake } = bench();
  for (let i = 0; i < 60; i++) brake.begin(`${i}@b.com`, '10.0.0.1');
  assert.ok(waitOf(brake, 'a@b.com', '10.0.0.1') > 0);
  assert.is(waitOf(brake, 'a@b.com', '10.0.0.2'), 0);
});

brakeSuite('a device with an outdated password never slows the others behind its address', () => {
  const { clock, brake } = bench();
  for (let minute = 0; minute < 24 * 60; minute++) {
    if (waitOf(brake, 'old@b.com', '10.0.0.1') === 0) brake.begin('old@b.com', '10.0.0.1');
    clock.advance(60_000);
    assert.is(waitOf(brake, 'a@b.com', '10.0.0.1'), 0);
  }
});

brakeSuite('a right password clears the login, an attempt that was none does not count', () => {
  const { brake } = bench();
  for (let i = 0; i < 5; i++) brake.begin('a@b.com', '10.0.0.1');
  brake.begin('a@b.com', '10.0.0.1').succeed();
  for (let i = 0; i < 5; i++) brake.begin('a@b.com', '10.0.0.1');
  assert.is(waitOf(brake, 'a@b.com', '10.0.0.1'), 0);
  for (let i = 0; i < 100; i++) brake.begin('c@b.com', '10.0.0.1').cancel();
  assert.is(waitOf(brake, 'c@b.com', '10.0.0.1'), 0);
});

brakeSuite('what is forgotten is forgotten, and a clock that is set back locks nobody out', () => {
  const { clock, brake } = bench();
  for (let i = 0; i < 10; i++) brake.begin('a@b.com', '10.0.0.1');
  clock.advance(-365 * 86_400_000);
  assert.is(waitOf(brake, 'a@b.com', '10.0.0.1'), 0);
  clock.advance(400 * 86_400_000);
  for (let i = 0; i < 5; i++) brake.begin('a@b.com', '10.0.0.1');
  assert.is(waitOf(brake, 'a@b.com', '10.0.0.1'), 0);
});

brakeSuite('fifty thousand hosts and long logins do not fill the memory', () => {
  const { brake } = bench();
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 50_000; i++) brake.begin(`${'x'.repeat(2000)}${i}`, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  collectGarbage();
  const grownMiB = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  assert.ok(grownMiB < 16, `${grownMiB} MiB`);
});

brakeSuite.run();
