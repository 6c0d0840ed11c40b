import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '#contract/established/names';
import { packSdkDescriptor } from '#domain/descriptor/descriptor';
import { lunaError } from '#kernel/errors';
import type { Storage } from '#storage/storage';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, accountB, callerOfAccount, startOfTest } from '../../route-bench.ts';
import { descriptorOf, eventCalls, openHandlersBench } from '../handlers-bench.ts';

let breakOutbox = false;
const failing = (storage: Storage): Storage => ({
  ...storage,
  outbox: {
    ...storage.outbox,
    append(message) {
      if (breakOutbox) throw lunaError('StorageFull');
      return storage.outbox.append(message);
    },
  },
});
const bench = await openHandlersBench(await prepareKernels({ outDir: 'dist' }), failing);
const { call, storage } = bench;
const { makeHandler, makeList, send } = eventCalls(bench);
const unknown = '11111111-1111-4111-8111-111111111111';
const handlerId = await makeHandler({});
const save = (body: unknown, query = '', handler = handlerId) =>
  call('POST', `/handlers/${handler}/events/raw${query}`, { body });

const raw = suite('raw events');
raw.after(() => bench.close());

raw('an event with everything is stored with the same members', async () => {
  const enrol = await makeHandler({ storage_policy: { face_policy: { store_face: 1 } } });
  const face = (await send(enrol, 'ann')).body.events[0].face.face_id;
  const list = await makeList();
  const data = Buffer.from(packSdkDescriptor(20001, descriptorOf(1))).toString('base64');
  const match = { label: 'staff', candidates: [{ face: { face_id: face, user_data: 'Ann' }, similarity: 0.94 }] };
  const event = {
    create_time: '2024-03-05T10:20:30Z',
    end_time: '2024-03-05T10:20:40Z',
    external_id: '17',
    user_data: 'Ann',
    source: 'gate',
    tags: ['a', 'b', 'a'],
    track_id: 't',
    location: { city: 'Bonn', geo_position: { longitude: 7, latitude: 50 } },
    meta: { any: ['thing'] },
    face: { face_id: face, lists: [list] },
    face_attributes: {
      score: 0.9,
      basic_attributes: { age: 31, gender: 'male', ethnicities: { predominant_ethnicity: 'asian' } },
      descriptors: [{ type: 'sdk_descriptor', data }],
    },
    matches: [match],
    detections: [
      {
        detect_time: '2024-03-05T10:20:29Z',
        detect_ts: 1.5,
        image_origin: 'http://camera/1.jpg',
        samples: { face: { sample_id: unknown, detection: { rect: { x: 1, y: 2, width: 3, height: 4 } } }, body: null },
      },
    ],
    aggregate_estimations: {
      face: {
        attributes: {
          emotions: { predominant_emotion: 'anger' },
          mask: { predominant_mask: 'medical_mask' },
          liveness: { prediction: 'real', estimations: { probability: 0.9, quality: 1 } },
        },
      },
      body: { attributes: {} },
    },
  };
  const answer = await save([event]);
  assert.is(answer.status, 201, JSON.stringify(answer.body));
  const [{ event_id, url }] = answer.body.events;
  assert.is(url, `/6/events/${event_id}`);
  const stored = storage.events.findById(event_id, accountA);
  assert.ok(stored);
  const { document, event_key, ...columns } = stored;
  assert.equal(columns, {
    event_id,
    account_id: accountA,
    handler_id: handlerId,
    create_time: Date.parse('2024-03-05T10:20:30Z'),
    end_time: Date.parse('2024-03-05T10:20:40Z'),
    insert_time: startOfTest,
    external_id: '17',
    user_data: 'Ann',
    source: 'gate',
    track_id: 't',
    stream_id: null,
    face_id: face,
    gender: 1,
    age: 31,
    emotion: 1,
    ethnic_group: 3,
    mask: 2,
    liveness: 1,
    top_label: 'staff',
    top_similarity: 0.94,
    top_object_id: face,
    top_object_type: 'face',
    top_external_id: null,
    city: 'Bonn',
    area: null,
    district: null,
    street: null,
    house_number: null,
    longitude: 7,
    latitude: 50,
  });
  assert.equal(document, {
    tags: ['a', 'b'],
    attach_result: [list],
    match_result: [match],
    face_detections: [
      {
        sample_id: unknown,
        image_origin: 'http://camera/1.jpg',
        detect_time: '2024-03-05T10:20:29.000Z',
        detect_ts: 1.5,
        detection: { rect: { x: 1, y: 2, width: 3, height: 4 } },
      },
    ],
    body_detections: [],
    meta: { any: ['thing'] },
  });
  assert.is(storage.events.descriptorsOf(event_key).length, 1);
  const message = JSON.parse(storage.outbox.peek(100).at(-1)?.payload ?? '{}');
  assert.equal([message.event_id, message.event_type, message.size], [event_id, 'match', null]);
});

raw('one event, an array and an object around it are taken; empty events are events', async () => {
  for (const body of [{}, [{}], { events: [{}] }]) {
    const answer = await save(body);
    assert.is(answer.body.events.length, 1, JSON.stringify(answer.body));
  }
  assert.is((await save([{}, {}, {}])).body.events.length, 3);
});

raw('meta that is too deep or too large is refused by its path, and nothing is stored', async () => {
  const before = await storage.events.count([]);
  const deep = await call('POST', `/handlers/${handlerId}/events/raw`, {
    body: `{"events":[{"meta":${'['.repeat(4000)}${']'.repeat(4000)}}]}`,
    headers: { 'Content-Type': 'application/json' },
  });
  assert.equal([deep.status, deep.body.error_code], [400, 12022]);
  assert.match(deep.body.detail, /'events\.0\.meta\.0/);
  const large = await save({ events: [{ meta: 'm'.repeat(limits.meta) }] });
  assert.equal([large.status, large.body.error_code], [400, 12022]);
  assert.match(large.body.detail, /meta/);
  assert.is(await storage.events.count([]), before);
  assert.is((await save({ meta: 'm'.repeat(limits.meta - 2) })).status, 201);
});

raw(
  'with wait_saving 0 too the events are stored when they are answered, and a failure is answered as such',
  async () => {
    const [{ event_id }] = (await save({}, '?wait_saving=0')).body.events;
    assert.ok(storage.events.findById(event_id, accountA));
    const before = [await storage.events.count([]), storage.outbox.count()];
    breakOutbox = true;
    const failed = await save([{}, {}], '?wait_saving=0');
    breakOutbox = false;
    assert.equal([failed.status, failed.body.error_code], [507, 19012]);
    assert.equal([await storage.events.count([]), storage.outbox.count()], before);
  },
);

raw('of two requests at once with one event id, one is refused', async () => {
  const event_id = '22222222-2222-4222-8222-222222222222';
  const answers = await Promise.all([save({ event_id }), save({ event_id })]);
  assert.equal(answers.map(({ status }) => status).sort(), [201, 400]);
});

raw('subscribers that are connected are told of raw events as of others', async () => {
  const told: string[] = [];
  const end = bench.bus.subscribe('events.published', ({ events }) =>
    told.push(...events.map(({ event }) => event.event_id)),
  );
  const [{ event_id }] = (await save({})).body.events;
  end();
  assert.equal(told, [event_id]);
});

raw('the handler says whether the event is published', async () => {
  const silent = await makeHandler({ storage_policy: { notification_policy: { send_notification: 0 } } });
  const dynamic = await makeHandler(undefined, { is_dynamic: true });
  const before = storage.outbox.count();
  await save({}, '', silent);
  assert.is(storage.outbox.count(), before);
  await save({}, '', dynamic);
  assert.is(storage.outbox.count(), before + 1);
});

raw('what does not exist or cannot be is refused, and nothing of the request is stored', async () => {
  const [{ event_id }] = (await save({})).body.events;
  const count = await storage.events.count([]);
  for (const [event, code, named] of [
    [{ face: { face_id: unknown } }, 22004, /1111/],
    [{ event_id }, 12022, /1\.event_id/],
    [{ face_attributes: { descriptors: [{ type: 'sdk_descriptor', data: 'AAAA' }] } }, 12038, /descriptors\.0/],
    [{ tags: 'x' }, 12022, /tags/],
    [{ tags: ['a,b'] }, 12022, /tags\.0/],
    [{ detections: [{ image_origin: 'javascript:alert(1)', samples: {} }] }, 12022, /image_origin/],
    [{ create_time: '2024-02-31T00:00:00Z' }, 12022, /create_time/],
    [{ location: { geo_position: { longitude: 200, latitude: 1 } } }, 12022, /longitude/],
    [{ body_attributes: { apparent_age: 3 } }, 12022, /body_attributes/],
    [{ detections: Array(31).fill({ samples: {} }) }, 12022, /detections/],
    [{ create_time: 'yesterday' }, 12022, /create_time/],
    [{ face: { face_id: 'x' } }, 12001, /'x' \(1\.face\.face_id\)/],
  ] as const) {
    const answer = await save([{}, event]);
    assert.is(answer.body.error_code, code, JSON.stringify([event, answer.body]));
    assert.match(answer.body.detail, named);
  }
  assert.is((await save(Array(31).fill({}))).body.error_code, 12022);
  assert.is((await save([])).body.error_code, 12022);
  assert.is((await save({}, '', unknown)).body.error_code, 34000);
  const foreign = await call('POST', `/handlers/${handlerId}/events/raw`, {
    body: {},
    caller: callerOfAccount(accountB),
  });
  assert.is(foreign.body.error_code, 34000);
  assert.is(await storage.events.count([]), count);
});

raw.run();
