/** What an administrator does with model packs, request by request. */
import * as assert from 'uvu/assert';
import { packsFolder } from '#contract/settings/data-folder';
import { zipOf } from '../../../engine/inference/packs/archive/archive.fixture.ts';
import { tinyPackEntries } from '../../../engine/inference/packs/tiny-pack.fixture.ts';
import { requireOwnKey } from '../../../engine/services/model-packs/own-key.ts';
import type { JudgedRequests } from './judged-requests.ts';

/** A pack that the appliance of this data directory trusts, because it could have made it itself. */
export function trustedPackZip(dataDir: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipOf(tinyPackEntries(requireOwnKey(packsFolder(dataDir)))));
}

/** Walks every route of `/perigee/models`, and removes what it made at the end. */
export async function walkModelPacks(send: JudgedRequests['send'], archive: Uint8Array<ArrayBuffer>): Promise<void> {
  const path = '/6/perigee/models';
  const zip = { body: archive, headers: { 'Content-Type': 'application/zip' } };
  const sound = await send('POST', `${path}/verify`, { ...zip, expect: 200 });
  assert.equal([sound.body.id, sound.body.signed_by, sound.body.in_use], ['tiny-1.0.0', 'this appliance', false]);
  assert.equal((await send('GET', path, { expect: 200 })).body, { models: [] });
  await send('POST', path, { ...zip, expect: 201 });
  await send('POST', path, { ...zip, headers: { 'Content-Type': 'application/gzip' }, expect: 400 });
  await send('POST', path, { body: 'no archive', headers: zip.headers, expect: 400 });
  await send('POST', path, { body: archive.slice(0, 700), headers: zip.headers, expect: 400 });
  const active = await send('POST', `${path}/tiny/activate`, { expect: 200 });
  assert.equal([active.body.active, active.body.in_use, active.body.problem], [true, true, null]);
  await send('POST', `${path}/other/activate`, { expect: 404 });
  await send('DELETE', `${path}/tiny`, { expect: 409 });
  const { models } = (await send('GET', path, { expect: 200 })).body;
  assert.equal([models.length, models[0].kind, models[0].licence], [1, 'liveness', 'none']);
  const inactive = await send('POST', `${path}/tiny-1.0.0/deactivate`, { expect: 200 });
  assert.equal([inactive.body.active, inactive.body.in_use], [false, false]);
  await send('DELETE', `${path}/tiny`, { expect: 204 });
  await send('DELETE', `${path}/tiny`, { expect: 404 });
}
