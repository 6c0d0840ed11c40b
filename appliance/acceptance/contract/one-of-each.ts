/** An account of the appliance with one object of every kind, for tests that go over all routes. */
import * as assert from 'uvu/assert';
import type { PortInProcess } from '../openapi/appliance-in-process.ts';
import { fillExample } from '../openapi/examples.ts';
import type { FlowPictures } from '../openapi/flows/pictures.ts';

export interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are read
  body: any;
}

export interface Client {
  /** `body`: bytes and forms as they are, everything else as JSON. */
  call(method: string, target: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
}

/** Sends requests with `credentials`; a body that is JSON is read. */
export function createClient({ send }: Pick<PortInProcess, 'send'>, credentials: Record<string, string>): Client {
  return {
    async call(method, target, body, headers = {}) {
      const isRaw = body instanceof Uint8Array || body instanceof FormData || typeof body === 'string';
      const answer = await send(target, {
        method,
        headers: {
          ...credentials,
          ...(body === undefined || body instanceof FormData
            ? {}
            : { 'Content-Type': isRaw ? 'image/jpeg' : 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: isRaw ? (body as Uint8Array<ArrayBuffer> | FormData) : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = (answer.headers.get('content-type') ?? '').startsWith('application/json');
      return { status: answer.status, headers: answer.headers, body: isJson && text ? JSON.parse(text) : text };
    },
  };
}

/** `{error_code, desc, detail, link}`, all of them and nothing else. Returns the number. */
export function errorCodeOf(what: string, { status, body }: Answered): number {
  assert.equal(Object.keys(body).sort(), ['desc', 'detail', 'error_code', 'link'], `${what}: ${status} ${body}`);
  assert.ok(body.desc && body.detail, what);
  assert.is(body.link, `/docs/errors/${body.error_code}`, what);
  return body.error_code;
}

/** Statuses and numbers that differ from what was wanted, one line each, so that a test tells all of them at once. */
export function createComplaints() {
  const lines: string[] = [];
  return {
    /** `wanted`: a status and an error number, or one of several. */
    unless(what: string, answer: Answered, ...wanted: (readonly [status: number, code: number])[]): void {
      const code = errorCodeOf(what, answer);
      if (wanted.some(([status, number]) => status === answer.status && number === code)) return;
      lines.push(`${what}: ${answer.status} ${code} ${answer.body.detail}`);
    },
    add: (line: string): void => void lines.push(line),
    assertNone: (): void => assert.equal(lines, []),
  };
}

export type OneOfEach = Awaited<ReturnType<typeof makeOneOfEach>>;

/** Makes the account with login `login` and what it owns. */
export async function makeOneOfEach(port: PortInProcess, pictures: FlowPictures, login: string) {
  const password = 'correct horse';
  const credentials = { Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` };
  const { call } = createClient(port, credentials);
  const make = async (target: string, body: unknown) => {
    const answer = await call('POST', target, body);
    assert.is(answer.status, 201, `${target}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const signUp = await createClient(port, {}).call('POST', '/6/accounts', { login, password, account_type: 'user' });
  assert.is(signUp.status, 201, JSON.stringify(signUp.body));
  const { account_id } = signUp.body;
  const { list_id } = await make('/6/lists', { user_data: 'staff' });
  const policies = { storage_policy: { face_policy: { store_face: 1, link_to_lists_policy: [{ list_id }] } } };
  const { handler_id } = await make('/6/handlers', { description: 'gate', policies });
  const { verifier_id } = await make('/6/verifiers', { description: 'desk' });
  const { events } = await make(`/6/handlers/${handler_id}/events?tags=first&source=gate`, pictures.photo);
  const [event] = events;
  const sample_id: string = event.detections[0].samples.face.sample_id;
  const [{ attribute_id }] = await make('/6/extractor?ttl=86400', [sample_id]);
  const { face_id } = await make('/6/faces', { attribute_id, user_data: 'Anna', external_id: 'b-1', lists: [list_id] });
  const { image_id } = await make('/6/images', pictures.photo);
  const { object_id } = await make('/6/objects', { note: 1 });
  const body_sample = (await make('/6/samples/bodies', pictures.bodyWarp)).sample_id;
  const { rejection_id } = await make('/6/perigee/rejections', { face_id, event_id: event.event_id });
  const { token_id } = await make('/6/tokens', { description: 'camera' });
  const ids: Record<string, string> = {
    list_id,
    handler_id,
    verifier_id,
    face_id,
    attribute_id,
    sample_id,
    rejection_id,
    token_id,
    event_id: event.event_id,
    /** Of a model pack; none is installed. */
    name: 'no-such-pack',
    '/6/samples/faces/{id}': sample_id,
    '/6/samples/bodies/{id}': body_sample,
    '/6/images/{id}': image_id,
    '/6/objects/{id}': object_id,
  };
  return {
    accountId: account_id as string,
    credentials,
    call,
    ids,
    /** `path` of the document with this account's ids in it; `change` may write them otherwise. */
    pathOf(path: string, change: (id: string) => string = (id) => id): string {
      return path.replace(/\{(\w+)\}/g, (_, name: string) => {
        const id = ids[path] ?? ids[name];
        if (id === undefined) throw new Error(`${path}: no object of the kind '${name}' is made`);
        return change(id);
      });
    },
    /** The documented example of a body, with this account's ids. */
    bodyOf: (example: unknown): unknown => fillExample(example, ids as never),
  };
}
