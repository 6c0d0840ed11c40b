/** What a client of LP5 does on its first days, request by request. Every answer is judged by the document. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import * as assert from 'uvu/assert';
import type { JudgedRequests } from './judged-requests.ts';

type Send = JudgedRequests['send'];
type Bytes = Uint8Array<ArrayBuffer>;

export interface FlowPictures {
  /** A photograph with one face. */
  photo: Bytes;
  /** 250x250 and 128x256 pixels. */
  faceWarp: Bytes;
  bodyWarp: Bytes;
}

export async function readFlowPictures(): Promise<FlowPictures> {
  const group = sharp(readFileSync('node_modules/@vladmandic/face-api/demo/sample6.jpg'));
  const photo = group.extract({ left: 1340, top: 190, width: 500, height: 500 });
  const sized = async (width: number, height?: number): Promise<Bytes> =>
    new Uint8Array(await photo.clone().resize(width, height).jpeg().toBuffer());
  return { photo: await sized(320), faceWarp: await sized(250, 250), bodyWarp: await sized(128, 256) };
}

const jpeg = { 'Content-Type': 'image/jpeg' };
const nowhere = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const basic = (login: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`,
});

async function system(send: Send): Promise<void> {
  await send('GET', '/version', { expect: 200 });
  await send('GET', '/healthcheck?include_luna_services=1', { expect: 200 });
  await send('GET', '/luna_sys_info', { expect: 200 });
  await send('GET', '/docs/spec', { headers: { Accept: 'application/json' }, expect: 200 });
  await send('GET', '/docs/errors/22002', { expect: 200 });
}

/** Handler, events of a photograph, the events read back in every way. */
async function events(send: Send, { photo }: FlowPictures, listId: string) {
  const candidates = { origin: 'faces', list_id: listId };
  const policies = {
    detect_policy: {
      multiface_policy: 2,
      estimate_emotions: 1,
      estimate_head_pose: 1,
      estimate_quality: 1,
      estimate_mouth_attributes: 1,
    },
    extract_policy: { extract_basic_attributes: 1 },
    match_policy: [{ label: 'staff', candidates, threshold: 0.5, limit: 2 }],
    conditional_tags_policy: [{ tag: 'known', filters: { match: [{ label: 'staff', similarity__gte: 0.5 }] } }],
    storage_policy: {
      face_sample_policy: { store_sample: 1 },
      image_origin_policy: { store_image: 1 },
      attribute_policy: { store_attribute: 1 },
      face_policy: { store_face: 1, link_to_lists_policy: [{ list_id: listId }] },
    },
  };
  await send('POST', '/6/handlers/validator', { json: { policies }, expect: 200 });
  const handler = await send('POST', '/6/handlers', { json: { description: 'gate', policies }, expect: 201 });
  const path = `/6/handlers/${handler.body.handler_id}`;
  await send('GET', '/6/handlers?page_size=3&description=gate', { expect: 200 });
  await send('GET', '/6/handlers/count', { expect: 200 });
  await send('GET', path, { expect: 200 });
  await send('PUT', path, { json: { description: 'gate 1', policies }, expect: 204 });

  const query = 'external_id=p-1&user_data=visitor&source=gate&tags=a,b&city=Oslo&longitude=10.7&latitude=59.9';
  const made = await send('POST', `${path}/events?${query}`, { body: photo, headers: jpeg, expect: 201 });
  assert.is(made.body.events.length, 1, 'the photograph has one face');
  const again = await send('POST', `${path}/events`, {
    json: { image: Buffer.from(photo).toString('base64'), mimetype: 'image/jpeg', meta: { door: 2 } },
    expect: 201,
  });
  assert.is(again.body.events[0].matches[0].candidates.length, 1, 'the second visit knows the first');
  const form = new FormData();
  form.append('one', new Blob([photo], { type: 'image/jpeg' }), 'one.jpg');
  form.append('two', new Blob([photo], { type: 'image/jpeg' }), 'two.jpg');
  const both = await send('POST', `${path}/events?aggregate_attributes=1`, { body: form, expect: 201 });
  assert.is(both.body.events.length, 1);
  const packed = { ...jpeg, Accept: 'application/msgpack' };
  await send('POST', `${path}/events`, { body: photo, headers: packed, expect: 201 });
  await send('POST', `${path}/events`, { body: photo, headers: { 'Content-Type': 'image/gif' }, expect: 400 });
  await send('POST', `/6/handlers/${nowhere}/events`, { body: photo, headers: jpeg, expect: 404 });

  const eventId: string = made.body.events[0].event_id;
  const raw = { external_id: 'p-2', tags: ['lift'], face_attributes: { basic_attributes: { age: 33, gender: 1 } } };
  await send('POST', `${path}/events/raw`, { json: [raw], expect: 201 });
  await send('GET', `/6/events/${eventId}`, { expect: 200 });
  await send('GET', `/6/events/${eventId}?targets=event_id,face_detections`, { expect: 200 });
  await send('GET', `/6/events/${nowhere}`, { expect: 404 });
  const found = await send('GET', '/6/events?sources=gate&create_time__gte=now-1h&order=asc&page_size=5', {
    expect: 200,
  });
  assert.is(found.body.events.length, 1);
  const counted = await send('POST', '/6/events/stats', {
    json: { targets: [{ column: 'event_id', aggregator: 'count' }], group_by: ['source'] },
    expect: 200,
  });
  assert.is(counted.body.statistic.length, 2);
  return { path, event: made.body.events[0] };
}

/** Estimation at once, temporary attributes of stored samples. Returns an attribute and its descriptor. */
async function oneShots(send: Send, { photo, faceWarp }: FlowPictures) {
  const detected = await send('POST', '/6/detector?estimate_quality=1&detect_landmarks68=1', {
    body: photo,
    headers: jpeg,
    expect: 201,
  });
  const sampleId: string = detected.body.images[0].detections.samples[0].face.sample_id;
  const everything = [
    'estimate_head_pose=1&estimate_gaze=1&estimate_eyes_attributes=1&estimate_mouth_attributes=1&estimate_emotions=1',
    'estimate_quality=1&estimate_basic_attributes=1&estimate_face_descriptor=1&estimate_face_warp=1',
    'aggregate_face_descriptor=1&aggregate_attributes=1',
  ].join('&');
  const seen = await send('POST', `/6/sdk?${everything}`, { body: photo, headers: jpeg, expect: 200 });
  const { attributes } = seen.body.images_estimations[0].estimations[0].face.detection;
  await send('POST', '/6/sdk?image_type=1&estimate_face_descriptor=1', { body: faceWarp, headers: jpeg, expect: 200 });
  await send('POST', '/6/sdk', { body: photo.slice(0, 999), headers: jpeg });
  await send('POST', '/6/iso', { body: photo, headers: jpeg, expect: 200 });
  await send('POST', '/6/liveness', { body: photo, headers: jpeg, expect: 200 });
  const extracted = await send('POST', '/6/extractor?extract_basic_attributes=1', {
    json: { sample_ids: [sampleId] },
    expect: 201,
  });
  await send('POST', '/6/extractor', { json: [nowhere] });
  return {
    sampleId,
    attributeId: extracted.body.attributes[0].attribute_id as string,
    descriptor: attributes.descriptor.sdk_descriptor as string,
  };
}

async function attributes(send: Send, attributeId: string, descriptor: string): Promise<void> {
  const path = `/6/attributes/${attributeId}`;
  await send('GET', path, { expect: 200 });
  await send('GET', path, { headers: { Accept: 'application/msgpack' }, expect: 200 });
  await send('GET', path, { headers: { Accept: 'image/png' }, expect: 406 });
  await send('GET', `${path}/samples`, { expect: 200 });
  await send('GET', `/6/attributes?attribute_ids=${attributeId}&targets=basic_attributes`, { expect: 200 });
  await send('GET', '/6/attributes', { expect: 400 });
  const json = {
    basic_attributes: { age: 30, gender: 0, ethnicities: { predominant_ethnicity: 3 } },
    descriptors: [{ type: 'sdk_descriptor', data: descriptor, score: 0.9 }],
  };
  const made = await send('POST', '/6/attributes?ttl=60', { json, expect: 201 });
  await send('PUT', `/6/attributes/${nowhere}`, { json, expect: 201 });
  await send('DELETE', made.body.url, { expect: 204 });
  await send('GET', made.body.url, { expect: 404 });
}

async function facesAndLists(send: Send, attributeId: string, listId: string) {
  const json = { external_id: 'b-1', user_data: 'Anna', lists: [listId], attribute_id: attributeId };
  const made = await send('POST', '/6/faces', { json, expect: 201 });
  const faceId: string = made.body.face_id;
  const path = `/6/faces/${faceId}`;
  const otherId: string = (await send('POST', '/6/faces', { json: { user_data: 'Bo' }, expect: 201 })).body.face_id;
  await send('GET', '/6/faces?page_size=2&targets=face_id,lists', { expect: 200 });
  await send('GET', `/6/faces?face_ids=${faceId}&user_data=Anna&list_id=${listId}`, { expect: 200 });
  await send('GET', '/6/faces?page_size=1001', { expect: 400 });
  await send('GET', '/6/faces/count', { expect: 200 });
  await send('GET', '/6/faces/attributes/count', { expect: 200 });
  await send('GET', path, { expect: 200 });
  await send('GET', `/6/faces/${nowhere}`, { expect: 404 });
  await send('GET', '/6/faces/17', { expect: 400 });
  await send('PATCH', path, { json: { user_data: 'Anna B' }, expect: 204 });
  await send('PUT', `/6/faces/${nowhere}`, { json: { user_data: 'new' }, expect: 201 });
  await send('PUT', `/6/faces/${nowhere}`, { json: { user_data: 'newer' }, expect: 204 });
  await send('GET', `${path}/attributes`, { expect: 200 });
  await send('GET', `${path}/attributes?targets=face_descriptor`, {
    headers: { Accept: 'application/msgpack' },
    expect: 200,
  });
  await send('GET', `${path}/attributes/samples`, { expect: 200 });
  await send('PUT', `/6/faces/${otherId}/attributes`, { json: { basic_attributes: { age: 41 } }, expect: 204 });
  await send('DELETE', `/6/faces/${otherId}/attributes`, { expect: 204 });
  await send('GET', '/6/lists?page=1', { expect: 200 });
  await send('GET', '/6/lists/count', { expect: 200 });
  await send('GET', `/6/lists/${listId}`, { expect: 200 });
  await send('PATCH', `/6/lists/${listId}`, { json: { user_data: 'team' }, expect: 204 });
  await send('PATCH', `/6/lists/${listId}/faces`, { json: { action: 'attach', face_ids: [otherId] }, expect: 204 });
  await send('PATCH', '/6/linker', {
    json: { action: 'detach', list_id: listId, face_ids: [otherId] },
    expect: 204,
  });
  await send('PATCH', '/6/linker', { json: { list_id: nowhere, face_ids: [otherId] } });
  return { faceId, otherId };
}

async function storedPictures(send: Send, { photo, faceWarp, bodyWarp }: FlowPictures): Promise<void> {
  const face = await send('POST', '/6/samples/faces', { body: faceWarp, headers: jpeg, expect: 201 });
  const body = await send('POST', '/6/samples/bodies', { body: bodyWarp, headers: jpeg, expect: 201 });
  await send('POST', '/6/samples/faces', { body: photo, headers: jpeg, expect: 400 });
  const image = await send('POST', '/6/images', { body: photo, headers: jpeg, expect: 201 });
  const form = new FormData();
  form.append('a', new Blob([photo], { type: 'image/jpeg' }), 'a.jpg');
  await send('POST', '/6/images', { body: form, expect: 201 });
  const note = { body: '{"note": 1}', headers: { 'Content-Type': 'application/json' }, expect: 201 };
  const object = await send('POST', '/6/objects', note);
  for (const { url } of [face.body, body.body, image.body, object.body]) {
    await send('HEAD', url, { expect: 200 });
    await send('GET', url, { expect: 200 });
    await send('DELETE', url, { expect: 204 });
    await send('GET', url, { expect: 404 });
  }
}

async function matching(
  send: Send,
  ids: { faceId: string; otherId: string; attributeId: string; eventId: string; descriptor: string },
): Promise<void> {
  const { faceId, eventId, descriptor } = ids;
  const references = [
    { type: 'face', id: faceId },
    { type: 'event', id: eventId },
    { type: 'attribute', id: ids.attributeId },
    { type: 'sdk_descriptor', id: 'visitor', data: descriptor },
  ];
  const candidates = [
    { filters: { origin: 'faces' }, limit: 5, threshold: 0.2 },
    { filters: { origin: 'events', create_time__gte: 'now-1h' }, targets: ['event_id', 'similarity'] },
    { filters: { origin: 'attributes', attribute_ids: [ids.attributeId] } },
  ];
  const matches = await send('POST', '/6/matcher/faces', { json: { references, candidates }, expect: 200 });
  assert.is(matches.body[0].matches[1].result.length > 0, true);
  await send('POST', '/6/matcher/faces', { json: { references: [{ type: 'face', id: nowhere }], candidates } });
  await send('POST', '/6/matcher/bodies', { json: { references, candidates }, expect: 403 });
  const raw = { type: 'sdk_descriptor', id: 'x', data: descriptor };
  await send('POST', '/6/matcher/raw', { json: { references: [raw], candidates: [raw] }, expect: 200 });
  const rejected = await send('POST', '/6/perigee/rejections', {
    json: { face_id: faceId, event_id: eventId },
    expect: 201,
  });
  await send('GET', '/6/perigee/rejections', { expect: 200 });
  await send('GET', rejected.body.url, { expect: 200 });
  await send('DELETE', rejected.body.url, { expect: 204 });
}

async function verification(
  send: Send,
  { photo }: FlowPictures,
  ids: { faceId: string; eventId: string; descriptor: string },
): Promise<void> {
  const { faceId, eventId, descriptor } = ids;
  const policies = { verification_threshold: 0.7, storage_policy: { face_sample_policy: { store_sample: 1 } } };
  const made = await send('POST', '/6/verifiers', { json: { description: 'desk', policies }, expect: 201 });
  const path: string = made.body.url;
  await send('GET', '/6/verifiers?description=desk', { expect: 200 });
  await send('GET', '/6/verifiers/count', { expect: 200 });
  await send('GET', path, { expect: 200 });
  await send('PUT', path, { json: { description: 'desk 1', policies }, expect: 204 });
  const target = `${path}/verifications?face_ids=${faceId}&event_ids=${eventId}`;
  const verified = await send('POST', target, { body: photo, headers: jpeg, expect: 200 });
  const { verifications } = verified.body.images[0].detections.face_detections[0];
  assert.equal(
    verifications.map(({ status }: { status: boolean }) => status),
    [true, true],
  );
  await send('POST', `${path}/verifications?face_ids=${nowhere}`, { body: photo, headers: jpeg, expect: 404 });
  const raw = { type: 'sdk_descriptor', id: 'x', data: descriptor };
  await send('POST', `${path}/raw`, { json: { references: [raw], candidates: [raw] }, expect: 200 });
  await send('DELETE', path, { expect: 204 });
}

async function accountsAndTokens(send: Send): Promise<void> {
  const login = 'operator@site.com';
  const password = 'correct horse';
  const byLogin = basic(login, password);
  await send('POST', '/6/accounts', {
    json: { login, password, account_type: 'advanced_user', description: 'gate' },
    headers: { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904481' },
    expect: 201,
  });
  await send('GET', '/6/account', { headers: byLogin, expect: 200 });
  await send('GET', '/6/account', { headers: basic(login, 'wrong'), expect: 401 });
  await send('GET', '/6/accounts', { headers: byLogin, expect: 200 });
  await send('PATCH', '/6/account', { headers: byLogin, json: { description: 'gates' }, expect: 204 });
  await send('POST', '/6/login', { headers: byLogin, expect: 201 });
  const json = { description: 'camera', permissions: { face: ['view'], emit_events: { allowed: 1 } } };
  const made = await send('POST', '/6/tokens', { headers: byLogin, json, expect: 201 });
  const path = `/6/tokens/${made.body.token_id}`;
  await send('GET', '/6/tokens', { headers: byLogin, expect: 200 });
  await send('GET', path, { headers: byLogin, expect: 200 });
  const byToken = { Authorization: `Bearer ${made.body.token}` };
  await send('GET', '/6/faces', { headers: byToken, expect: 200 });
  await send('POST', '/6/lists', { headers: byToken, json: {}, expect: 403 });
  await send('PUT', path, { headers: byLogin, json: { ...json, description: 'camera 2' }, expect: 204 });
  await send('DELETE', path, { headers: byLogin, expect: 204 });
  await send('GET', '/6/faces', { headers: byToken });
  await send('DELETE', '/6/account', { headers: byLogin, expect: 204 });
}

/** Walks it all, and removes what it made at the end. */
export async function walkMainFlow(send: Send, pictures: FlowPictures): Promise<void> {
  await system(send);
  const listId: string = (await send('POST', '/6/lists', { json: { user_data: 'staff' }, expect: 201 })).body.list_id;
  const { path: handlerPath, event } = await events(send, pictures, listId);
  const { attributeId, descriptor } = await oneShots(send, pictures);
  await attributes(send, attributeId, descriptor);
  const { faceId, otherId } = await facesAndLists(send, attributeId, listId);
  await storedPictures(send, pictures);
  await matching(send, { faceId, otherId, attributeId, eventId: event.event_id, descriptor });
  await verification(send, pictures, { faceId, eventId: event.event_id, descriptor });
  await accountsAndTokens(send);
  await send('DELETE', `/6/faces/${faceId}`, { expect: 204 });
  await send('DELETE', '/6/faces', { json: { face_ids: [otherId, nowhere] }, expect: 204 });
  const second = await send('POST', '/6/lists', { json: {}, expect: 201 });
  await send('DELETE', '/6/lists', { json: { list_ids: [second.body.list_id] }, expect: 204 });
  await send('DELETE', `/6/lists/${listId}?with_faces=1`, { expect: 204 });
  await send('DELETE', handlerPath, { expect: 204 });
}
