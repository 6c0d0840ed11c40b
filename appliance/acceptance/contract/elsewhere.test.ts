/** What another host is answered on every route: tests in this process count as the appliance itself otherwise. */
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApplianceInProcess } from '../openapi/appliance-in-process.ts';
import { routesOf } from '../openapi/document.ts';
import { readFlowPictures } from '../openapi/flows/pictures.ts';
import { createClient, createComplaints, makeOneOfEach } from './one-of-each.ts';

const appliance = await openApplianceInProcess();
const routes = routesOf(appliance.document).filter(
  ({ method, path }) => method !== 'HEAD' && path !== '/docs/errors/{code}',
);
/** As the server hands a request over: the body as Node's stream, with its socket. */
const remote: Parameters<typeof createClient>[0] = {
  async send(target, init = {}) {
    const { body } = init;
    const chunks = body === undefined || body === null ? [] : [Buffer.from(body as string | Uint8Array<ArrayBuffer>)];
    const incoming = Object.assign(Readable.from(chunks), { socket: { remoteAddress: '192.168.1.20' } });
    return appliance.app.request(target, init, { incoming });
  },
};
const stranger = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const bare = { 'Luna-Account-Id': stranger };

const elsewhere = suite('every route, asked from another host');
elsewhere.after(() => appliance.close());

const bodyOf = (method: string): object | undefined => (method === 'GET' ? undefined : {});
const nowhere = (path: string): string => path.replace(/\{\w+\}/g, stranger);

/** What is answered to whom: nobody, a bare account id, a wrong password. */
async function complainUnlessClosed(pathOf: (path: string) => string): Promise<void> {
  const complaints = createComplaints();
  const callers: readonly [what: string, headers: Record<string, string>, status: number, code: number][] = [
    ['nobody', {}, 401, 12010],
    ['a bare id', bare, 403, 11061],
    ['a token that is none', { Authorization: 'Bearer x' }, 403, 11062],
  ];
  for (const { method, path, operation } of routes) {
    for (const [what, headers, status, code] of callers) {
      const name = `${what}: ${method} ${path}`;
      const answer = await createClient(remote, headers).call(method, pathOf(path), bodyOf(method));
      if (path === '/6/accounts' && method === 'POST') {
        const own = what.startsWith('a token') ? ([403, 11062] as const) : ([403, 37003] as const);
        complaints.unless(name, answer, own);
      } else if (path === '/6/ws') {
        complaints.unless(name, answer, what === 'nobody' ? [403, 29001] : [status, code]);
      } else if (operation['x-luna-right'] !== 'open') {
        complaints.unless(name, answer, [status, code]);
      } else if (answer.status !== 200) {
        complaints.add(`${name}: ${answer.status}`);
      }
    }
  }
  complaints.assertNone();
}

elsewhere('before the first account exists, nothing but what is open answers', () => complainUnlessClosed(nowhere));

elsewhere('with accounts, who proves nothing gets in nowhere', async () => {
  const owner = await makeOneOfEach(appliance, await readFlowPictures(), 'owner@site.com');
  await complainUnlessClosed(owner.pathOf);
});

elsewhere(
  'with login and password every route answers as on the appliance, but those of an administrator',
  async () => {
    const owner = await makeOneOfEach(appliance, await readFlowPictures(), 'second@site.com');
    const other = createClient(remote, owner.credentials);
    const complaints = createComplaints();
    for (const { method, path, operation } of routes) {
      // What changes something would not answer twice the same; bodies that are none stop it before.
      if (method === 'DELETE' || ['/6/login', '/6/ws', '/6/accounts'].includes(path)) continue;
      const target = owner.pathOf(path);
      const name = `${method} ${target}`;
      const answer = await other.call(method, target, bodyOf(method));
      if (operation['x-luna-right'] === 'administrator') complaints.unless(name, answer, [403, 11059]);
      else if ([401, 403].includes(answer.status) && answer.body.error_code !== 11044) {
        complaints.add(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
    }
    complaints.assertNone();
  },
);

elsewhere('a token opens what it grants, and no more', async () => {
  const owner = await makeOneOfEach(appliance, await readFlowPictures(), 'third@site.com');
  const { token } = (await owner.call('POST', '/6/tokens', { permissions: { face: ['view'] } })).body;
  const { call } = createClient(remote, { Authorization: `Bearer ${token}` });
  const { face_id } = owner.ids;
  assert.is((await call('GET', `/6/faces/${face_id}`)).status, 200);
  for (const [method, target, code] of [
    ['DELETE', `/6/faces/${face_id}`, 11059],
    ['GET', '/6/lists', 11059],
    ['POST', '/6/sdk', 11060],
    ['GET', '/6/perigee/models', 11064],
  ] as const) {
    const answer = await call(method, target, bodyOf(method));
    assert.equal([answer.status, answer.body.error_code], [403, code], `${method} ${target}`);
  }
});

elsewhere.run();
