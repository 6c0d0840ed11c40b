import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountB, callerOfAccount, openRouteBench } from '../route-bench.ts';
import { createHandlerBook } from './handler-book.ts';
import { createHandlersRoutes } from './handlers.routes.ts';

const matchLimits = { result_candidate_limit: 50, array_filter_limit: 2 };
const bench = openRouteBench((deps) => [createHandlersRoutes({ book: createHandlerBook({ ...deps, matchLimits }) })]);
const { call } = bench;
const b = callerOfAccount(accountB);
const list = '11111111-1111-4111-8111-111111111111';

/** Every member of LP5 3.3 to 3.5, with what this appliance cannot do switched off. */
const everything = {
  detect_policy: {
    multiface_policy: 1,
    detect_face: 1,
    detect_body: 0,
    estimate_head_pose: 1,
    estimate_emotions: 1,
    estimate_mask: 0,
    estimate_quality: 1,
    estimate_gaze: 1,
    estimate_eyes_attributes: 1,
    estimate_mouth_attributes: 1,
    estimate_glasses: 0,
    detect_landmarks68: 1,
    extract_exif: 1,
    estimate_liveness: { estimate: 1, liveness_threshold: 0.6, quality_threshold: 0.4 },
    liveness_states: [1, 2],
    mask_states: [1, 2, 3],
    pitch_threshold: 30,
    yaw_threshold: 40,
    roll_threshold: 40,
    face_quality: {
      estimate: 1,
      filter: 1,
      checks: {
        head_yaw: { estimate: 1, threshold: { min: -15, max: 15 } },
        left_eye: { estimate: 1, threshold: ['open'] },
        headwear_type: { estimate: 0 },
      },
    },
    body_attributes: { estimate_basic_attributes: 0, estimate_upper_body: 0, estimate_accessories: 0 },
  },
  extract_policy: {
    extract_face_descriptor: 1,
    extract_body_descriptor: 0,
    extract_basic_attributes: 1,
    fd_score_threshold: 0.4,
  },
  match_policy: [
    {
      label: 'staff',
      candidates: { origin: 'faces', list_id: list, create_time__gte: 'now-3h' },
      targets: ['face_id', 'user_data', 'similarity'],
      threshold: 0.8,
      limit: 1,
      filters: { gender: 0, age__gte: 18 },
      descriptor_type: 'face',
    },
  ],
  conditional_tags_policy: [
    { tag: 'staff', filters: { match: [{ label: 'staff', similarity__gte: 0.85, similarity__lte: 1 }] } },
  ],
  storage_policy: {
    face_sample_policy: { store_sample: 1, filters: { emotions: [1, 2], liveness: [1] } },
    body_sample_policy: { store_sample: 0, filters: {} },
    image_origin_policy: { store_image: 0, use_external_references: 1, filters: {} },
    attribute_policy: { store_attribute: 1, ttl: 300, filters: {} },
    face_policy: {
      store_face: 0,
      set_sample_as_avatar: 1,
      link_to_lists_policy: [{ list_id: list, filters: { gender: 0 } }],
      filters: {},
    },
    event_policy: { store_event: 1, wait_saving: 1, filters: {} },
    notification_policy: { send_notification: 1, filters: {} },
  },
};

const handlers = suite('handlers');
handlers.after(() => bench.close());

const create = (policies: unknown, more: object = {}) => call('POST', '/handlers', { body: { policies, ...more } });

handlers('a handler with every policy member is given back as it was sent', async () => {
  const created = await create(everything, { description: 'entrance' });
  assert.is(created.status, 201);
  const { handler_id } = created.body;
  assert.equal(created.body, { handler_id, url: `/6/handlers/${handler_id}` });
  assert.is(created.headers.get('location'), `/6/handlers/${handler_id}`);
  const read = await call('GET', `/handlers/${handler_id}`);
  assert.is(read.status, 200);
  assert.equal(read.body.policies, everything);
  assert.is(read.body.description, 'entrance');
  assert.is(read.body.is_dynamic, false);
  assert.is(read.body.handler_type, 0);
  assert.is((await call('HEAD', `/handlers/${handler_id}`)).status, 200);
  assert.is((await call('POST', '/handlers/validator', { body: { policies: everything } })).status, 200);
});

handlers('flags, numbers and older names come out in the spelling of LP5', async () => {
  const { body } = await create({
    detect_policy: { estimate_quality: true, estimate_liveness: '1', liveness_states: ['real', 2] },
    extract_policy: { extract_descriptor: '1' },
    match_policy: [{ label: 'a', candidates: { filters: { origin: 'faces', list_id: list.toUpperCase() } } }],
    conditional_tags_policy: [{ tag: 't', filters: { gender: 'male', match: [{ label: 'a', similarity__lt: 0.3 }] } }],
  });
  const { policies } = (await call('GET', `/handlers/${body.handler_id}`)).body;
  assert.equal(policies, {
    detect_policy: { estimate_quality: 1, estimate_liveness: { estimate: 1 }, liveness_states: [1, 2] },
    extract_policy: { extract_face_descriptor: 1 },
    match_policy: [{ label: 'a', candidates: { origin: 'faces', list_id: list } }],
    conditional_tags_policy: [{ tag: 't', filters: { gender: 1, match: [{ label: 'a', similarity__lte: 0.3 }] } }],
  });
});

const refusals: readonly [what: string, policies: unknown, code: number, named: RegExp][] = [
  ['body detection', { detect_policy: { detect_body: 1 } }, 11044, /detect_policy\.detect_body/],
  ['body attributes', { detect_policy: { body_attributes: { estimate_upper_body: 1 } } }, 11044, /body_attributes/],
  ['masks', { detect_policy: { estimate_mask: 1 } }, 11044, /estimate_mask/],
  ['a filter of masks', { detect_policy: { mask_states: [1] } }, 11044, /mask_states/],
  ['glasses', { detect_policy: { estimate_glasses: 1 } }, 11044, /estimate_glasses/],
  ['body descriptors', { extract_policy: { extract_body_descriptor: 1 } }, 11044, /extract_body_descriptor/],
  [
    'matching of bodies',
    { match_policy: [{ label: 'a', candidates: { origin: 'events' }, descriptor_type: 'body' }] },
    11044,
    /descriptor_type/,
  ],
  [
    'a storage filter of masks',
    { storage_policy: { event_policy: { filters: { masks: [2] } } } },
    11044,
    /filters\.masks/,
  ],
  [
    'a link filter of ethnic groups',
    { storage_policy: { face_policy: { link_to_lists_policy: [{ list_id: list, filters: { ethnic_groups: [1] } }] } } },
    11044,
    /ethnic_groups/,
  ],
  [
    'a check that nothing decides',
    { detect_policy: { face_quality: { estimate: 1, checks: { headwear_type: {} } } } },
    11044,
    /headwear_type/,
  ],
  ['an unknown check', { detect_policy: { face_quality: { checks: { nose_length: {} } } } }, 12022, /nose_length/],
  [
    'an unknown member of candidates',
    { match_policy: [{ label: 'a', candidates: { origin: 'faces', list_ids: [list] } }] },
    12022,
    /match_policy\.0\.candidates.*list_ids/,
  ],
  [
    'an unknown member of filters',
    { storage_policy: { event_policy: { filters: { hair: 1 } } } },
    12022,
    /event_policy\.filters.*hair/,
  ],
  [
    'a limit over that of the matcher',
    { match_policy: [{ label: 'a', candidates: { origin: 'faces' }, limit: 51 }] },
    12022,
    /policies\.match_policy\.0\.limit/,
  ],
  [
    'a filter that is longer than the matcher takes',
    { match_policy: [{ label: 'a', candidates: { origin: 'faces', external_ids: ['1', '2', '3'] } }] },
    12022,
    /policies\.match_policy\.0\.candidates\.external_ids/,
  ],
  [
    'a wrong type at depth',
    { match_policy: [{ label: 'a', candidates: { origin: 'faces' }, limit: 'x' }] },
    12022,
    /policies\.match_policy\.0\.limit/,
  ],
  ['an unknown origin', { match_policy: [{ label: 'a', candidates: { origin: 'cats' } }] }, 12022, /candidates/],
  [
    'an unknown target',
    { match_policy: [{ label: 'a', candidates: { origin: 'faces' }, targets: ['nose'] }] },
    22016,
    /nose/,
  ],
  [
    'a label used twice',
    { match_policy: ['a', 'a'].map((label) => ({ label, candidates: { origin: 'faces' } })) },
    12022,
    /match_policy\.1\.label/,
  ],
  [
    'a filter on a label that is not there',
    { storage_policy: { face_policy: { filters: { match: [{ label: 'zz' }] } } } },
    12022,
    /face_policy\.filters\.match.*zz/,
  ],
  [
    'matching without a descriptor',
    { extract_policy: { extract_face_descriptor: 0 }, match_policy: [{ label: 'a', candidates: { origin: 'faces' } }] },
    12022,
    /extract_face_descriptor/,
  ],
  ['an empty filter array', { storage_policy: { event_policy: { filters: { emotions: [] } } } }, 12022, /emotions/],
  ['a tag with a comma', { conditional_tags_policy: [{ tag: 'a,b' }] }, 12022, /conditional_tags_policy\.0\.tag/],
  ['a ttl that is too long', { storage_policy: { attribute_policy: { ttl: 86401 } } }, 12022, /ttl/],
  ['an angle over 180', { detect_policy: { yaw_threshold: 181 } }, 12022, /yaw_threshold/],
];

for (const [what, policies, code, named] of refusals) {
  handlers(`${what} is refused by name, by the validator and at creation, and nothing is stored`, async () => {
    const before = (await call('GET', '/handlers/count')).body.handlers_count;
    for (const path of ['/handlers', '/handlers/validator']) {
      const answer = await call('POST', path, { body: { policies } });
      assert.is(answer.body.error_code, code, `${path}: ${answer.body.detail}`);
      assert.match(answer.body.detail, named);
    }
    assert.is((await call('GET', '/handlers/count')).body.handlers_count, before);
  });
}

handlers('an unknown member is ignored, and the validator says which', async () => {
  const policies = {
    storage_policy: { callbacks: [{ type: 'http' }], event_policy: { store_event: true, ttl: 7 } },
    extract_policy: { extract_descriptor: 1, extract_lips: 1 },
    match_policy: [
      { label: 'a', candidates: { filters: { origin: 'events' } }, targets: ['event_id', 'meta'], order: 'asc' },
    ],
    conditional_tags_policy: [{ tag: 'x', filters: { match: [{ label: 'a', similarity__lt: 0.5 }] }, colour: 'red' }],
    new_policy: {},
  };
  const { body } = await create(policies);
  assert.equal((await call('GET', `/handlers/${body.handler_id}`)).body.policies, {
    storage_policy: { event_policy: { store_event: 1 } },
    extract_policy: { extract_face_descriptor: 1 },
    match_policy: [{ label: 'a', candidates: { origin: 'events' }, targets: ['event_id', 'meta'] }],
    conditional_tags_policy: [{ tag: 'x', filters: { match: [{ label: 'a', similarity__lte: 0.5 }] } }],
  });
  const { warnings } = (await call('POST', '/handlers/validator', { body: { policies } })).body;
  assert.equal(warnings.map(({ path }: { path: string }) => path).sort(), [
    'policies.conditional_tags_policy.0.colour',
    'policies.extract_policy.extract_lips',
    'policies.match_policy.0.order',
    'policies.match_policy.0.targets',
    'policies.new_policy',
    'policies.storage_policy.callbacks',
    'policies.storage_policy.event_policy.ttl',
  ]);
  assert.equal((await call('POST', '/handlers/validator', { body: { policies: everything } })).body, {});
});

handlers('a dynamic handler has no policies of its own', async () => {
  assert.is((await create({ detect_policy: {} }, { is_dynamic: true })).body.error_code, 12022);
  const { body } = await create(undefined, { is_dynamic: 1 });
  const read = await call('GET', `/handlers/${body.handler_id}`);
  assert.equal([read.body.is_dynamic, read.body.handler_type, read.body.policies], [true, 1, {}]);
  const later = await create({}, { handler_type: 1 });
  assert.is((await call('GET', `/handlers/${later.body.handler_id}`)).body.is_dynamic, true);
  const dynamic = await call('GET', '/handlers?is_dynamic=1');
  assert.is(dynamic.body.handlers.length, 2);
  assert.is((await call('GET', '/handlers/count?handler_type=1')).body.handlers_count, 2);
});

handlers('a handler is replaced and removed, and found by its description', async () => {
  const { body } = await create({}, { description: 'to be replaced' });
  const url = `/handlers/${body.handler_id}`;
  bench.clock.advance(1000);
  assert.is((await call('PUT', url, { body: { description: 'new', policies: everything } })).status, 204);
  const read = (await call('GET', url)).body;
  assert.is(read.description, 'new');
  assert.ok(read.last_update_time > read.create_time);
  assert.is((await call('GET', '/handlers?description=new')).body.handlers[0].handler_id, body.handler_id);
  assert.is(
    (await call('PUT', url, { body: { policies: { detect_policy: { detect_body: 1 } } } })).body.error_code,
    11044,
  );
  assert.equal((await call('GET', url)).body, read);
  assert.is((await call('DELETE', url)).status, 204);
  assert.is((await call('GET', url)).body.error_code, 34000);
  assert.is((await call('DELETE', url)).status, 404);
});

handlers('another account does not see a handler', async () => {
  const { body } = await create({});
  const url = `/handlers/${body.handler_id}`;
  for (const [method, given] of [['GET'], ['DELETE'], ['PUT', {}]] as const) {
    assert.is((await call(method, url, { caller: b, body: given })).body.error_code, 34000, method);
  }
  assert.equal((await call('GET', '/handlers', { caller: b })).body, { handlers: [] });
});

handlers('pages are pages, and bad ones are refused', async () => {
  const first = (await call('GET', '/handlers?page=1&page_size=2')).body.handlers;
  const second = (await call('GET', '/handlers?page=2&page_size=2')).body.handlers;
  assert.is(new Set([...first, ...second].map(({ handler_id }) => handler_id)).size, 4);
  for (const query of ['page=0', 'page_size=0', 'page_size=x', 'is_dynamic=7']) {
    assert.is((await call('GET', `/handlers?${query}`)).body.error_code, 12012, query);
  }
  assert.is((await call('GET', '/handlers/not-an-id')).body.error_code, 12001);
});

handlers.run();
