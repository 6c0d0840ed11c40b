/** The REST API as typed calls, for our own UIs, the console and the demo. Needs nothing but `fetch`. */
import type { components, paths } from './api.ts';

export type * from './api.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** Paths that have `M`. */
type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: object }> ? P : never;
}[keyof paths];
type OperationOf<M extends Method, P extends keyof paths> =
  paths[P] extends Record<M, infer Operation> ? Operation : never;

type JsonOf<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined;
/** What a call resolves to: the JSON of its good answer, undefined where that has none. */
export type Answer<M extends Method, P extends keyof paths> =
  OperationOf<M, P> extends { responses: infer Responses }
    ? { [Status in keyof Responses]: JsonOf<Responses[Status]> }[keyof Responses]
    : never;

type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } } ? Query : never;

/** Sent as it is: a picture, a form. */
export interface RawBody {
  type?: string;
  data: Blob | Uint8Array<ArrayBuffer> | FormData;
}
type Sent<Json> = { json: Json; body?: never } | { body: RawBody; json?: never };
interface NotSent {
  json?: never;
  body?: never;
}
type SentAs<Content> = Content extends { 'application/json': infer Json }
  ? Sent<Json>
  : { body: RawBody; json?: never };
/** `json` (sent as JSON) or `body`, where the route has a body; one of them must be there where the route needs it. */
type BodyPart<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? SentAs<Content>
  : Operation extends { requestBody?: infer Body }
    ? [NonNullable<Body>] extends [never]
      ? NotSent
      : NonNullable<Body> extends { content: infer Content }
        ? SentAs<Content> | NotSent
        : NotSent
    : NotSent;
/** Values of `{parameters}` in the path, where it has some. */
type PathPart<Operation> = Operation extends { parameters: { path: infer Path } } ? { path: Path } : { path?: never };

export type CallOptions<Operation> = PathPart<Operation> &
  BodyPart<Operation> & {
    /** Arrays are sent as LP5 has them: `a,b`. */
    query?: QueryOf<Operation>;
    headers?: Record<string, string>;
    signal?: AbortSignal;
  };
/** The options as the last argument, which may be left out where none of them is needed. */
type OptionsOf<Operation> =
  Record<never, never> extends CallOptions<Operation>
    ? [options?: CallOptions<Operation>]
    : [options: CallOptions<Operation>];

/** An answer that is an error. `body` is LP5's; null when the appliance could not even tell (a proxy in between). */
export class ApiError extends Error {
  readonly status: number;
  readonly body: components['schemas']['Error'] | null;
  constructor(message: string, status: number, body: components['schemas']['Error'] | null) {
    super(message);
    this.status = status;
    this.body = body;
  }
  /** LP5's number; null without a body. */
  get code(): number | null {
    return this.body?.error_code ?? null;
  }
}

export interface Client {
  /** Calls and reads the JSON answer. Throws `ApiError`. */
  call<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...options: OptionsOf<OperationOf<M, P>>
  ): Promise<Answer<M, P>>;
  /** The same, for answers that are no JSON: pictures, objects, msgpack. */
  open<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...options: OptionsOf<OperationOf<M, P>>
  ): Promise<Response>;
}

interface AnyOptions {
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
  json?: unknown;
  body?: RawBody;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

function targetOf(path: string, { path: values = {}, query = {} }: AnyOptions): string {
  const resource = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? resource : `${resource}?${new URLSearchParams(pairs)}`;
}

async function errorOf(what: string, answer: Response): Promise<ApiError> {
  const text = await answer.text();
  try {
    const body = JSON.parse(text) as components['schemas']['Error'];
    if (typeof body.error_code === 'number') {
      return new ApiError(`${what}: ${body.error_code} ${body.detail}`, answer.status, body);
    }
  } catch {
    // No JSON: the status is all there is to tell.
  }
  return new ApiError(`${what}: HTTP ${answer.status}`, answer.status, null);
}

/**
 * `baseUrl`: `http://host:port`, or empty in a page that the appliance serves. `account` is sent as `Luna-Account-Id`,
 * `authorization` as the header of that name (`Basic ...`, `Bearer ...`).
 */
export function createClient(deps: {
  baseUrl: string;
  account?: string;
  authorization?: string;
  fetch?: typeof globalThis.fetch;
}): Client {
  const { account, authorization, fetch = globalThis.fetch } = deps;
  const baseUrl = deps.baseUrl.replace(/\/$/, '');
  const send = async (method: Method, path: string, options: AnyOptions = {}): Promise<Response> => {
    const { json, body, headers, signal } = options;
    const type = json === undefined ? body?.type : 'application/json';
    const answer = await fetch(`${baseUrl}${targetOf(path, options)}`, {
      method: method.toUpperCase(),
      headers: {
        ...(account && { 'Luna-Account-Id': account }),
        ...(authorization && { Authorization: authorization }),
        ...(type && { 'Content-Type': type }),
        ...headers,
      },
      ...(json === undefined ? body && { body: body.data } : { body: JSON.stringify(json) }),
      ...(signal && { signal }),
    });
    if (!answer.ok) throw await errorOf(`${method.toUpperCase()} ${path}`, answer);
    return answer;
  };
  return {
    open: (method, path, ...[options]) => send(method, path, options as AnyOptions),
    async call(method, path, ...[options]) {
      const answer = await send(method, path, options as AnyOptions);
      const text = await answer.text();
      return (text === '' ? undefined : JSON.parse(text)) as never;
    },
  };
}
