import { pack } from 'msgpackr';
import * as assert from 'uvu/assert';
import { defaultDescriptorVersion, packSdkDescriptor } from '#domain/descriptor/descriptor';
import { accountA, picture, sameSimilarity, sdk } from './matcher.fixture.ts';
import { type Answer, routesSuite, send } from './routes.fixture.ts';

const test = routesSuite('matcher routes');

test('POST /matcher/faces answers an array in the order of the references', async ({ world, app }) => {
  const list = world.addList();
  const ann = world.addFace(picture(1), { user_data: 'Ann' }, [list]);
  world.addFace(picture(2), { user_data: 'Bob' }, [list]);
  const { status, body } = await send(app, 'POST', '/matcher/faces', {
    references: [
      { type: 'face', id: ann.toUpperCase() },
      { ...sdk(picture(2, 0.2)), id: 'any string' },
    ],
    candidates: [
      { filters: { origin: 'faces', list_id: list }, limit: 1, threshold: 0.7, targets: ['user_data', 'similarity'] },
      { origin: 'events', create_time__gte: 'now-1d' },
    ],
  });
  assert.is(status, 200);
  assert.equal(
    body.map((one: { reference: unknown }) => one.reference),
    [
      { type: 'face', id: ann },
      { type: 'sdk_descriptor', id: 'any string' },
    ],
  );
  assert.equal(body[0].matches, [
    {
      filters: { origin: 'faces', list_id: list },
      limit: 1,
      threshold: 0.7,
      result: [{ face: { user_data: 'Ann' }, similarity: sameSimilarity }],
    },
    { filters: { origin: 'events', create_time__gte: 'now-1d' }, limit: 3, threshold: 0, result: [] },
  ]);
  assert.is(body[1].matches[0].result[0].face.user_data, 'Bob');
});

test('bad requests answer the code that says why', async ({ app }) => {
  const reference = sdk(picture(1));
  const ok = { filters: { origin: 'faces' } };
  const cases: [unknown, number][] = [
    [{ references: [reference], candidates: [ok] }, 0],
    [{ references: [], candidates: [ok] }, 12022],
    [{ references: [reference] }, 12022],
    [{ references: [reference], candidates: [{ filters: {} }] }, 12022],
    [{ references: [reference], candidates: [{ ...ok, limit: 1_000_000 }] }, 12022],
    [{ references: [reference], candidates: [{ ...ok, limit: 'x' }] }, 12022],
    [{ references: [reference], candidates: [{ ...ok, threshold: 1.1 }] }, 12022],
    [{ references: [reference], candidates: [{ ...ok, targets: ['handler_id'] }] }, 22016],
    [{ references: Array(101).fill(reference), candidates: [ok] }, 31007],
    [{ references: [{ ...reference, data: '' }], candidates: [ok] }, 12022],
    [{ references: [{ ...reference, data: '!' }], candidates: [ok] }, 12038],
    [{ references: [{ type: 'xpk_file', id: 'x', data: 'AAAA' }], candidates: [ok] }, 12026],
    [[], 12022],
  ];
  for (const [request, code] of cases) {
    const { status, body } = await send(app, 'POST', '/matcher/faces', request);
    assert.is(status === 200 ? 0 : body.error_code, code, JSON.stringify(request).slice(0, 200));
  }
  assert.is((await send(app, 'POST', '/matcher/faces')).body.error_code, 12017);
});

test('POST /matcher/bodies says that there are no body descriptors', async ({ app }) => {
  const request = { references: [sdk(picture(1))], candidates: [{ filters: { origin: 'events' } }] };
  const { status, body } = await send(app, 'POST', '/matcher/bodies', request);
  assert.equal([status, body.error_code], [403, 11044]);
});

test('a token needs the right to match the objects of each origin', async (context) => {
  const { app, caller } = context;
  const permissions = {
    objects: { face: ['matching'] as const },
    resources: [],
    emitEvents: { allowed: false, whiteList: [], blackList: [] },
  };
  context.caller = { ...caller, via: 'token', permissions };
  const ask = (origin: string) =>
    send(app, 'POST', '/matcher/faces', { references: [sdk(picture(1))], candidates: [{ filters: { origin } }] });
  assert.is((await ask('faces')).status, 200);
  assert.equal(await ask('events').then(({ status, body }) => [status, body.error_code]), [403, 11059]);
});

test('POST /matcher/raw compares all with all, in JSON and in msgpack', async ({ app }) => {
  const references = [{ ...sdk(picture(1)), id: 'ref' }];
  const candidates = [
    { ...sdk(picture(2)), id: 'other' },
    { ...sdk(picture(1)), id: 'same' },
  ];
  const { status, body } = await send(app, 'POST', '/matcher/raw', { references, candidates });
  assert.is(status, 200);
  assert.equal(body.matches[0].reference, { id: 'ref', type: 'sdk_descriptor' });
  assert.equal(body.matches[0].matches[0], {
    candidate: { id: 'same', type: 'sdk_descriptor' },
    similarity: sameSimilarity,
  });
  assert.is(body.matches[0].matches[1].candidate.id, 'other');

  const bytes = (who: number, id: string) => ({
    id,
    type: 'sdk_descriptor',
    data: Buffer.from(packSdkDescriptor(defaultDescriptorVersion, picture(who))),
  });
  const packed = (value: unknown) =>
    app.request('/matcher/raw', {
      method: 'POST',
      body: new Uint8Array(pack(value)),
      headers: { 'content-type': 'application/msgpack' },
    });
  const response = await packed({ references: [bytes(1, 'ref')], candidates: [bytes(2, 'other'), bytes(1, 'same')] });
  assert.is(response.status, 200);
  assert.equal(await response.json(), body);
  const errorOf = async (answer: Promise<Response> | Response) =>
    ((await (await answer).json()) as { error_code: number }).error_code;
  assert.is(await errorOf(packed({ references: [] })), 12022);
  const malformed = {
    method: 'POST',
    body: new Uint8Array([0x82, 0xa1]),
    headers: { 'content-type': 'application/msgpack' },
  };
  assert.is(await errorOf(app.request('/matcher/raw', malformed)), 12002);
  const wrongType = { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } };
  assert.is(await errorOf(app.request('/matcher/raw', wrongType)), 12017);
  assert.is(
    (await send(app, 'POST', '/matcher/raw', { references, candidates: [{ ...candidates[0], data: 'AAAA' }] })).body
      .error_code,
    12038,
  );
});

test('cross match answers every object of a list with its own best candidates', async ({ world, app }) => {
  const list = world.addList();
  const faces = [1, 2, 3].map((who) => world.addFace(picture(who), { create_time: who * 1000 }, [list]));
  world.addFace(null, {}, [list]);
  const events = [1, 2, 3].map((who) => world.addEvent(picture(who, 0.1)));
  const { status, body } = await send(app, 'POST', '/cross_match/faces', {
    references: { origin: 'faces', list_id: list },
    candidates: { filters: { origin: 'events' }, limit: 1, targets: ['event_id'] },
  });
  assert.is(status, 200);
  assert.equal(
    body.map((one: Answer['body']) => [one.reference.id, one.result[0].event.event_id]),
    [0, 1, 2].map((i) => [faces[i], events[i]]),
  );
});

test('a rejection is created, listed, answered and taken back', async ({ world, app }) => {
  const face = world.addFace(picture(1));
  const other = world.addFace(picture(2));
  const event = world.addEvent(picture(3));
  const bare = world.addEvent(null);
  const post = (body: unknown) => send(app, 'POST', '/perigee/rejections', body);
  const created = await post({ face_id: face, event_id: event });
  assert.is(created.status, 201);
  assert.is(created.location, `/6/perigee/rejections/${created.body.rejection_id}`);
  assert.equal((await post({ face_id: face, event_id: event })).body, created.body, 'the same pair again');
  const pair = await post({ face_id: other, other_face_id: face });
  assert.equal((await post({ face_id: face, other_face_id: other })).body, pair.body, 'in either order');
  const listed = await send(app, 'GET', `/perigee/rejections?face_id=${face}`);
  assert.equal(
    listed.body.rejections.map((one: { rejection_id: string }) => one.rejection_id),
    [pair.body.rejection_id, created.body.rejection_id],
  );
  assert.equal((await send(app, 'GET', `/perigee/rejections?event_id=${event}`)).body.rejections, [
    {
      rejection_id: created.body.rejection_id,
      account_id: accountA,
      face_id: face,
      event_id: event,
      other_face_id: null,
      create_time: '2026-03-05T10:20:30.000Z',
    },
  ]);
  const path = `/perigee/rejections/${created.body.rejection_id}`;
  assert.is((await send(app, 'GET', path)).body.face_id, face);
  assert.is((await send(app, 'DELETE', path)).status, 204);
  assert.equal(await send(app, 'DELETE', path).then(({ status, body }) => [status, body.error_code]), [404, 31100]);
  const none = '00000000-0000-4000-8000-000000000000';
  const bad: [unknown, number][] = [
    [{ face_id: face }, 12022],
    [{ face_id: face, event_id: event, other_face_id: other }, 12022],
    [{ face_id: face, other_face_id: face }, 12022],
    [{ face_id: none, event_id: event }, 22002],
    [{ face_id: face, other_face_id: none }, 22002],
    [{ face_id: face, event_id: none }, 23001],
    [{ face_id: face, event_id: bare }, 12038],
  ];
  for (const [body, code] of bad) assert.is((await post(body)).body.error_code, code, JSON.stringify(body));
});

test.run();
