import type { ErrorHandler, Hono, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isForLater } from '#contract/http/answer-headers';
import type { LunaEnv } from '#contract/http/http';
import { LunaError, lunaError, toErrorBody } from '#kernel/errors';
import type { Log } from '#kernel/log';

/** The catalogued error behind whatever was thrown. What nobody foresaw is `Internal`; only the log learns its cause. */
function toLunaError(error: unknown): LunaError {
  if (error instanceof LunaError) return error;
  if (error instanceof HTTPException) {
    if (error.status === 415) return lunaError('UnsupportedMediaType', { contentType: '', allowed: 'see /docs/spec' });
    if (error.status < 500) return lunaError('BadHttpRequest', { reason: error.message });
  }
  return lunaError('Internal', undefined, error);
}

/** Answers every thrown error in LP5's shape. */
export function errorAnswers(log: Log): ErrorHandler<LunaEnv> {
  return (thrown, context) => {
    const error = toLunaError(thrown);
    const requestId = context.get('requestId');
    const route = `${context.req.method} ${context.req.path}`;
    if (error.status >= 500 && (error.errorName === 'Internal' || error.cause !== undefined)) {
      log.error({ requestId, code: error.code, err: error.cause ?? thrown }, route);
    } else if (error.status >= 500) {
      log.warn({ requestId, code: error.code, detail: error.message }, route);
    } else {
      log.debug({ requestId, code: error.code, detail: error.message }, route);
    }
    if (requestId) context.header('Luna-Request-Id', requestId);
    if (error.status === 401) context.header('WWW-Authenticate', 'Basic realm="Perigee"');
    // What is left of its body would be taken for the next request.
    if (error.status === 408) context.header('Connection', 'close');
    if (isForLater(error.status)) context.header('Retry-After', String(error.retryAfterS ?? 1));
    return context.json(toErrorBody(error), error.status as 500);
  };
}

/** 404 for an unknown path, 405 with `Allow` for a known path and another method. */
export function notFoundAnswers(app: Hono<LunaEnv>): NotFoundHandler<LunaEnv> {
  let known: { pattern: RegExp; methods: Set<string> }[] | undefined;
  const collect = (): { pattern: RegExp; methods: Set<string> }[] => {
    const byPath = new Map<string, Set<string>>();
    for (const { method, path } of app.routes) {
      if (method === 'ALL' || path.includes('*')) continue;
      const methods = byPath.get(path) ?? new Set();
      byPath.set(path, methods.add(method));
      if (method === 'GET') methods.add('HEAD');
    }
    return [...byPath].map(([path, methods]) => ({
      pattern: new RegExp(`^${path.replace(/:[^/]+/g, '[^/]+')}$`),
      methods,
    }));
  };
  return (context) => {
    known ??= collect();
    const methods = new Set<string>();
    for (const { pattern, methods: own } of known) {
      if (pattern.test(context.req.path)) for (const method of own) methods.add(method);
    }
    if (methods.size === 0) throw lunaError('PageNotFound');
    const allowed = [...methods].sort().join(', ');
    context.header('Allow', allowed);
    throw lunaError('MethodNotAllowed', { allowed });
  };
}
