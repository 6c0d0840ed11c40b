/** Requests of the flows, to a port that judges every answer. */
import type { PortInProcess } from './appliance-in-process.ts';
import { createRouteFinder, type Route } from './document.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Of JSON answers; undefined of all others. */
  // biome-ignore lint/suspicious/noExplicitAny: a flow reads answers of every shape, and the judge has seen each
  readonly body: any;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface JudgedRequests {
  /** Sends; throws with the reason when the answer is not what the document declares, or not the expected one. */
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

/** A client of a port. `account` is the account that it acts for. */
export function createJudgedRequests(port: Pick<PortInProcess, 'document' | 'send'>, account: string): JudgedRequests {
  const routeOf = createRouteFinder(port.document);
  const succeeded = new Set<Route>();
  return {
    succeeded,
    async send(method, target, { json, body, headers = {}, expect } = {}) {
      const what = `${method} ${target}`;
      const route = routeOf(method, target.replace(/\?.*/, ''));
      if (!route) throw new Error(`${what}: the document has no such route`);
      const sent: RequestInit = {
        method,
        headers: {
          ...(headers['Authorization'] === undefined ? { 'Luna-Account-Id': account } : {}),
          ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
      };
      if (json !== undefined) sent.body = JSON.stringify(json);
      else if (body !== undefined) sent.body = body;
      const response = await port.send(target, sent);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const text = Buffer.from(bytes).toString();
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
