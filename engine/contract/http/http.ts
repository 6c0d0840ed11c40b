/**
 * How a route is written: `defineRoute` makes one value that is router entry, validator, type and OpenAPI, with the
 * right it asks for beside it; `createRouter` makes the sub-app it is registered on.
 */
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { Caller, ObjectRight, RouteRight } from '#domain/access';
import { type ErrorName, type LunaError, lunaError } from '#kernel/errors';
import { limits } from '../established/names.ts';
import { headersOf } from './answer-headers.ts';
import { authorize } from './authorize.ts';
import { declaredErrors, errorAnswersOf } from './declared-errors.ts';
import { parseJsonBytes } from './json-body.ts';

export interface LunaEnv {
  Variables: {
    requestId: string;
    /** Null until a route has asked who it is (`identify`), and when it is nobody. */
    caller: Caller | null;
    /** Looks at the credentials. Set by the REST server. */
    identify?: () => Promise<Caller | null>;
    /** Whether a program on the appliance asks that is taken at its word. Set by the REST server. */
    isTrusted?: () => boolean;
    /** Reads the body into memory, bounded per request, per host and over all of them. Set by the REST server. */
    readBody?: (limitBytes: number) => Promise<void>;
    /**
     * Counts bytes that the request brings into memory beside its body, until it is answered, under the same bounds.
     * Throws `ServiceBusy`. Set by the REST server.
     */
    holdBytes?: (bytes: number) => void;
  };
}
export type LunaContext = Context<LunaEnv>;
export type LunaRouter = OpenAPIHono<LunaEnv>;

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly params?: Record<string, unknown> | undefined;
  /** Of a union: the issues of each of its members. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** The issue that tells most: of a union, the one of the member that got furthest into the value. */
function mostTelling(issue: Issue): Issue {
  const inner = (issue.errors ?? []).flat().map(mostTelling);
  const [first, ...others] = inner;
  if (!first) return issue;
  const deepest = others.reduce((best, one) => (one.path.length > best.path.length ? one : best), first);
  return deepest.path.length === 0 ? issue : { ...deepest, path: [...issue.path, ...deepest.path] };
}

/** The issue of a UUID that is none, when nothing else is wrong: of a union, when one member misses nothing else. */
function uuidIssueOf(issue: Issue): Issue | undefined {
  if (issue.params?.['luna'] === 'NotUuid') return issue;
  for (const member of issue.errors ?? []) {
    const [first, ...others] = member.map(uuidIssueOf);
    if (first && !others.includes(undefined)) return { ...first, path: [...issue.path, ...first.path] };
  }
  return undefined;
}

/** What stands at `path` of `input`, as an error shows it. */
function shownAt(input: unknown, path: readonly PropertyKey[]): string {
  let value = input;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return String(value).slice(0, 100);
}

/**
 * Which catalogued error a failed validation answers: 12001 for ids, in a body when nothing else is wrong with it
 * (LP5 1.3); 12012 for the query; 12022 with path for JSON. `at`: where in the body `input` stands.
 */
export function validationError(
  target: string,
  issues: readonly Issue[],
  input?: unknown,
  at: readonly string[] = [],
): LunaError {
  const issue = mostTelling(issues[0] ?? { path: [], message: 'invalid' });
  const path = [...at, ...issue.path].join('.');
  if (target === 'json') {
    const [first, ...others] = issues.map(uuidIssueOf);
    if (!first || others.includes(undefined)) return lunaError('BadJson', { path, message: issue.message });
    return lunaError('NotUuid', { value: shownAt(input, first.path), path: [...at, ...first.path].join('.') });
  }
  if (issue.params?.['luna'] === 'NotUuid')
    return lunaError('NotUuid', { value: shownAt(input, issue.path.slice(0, 1)) });
  return lunaError('BadQuery', { name: path, reason: issue.message });
}

export function createRouter(): LunaRouter {
  return new OpenAPIHono<LunaEnv>({
    defaultHook: (result) => {
      if (!result.success)
        throw validationError(
          result.target,
          result.error.issues as readonly Issue[],
          (result as { data?: unknown }).data,
        );
    },
  });
}

/** The caller of a route whose right is not `open`; `authorize` has seen to it that there is one. */
export function callerOf(context: { get(name: 'caller'): Caller | null }): Caller {
  const caller = context.get('caller');
  if (!caller) throw lunaError('AuthorizationMissing');
  return caller;
}

const jsonType = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/**
 * Reads a JSON body before the schema sees it: content type 12017, empty 12005, malformed 12002, too deep 12022.
 * zod-openapi alone would let a wrong content type through as an empty body.
 */
export const requireJson: MiddlewareHandler<LunaEnv> = async (context, next) => {
  const contentType = context.req.header('content-type') ?? '';
  if (!jsonType.test(contentType)) throw lunaError('BadContentType', { contentType, allowed: 'application/json' });
  const value = parseJsonBytes(new Uint8Array(await context.req.arrayBuffer()));
  // Hono keeps the text only and parses it again for everybody who asks.
  context.req.json = async () => value as never;
  await next();
};

/** Most bytes that a body of this route may have, by its content type. */
function bodyLimitOf(route: RouteConfig, ownBytes: number | undefined): (contentType: string) => number {
  if (ownBytes !== undefined) return () => ownBytes;
  if (takesOnlyJson(route)) return () => limits.smallJsonBody;
  // JSON beside multipart carries pictures as base64; JSON as one content type of many is a file.
  const types = Object.keys(route.request?.body?.content ?? {});
  const hasPictureJson = types.includes('application/json') && types.includes('multipart/form-data');
  return (contentType) => (hasPictureJson && jsonType.test(contentType) ? limits.jsonBody : limits.requestBody);
}

/** Reads the body once the caller is known to be allowed, so that nobody else can fill the memory. */
function boundBody(route: RouteConfig, ownBytes: number | undefined): MiddlewareHandler<LunaEnv> {
  const limitOf = bodyLimitOf(route, ownBytes);
  return async (context, next) => {
    await context.get('readBody')?.(limitOf(context.req.header('content-type') ?? ''));
    await next();
  };
}

function takesOnlyJson(route: RouteConfig): boolean {
  const types = Object.keys(route.request?.body?.content ?? {});
  return types.length > 0 && types.every((type) => type === 'application/json');
}

/** `GET /faces/{face_id}` is `get_faces_by_face_id`: a name for generated clients that stays as long as the path does. */
function operationIdOf({ method, path }: RouteConfig): string {
  const words = path.replace(/\{(\w+)\}/g, 'by_$1').split(/[^A-Za-z0-9_]+/);
  return [method, ...words.filter(Boolean)].join('_');
}

interface RouteExtras {
  errors?: readonly ErrorName[];
  streamsBody?: boolean;
  bodyBytes?: number;
  asksByRequest?: readonly ObjectRight[];
}

function withSharedHeaders(responses: RouteConfig['responses']): RouteConfig['responses'] {
  const entries = Object.entries(responses).map(([status, answer]) => {
    const own = 'headers' in answer ? (answer.headers as object) : {};
    return [status, { ...answer, headers: { ...headersOf(Number(status)), ...own } }];
  });
  return Object.fromEntries(entries);
}

/**
 * Declares a route. Errors are thrown, so only the good answers are in its type; the document lists both: `errors` names
 * those that do not follow from the route's shape (`declared-errors.ts`), and a test sees that none is forgotten.
 * Bodies of other types than JSON are declared for the document and read by the handler: from memory, or with
 * `streamsBody` as they come (`body-stream.ts`), because they may be larger than what fits there. `asksByRequest`: what
 * the handler asks for beside `right` when the request names such objects; the handler sees to it. `bodyBytes`: for JSON
 * that may be larger than `limits.smallJsonBody`.
 */
export function defineRoute<const R extends RouteConfig & RouteExtras>(right: RouteRight, route: R): R {
  const { errors = [], streamsBody = false, asksByRequest = [], bodyBytes, ...config } = route;
  const own = route.middleware === undefined ? [] : [route.middleware].flat();
  return {
    operationId: operationIdOf(route),
    ...config,
    'x-luna-right': right,
    ...(asksByRequest.length > 0 ? { 'x-luna-rights-by-request': asksByRequest } : {}),
    ...(right === 'open' ? {} : { security: [{ basic: [] }, { bearer: [] }, { account: [] }] }),
    middleware: [
      authorize(right),
      ...(route.request?.body && !streamsBody ? [boundBody(route, bodyBytes)] : []),
      ...(takesOnlyJson(route) ? [requireJson] : []),
      ...own,
    ],
    responses: {
      ...withSharedHeaders(route.responses),
      ...errorAnswersOf(declaredErrors([right, ...asksByRequest], route, errors)),
    },
  } as unknown as R;
}
