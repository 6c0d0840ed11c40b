import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lunaError } from '#kernel/errors';
import type { Storage } from '#storage/storage';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, accountB, callerOfAccount } from '../../route-bench.ts';
import { eventCalls, faceOf, fakeJpeg, openHandlersBench } from '../handlers-bench.ts';

const kernels = await prepareKernels({ outDir: 'dist' });
let breakEvents = false;
const failing = (storage: Storage): Storage => ({
  ...storage,
  events: {
    ...storage.events,
    insert(event) {
      if (breakEvents) throw lunaError('StorageFull');
      return storage.events.insert(event);
    },
  },
});
const bench = await openHandlersBench(kernels, failing);
const { call, storage, inference } = bench;
const b = callerOfAccount(accountB);

const { jpeg, makeHandler, makeList, send } = eventCalls(bench);
const countEvents = (): Promise<number> => storage.events.count([]);

const events = suite('what events leave behind');
events.after(() => bench.close());

events('a known person is matched, tagged, and linked; a stranger is not', async () => {
  const staff = await makeList('Staff');
  const seen = await makeList('Seen');
  const enrol = await makeHandler({
    storage_policy: { face_policy: { store_face: 1, link_to_lists_policy: [{ list_id: staff }] } },
  });
  const enrolled = (await send(enrol, 'ann', '?user_data=Ann&external_id=17')).body.events[0];
  assert.equal(enrolled.face, {
    face_id: enrolled.face.face_id,
    url: `/6/faces/${enrolled.face.face_id}`,
    external_id: '17',
    user_data: 'Ann',
    avatar: enrolled.detections[0].samples.face.url,
    lists: [staff],
    event_id: enrolled.event_id,
  });
  const handlerId = await makeHandler({
    match_policy: [
      {
        label: 'staff',
        candidates: { origin: 'faces', list_id: staff },
        targets: ['user_data'],
        threshold: 0.5,
        limit: 1,
      },
    ],
    conditional_tags_policy: [{ tag: 'vip', filters: { match: [{ label: 'staff', similarity__gte: 0.8 }] } }],
    storage_policy: {
      face_policy: {
        store_face: 1,
        link_to_lists_policy: [{ list_id: seen, filters: { match: [{ label: 'staff', similarity__gte: 0.8 }] } }],
      },
    },
  });
  const known = (await send(handlerId, 'ann again', '?tags=door')).body.events[0];
  assert.equal(known.tags, ['door', 'vip']);
  assert.is(known.matches[0].label, 'staff');
  assert.equal(known.matches[0].candidates[0].face, { user_data: 'Ann' });
  assert.ok(known.matches[0].candidates[0].similarity > 0.8);
  assert.equal(known.face.lists, [seen]);
  const stored = storage.events.findById(known.event_id, accountA);
  assert.equal(stored?.document.attach_result, [seen]);
  assert.is(stored?.top_object_id, enrolled.face.face_id);
  assert.is(stored?.top_external_id, '17');
  assert.is(stored?.face_id, known.face.face_id);
  const message = JSON.parse(storage.outbox.peek(1000).at(-1)?.payload ?? '{}');
  assert.is(message.event_type, 'match');
  assert.is(message.face_id, enrolled.face.face_id);
  assert.equal(message.lists, [{ list_id: staff, name: 'Staff' }]);
  const stranger = (await send(handlerId, 'bob')).body.events[0];
  assert.equal(stranger.tags, []);
  assert.equal(stranger.matches, [{ label: 'staff', candidates: [] }]);
  assert.equal(stranger.face.lists, []);
});

events('faces of another account are never candidates', async () => {
  const enrol = await makeHandler({ storage_policy: { face_policy: { store_face: 1 } } });
  inference.put('carol', faceOf(77));
  assert.is((await send(enrol, 'carol')).status, 201);
  const made = await call('POST', '/handlers', {
    caller: b,
    body: {
      policies: {
        match_policy: [{ label: 'all', candidates: { origin: 'faces', account_id: accountA }, threshold: 0.5 }],
      },
    },
  });
  const answer = await call('POST', `/handlers/${made.body.handler_id}/events`, {
    caller: b,
    body: fakeJpeg('carol'),
    headers: jpeg,
  });
  assert.equal(answer.body.events[0].matches, [{ label: 'all', candidates: [] }]);
});

events('an attribute is stored for its time to live', async () => {
  const handlerId = await makeHandler({
    extract_policy: { extract_basic_attributes: 1 },
    storage_policy: { attribute_policy: { store_attribute: 1, ttl: 10 } },
  });
  const { face_attributes } = (await send(handlerId, 'ann')).body.events[0];
  assert.equal(face_attributes.basic_attributes, { age: 31, gender: 1, ethnicities: null });
  const url = face_attributes.url.replace('/6', '');
  assert.is((await call('GET', url)).status, 200);
  bench.clock.advance(10_001);
  assert.is((await call('GET', url)).body.error_code, 22011);
});

events('nothing stored: urls and ids are null, the message is still sent', async () => {
  const handlerId = await makeHandler({
    storage_policy: { event_policy: { store_event: 0 }, face_sample_policy: { store_sample: 0 } },
  });
  const [before, messages] = [await countEvents(), storage.outbox.count()];
  const [event] = (await send(handlerId, 'ann')).body.events;
  assert.is(event.url, null);
  assert.is(event.detections[0].samples.face.sample_id, null);
  assert.is(event.detections[0].samples.face.url, null);
  assert.is(await countEvents(), before);
  assert.is(storage.outbox.count(), messages + 1);
  const silent = await makeHandler({ storage_policy: { notification_policy: { send_notification: 0 } } });
  await send(silent, 'ann');
  assert.is(storage.outbox.count(), messages + 1);
  assert.is(await countEvents(), before + 1);
});

events('source pictures are stored once for all their faces, or referred to', async () => {
  const policies = { storage_policy: { image_origin_policy: { store_image: 1 } } };
  const handlerId = await makeHandler(policies);
  const { body } = await send(handlerId, 'both');
  const origins = body.events.map(
    (event: { detections: { image_origin: string }[] }) => event.detections[0]?.image_origin,
  );
  assert.is(new Set(origins).size, 1);
  const picture = await call('GET', origins[0].replace('/6', ''));
  assert.is(picture.headers.get('content-type'), 'image/jpeg');
  assert.equal(Buffer.from(picture.bytes).toString('latin1'), Buffer.from(fakeJpeg('both')).toString('latin1'));
  const path = `/handlers/${handlerId}/events`;
  const byUrl = await call('POST', path, { body: { urls: ['http://camera.example/ann'] } });
  assert.is(byUrl.body.events[0].detections[0].image_origin, 'http://camera.example/ann');
  const own = await call('POST', path, { body: { urls: [origins[0]] } });
  assert.is(own.body.events.length, 2, 'a picture of our own store is read from it');
  assert.is(own.body.events[0].detections[0].image_origin, origins[0]);
  const foreign = await call('POST', '/handlers', { caller: b, body: {} });
  const hidden = await call('POST', `/handlers/${foreign.body.handler_id}/events`, {
    caller: b,
    body: { urls: [origins[0]] },
  });
  assert.is(hidden.body.images[0].error.error_code, 13003);
});

events(
  'with wait_saving 0 too the event is stored when it is answered, and a failure is answered as such',
  async () => {
    const handlerId = await makeHandler({ storage_policy: { event_policy: { wait_saving: 0 } } });
    const [event] = (await send(handlerId, 'ann')).body.events;
    assert.ok(storage.events.findById(event.event_id, accountA));
    const messages = storage.outbox.count();
    breakEvents = true;
    const failed = await send(handlerId, 'ann');
    breakEvents = false;
    assert.equal([failed.status, failed.body.error_code], [507, 19012]);
    assert.is(storage.outbox.count(), messages);
  },
);

events('when the transaction fails nothing of the request is left, and the next one works', async () => {
  const list = await makeList();
  const handlerId = await makeHandler({
    storage_policy: {
      image_origin_policy: { store_image: 1 },
      attribute_policy: { store_attribute: 1 },
      face_policy: { store_face: 1, link_to_lists_policy: [{ list_id: list }] },
    },
  });
  const state = async () => {
    const files: string[] = [];
    for await (const { id } of storage.files.list('visionlabs-samples')) files.push(id);
    const faces = await storage.faces.count([]);
    return [files.length, faces, storage.outbox.count(), storage.images.usage(), await countEvents()];
  };
  const before = await state();
  breakEvents = true;
  const failed = await send(handlerId, 'both');
  breakEvents = false;
  assert.is(failed.status, 507);
  assert.equal(await state(), before);
  assert.is((await send(handlerId, 'both')).status, 201);
});

events('a list that is gone is told, and nothing is stored', async () => {
  const list = await makeList();
  const handlerId = await makeHandler({
    storage_policy: { face_policy: { store_face: 1, link_to_lists_policy: [{ list_id: list }] } },
  });
  await call('DELETE', `/lists/${list}`);
  const before = [await countEvents(), await storage.faces.count([])];
  const answer = await send(handlerId, 'ann');
  assert.is(answer.status, 400);
  assert.is(answer.body.error_code, 22005);
  assert.equal([await countEvents(), await storage.faces.count([])], before);
});

events('handlers of others and unknown ones are not found', async () => {
  const handlerId = await makeHandler({});
  const foreign = await call('POST', `/handlers/${handlerId}/events`, {
    caller: b,
    body: fakeJpeg('ann'),
    headers: jpeg,
  });
  assert.is(foreign.body.error_code, 34000);
  assert.is((await send('11111111-1111-4111-8111-111111111111', 'ann')).status, 404);
  assert.is((await send('nonsense', 'ann')).body.error_code, 12001);
});

events.run();
