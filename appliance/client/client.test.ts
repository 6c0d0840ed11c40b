import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clientTypesFile, renderClientTypes } from '../../build/client/generate.ts';
import { type ApplianceInProcess, openApplianceInProcess } from '../acceptance/openapi/appliance-in-process.ts';
import { ApiError, type Client, createClient } from './client.ts';

const clientSuite = suite<{ appliance: ApplianceInProcess; client: Client }>('TypeScript client');

clientSuite.before(async (context) => {
  const appliance = await openApplianceInProcess();
  context.appliance = appliance;
  context.client = createClient({
    baseUrl: 'http://localhost:5000/',
    account: '6d071cca-fda5-4a03-84d5-5bea65904480',
    fetch: (input, init) => appliance.send(String(input), init),
  });
});
clientSuite.after(({ appliance }) => appliance.close());

clientSuite('its types are those of the document: `npm run client` has nothing to change', async ({ appliance }) => {
  const wanted = await renderClientTypes(appliance.document);
  assert.ok(wanted === readFileSync(clientTypesFile, 'utf8'), 'run `npm run client`');
});

clientSuite('calls are typed by path: parameters, query, body and answer', async ({ client }) => {
  const { list_id } = await client.call('post', '/6/lists', { json: { user_data: 'staff' } });
  const { face_id } = await client.call('post', '/6/faces', { json: { user_data: 'Åsa & Bo', lists: [list_id] } });
  const face = await client.call('get', '/6/faces/{face_id}', { path: { face_id } });
  assert.is(face.user_data, 'Åsa & Bo');
  const query = { user_data: 'Åsa & Bo', targets: ['face_id', 'lists'] };
  const { faces } = await client.call('get', '/6/faces', { query });
  assert.equal(faces, [{ face_id, lists: [list_id] }]);
  const removed: undefined = await client.call('delete', '/6/faces/{face_id}', { path: { face_id } });
  assert.is(removed, undefined);
});

/** Never called: what must not compile, and what must. */
export function typesOf(client: Client): unknown[] {
  const id = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
  const picture = { type: 'image/jpeg', data: new Uint8Array() };
  return [
    client.call('get', '/version'),
    client.call('get', '/6/faces', { query: { page_size: 5 } }),
    client.call('post', '/6/lists', { json: { user_data: 'staff' } }),
    client.call('post', '/6/detector', { body: picture }),
    client.call('post', '/6/handlers/{handler_id}/events', { path: { handler_id: id }, body: picture }),
    // @ts-expect-error: the path has a parameter
    client.call('get', '/6/faces/{face_id}'),
    // @ts-expect-error: that parameter has another name
    client.call('get', '/6/faces/{face_id}', { path: { id } }),
    // @ts-expect-error: this path has none
    client.call('get', '/6/faces', { path: { face_id: id } }),
    // @ts-expect-error: a list has a body
    client.call('post', '/6/lists'),
    // @ts-expect-error: with a path parameter alone the picture is missing
    client.open('post', '/6/handlers/{handler_id}/events', { path: { handler_id: id } }),
    // @ts-expect-error: a body is sent in one way
    client.call('post', '/6/lists', { json: { user_data: 'staff' }, body: picture }),
    // @ts-expect-error: members of the body are typed
    client.call('post', '/6/lists', { json: { user_data: 5 } }),
    // @ts-expect-error: nothing is sent with GET
    client.call('get', '/6/faces', { body: picture }),
    // @ts-expect-error: parameters of the query are typed
    client.call('get', '/6/faces', { query: { page_size: 'x' } }),
  ];
}

clientSuite('bytes go in and come out as they are', async ({ client }) => {
  const data = new Uint8Array([0, 255, 1]);
  const { object_id } = await client.call('post', '/6/objects', { body: { type: 'application/zip', data } });
  const answer = await client.open('get', '/6/objects/{id}', { path: { id: object_id } });
  assert.is(answer.headers.get('content-type'), 'application/zip');
  assert.equal(new Uint8Array(await answer.arrayBuffer()), data);
});

const caught = async (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

clientSuite('an error of LP5 is thrown with its number, another one with its status', async ({ client }) => {
  const path = { face_id: '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d' };
  const error = await caught(client.call('get', '/6/faces/{face_id}', { path }));
  assert.instance(error, ApiError);
  assert.equal([(error as ApiError).status, (error as ApiError).code], [404, 22002]);
  assert.match((error as ApiError).message, /GET \/6\/faces.*22002 Face/);
  const proxy = createClient({ baseUrl: '', fetch: async () => new Response('<html>', { status: 502 }) });
  const other = await caught(proxy.call('get', '/version'));
  assert.equal([(other as ApiError).status, (other as ApiError).code], [502, null]);
});

clientSuite.run();
