import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packsFolder } from '#contract/settings/data-folder';
import { zipOf } from '../../engine/inference/packs/archive/archive.fixture.ts';
import { tinyDescriptor, tinyPackEntries } from '../../engine/inference/packs/tiny-pack.fixture.ts';
import { requireOwnKey } from '../../engine/services/model-packs/own-key.ts';
import { type ApplianceInProcess, openApplianceInProcess } from './openapi/appliance-in-process.ts';
import { createJudgedRequests, type JudgedRequests } from './openapi/judged-requests.ts';
import { readFlowPictures } from './openapi/main-flow.ts';

/** A descriptor pack comes into use, and goes again, while the appliance answers: over REST, as an operator does it. */
const versions = { embedded: 20_001, pack: 20_260 } as const;
const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const jpeg = { 'Content-Type': 'image/jpeg' };
const { photo } = await readFlowPictures();

interface Context {
  appliance: ApplianceInProcess;
  send: JudgedRequests['send'];
  old: string;
  fresh: string;
}
const pack = suite<Context>('a descriptor pack while the appliance runs');

pack.before(async (context) => {
  context.appliance = await openApplianceInProcess();
  context.send = createJudgedRequests(context.appliance, account).send;
});
pack.after(({ appliance }) => appliance.close());

/** Extracts the face of the photograph anew, and keeps it as a person. */
async function enrol(send: Context['send'], userData: string): Promise<string> {
  const detected = await send('POST', '/6/detector', { body: photo, headers: jpeg, expect: 201 });
  const sampleId = detected.body.images[0].detections.samples[0].face.sample_id;
  const extracted = await send('POST', '/6/extractor', { json: [sampleId], expect: 201 });
  const json = { user_data: userData, attribute_id: extracted.body[0].attribute_id };
  return (await send('POST', '/6/faces', { json, expect: 201 })).body.face_id;
}

async function descriptorOf(send: Context['send'], faceId: string): Promise<{ version: number; sdk: string }> {
  const { body } = await send('GET', `/6/faces/${faceId}/attributes`, { expect: 200 });
  return { version: body.face_descriptor.version, sdk: body.face_descriptor.sdk_descriptor };
}

async function matchesOf(send: Context['send'], faceId: string): Promise<string[]> {
  const json = {
    references: [{ type: 'face', id: faceId }],
    candidates: [{ filters: { origin: 'faces' }, limit: 10, threshold: 0 }],
  };
  const { body } = await send('POST', '/6/matcher/faces', { json, expect: 200 });
  return body[0].matches[0].result.map((found: { face: { face_id: string } }) => found.face.face_id);
}

pack('it is installed and put in use without a restart, and no picture is lost meanwhile', async (context) => {
  const { send, appliance } = context;
  context.old = await enrol(send, 'old');
  const { description, contents } = tinyDescriptor(versions.pack);
  const entries = tinyPackEntries(requireOwnKey(packsFolder(appliance.dataDir)), description, contents);
  const body = new Uint8Array(zipOf(entries));
  const headers = { 'Content-Type': 'application/zip' };
  const installed = await send('POST', '/6/perigee/models', { body, headers, expect: 201 });
  assert.equal([installed.body.id, installed.body.descriptor_version], ['means-1.0.0', versions.pack]);
  const looking = Array.from({ length: 8 }, () => send('POST', '/6/sdk', { body: photo, headers: jpeg, expect: 200 }));
  const active = await send('POST', '/6/perigee/models/means/activate', { expect: 200 });
  assert.is(active.body.in_use, true);
  for (const answer of await Promise.all(looking)) assert.is(answer.body.images_estimations[0].estimations.length, 1);
});

pack('what is extracted now has the new version, and is matched within it; old faces keep theirs', async (context) => {
  const { send, old } = context;
  context.fresh = await enrol(send, 'fresh');
  const { fresh } = context;
  assert.is((await descriptorOf(send, fresh)).version, versions.pack);
  assert.is((await descriptorOf(send, old)).version, versions.embedded);
  const again = await enrol(send, 'again');
  assert.equal((await matchesOf(send, fresh)).sort(), [fresh, again].sort());
  assert.equal(await matchesOf(send, old), [old]);
  await send('DELETE', `/6/faces/${again}`, { expect: 204 });
  assert.equal(await matchesOf(send, fresh), [fresh]);
});

pack('a comparison of both versions is refused, pairwise and by a verifier', async ({ send, old, fresh }) => {
  const [one, other] = await Promise.all([old, fresh].map((id) => descriptorOf(send, id)));
  const raw = (id: string, data: string | undefined) => ({ type: 'sdk_descriptor', id, data });
  const json = { references: [raw('a', one?.sdk)], candidates: [raw('b', other?.sdk)] };
  const refused = await send('POST', '/6/matcher/raw', { json, expect: 400 });
  assert.is(refused.body.error_code, 12038);
  const policies = { verification_threshold: 0.5 };
  const verifier = await send('POST', '/6/verifiers', { json: { description: 'desk', policies }, expect: 201 });
  const verify = (id: string, expect: number) =>
    send('POST', `${verifier.body.url}/verifications?face_ids=${id}`, { body: photo, headers: jpeg, expect });
  assert.is((await verify(old, 400)).body.error_code, 12038);
  const { face_detections } = (await verify(fresh, 200)).body.images[0].detections;
  assert.is(face_detections[0].verifications[0].status, true);
});

pack('when it goes, the version before is extracted again; what it described is still matched', async (context) => {
  const { send, old, fresh } = context;
  await send('POST', '/6/perigee/models/means/deactivate', { expect: 200 });
  const third = await enrol(send, 'third');
  assert.is((await descriptorOf(send, third)).version, versions.embedded);
  assert.equal((await matchesOf(send, third)).sort(), [old, third].sort());
  assert.equal(await matchesOf(send, fresh), [fresh]);
  await send('DELETE', '/6/perigee/models/means', { expect: 204 });
  assert.equal(await matchesOf(send, fresh), [fresh]);
});

pack.run();
