import { Hono } from 'hono';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LunaContext, LunaEnv } from '#contract/http';
import { LunaError } from '#kernel/errors';
import { createBodyBudget } from './body-budget.ts';

const budgetSuite = suite('body budget');

function appWith(totalBytes: number, limitBytes: number, hold?: Promise<void>) {
  const budget = createBodyBudget(totalBytes);
  const app = new Hono<LunaEnv>();
  app.post('/', async (context) => {
    try {
      const giveBack = await budget.read(context as LunaContext, limitBytes);
      await hold;
      giveBack();
      return context.text(String((await context.req.arrayBuffer()).byteLength));
    } catch (error) {
      return context.text(error instanceof LunaError ? error.errorName : String(error), 500);
    }
  });
  const post = async (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}): Promise<string> =>
    (await app.request('/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)).text();
  return { budget, post };
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
  const { budget, post } = appWith(100, 50);
  assert.is(await post(new Uint8Array(50)), '50');
  assert.is(await post(streamOf(20, 20)), '40');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('a body over the limit is refused, announced or not', async () => {
  const { budget, post } = appWith(1000, 50);
  assert.is(await post(new Uint8Array(10), { 'content-length': '51' }), 'BodyTooLarge');
  assert.is(await post(streamOf(30, 30)), 'BodyTooLarge');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('bodies of all clients together stay within the budget', async () => {
  let release = (): void => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { budget, post } = appWith(100, 80, hold);
  const first = post(new Uint8Array(80));
  await new Promise(setImmediate);
  assert.is(budget.heldBytes, 80);
  assert.is(await post(new Uint8Array(30)), 'ServiceBusy');
  release();
  assert.is(await first, '80');
  assert.is(budget.heldBytes, 0);
});

budgetSuite('a client that goes away in the middle leaves nothing behind', async () => {
  const { budget, post } = appWith(100, 80);
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(10));
      controller.error(new Error('gone'));
    },
  });
  assert.is(await post(broken), 'BadHttpRequest');
  assert.is(budget.heldBytes, 0);
});

budgetSuite.run();
