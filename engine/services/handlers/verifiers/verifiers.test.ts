import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packSdkDescriptor } from '#domain/descriptor/descriptor';
import { knowDescriptorVersion } from '#domain/descriptor/similarity';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { createRejections } from '../../matcher/rejections/rejections.service.ts';
import { accountA, accountB, callerOfAccount } from '../../route-bench.ts';
import { descriptorOf, eventCalls, fakeJpeg, openHandlersBench } from '../handlers-bench.ts';

const bench = await openHandlersBench(await prepareKernels({ outDir: 'dist' }));
const { call, storage } = bench;
const { jpeg, makeHandler, send } = eventCalls(bench);
const b = callerOfAccount(accountB);
const unknown = '11111111-1111-4111-8111-111111111111';

const makeVerifier = async (policies: object = {}): Promise<string> =>
  (await call('POST', '/verifiers', { body: { policies } })).body.verifier_id;
const verify = (verifierId: string, query: string, word = 'ann') =>
  call('POST', `/verifiers/${verifierId}/verifications?${query}`, { body: fakeJpeg(word), headers: jpeg });
const sdk = (who: number, version = 20001) =>
  Buffer.from(packSdkDescriptor(version, descriptorOf(who))).toString('base64');

/** Ann and Bob as faces, with an event and an attribute each. */
const enrol = await makeHandler({
  storage_policy: { face_policy: { store_face: 1 }, attribute_policy: { store_attribute: 1 } },
});
const ann = (await send(enrol, 'ann', '?external_id=17&user_data=Ann')).body.events[0];
const bob = (await send(enrol, 'bob', '?user_data=Bob')).body.events[0];

const verifiers = suite('verifiers');
verifiers.after(() => bench.close());

verifiers('a verifier is created, read as it was sent, replaced, counted and removed', async () => {
  const policies = {
    verification_threshold: 0.7,
    detect_policy: { multiface_policy: 2, yaw_threshold: 30, estimate_liveness: { estimate: 1 } },
    extract_policy: { extract_basic_attributes: 1, fd_score_threshold: 0.1 },
    storage_policy: { face_sample_policy: { store_sample: 1 }, attribute_policy: { store_attribute: 0, ttl: 300 } },
  };
  const created = await call('POST', '/verifiers', { body: { description: 'door', policies } });
  assert.is(created.status, 201);
  const url = created.body.url.replace('/6', '');
  const read = await call('GET', url);
  assert.equal(read.body.policies, policies);
  assert.is(read.body.description, 'door');
  assert.is((await call('HEAD', url)).status, 200);
  assert.is((await call('GET', '/verifiers?description=door')).body.verifiers.length, 1);
  assert.is((await call('GET', '/verifiers/count?description=door')).body.verifiers_count, 1);
  assert.is((await call('PUT', url, { body: { description: 'gate' } })).status, 204);
  assert.equal((await call('GET', url)).body.policies, {});
  assert.is((await call('GET', url, { caller: b })).body.error_code, 34004);
  assert.is((await call('DELETE', url)).status, 204);
  assert.is((await call('GET', url)).body.error_code, 34004);
});

verifiers('what verifiers cannot do is refused by name', async () => {
  for (const [policies, code, named] of [
    [{ detect_policy: { detect_body: 1 } }, 12022, /detect_body/],
    [{ detect_policy: { estimate_mask: 1 } }, 11044, /estimate_mask/],
    [{ storage_policy: { face_sample_policy: { filters: {} } } }, 12022, /filters/],
    [{ verification_threshold: 1.1 }, 12022, /verification_threshold/],
    [{ match_policy: [] }, 12022, /match_policy/],
  ] as const) {
    const { body } = await call('POST', '/verifiers', { body: { policies } });
    assert.is(body.error_code, code, body.detail);
    assert.match(body.detail, named);
  }
});

verifiers('the same person is verified, another is not, in the order of the ids', async () => {
  const verifierId = await makeVerifier();
  const answer = await verify(verifierId, `face_ids=${bob.face.face_id},${ann.face.face_id}`);
  assert.is(answer.status, 200);
  const [detection] = answer.body.images[0].detections.face_detections;
  assert.equal(
    detection.verifications.map((v: { status: boolean; face: { user_data: string } }) => [v.status, v.face.user_data]),
    [
      [false, 'Bob'],
      [true, 'Ann'],
    ],
  );
  assert.equal(Object.keys(detection.verifications[1].face).sort(), [
    'account_id',
    'avatar',
    'create_time',
    'event_id',
    'external_id',
    'face_id',
    'lists',
    'user_data',
  ]);
  assert.is((await call('GET', detection.sample.url.replace('/6', ''))).status, 200);
  assert.is(detection.face_attributes.score, 0.9);
  assert.is(detection.face_attributes.attribute_id, null);
});

verifiers('events, attributes and external ids are candidates too', async () => {
  const query = `event_ids=${ann.event_id}&attribute_ids=${ann.face_attributes.attribute_id}&external_ids=17`;
  const { body } = await verify(await makeVerifier(), query);
  const { verifications } = body.images[0].detections.face_detections[0];
  assert.equal(
    verifications.map((v: Record<string, unknown>) => [v['status'], Object.keys(v).at(-1)]),
    [
      [true, 'event'],
      [true, 'attribute'],
      [true, 'face'],
    ],
  );
  assert.is(verifications[0].event.event_id, ann.event_id);
  assert.is(verifications[2].face.face_id, ann.face.face_id);
});

verifiers('the threshold decides: greater, not equal', async () => {
  const same = `face_ids=${ann.face.face_id}`;
  const strict = await verify(await makeVerifier({ verification_threshold: 1 }), same);
  assert.is(strict.body.images[0].detections.face_detections[0].verifications[0].status, false);
  const open = await verify(await makeVerifier({ verification_threshold: 0 }), `face_ids=${bob.face.face_id}`);
  const [verification] = open.body.images[0].detections.face_detections[0].verifications;
  assert.is(verification.status, verification.similarity > 0);
});

verifiers('attributes and source pictures are stored when the policy says so, samples unless it says no', async () => {
  const policies = {
    extract_policy: { extract_basic_attributes: 1 },
    storage_policy: {
      face_sample_policy: { store_sample: 0 },
      attribute_policy: { store_attribute: 1, ttl: 60 },
      image_origin_policy: { store_image: 1 },
    },
  };
  const { body } = await verify(await makeVerifier(policies), `face_ids=${ann.face.face_id}`);
  const [detection] = body.images[0].detections.face_detections;
  assert.is(detection.sample.sample_id, null);
  assert.is((await call('GET', detection.face_attributes.url.replace('/6', ''))).status, 200);
  assert.is((await call('GET', detection.image_origin.replace('/6', ''))).status, 200);
  assert.equal(detection.face_attributes.basic_attributes, { age: 31, gender: 1, ethnicities: null });
});

verifiers('a turned face is filtered, with the reason', async () => {
  const verifierId = await makeVerifier({ detect_policy: { yaw_threshold: 20 } });
  const { body } = await verify(verifierId, `face_ids=${ann.face.face_id}`, 'turned');
  assert.equal(body.images[0].detections.face_detections, []);
  assert.is(body.filtered_detections.face_detections[0].filter_reasons[0].filter_name, 'yaw_threshold');
});

verifiers('candidates that are not there are told before anything is stored', async () => {
  const verifierId = await makeVerifier();
  const before = storage.images.usage();
  const bare = (await call('POST', '/faces', { body: {} })).body.face_id;
  for (const [query, code, status] of [
    ['', 12016, 400],
    [`face_ids=${unknown}`, 22002, 404],
    [`face_ids=${bare}`, 11032, 404],
    [`event_ids=${unknown}`, 23001, 404],
    [`attribute_ids=${unknown}`, 22011, 404],
    ['external_ids=nobody', 11041, 404],
    ['face_ids=x', 12001, 400],
  ] as const) {
    const answer = await verify(verifierId, query);
    assert.is(answer.body.error_code, code, query);
    assert.is(answer.status, status, query);
  }
  assert.equal(storage.images.usage(), before);
  assert.is((await verify(unknown, `face_ids=${ann.face.face_id}`)).body.error_code, 34004);
});

verifiers('members of faces that reject each other are told all the same', async () => {
  const [one, other] = [ann.face.face_id, bob.face.face_id];
  const { rejectionId } = createRejections(bench).create(accountA, { face_id: one, other_face_id: other });
  const { body } = await verify(await makeVerifier(), `face_ids=${other},${one}`);
  const { verifications } = body.images[0].detections.face_detections[0];
  assert.equal(
    verifications.map((v: { face: { user_data: string } }) => v.face.user_data),
    ['Bob', 'Ann'],
  );
  createRejections(bench).remove(rejectionId, accountA);
});

verifiers('a candidate that cannot be compared is an error, and nothing is stored', async () => {
  const version = { version: 20_777, name: 'of another network', length: 128, metric: 'cosine' } as const;
  knowDescriptorVersion({ ...version, similarity: { slope: 10, offset: -5 } });
  const descriptors = [{ type: 'sdk_descriptor', data: sdk(1, version.version) }];
  const { face_id } = (await call('POST', '/faces', { body: { attribute: { descriptors } } })).body;
  const verifierId = await makeVerifier({
    storage_policy: { attribute_policy: { store_attribute: 1 }, image_origin_policy: { store_image: 1 } },
  });
  const left = () => [storage.images.usage(), storage.attributes.page(null, 0, 0, 1000).rows.length];
  const before = left();
  const answer = await verify(verifierId, `face_ids=${face_id}`);
  assert.equal([answer.status, answer.body.error_code], [400, 12038]);
  assert.equal(left(), before);
  await verify(verifierId, `face_ids=${ann.face.face_id}`);
  assert.not.equal(left(), before);
});

verifiers('descriptors are compared with descriptors', async () => {
  const verifierId = await makeVerifier();
  const raw = (id: string, who: number) => ({ id, type: 'sdk_descriptor', data: sdk(who) });
  const body = { references: [raw('r0', 1)], candidates: [raw('c0', 2), raw('c1', 1)] };
  const answer = await call('POST', `/verifiers/${verifierId}/raw`, { body });
  assert.is(answer.status, 200);
  const [{ reference, matches }] = answer.body.matches;
  assert.equal(reference, { id: 'r0', type: 'sdk_descriptor' });
  assert.equal(
    matches.map((m: { candidate: { id: string }; status: boolean }) => [m.candidate.id, m.status]),
    [
      ['c0', false],
      ['c1', true],
    ],
  );
  for (const [candidate, code] of [
    [{ type: 'sdk_descriptor', data: sdk(1, 59) }, 12036],
    [{ type: 'sdk_descriptor', data: 'AAAA' }, 12038],
    [{ type: 'xpk_file', data: 'AAAA' }, 12026],
    [{ type: 'nonsense', data: 'AAAA' }, 12022],
  ] as const) {
    const refused = await call('POST', `/verifiers/${verifierId}/raw`, { body: { ...body, candidates: [candidate] } });
    assert.is(refused.body.error_code, code, JSON.stringify(candidate));
  }
});

verifiers.run();
