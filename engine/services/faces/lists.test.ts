import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountA, accountB, callerOfAccount } from '../route-bench.ts';
import { openFacesBench } from './faces-bench.ts';

const bench = openFacesBench();
const { call, clock, storage } = bench;
const unknown = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const b = callerOfAccount(accountB);

const lists = suite('lists');
lists.after(() => bench.close());

const createList = async (userData = '', caller = callerOfAccount(accountA)): Promise<string> =>
  (await call('POST', '/lists', { body: { user_data: userData }, caller })).body.list_id;
const createFaces = async (count: number, lists: string[] = []): Promise<string[]> => {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await call('POST', '/faces', { body: { lists } })).body.face_id);
  return ids;
};
const link = (listId: string, action: string, faceIds: readonly string[], caller = callerOfAccount(accountA)) =>
  call('PATCH', `/lists/${listId}/faces`, { body: { action, face_ids: faceIds }, caller });

lists('a list is created, read, renamed, counted and removed', async () => {
  const created = await call('POST', '/lists', { body: { user_data: 'staff' } });
  assert.is(created.status, 201);
  const { list_id } = created.body;
  assert.is(created.headers.get('location'), `/6/lists/${list_id}`);
  assert.is(created.body.external_url, `http://box:5000/6/lists/${list_id}`);
  const time = new Date(clock.now()).toISOString();
  const list = { list_id, account_id: accountA, user_data: 'staff', create_time: time, last_update_time: time };
  assert.equal((await call('GET', `/lists/${list_id}`)).body, list);
  assert.equal((await call('GET', `/lists?list_ids=${list_id.toUpperCase()}`)).body, { lists: [list] });
  clock.advance(5);
  assert.is((await call('PATCH', `/lists/${list_id}`, { body: { user_data: 'guests' } })).status, 204);
  const renamed = (await call('GET', `/lists/${list_id}`)).body;
  assert.is(renamed.user_data, 'guests');
  assert.is(Date.parse(renamed.last_update_time), clock.now());
  assert.equal((await call('GET', '/lists/count?user_data=guests')).body, { lists_count: 1 });
  assert.is((await call('DELETE', `/lists/${list_id}`)).status, 204);
  for (const method of ['GET', 'DELETE']) {
    assert.is((await call(method, `/lists/${list_id}`)).body.error_code, 22003, method);
  }
});

lists('faces are attached and detached; doing it twice changes nothing', async () => {
  const list = await createList();
  const faces = await createFaces(3);
  for (let i = 0; i < 2; i++) assert.is((await link(list, 'attach', [...faces, ...faces])).status, 204);
  assert.is(storage.faces.countInList(list), 3);
  assert.equal((await call('GET', `/faces/${faces[0]}`)).body.lists, [list]);
  for (let i = 0; i < 2; i++) assert.is((await link(list, 'detach', [faces[0] ?? '', unknown])).status, 204);
  assert.is(storage.faces.countInList(list), 2);
  assert.equal((await call('GET', `/faces/${faces[0]}`)).body.lists, []);
});

lists('one unknown or foreign face keeps all of them out', async () => {
  const list = await createList();
  const faces = await createFaces(2);
  const foreign = (await call('POST', '/faces', { body: {}, caller: b })).body.face_id;
  for (const stranger of [unknown, foreign]) {
    const answer = await link(list, 'attach', [...faces, stranger]);
    assert.equal([answer.status, answer.body.error_code], [400, 22004]);
    assert.match(answer.body.detail, new RegExp(stranger));
    assert.is(storage.faces.countInList(list), 0);
  }
});

lists('a list of another account is not there', async () => {
  const list = await createList('', b);
  const faces = await createFaces(1);
  assert.is((await link(list, 'attach', faces)).body.error_code, 22003);
  assert.is((await call('PATCH', `/lists/${list}`, { body: { user_data: '' } })).body.error_code, 22003);
  assert.is((await call('DELETE', `/lists/${list}?with_faces=1`)).body.error_code, 22003);
  assert.is((await call('DELETE', '/lists', { body: { list_ids: [list] } })).status, 204);
  assert.equal((await call('GET', `/lists?account_id=${accountB}`)).body, { lists: [] });
  assert.is((await call('GET', `/lists/${list}`, { caller: b })).status, 200);
});

lists('1,000 faces are attached at once, 1,001 are refused', async () => {
  const list = await createList();
  const faces = await createFaces(1000);
  assert.is((await link(list, 'attach', faces)).status, 204);
  assert.is(storage.faces.countInList(list), 1000);
  const answer = await link(list, 'detach', [...faces, unknown]);
  assert.equal([answer.status, answer.body.error_code], [400, 12022]);
  assert.is(storage.faces.countInList(list), 1000);
});

lists('removing a list leaves its faces, with_faces takes them along', async () => {
  const [kept, gone] = [await createList(), await createList()];
  const [keptFace = ''] = await createFaces(1, [kept]);
  const goneFaces = await createFaces(450, [gone]);
  assert.is((await call('DELETE', '/lists', { body: { list_ids: [kept, unknown] } })).status, 204);
  assert.equal((await call('GET', `/faces/${keptFace}`)).body.lists, []);
  assert.is((await call('DELETE', `/lists/${gone}?with_faces=1`)).status, 204);
  for (const face of [goneFaces[0], goneFaces.at(-1)]) {
    assert.is((await call('GET', `/faces/${face}`)).status, 404);
  }
});

lists('with_faces asks for the right to remove faces', async () => {
  const token = callerOfAccount(accountA, {
    via: 'token',
    permissions: {
      objects: { list: ['deletion'] },
      resources: [],
      emitEvents: { allowed: false, whiteList: [], blackList: [] },
    },
  });
  const list = await createList();
  const answer = await call('DELETE', `/lists/${list}?with_faces=1`, { caller: token });
  assert.equal([answer.status, answer.body.error_code], [403, 11059]);
  assert.is((await call('DELETE', `/lists/${list}`, { caller: token })).status, 204);
});

lists('the linker does the same with the list in the body', async () => {
  const list = await createList();
  const faces = await createFaces(2);
  assert.is((await call('PATCH', '/linker', { body: { list_id: list, face_ids: faces } })).status, 204);
  assert.is(storage.faces.countInList(list), 2);
  const detach = { list_id: list, face_ids: faces, action: 'detach' };
  assert.is((await call('PATCH', '/linker', { body: detach })).status, 204);
  assert.is(storage.faces.countInList(list), 0);
});

const refused: readonly [what: string, method: string, path: string, body: unknown, status: number, code: number][] = [
  ['user_data of a wrong type', 'POST', '/lists', { user_data: {} }, 400, 12022],
  ['user_data of 129 characters', 'POST', '/lists', { user_data: 'x'.repeat(129) }, 400, 12022],
  ['an unknown action', 'PATCH', `/lists/${unknown}/faces`, { action: 'hug', face_ids: [unknown] }, 400, 12022],
  ['face ids of a wrong type', 'PATCH', `/lists/${unknown}/faces`, { action: 'attach', face_ids: [1] }, 400, 12022],
  ['an unknown list', 'PATCH', `/lists/${unknown}/faces`, { action: 'attach', face_ids: [unknown] }, 404, 22003],
  ['a patch without user_data', 'PATCH', `/lists/${unknown}`, {}, 400, 12022],
  ['with_faces=2', 'DELETE', `/lists/${unknown}?with_faces=2`, undefined, 400, 12012],
  ['an id that is none', 'GET', '/lists/x', undefined, 400, 12001],
  ['1,001 lists', 'DELETE', '/lists', { list_ids: Array(1001).fill(unknown) }, 400, 12022],
];
for (const [what, method, path, body, status, code] of refused) {
  lists(`${what} answers ${status} with ${code}`, async () => {
    const answer = await call(method, path, { body });
    assert.equal([answer.status, answer.body.error_code], [status, code], answer.body.detail);
  });
}

lists.run();
