/** What is kept: attributes, faces and lists, pictures and objects, and the search among them. */
import * as assert from 'uvu/assert';
import type { JudgedRequests } from '../judged-requests.ts';
import { nowhere } from './nowhere.ts';
import type { FlowPictures } from './pictures.ts';

type Send = JudgedRequests['send'];
const jpeg = { 'Content-Type': 'image/jpeg' };

export async function attributes(send: Send, attributeId: string, descriptor: string): Promise<void> {
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

export async function facesAndLists(send: Send, attributeId: string, listId: string) {
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

export async function storedPictures(send: Send, { photo, faceWarp, bodyWarp }: FlowPictures): Promise<void> {
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

export async function matching(
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
