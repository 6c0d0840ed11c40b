/** Ids that are right in form and yet not the caller's, not known, written otherwise, too many or given twice. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '#contract/established/names';
import { openApplianceInProcess } from '../openapi/appliance-in-process.ts';
import { bodyRoutesOf, type Route } from '../openapi/document.ts';
import { exampleBodies } from '../openapi/examples.ts';
import { readFlowPictures } from '../openapi/flows/pictures.ts';
import { createComplaints, makeOneOfEach } from './one-of-each.ts';

const appliance = await openApplianceInProcess();
const { document } = appliance;
const pictures = await readFlowPictures();
const a = await makeOneOfEach(appliance, pictures, 'a@site.com');
const b = await makeOneOfEach(appliance, pictures, 'b@site.com');
const nowhere = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const withIds = bodyRoutesOf(document).filter(({ path }) => /\{(\w+_)?id\}/.test(path));
const examples = new Map(
  exampleBodies(document).map(({ route, example }) => [`${route.method} ${route.path}`, example]),
);

/** A right request of `b`, but for the path. */
function bodyFor({ method, path, operation }: Route): unknown {
  if (!operation.requestBody) return undefined;
  return path.endsWith('/events') || path.endsWith('/verifications')
    ? pictures.photo
    : b.bodyOf(examples.get(`${method} ${path}`) ?? {});
}
const query = (path: string): string => (path.endsWith('/verifications') ? `?face_ids=${b.ids['face_id']}` : '');

/** What stands in a path for which LP5 error. */
const notFound: Readonly<Record<string, number>> = {
  lists: 22003,
  faces: 22002,
  attributes: 22011,
  handlers: 34000,
  verifiers: 34004,
  events: 23001,
  images: 13003,
  samples: 13003,
  objects: 13007,
  tokens: 37004,
  perigee: 31100,
};
const codeOf = (path: string): number => notFound[path.split('/')[2] ?? ''] ?? 0;
/** PUT makes what is not there (LP5 5.1, 5.3). */
const makesIt = ({ method, path }: Route): boolean =>
  method === 'PUT' && /^\/6\/(faces|attributes)\/\{\w+\}$/.test(path);

const ids = suite('ids on every route');
ids.after(() => appliance.close());

ids('an id of another account answers as one that nobody has: 404', async () => {
  const complaints = createComplaints();
  for (const route of withIds) {
    for (const [what, target] of [
      ['foreign', a.pathOf(route.path)],
      ['unknown', a.pathOf(route.path, () => nowhere)],
    ] as const) {
      if (makesIt(route) && what === 'unknown') continue;
      const name = `${what}: ${route.method} ${target}`;
      const answer = await b.call(route.method, `${target}${query(route.path)}`, bodyFor(route));
      if (makesIt(route) && answer.status < 300) complaints.add(`${name}: ${answer.status}`);
      else complaints.unless(name, answer, [404, codeOf(route.path)]);
    }
    if (route.method === 'GET') {
      const { status } = await b.call('HEAD', a.pathOf(route.path));
      if (status !== 404) complaints.add(`HEAD ${route.path}: ${status}`);
    }
  }
  complaints.assertNone();
});

ids('afterwards the owner finds everything as it was', async () => {
  for (const { method, path } of withIds) {
    if (method !== 'GET') continue;
    const answer = await a.call('GET', a.pathOf(path));
    assert.is(answer.status, 200, path);
  }
  const { body } = await a.call('GET', `/6/faces/${a.ids['face_id']}`);
  assert.equal([body.user_data, body.external_id, body.lists], ['Anna', 'b-1', [a.ids['list_id']]]);
});

ids('in upper case an id is the same id', async () => {
  for (const { method, path } of withIds) {
    if (method !== 'GET') continue;
    const lower = await a.call('GET', a.pathOf(path));
    const upper = await a.call(
      'GET',
      a.pathOf(path, (id) => id.toUpperCase()),
    );
    assert.equal([upper.status, upper.body], [lower.status, lower.body], path);
  }
});

ids('lists and filters show nothing of another account, whoever it is asked for by', async () => {
  const mine = Object.values(a.ids).filter((id) => /^[0-9a-f-]{36}$/.test(id));
  const lists = bodyRoutesOf(document).filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/6/') && !path.includes('{') && path !== '/6/ws',
  );
  for (const { path, operation } of lists) {
    const filters = (operation.parameters ?? []).filter(({ name }) => name in a.ids || name.replace(/s$/, '') in a.ids);
    const queries = [
      '',
      `account_id=${a.accountId}`,
      ...filters.map(({ name }) => `${name}=${a.ids[name] ?? a.ids[name.replace(/s$/, '')]}`),
    ];
    for (const given of queries) {
      const extra =
        path === '/6/attributes' && !given.includes('attribute_ids') ? `&attribute_ids=${a.ids['attribute_id']}` : '';
      const { status, body } = await b.call('GET', `${path}?${given}${extra}`);
      const shown = mine.filter((id) => JSON.stringify(body).includes(id));
      const name = `${path}?${given}${extra}`;
      // Accounts are shown to no plain user.
      assert.is(status, path === '/6/accounts' ? 403 : 200, `${name}: ${JSON.stringify(body)}`);
      assert.equal(shown, [], name);
    }
  }
  const found = await b.call('POST', '/6/matcher/faces', {
    references: [{ type: 'face', id: b.ids['face_id'] }],
    candidates: ['faces', 'events'].map((origin) => ({ filters: { origin, account_id: a.accountId }, limit: 100 })),
  });
  assert.equal(
    found.body[0].matches.map(({ result }: { result: unknown[] }) => result.length),
    [0, 0],
  );
  for (const [type, id, code] of [
    ['face', a.ids['face_id'], 22002],
    ['event', a.ids['event_id'], 23001],
    ['attribute', a.ids['attribute_id'], 22011],
  ] as const) {
    const answer = await b.call('POST', '/6/matcher/faces', {
      references: [{ type, id }],
      candidates: [{ filters: { origin: 'faces' } }],
    });
    assert.equal([answer.status, answer.body.error_code], [404, code], type);
  }
});

ids('objects of another account cannot be named in a body', async () => {
  const complaints = createComplaints();
  const { list_id, face_id, attribute_id, sample_id, event_id, handler_id } = a.ids;
  const own = b.ids;
  const bad: readonly [method: string, target: string, body: unknown, status: number, code: number][] = [
    [
      'PATCH',
      `/6/lists/${own['list_id']}/faces`,
      { action: 'attach', face_ids: [own['face_id'], face_id] },
      400,
      22004,
    ],
    ['PATCH', '/6/linker', { action: 'attach', list_id, face_ids: [own['face_id']] }, 404, 22003],
    ['POST', '/6/faces', { lists: [list_id] }, 400, 22005],
    ['POST', '/6/faces', { attribute_id }, 404, 22011],
    ['PUT', `/6/faces/${own['face_id']}/attributes`, { attribute_id }, 404, 22011],
    ['POST', '/6/extractor', [sample_id], 404, 13003],
    ['POST', `/6/handlers/${own['handler_id']}/events/raw`, [{ face: { face_id } }], 400, 22004],
    ['POST', '/6/perigee/rejections', { face_id, event_id: own['event_id'] }, 404, 22002],
    ['POST', '/6/perigee/rejections', { face_id: own['face_id'], event_id }, 404, 23001],
    ['POST', `/6/verifiers/${own['verifier_id']}/verifications?face_ids=${face_id}`, pictures.photo, 404, 22002],
    ['POST', `/6/verifiers/${own['verifier_id']}/verifications?event_ids=${event_id}`, pictures.photo, 404, 23001],
    [
      'POST',
      `/6/verifiers/${own['verifier_id']}/verifications?attribute_ids=${attribute_id}`,
      pictures.photo,
      404,
      22011,
    ],
    ['POST', `/6/verifiers/${own['verifier_id']}/verifications?external_ids=nobody`, pictures.photo, 404, 11041],
    ['POST', `/6/handlers/${handler_id}/events/raw`, [{}], 404, 34000],
  ];
  for (const [method, target, body, status, code] of bad) {
    complaints.unless(`${method} ${target}`, await b.call(method, target, body), [status, code]);
  }
  complaints.assertNone();
  const { body } = await b.call('GET', `/6/faces?list_id=${own['list_id']}`);
  assert.not.match(JSON.stringify(body), new RegExp(face_id ?? ''));
});

const many = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `0195d8a2-6f0a-7c3e-9b1d-${i.toString(16).padStart(12, '0')}`);

ids('as many ids as the limit says are taken in one request, one more is refused as a whole', async () => {
  const complaints = createComplaints();
  const face = a.ids['face_id'] ?? '';
  const list = a.ids['list_id'] ?? '';
  const matcher = (face_ids: string[]) => ({
    references: [{ type: 'face', id: face }],
    candidates: [{ filters: { origin: 'faces', face_ids } }],
  });
  const requests: readonly [
    method: string,
    target: (ids: string[]) => string,
    body: (ids: string[]) => unknown,
    limit?: number,
  ][] = [
    ['DELETE', () => '/6/faces', (face_ids) => ({ face_ids })],
    ['DELETE', () => '/6/lists', (list_ids) => ({ list_ids })],
    ['PATCH', () => `/6/lists/${list}/faces`, (face_ids) => ({ action: 'detach', face_ids })],
    ['PATCH', () => '/6/linker', (face_ids) => ({ action: 'detach', list_id: list, face_ids })],
    ['POST', () => '/6/matcher/faces', matcher],
    ['GET', (all) => `/6/faces?face_ids=${all}`, () => undefined],
    ['GET', (all) => `/6/faces/count?face_ids=${all}`, () => undefined],
    ['GET', (all) => `/6/events?event_ids=${all}`, () => undefined],
    ['GET', (all) => `/6/attributes?attribute_ids=${all}`, () => undefined, limits.attributesPerRequest],
    ['GET', (all) => `/6/lists?list_ids=${all}`, () => undefined],
  ];
  for (const [method, target, body, limit = 1000] of requests) {
    const name = `${method} ${target([]).replace(list, '..')}`;
    const fits = await a.call(method, target(many(limit)), body(many(limit)));
    if (fits.status >= 300) complaints.add(`${name} with ${limit}: ${fits.status} ${JSON.stringify(fits.body)}`);
    // The first one exists: it must outlive the refusal.
    const tooMany = [target([]).includes('lists') && method === 'DELETE' ? list : face, ...many(limit)];
    complaints.unless(name, await a.call(method, target(tooMany), body(tooMany)), [400, 12022], [400, 12012]);
  }
  complaints.assertNone();
  assert.is((await a.call('GET', `/6/faces/${face}`)).body.lists[0], list);
});

ids('ids whose number has another limit, or whose objects must be there: one more is refused as too many', async () => {
  const { verifier_id } = a.ids;
  const verify = (name: string) => (all: string[]) =>
    a.call('POST', `/6/verifiers/${verifier_id}/verifications?${name}=${all}`, pictures.photo);
  const filter = (target: string) => (all: string[]) => a.call('GET', `${target}=${all}`);
  const words = (all: string[]): string[] => all.map((id) => id.slice(-12));
  const requests: readonly [
    what: string,
    send: (ids: string[]) => ReturnType<typeof a.call>,
    limit: number,
    fits: readonly [status: number, code: number | undefined],
    tooMany: number,
  ][] = [
    ['verifications by face_ids', verify('face_ids'), 100, [404, 22002], 12012],
    ['verifications by event_ids', verify('event_ids'), 100, [404, 23001], 12012],
    ['verifications by attribute_ids', verify('attribute_ids'), 100, [404, 22011], 12012],
    ['lists of a face', (lists) => a.call('POST', '/6/faces', { lists }), 100, [400, 22005], 12022],
    ['samples to extract', (all) => a.call('POST', '/6/extractor', all), 30, [404, 13003], 12022],
    ['events by handler_ids', filter('/6/events?handler_ids'), 1000, [200, undefined], 12012],
    ['events by top ids', filter('/6/events?top_similar_object_ids'), 1000, [200, undefined], 12012],
    ['events by external_ids', (all) => filter('/6/events?external_ids')(words(all)), 1000, [200, undefined], 12012],
    ['faces by external_ids', (all) => filter('/6/faces?external_ids')(words(all)), 1000, [200, undefined], 12012],
  ];
  for (const [what, send, limit, fits, tooMany] of requests) {
    const right = await send(many(limit));
    assert.equal([right.status, right.body.error_code], [...fits], `${what}, ${limit}: ${JSON.stringify(right.body)}`);
    const wrong = await send(many(limit + 1));
    assert.equal([wrong.status, wrong.body.error_code], [400, tooMany], `${what}, ${limit + 1}`);
  }
});

ids('an id that is given twice, or in both cases, is one id', async () => {
  const face = (await a.call('POST', '/6/faces', { user_data: 'twice' })).body.face_id as string;
  const list = (await a.call('POST', '/6/lists', {})).body.list_id as string;
  const twice = [face, face.toUpperCase(), face];
  const link = (action: string) => a.call('PATCH', `/6/lists/${list}/faces`, { action, face_ids: twice });
  const members = async () => (await a.call('GET', `/6/faces/count?list_id=${list.toUpperCase()}`)).body.faces_count;
  assert.equal([(await link('attach')).status, await members()], [204, 1]);
  assert.is((await a.call('GET', `/6/faces?face_ids=${twice}`)).body.faces.length, 1);
  assert.is(
    (await a.call('GET', `/6/events?event_ids=${a.ids['event_id']},${a.ids['event_id']}`)).body.events.length,
    1,
  );
  const { attribute_id = '' } = a.ids;
  const attributes = await a.call('GET', `/6/attributes?attribute_ids=${attribute_id},${attribute_id.toUpperCase()}`);
  assert.is(attributes.body.attributes.length, 1);
  assert.equal([(await link('detach')).status, await members()], [204, 0]);
  const both = await a.call('POST', '/6/faces', { lists: [list, list.toUpperCase()] });
  assert.equal([both.status, await members()], [201, 1]);
  const searched = await a.call('POST', '/6/matcher/faces', {
    references: [{ type: 'face', id: (a.ids['face_id'] ?? '').toUpperCase() }],
    candidates: [{ filters: { origin: 'faces', face_ids: [a.ids['face_id'], a.ids['face_id']?.toUpperCase()] } }],
  });
  assert.is(searched.body[0].matches[0].result.length, 1);
  assert.is((await a.call('DELETE', '/6/faces', { face_ids: twice })).status, 204);
  assert.is((await a.call('GET', `/6/faces/${face}`)).status, 404);
  assert.is((await a.call('DELETE', '/6/lists', { list_ids: [list, list.toUpperCase()] })).status, 204);
});

ids('an expired attribute is not there any more, wherever it is named', async () => {
  const json = { basic_attributes: { age: 30 } };
  const { attribute_id } = (await a.call('POST', '/6/attributes?ttl=1', json)).body;
  assert.is((await a.call('GET', `/6/attributes/${attribute_id}`)).status, 200);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const complaints = createComplaints();
  const { verifier_id, face_id } = a.ids;
  for (const [method, target, body] of [
    ['GET', `/6/attributes/${attribute_id}`],
    ['GET', `/6/attributes/${attribute_id}/samples`],
    ['DELETE', `/6/attributes/${attribute_id}`],
    ['POST', '/6/faces', { attribute_id }],
    ['PUT', `/6/faces/${face_id}/attributes`, { attribute_id }],
    ['POST', `/6/verifiers/${verifier_id}/verifications?attribute_ids=${attribute_id}`, pictures.photo],
    [
      'POST',
      '/6/matcher/faces',
      { references: [{ type: 'attribute', id: attribute_id }], candidates: [{ filters: { origin: 'faces' } }] },
    ],
  ] as const) {
    complaints.unless(`${method} ${target}`, await a.call(method, target, body), [404, 22011]);
  }
  complaints.assertNone();
  assert.is((await a.call('HEAD', `/6/attributes/${attribute_id}`)).status, 404);
  assert.equal((await a.call('GET', `/6/attributes?attribute_ids=${attribute_id}`)).body.attributes, []);
});

ids.run();
