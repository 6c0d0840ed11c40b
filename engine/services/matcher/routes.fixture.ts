/** For tests: the matcher's routes over a world of its own in every test. */
import { suite, type Test } from 'uvu';
import { limits } from '#contract/established/names';
import { createRouter, type LunaRouter } from '#contract/http/http';
import type { Caller } from '#domain/access';
import { isLunaError, toErrorBody } from '#kernel/errors';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { accountA, openWorld, type World } from './matcher.fixture.ts';
import { createCrossMatchRoutes, createMatcherRoutes } from './matcher.routes.ts';
import { createRejectionRoutes } from './rejections/rejections.routes.ts';
import { createRejections } from './rejections/rejections.service.ts';

export interface RoutesContext {
  world: World;
  app: LunaRouter;
  /** Who asks; a test may become somebody else. */
  caller: Caller;
}

export function routesSuite(name: string): Test<RoutesContext> {
  const test = suite<RoutesContext>(name);
  test.before.each(async (context) => {
    const world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
    context.world = world;
    context.caller = {
      accountId: accountA,
      accountType: 'user',
      via: 'account_id',
      permissions: null,
      seesAllAccounts: false,
    };
    const app = createRouter();
    app.onError((error, c) => {
      if (!isLunaError(error)) throw error;
      return c.json(toErrorBody(error), error.status as 400);
    });
    app.use(async (c, next) => {
      c.set('caller', context.caller);
      await next();
    });
    const { storage, clock, ids, matcher } = world;
    app.route('/', createMatcherRoutes({ matching: matcher, referenceLimit: limits.references }));
    app.route('/', createCrossMatchRoutes({ matcher }));
    app.route('/', createRejectionRoutes({ rejections: createRejections({ storage, clock, ids }) }));
    context.app = app;
  });
  test.after.each(({ world }) => world.close());
  return test;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape are looked into
export type Answer = { status: number; body: any; location: string | null };
export async function send(app: LunaRouter, method: string, path: string, body?: unknown): Promise<Answer> {
  const init =
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await app.request(path, init);
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null, location: response.headers.get('location') };
}
