/** What is sent as a picture: events, estimation at once, verification. */
import * as assert from 'uvu/assert';
import type { JudgedRequests } from '../judged-requests.ts';
import { nowhere } from './nowhere.ts';
import type { FlowPictures } from './pictures.ts';

type Send = JudgedRequests['send'];
const jpeg = { 'Content-Type': 'image/jpeg' };

/** Handler, events of a photograph, the events read back in every way. */
export async function events(send: Send, { photo }: FlowPictures, listId: string) {
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
export async function oneShots(send: Send, { photo, faceWarp }: FlowPictures) {
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
    attributeId: extracted.body[0].attribute_id as string,
    descriptor: attributes.descriptor.sdk_descriptor as string,
  };
}

export async function verification(
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
