/** Which permission of a token opens which route (LP5 1.5). `rights.txt` is the table; a client notices every difference. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ObjectRight, type RouteRight, rightResources, rightsOf } from '#domain/access';
import { openApplianceInProcess } from '../openapi/appliance-in-process.ts';
import { bodyRoutesOf, type Route } from '../openapi/document.ts';
import { readFlowPictures } from '../openapi/flows/pictures.ts';
import { createClient, createComplaints, errorCodeOf, makeOneOfEach } from './one-of-each.ts';

const appliance = await openApplianceInProcess();
const routes = bodyRoutesOf(appliance.document);
const pictures = await readFlowPictures();
const owner = await makeOneOfEach(appliance, pictures, 'owner@site.com');
const nowhere = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';

const rights = suite('rights of tokens');
rights.after(() => appliance.close());

async function withToken(permissions: object) {
  const { status, body } = await owner.call('POST', '/6/tokens', { permissions });
  assert.is(status, 201, JSON.stringify(body));
  return createClient(appliance, { Authorization: `Bearer ${body.token}` });
}

function wordsOf(right: RouteRight | undefined): string {
  if (typeof right !== 'object') return String(right);
  return 'resource' in right ? `resource ${right.resource}` : `${right.object} ${right.right}`;
}

rights('a token with face view alone: faces are read, and nothing else is done', async () => {
  const { call } = await withToken({ face: ['view'] });
  const { face_id } = owner.ids;
  for (const target of ['/6/faces', '/6/faces/count', '/6/faces/attributes/count', `/6/faces/${face_id}`]) {
    assert.is((await call('GET', target)).status, 200, target);
  }
  const complaints = createComplaints();
  const refused: readonly [method: string, target: string, body: unknown, code: number, names: RegExp][] = [
    ['POST', '/6/faces', { user_data: 'x' }, 11059, /'creation' for 'face'/],
    ['PATCH', `/6/faces/${face_id}`, { user_data: 'x' }, 11059, /'modification' for 'face'/],
    ['DELETE', `/6/faces/${face_id}`, undefined, 11059, /'deletion' for 'face'/],
    ['GET', '/6/lists', undefined, 11059, /'view' for 'list'/],
    ['GET', `/6/events/${owner.ids['event_id']}`, undefined, 11059, /'view' for 'event'/],
    ['POST', `/6/handlers/${owner.ids['handler_id']}/events`, pictures.photo, 11059, /emit_events/],
    ['POST', '/6/sdk', pictures.photo, 11060, /'sdk'/],
    ['POST', '/6/iso', pictures.photo, 11060, /'iso'/],
    ['POST', '/6/liveness', pictures.photo, 11060, /'liveness'/],
    ['GET', '/6/tokens', undefined, 11064, /token/],
    ['POST', '/6/tokens', {}, 11064, /token/],
    ['GET', '/6/account', undefined, 11064, /token/],
    [
      'POST',
      '/6/matcher/faces',
      { references: [{ type: 'face', id: face_id }], candidates: [{ filters: { origin: 'faces' } }] },
      11059,
      /'matching' for 'face'/,
    ],
  ];
  for (const [method, target, body, code, names] of refused) {
    const answer = await call(method, target, body);
    complaints.unless(`${method} ${target}`, answer, [403, code]);
    if (!names.test(answer.body.detail)) complaints.add(`${method} ${target}: ${answer.body.detail}`);
  }
  complaints.assertNone();
  const { body } = await owner.call('GET', `/6/faces/${face_id}`);
  assert.is(body.user_data, 'Anna', 'nothing was changed');
});

rights('every route asks for the right that rights.txt says', () => {
  const table = routes.map(({ method, path, operation }) => {
    const always = wordsOf(operation['x-luna-right']);
    const byRequest = operation['x-luna-rights-by-request'] ?? [];
    return `${method} ${path}: ${[always, ...byRequest.map((right) => `by request ${wordsOf(right)}`)].join(', ')}`;
  });
  const known = readFileSync(new URL('rights.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  assert.equal(table.sort(), known);
});

const permissionText = ({ object, right }: ObjectRight): string => `'${right}' for '${object}'`;

/** A request that gets past the rights to something that is not there, or to a body that is not right. */
const harmless = ({ method, path, operation }: Route): [string, string, unknown] => [
  method,
  path.replace(/\{\w+\}/g, nowhere),
  operation.requestBody ? {} : undefined,
];

rights('each permission opens the routes that ask for it, and no other one', async () => {
  const all: [words: string, permissions: object][] = [
    ...Object.entries(rightsOf).flatMap(([object, own]) =>
      own.map((right): [string, object] => [`${object} ${right}`, { [object]: [right] }]),
    ),
    ...rightResources.map((name): [string, object] => [`resource ${name}`, { resources: [name] }]),
    ['emit_events', { emit_events: { allowed: 1 } }],
    ['none', {}],
  ];
  const byRight = routes.filter((route) => !['open', 'authorized'].includes(wordsOf(route.operation['x-luna-right'])));
  const complaints = createComplaints();
  const opened = new Set<string>();
  for (const [words, permissions] of all) {
    const { call } = await withToken(permissions);
    for (const route of byRight) {
      const wanted = wordsOf(route.operation['x-luna-right']);
      const answer = await call(...harmless(route));
      const name = `${words}: ${route.method} ${route.path}`;
      const refusal = answer.status === 403 ? errorCodeOf(name, answer) : null;
      if (wanted === words) {
        opened.add(words);
        // PUT of what is not there makes it, which is another right.
        const isByRequest = (route.operation['x-luna-rights-by-request'] ?? []).some(
          (more) => typeof more === 'object' && 'object' in more && answer.body?.detail?.includes(permissionText(more)),
        );
        if (!isByRequest && (refusal === 11059 || refusal === 11060 || refusal === 11064))
          complaints.add(`${name} is refused: ${refusal}`);
      } else {
        const isAccounts = wanted === 'account' || wanted === 'administrator';
        complaints.unless(name, answer, [403, isAccounts ? 11064 : wanted.startsWith('resource') ? 11060 : 11059]);
      }
    }
  }
  complaints.assertNone();
  const idle = all.map(([words]) => words).filter((words) => !opened.has(words));
  // Matching asks for its rights by the origin of the candidates; events are made with `emit_events`; tasks do not exist
  // yet; tokens open no tokens.
  const expected = ['attribute matching', 'face matching', 'event matching', 'event creation', 'none'];
  const later = (words: string): boolean => words.startsWith('task ') || words.startsWith('token ');
  assert.equal(idle.filter((words) => !later(words)).sort(), expected.sort());
});

rights('matching asks for the right to match objects of the origin', async () => {
  const body = (origin: string) => ({
    references: [{ type: 'face', id: owner.ids['face_id'] }],
    candidates: [{ filters: { origin } }],
  });
  for (const [object, origin] of [
    ['face', 'faces'],
    ['event', 'events'],
    ['attribute', 'attributes'],
  ] as const) {
    const { call } = await withToken({ [object]: ['matching'] });
    for (const asked of ['faces', 'events', 'attributes']) {
      const { status, body: answer } = await call('POST', '/6/matcher/faces', body(asked));
      const wanted = asked === origin ? 200 : 403;
      assert.is(status, wanted, `${object} matching, candidates ${asked}: ${JSON.stringify(answer)}`);
    }
  }
});

rights('a picture is verified against candidates of an origin by who may match that origin', async () => {
  const { verifier_id, face_id, event_id, attribute_id } = owner.ids;
  const asked = [
    ['face', `face_ids=${face_id}`],
    ['face', 'external_ids=b-1'],
    ['event', `event_ids=${event_id}`],
    ['attribute', `attribute_ids=${attribute_id}`],
  ] as const;
  for (const object of ['face', 'event', 'attribute']) {
    const { call } = await withToken({ verifier: ['view'], [object]: ['matching'] });
    for (const [wanted, query] of asked) {
      const name = `${object} matching, ${query}`;
      const answer = await call('POST', `/6/verifiers/${verifier_id}/verifications?${query}`, pictures.photo);
      if (wanted === object) assert.is(answer.status, 200, `${name}: ${JSON.stringify(answer.body)}`);
      else assert.equal([answer.status, errorCodeOf(name, answer)], [403, 11059], name);
    }
    const both = `face_ids=${face_id}&event_ids=${event_id}&attribute_ids=${attribute_id}`;
    const answer = await call('POST', `/6/verifiers/${verifier_id}/verifications?${both}`, pictures.photo);
    assert.is(answer.status, 403, `${object} matching, all origins`);
  }
});

rights('PUT of what is not there asks for the right to create it, too, and makes nothing without', async () => {
  const fresh = (n: number): string => `0195d8a2-6f0a-7c3e-9b1d-0000000000a${n}`;
  const attribute = { basic_attributes: { age: 30 } };
  for (const [object, of, body] of [
    ['face', (id: string) => `/6/faces/${id}`, { user_data: 'Ben' }],
    ['attribute', (id: string) => `/6/attributes/${id}`, attribute],
  ] as const) {
    const changes = await withToken({ [object]: ['modification'] });
    const creates = await withToken({ [object]: ['modification', 'creation'] });
    const refused = await changes.call('PUT', of(fresh(1)), body);
    assert.equal([refused.status, errorCodeOf(object, refused)], [403, 11059]);
    assert.match(refused.body.detail, new RegExp(`'creation' for '${object}'`));
    assert.is((await owner.call('GET', of(fresh(1)))).status, 404, 'nothing was made');
    assert.is((await creates.call('PUT', of(fresh(2)), body)).status, 201);
    const replaced = await changes.call('PUT', of(fresh(2)), body);
    assert.ok(replaced.status < 300, `${object}: ${JSON.stringify(replaced.body)}`);
  }
});

rights('stored pictures are estimated for who may look at them', async () => {
  const { sample_id, verifier_id, handler_id, face_id } = owner.ids;
  const image = { urls: [`/6/images/${owner.ids['/6/images/{id}']}`] };
  const routesWithPictures: readonly [target: string, permissions: object, query: string][] = [
    ['/6/sdk', { resources: ['sdk'] }, ''],
    ['/6/iso', { resources: ['iso'] }, ''],
    ['/6/liveness', { resources: ['liveness'] }, ''],
    ['/6/detector', { face_sample: ['creation'] }, ''],
    [`/6/handlers/${handler_id}/events`, { emit_events: { allowed: 1 } }, ''],
    [`/6/verifiers/${verifier_id}/verifications`, { verifier: ['view'], face: ['matching'] }, `?face_ids=${face_id}`],
  ];
  const bodies: readonly [what: string, body: object, right: object, named: RegExp][] = [
    ['an image', image, { image: ['view'] }, /'view' for 'image'/],
    [
      'a sample by url',
      { urls: [`/6/samples/faces/${sample_id}`] },
      { face_sample: ['view'] },
      /'view' for 'face_sample'/,
    ],
    ['a sample by id', { samples: [sample_id] }, { face_sample: ['view'] }, /'view' for 'face_sample'/],
  ];
  for (const [target, permissions, query] of routesWithPictures) {
    const blind = await withToken(permissions);
    for (const [what, body, right, named] of bodies) {
      const refused = await blind.call('POST', `${target}${query}`, body);
      assert.equal([refused.status, errorCodeOf(target, refused)], [403, 11059], `${target}: ${what}`);
      assert.match(refused.body.detail, named);
      const more = Object.entries(right).map(([object, rights]): [string, unknown[]] => {
        const own = (permissions as Record<string, unknown>)[object];
        return [object, [...(Array.isArray(own) ? own : []), ...rights]];
      });
      const seeing = await withToken({ ...permissions, ...Object.fromEntries(more) });
      const answer = await seeing.call('POST', `${target}${query}`, body);
      assert.ok(answer.status < 300, `${target}: ${what}: ${JSON.stringify(answer.body)}`);
    }
  }
});

rights('events are generated by the handlers that the token lists, and by none that it bars', async () => {
  const first = owner.ids['handler_id'] ?? '';
  const second: string = (await owner.call('POST', '/6/handlers', { description: 'other' })).body.handler_id;
  const cases: readonly [what: string, emission: object, allowed: readonly string[]][] = [
    ['all', { allowed: 1 }, [first, second]],
    ['not allowed', { allowed: 0, white_list: [first] }, []],
    ['one listed', { allowed: 1, white_list: [first.toUpperCase()] }, [first]],
    ['the other listed', { allowed: 1, white_list: [second] }, [second]],
    ['one barred', { allowed: 1, black_list: [first] }, [second]],
    ['the other barred', { allowed: 1, black_list: [second] }, [first]],
    ['listed and barred', { allowed: 1, white_list: [first, second], black_list: [second] }, [first]],
  ];
  for (const [what, emit_events, allowed] of cases) {
    const { call } = await withToken({ emit_events });
    for (const id of [first, second]) {
      for (const [target, body] of [
        [`/6/handlers/${id}/events`, pictures.photo],
        [`/6/handlers/${id.toUpperCase()}/events/raw`, [{}]],
      ] as const) {
        const answer = await call('POST', target, body);
        const name = `${what}: ${target}`;
        if (allowed.includes(id)) assert.is(answer.status, 201, `${name}: ${JSON.stringify(answer.body)}`);
        else assert.equal([answer.status, errorCodeOf(name, answer)], [403, 11059], name);
      }
    }
  }
});

rights.run();
