import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRejections } from '../matcher/rejections/rejections.service.ts';
import { accountA, accountB, callerOfAccount, startOfTest } from '../route-bench.ts';
import { openFacesBench, sdkDescriptor } from './faces-bench.ts';

const bench = openFacesBench();
const { call, clock } = bench;
const unknown = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const b = callerOfAccount(accountB);
const all = callerOfAccount(accountB, { accountType: 'advanced_user', seesAllAccounts: true });

const faces = suite('faces');
faces.after(() => bench.close());

const createFace = async (body: object = {}, caller = callerOfAccount(accountA)): Promise<string> =>
  (await call('POST', '/faces', { body, caller })).body.face_id;
const countFaces = async (): Promise<number> => (await call('GET', '/faces/count', { caller: all })).body.faces_count;

faces('a face is created with its url and read back with every member', async () => {
  const created = await call('POST', '/faces', {
    body: { external_id: 'e-1', user_data: 'Ann', avatar: '/6/samples/faces/1', event_id: unknown.toUpperCase() },
  });
  assert.is(created.status, 201);
  const { face_id } = created.body;
  assert.equal(created.body, {
    face_id,
    url: `/6/faces/${face_id}`,
    external_url: `http://box:5000/6/faces/${face_id}`,
  });
  assert.is(created.headers.get('location'), `/6/faces/${face_id}`);
  const read = await call('GET', `/faces/${face_id.toUpperCase()}`);
  assert.is(read.status, 200);
  assert.equal(read.body, {
    face_id,
    account_id: accountA,
    event_id: unknown,
    user_data: 'Ann',
    create_time: new Date(startOfTest).toISOString(),
    external_id: 'e-1',
    avatar: '/6/samples/faces/1',
    lists: [],
  });
  const head = await call('HEAD', `/faces/${face_id}`);
  assert.is(head.status, 200);
  assert.is(head.bytes.length, 0);
});

faces('targets choose the members, and an unknown one is named', async () => {
  const id = await createFace({ user_data: 'Bob' });
  assert.equal((await call('GET', `/faces/${id}?targets=user_data,lists`)).body, { user_data: 'Bob', lists: [] });
  for (const path of [`/faces/${id}?targets=face_id,nose`, '/faces?targets=nose', '/faces/count?targets=nose']) {
    const answer = await call('GET', path);
    assert.is(answer.status, 400);
    assert.is(answer.body.error_code, 22016);
    assert.match(answer.body.detail, /nose/);
  }
});

faces('another account sees nothing of a face, an account that sees all does, but changes nothing', async () => {
  const id = await createFace();
  for (const [method, body] of [
    ['GET', undefined],
    ['HEAD', undefined],
    ['PATCH', { user_data: 'x' }],
    ['DELETE', undefined],
  ] as const) {
    const answer = await call(method, `/faces/${id}`, { caller: b, body });
    assert.is(answer.status, 404, method);
    if (method !== 'HEAD') assert.is(answer.body.error_code, 22002, method);
  }
  assert.is((await call('PUT', `/faces/${id}`, { caller: b, body: {} })).body.error_code, 22002);
  await call('DELETE', '/faces', { caller: b, body: { face_ids: [id] } });
  assert.equal((await call('GET', `/faces?face_ids=${id}`, { caller: b })).body, { faces: [] });
  assert.is((await call('GET', `/faces/${id}`, { caller: all })).status, 200);
  assert.is((await call('DELETE', `/faces/${id}`, { caller: all })).status, 404);
  assert.is((await call('GET', `/faces/${id}`)).body.user_data, '');
});

faces('patch changes what is given and nothing else', async () => {
  const id = await createFace({ external_id: 'keep', user_data: 'old' });
  assert.is((await call('PATCH', `/faces/${id}`, { body: { user_data: 'new', event_id: unknown } })).status, 204);
  const { user_data, event_id, external_id } = (await call('GET', `/faces/${id}`)).body;
  assert.equal([user_data, event_id, external_id], ['new', unknown, 'keep']);
  await call('PATCH', `/faces/${id}`, { body: { event_id: null } });
  assert.is((await call('GET', `/faces/${id}`)).body.event_id, null);
});

faces('put creates under the given id, then replaces', async () => {
  const id = '12345678-1234-4234-8234-123456789abc';
  const first = await call('PUT', `/faces/${id}`, { body: { user_data: 'one' } });
  assert.is(first.status, 201);
  assert.is(first.body.face_id, id);
  assert.is((await call('PUT', `/faces/${id}`, { body: { external_id: 'two' } })).status, 204);
  const { user_data, external_id } = (await call('GET', `/faces/${id}`)).body;
  assert.equal([user_data, external_id], ['', 'two']);
});

faces('what is put in the place of a face leaves its age, its rejections and its other lists alone', async () => {
  const [stays, goes, comes] = await Promise.all(
    ['stays', 'goes', 'comes'].map(async () => (await call('POST', '/lists', { body: {} })).body.list_id as string),
  );
  const attribute = { descriptors: [{ type: 'sdk_descriptor', data: sdkDescriptor(4) }] };
  const id = await createFace({ lists: [stays, goes], attribute, avatar: '/a' });
  const other = await createFace({ attribute });
  const rejections = createRejections(bench);
  const { rejectionId } = rejections.create(accountA, { face_id: id, other_face_id: other });
  const { create_time } = (await call('GET', `/faces/${id}`)).body;
  bench.clock.advance(60_000);
  const body = { user_data: 'new', lists: [stays, comes], attribute: { basic_attributes: { age: 40 } } };
  assert.is((await call('PUT', `/faces/${id}`, { body })).status, 204);
  const after = (await call('GET', `/faces/${id}`)).body;
  assert.equal([after.create_time, after.user_data, after.avatar], [create_time, 'new', '']);
  assert.equal(after.lists.sort(), [stays, comes].sort());
  assert.is(rejections.get(rejectionId, accountA).face_id, id);
  const data = (await call('GET', `/faces/${id}/attributes`)).body;
  assert.equal([data.basic_attributes.age, data.face_descriptor], [40, null]);
  await call('PUT', `/faces/${id}`, { body: {} });
  assert.is((await call('GET', `/faces/${id}/attributes`)).body.error_code, 11032);
});

faces('a removed face is gone with its descriptor and its memberships', async () => {
  const list = (await call('POST', '/lists', { body: {} })).body.list_id;
  const id = await createFace({
    lists: [list],
    attribute: { descriptors: [{ type: 'sdk_descriptor', data: sdkDescriptor(3) }] },
  });
  assert.is((await call('DELETE', `/faces/${id}`)).status, 204);
  assert.is((await call('GET', `/faces/${id}`)).body.error_code, 22002);
  assert.is((await call('DELETE', `/faces/${id}`)).status, 404);
  assert.is(bench.storage.faces.countInList(list), 0);
});

faces('many faces are removed at once, unknown and repeated ids ignored', async () => {
  const ids = await Promise.all([createFace(), createFace(), createFace()]);
  const before = await countFaces();
  const answer = await call('DELETE', '/faces', { body: { face_ids: [...ids, ids[0], unknown] } });
  assert.is(answer.status, 204);
  assert.is(await countFaces(), before - 3);
});

faces('every filter narrows, together they narrow further', async () => {
  const event = '99999999-0000-4000-8000-000000000009';
  const list = (await call('POST', '/lists', { body: {} })).body.list_id;
  clock.advance(1000);
  const from = new Date(clock.now()).toISOString();
  const one = await createFace({ external_id: 'x1', user_data: 'Carla', event_id: event, lists: [list] });
  clock.advance(1000);
  const later = new Date(clock.now()).toISOString();
  const two = await createFace({ external_id: 'x2', user_data: 'Carl', lists: [list] });
  const foreign = await createFace({ external_id: 'x1', user_data: 'Carla', event_id: event }, b);
  const ids = async (query: string, caller = callerOfAccount(accountA)): Promise<string[]> => {
    const { faces: found } = (await call('GET', `/faces?targets=face_id&${query}`, { caller })).body;
    const count = (await call('GET', `/faces/count?${query}`, { caller })).body.faces_count;
    assert.is(found.length, count, query);
    return found.map((face: { face_id: string }) => face.face_id);
  };
  const newestFirst = [two, one];
  assert.equal(await ids(`face_ids=${one},${two},${foreign},${unknown}`), newestFirst);
  assert.equal(await ids(`face_ids=${one}&face_ids=${two}&order=asc`), [one, two]);
  assert.equal(await ids('external_ids=x1,x2'), newestFirst);
  assert.equal(await ids('external_id=x1'), [one]);
  assert.equal(await ids('user_data=Carl'), [two]);
  assert.equal(await ids('user_data__like=arla'), [one]);
  assert.equal(await ids(`event_id=${event}`), [one]);
  assert.equal(await ids(`list_id=${list}`), newestFirst);
  assert.equal(await ids(`list_id=${list}`, b), []);
  assert.equal(await ids(`create_time__gte=${from}&create_time__lt=${later}`), [one]);
  assert.equal(await ids(`create_time__gte=${later}`), [two]);
  assert.equal(await ids('create_time__gte=now-500ms').catch(() => 'refused'), 'refused');
  assert.equal(await ids(`list_id=${list}&external_ids=x1&user_data=Carla`), [one]);
  assert.equal(await ids(`list_id=${list}&external_ids=x1&user_data=Carl`), []);
  assert.equal(await ids(`external_ids=x1&account_id=${accountB}`, all), [foreign]);
  assert.equal(await ids(`external_ids=x1&account_id=${accountB}`), [], 'a plain user may not ask for others');
  assert.equal(await ids('external_ids=x1', all), [foreign, one]);
});

faces('paging by id goes over every face once, upwards and downwards', async () => {
  const list = (await call('POST', '/lists', { body: {} })).body.list_id;
  const expected: string[] = [];
  for (let i = 0; i < 25; i++) expected.push(await createFace({ lists: [list] }));
  expected.sort();
  const read = async (query: string): Promise<string[]> =>
    (await call('GET', `/faces?list_id=${list}&page_size=10&targets=face_id&${query}`)).body.faces.map(
      (face: { face_id: string }) => face.face_id,
    );
  const downwards: string[] = [];
  for (let last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'; ; ) {
    const page = await read(`face_id__lt=${last}`);
    downwards.push(...page);
    last = page.at(-1) ?? '';
    if (page.length < 10) break;
  }
  assert.equal(downwards, expected.toReversed());
  const upwards = new Set<string>();
  for (let next = '00000000-0000-0000-0000-000000000000'; ; ) {
    const page = await read(`face_id__gte=${next}`);
    for (const id of page) upwards.add(id);
    if (page.length < 10) break;
    next = page.at(-1) ?? '';
  }
  assert.equal([...upwards], expected);
  const pages = [...(await read('page=1')), ...(await read('page=2')), ...(await read('page=3'))];
  assert.equal(pages.sort(), expected);
  assert.equal(await read('page=4'), []);
});

const refused: readonly [what: string, method: string, path: string, body: unknown, status: number, code: number][] = [
  ['a number for user_data', 'POST', '/faces', { user_data: 5 }, 400, 12022],
  ['user_data of 129 characters', 'POST', '/faces', { user_data: 'x'.repeat(129) }, 400, 12022],
  ['an avatar that is a script', 'POST', '/faces', { avatar: 'javascript:alert(1)' }, 400, 12022],
  ['lists that are no array', 'POST', '/faces', { lists: unknown }, 400, 12022],
  ['a list id that is none', 'POST', '/faces', { lists: ['x'] }, 400, 12001],
  ['a list id that is none, and more', 'POST', '/faces', { lists: ['x'], user_data: 5 }, 400, 12022],
  ['a list id that is a number', 'POST', '/faces', { lists: [17] }, 400, 12022],
  ['a list that is not there', 'POST', '/faces', { lists: [unknown] }, 400, 22005],
  ['an attribute that is not there', 'POST', '/faces', { attribute: { attribute_id: unknown } }, 404, 22011],
  ['the same at top level', 'POST', '/faces', { attribute_id: unknown }, 404, 22011],
  ['an empty attribute', 'POST', '/faces', { attribute: {} }, 400, 12022],
  [
    'a descriptor of a wrong type at depth',
    'POST',
    '/faces',
    { attribute: { descriptors: [{ type: 7 }] } },
    400,
    12022,
  ],
  ['an array for a body', 'POST', '/faces', [], 400, 12022],
  ['null for a body', 'POST', '/faces', 'null', 400, 12022],
  ['1,001 ids', 'DELETE', '/faces', { face_ids: Array(1001).fill(unknown) }, 400, 12022],
  ['no ids', 'DELETE', '/faces', { face_ids: [] }, 400, 12022],
  ['an id of nothing', 'GET', '/faces/17', undefined, 400, 12001],
  ['a page of 1,001', 'GET', '/faces?page_size=1001', undefined, 400, 12012],
  ['page 0', 'GET', '/faces?page=0', undefined, 400, 12012],
  ['a time that is none', 'GET', '/faces?create_time__gte=yesterday', undefined, 400, 12012],
  ['1,001 ids in a filter', 'GET', `/faces?face_ids=${Array(1001).fill(unknown)}`, undefined, 400, 12012],
  ['an id of a filter that is none', 'GET', '/faces?face_ids=1', undefined, 400, 12001],
  ['an order that is none', 'GET', '/faces?order=up', undefined, 400, 12012],
];
for (const [what, method, path, body, status, code] of refused) {
  faces(`${what} answers ${status} with ${code} and changes nothing`, async () => {
    const before = await countFaces();
    const answer = await call(method, path, { body, headers: { 'Content-Type': 'application/json' } });
    assert.equal([answer.status, answer.body.error_code], [status, code], answer.body.detail);
    assert.is(await countFaces(), before);
  });
}

faces('a list of another account cannot be named at creation', async () => {
  const list = (await call('POST', '/lists', { body: {}, caller: b })).body.list_id;
  assert.is((await call('POST', '/faces', { body: { lists: [list] } })).body.error_code, 22005);
});

faces('a token without the right is refused', async () => {
  const token = callerOfAccount(accountA, {
    via: 'token',
    permissions: {
      objects: { face: ['view'] },
      resources: [],
      emitEvents: { allowed: false, whiteList: [], blackList: [] },
    },
  });
  assert.is((await call('GET', '/faces', { caller: token })).status, 200);
  const answer = await call('POST', '/faces', { caller: token, body: {} });
  assert.equal([answer.status, answer.body.error_code], [403, 11059]);
  assert.is((await call('GET', '/faces', { caller: null })).status, 401);
});

faces.run();
