/** What a client of LP5 does on its first days, request by request. Every answer is judged by the document. */
import { accountsAndTokens } from './flows/accounts.ts';
import { nowhere } from './flows/nowhere.ts';
import { attributes, facesAndLists, matching, storedPictures } from './flows/objects.ts';
import type { FlowPictures } from './flows/pictures.ts';
import { events, oneShots, verification } from './flows/recognition.ts';
import type { JudgedRequests } from './judged-requests.ts';

export { type FlowPictures, readFlowPictures } from './flows/pictures.ts';

type Send = JudgedRequests['send'];

async function system(send: Send): Promise<void> {
  await send('GET', '/version', { expect: 200 });
  await send('GET', '/healthcheck?include_luna_services=1', { expect: 200 });
  await send('GET', '/luna_sys_info', { expect: 200 });
  await send('GET', '/configs', { expect: 200 });
  await send('GET', '/config', { headers: { Accept: 'text/plain' }, expect: 200 });
  await send('GET', '/docs/spec', { headers: { Accept: 'application/json' }, expect: 200 });
  await send('GET', '/docs/errors/22002', { expect: 200 });
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
