import { Hono } from 'hono';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LunaContext, LunaEnv } from '#contract/http/http';
import { LunaError } from '#kernel/errors';
import { type BodyBudgetSettings, createBodyBudget } from './body-budget.ts';

const budgetSuite = suite('body budget');

const patient = { hostBytes: 1000, idleMs: 10_000, graceMs: 10_000, bytesPerSecond: 1 };

/** `from`: the address that a request says it comes from. */
function appWith(
  settings: Partial<BodyBudgetSettings> & { totalBytes: number },
  limitBytes: number,
  hold?: Promise<void>,
) {
  const budget = createBodyBudget({ ...patient, ...settings });
  const app = new Hono<LunaEnv>();
  app.post('/', async (context) => {
    const share = budget.open(context.req.header('from') ?? null);
    try {
      await share.read(context as LunaContext, limitBytes);
      await hold;
      return context.text(String((await context.req.arrayBuffer()).byteLength));
    } catch (error) {
      return context.text(error instanceof LunaError ? error.errorName : String(error), 500);
    } finally {
      share.giveBack();
    }
  });
  const post = async (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}): Promise<string> =>
    (await app.request('/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)).text();
  return { budget, post };
}

/** A body of which `sent` bytes come, and then nothing more until `end` is called. */
function unfinished(sent: number): { body: ReadableStream<Uint8Array>; end(): void } {
  let end = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (sent > 0) controller.enqueue(new Uint8Array(sent));
      end = () => controller.close();
    },
  });
  return { body, end: () => end() };
}

function streamOf(...parts: number[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const size of parts) controller.enqueue(new Uint8Array(size));
      controller.close();
    },
  });
}

budgetSuite('a body within the limit is read once and given back', async () => {
  const { budget, post } = appWith({ totalBytes: 100 }, 50);
  assert.is(await post(new Uint8Array(50)), '50');
  assert.is(await post(streamOf(20, 20)), '40');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('a body over the limit is refused, announced or not', async () => {
  const { budget, post } = appWith({ totalBytes: 1000 }, 50);
  assert.is(await post(new Uint8Array(10), { 'content-length': '51' }), 'BodyTooLarge');
  assert.is(await post(streamOf(30, 30)), 'BodyTooLarge');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('bodies of all clients together stay within the budget', async () => {
  let release = (): void => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { budget, post } = appWith({ totalBytes: 100 }, 80, hold);
  const first = post(new Uint8Array(80));
  await new Promise(setImmediate);
  assert.is(budget.heldBytes, 80);
  assert.is(await post(new Uint8Array(30)), 'ServiceBusy');
  release();
  assert.is(await first, '80');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('a client that goes away in the middle leaves nothing behind', async () => {
  const { budget, post } = appWith({ totalBytes: 100 }, 80);
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(10));
      controller.error(new Error('gone'));
    },
  });
  assert.is(await post(broken), 'BadHttpRequest');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('what is announced and does not come costs the others nothing', async () => {
  const { budget, post } = appWith({ totalBytes: 100 }, 80);
  const silent = Array.from({ length: 5 }, () => unfinished(0));
  const waiting = silent.map(({ body }) => post(body, { 'content-length': '80' }));
  await new Promise(setImmediate);
  assert.is(budget.heldBytes, 0);
  assert.is(await post(new Uint8Array(70)), '70');
  for (const { end } of silent) end();
  await Promise.all(waiting);
  assert.is(budget.heldBytes, 0);
});

budgetSuite('one host fills its share only, and the others find room', async () => {
  const { budget, post } = appWith({ totalBytes: 100, hostBytes: 50 }, 80);
  const slow = unfinished(40);
  const first = post(slow.body, { from: '10.0.0.1' });
  await new Promise(setImmediate);
  assert.is(await post(new Uint8Array(20), { from: '10.0.0.1' }), 'ServiceBusy');
  assert.is(await post(new Uint8Array(20), { from: '10.0.0.2' }), '20');
  slow.end();
  assert.is(await first, '40');
  assert.is(await post(new Uint8Array(50), { from: '10.0.0.1' }), '50');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('what a request brings beside its body counts like it', async () => {
  const { budget, post } = appWith({ totalBytes: 100 }, 80);
  const share = budget.open('10.0.0.1');
  share.hold(60);
  assert.throws(
    () => share.hold(60),
    (error: unknown) => error instanceof LunaError && error.errorName === 'ServiceBusy',
  );
  assert.is(await post(new Uint8Array(50)), 'ServiceBusy');
  share.giveBack();
  assert.is(await post(new Uint8Array(50)), '50');
});

budgetSuite('a body that stops coming, or trickles, is given up', async () => {
  const silent = appWith({ totalBytes: 100, idleMs: 40 }, 80);
  assert.is(await silent.post(unfinished(10).body), 'RequestTimeout');
  assert.is(silent.budget.heldBytes, 0);
  const slow = appWith({ totalBytes: 100, idleMs: 200, graceMs: 0, bytesPerSecond: 100 }, 80);
  let timer: NodeJS.Timeout | undefined;
  const trickle = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new Uint8Array(1)), 50);
    },
  });
  assert.is(await slow.post(trickle), 'RequestTimeout');
  clearInterval(timer);
  assert.is(slow.budget.heldBytes, 0);
});

budgetSuite.run();
