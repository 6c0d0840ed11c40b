import type { MiddlewareHandler } from 'hono';
import type { LunaEnv } from '#contract/http/http';
import type { Clock } from '#kernel/clock';
import type { Ids } from '#kernel/ids';

const pattern = /^[0-9]{10},[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/;

const name = 'Luna-Request-Id';

export type RequestIds = () => string;

/** Makes ids of requests that brought none: unix seconds, comma, uuid (LP5 1.2). */
export function createRequestIds(deps: { clock: Clock; ids: Ids }): RequestIds {
  return () => `${Math.floor(deps.clock.now() / 1000)},${deps.ids.random()}`;
}

/** `Luna-Request-Id` (LP5 1.2). Taken over when well formed, made otherwise; always echoed. */
export function requestId(makeId: RequestIds): MiddlewareHandler<LunaEnv> {
  return async (context, next) => {
    const given = context.req.header(name);
    const id = given && pattern.test(given) ? given : makeId();
    context.set('requestId', id);
    context.set('caller', null);
    // Before the answer exists: added to a finished one, it would turn a string into a web stream (0.1 ms and two writes).
    context.header(name, id);
    await next();
    if (!context.res.headers.has(name)) context.header(name, id);
  };
}
