import { createJudge, type Document, type Route, routesOf } from './document.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Of JSON answers; undefined of all others. */
  // biome-ignore lint/suspicious/noExplicitAny: a flow reads answers of every shape, and the judge has seen each
  readonly body: any;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface JudgedRequests {
  /** Sends and judges; throws with the reason when the answer is not what the document declares. */
  send(method: string, target: string, init?: JudgedInit): Promise<Answer>;
  /** Routes that have answered with a 2xx. */
  readonly succeeded: ReadonlySet<Route>;
}

export interface JudgedInit {
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, with `Content-Type` from `headers` (or the boundary of a form). */
  body?: Uint8Array<ArrayBuffer> | FormData | string;
  headers?: Record<string, string>;
  /** The status that is expected; without it every declared one passes. */
  expect?: number;
}

/** The route of a path without its query. Routes without parameters come first, as they do in the appliance. */
export function createRouteFinder(document: Document): (method: string, path: string) => Route | undefined {
  const parameters = (route: Route): number => route.path.split('{').length;
  const patterns = routesOf(document)
    .sort((a, b) => parameters(a) - parameters(b))
    .map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`) }));
  return (method, path) => patterns.find(({ route, pattern }) => route.method === method && pattern.test(path))?.route;
}

/** A client whose every answer is judged by the document. `account` is the account that it acts for. */
export function createJudgedRequests(deps: {
  document: Document;
  account: string;
  send: (target: string, init: RequestInit) => Promise<Response>;
}): JudgedRequests {
  const judge = createJudge(deps.document);
  const routeOf = createRouteFinder(deps.document);
  const succeeded = new Set<Route>();
  return {
    succeeded,
    async send(method, target, { json, body, headers = {}, expect } = {}) {
      const what = `${method} ${target}`;
      const route = routeOf(method === 'HEAD' ? 'GET' : method, target.replace(/\?.*/, ''));
      if (!route) throw new Error(`${what}: the document has no such route`);
      const sent: RequestInit = {
        method,
        headers: {
          ...(headers['Authorization'] === undefined ? { 'Luna-Account-Id': deps.account } : {}),
          ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
      };
      if (json !== undefined) sent.body = JSON.stringify(json);
      else if (body !== undefined) sent.body = body;
      const response = await deps.send(target, sent);
      const objection = await judge.objectionTo({ ...route, method }, response);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const text = Buffer.from(bytes).toString();
      if (objection) throw new Error(`${what}: ${objection}\n${text.slice(0, 2000)}`);
      if (expect !== undefined && response.status !== expect) {
        throw new Error(`${what}: ${response.status} instead of ${expect}\n${text.slice(0, 2000)}`);
      }
      if (response.ok) succeeded.add(route);
      const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
      return {
        status: response.status,
        headers: response.headers,
        body: isJson && text ? JSON.parse(text) : undefined,
        bytes,
      };
    },
  };
}
