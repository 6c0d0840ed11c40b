import { apiVersion } from '#contract/established/names';
import { createRouter, type LunaRouter } from '#contract/http/http';
import { receivedRequest } from '#contract/http/received-request';
import type { Engine } from '#engine';
import { type BodyBudget, type BodyShare, bodyBudgetSettings, createBodyBudget } from './body-budget.ts';
import { createDocs, type DocumentInfo } from './docs.ts';
import { errorAnswers, notFoundAnswers } from './error-answers.ts';
import { createRequestIds, requestId } from './request-id.ts';

/** One budget for every port of the appliance. */
export function createRestBodies(): BodyBudget {
  return createBodyBudget(bodyBudgetSettings);
}

/** What of the engine the REST application stands on. */
export type RestEngine = Pick<Engine, 'log' | 'clock' | 'ids' | 'authenticate' | 'trusts' | 'rootRouters' | 'routers'>;

/**
 * A REST application over services of the engine: everything of a request but the socket. `api` is the version in the
 * paths of `routers`.
 */
export function createRestApp(
  engine: RestEngine,
  options: { api?: number; info?: DocumentInfo; bodies?: BodyBudget } = {},
): LunaRouter {
  const { api = apiVersion, info, bodies = createRestBodies() } = options;
  const app = createRouter();
  app.onError(errorAnswers(engine.log));
  app.notFound(notFoundAnswers(app));
  app.use(requestId(createRequestIds(engine)));
  app.use(async (context, next) => {
    const received = receivedRequest(context);
    context.set('identify', () => engine.authenticate(received));
    context.set('isTrusted', () => engine.trusts(received));
    let share: BodyShare | undefined;
    const own = (): BodyShare => {
      share ??= bodies.open(received.remoteAddress);
      return share;
    };
    context.set('readBody', (limitBytes) => own().read(context, limitBytes));
    context.set('holdBytes', (bytes) => own().hold(bytes));
    try {
      await next();
    } finally {
      share?.giveBack();
    }
  });
  for (const router of engine.rootRouters) app.route('/', router);
  for (const router of engine.routers) app.route(`/${api}`, router);
  app.route(
    '/',
    createDocs(() => app, info),
  );
  return app;
}
