import { unpack } from 'msgpackr';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faceCheckNames } from '#domain/face/face-checks';
import { lunaError } from '#kernel/errors';
import { faceOf } from '../../handlers/handlers-bench.ts';
import { accountB, callerOfAccount } from '../../route-bench.ts';
import { openOneShotsBench } from './one-shots-bench.ts';

let diskIsFull = false;
let rowsFail = false;
const bench = openOneShotsBench((store) => {
  let staged = 0;
  return {
    ...store,
    stage: async (...args) => {
      staged += 1;
      if (diskIsFull && staged % 2 === 0) throw lunaError('StorageFull');
      return store.stage(...args);
    },
    commit(image) {
      if (rowsFail) throw lunaError('StorageFull');
      store.commit(image);
    },
  };
});
const { call, storage, inference, post } = bench;
inference.put('warp of 1', faceOf(1));
const files = async (): Promise<number> => {
  let count = 0;
  for await (const _ of storage.files.list('visionlabs-samples')) count += 1;
  return count;
};

const shots = suite('one-shots');
shots.after(() => bench.close());

shots('the detector stores a sample per face, and none is no error', async () => {
  for (const [word, faces] of [
    ['ann', 1],
    ['both', 2],
    ['nobody', 0],
  ] as const) {
    const { status, body } = await post('/detector', word);
    assert.is(status, 201);
    assert.is(body.images[0].status, 1);
    assert.is(body.images[0].detections.samples.length, faces, word);
    for (const { face } of body.images[0].detections.samples) {
      assert.is((await call('GET', face.url.replace('/6', ''))).headers.get('content-type'), 'image/jpeg');
      assert.is((await call('GET', face.url.replace('/6', ''), { caller: callerOfAccount(accountB) })).status, 404);
    }
  }
});

shots('several faces: an error of the picture, or the best one', async () => {
  const none = (await post('/detector?multiface_policy=0', 'both')).body.images[0];
  assert.equal([none.status, none.error.error_code], [0, 11038]);
  assert.is((await post('/detector?multiface_policy=2', 'both')).body.images[0].detections.samples.length, 1);
});

shots('turned faces are filtered with the reason, and no sample of them is stored', async () => {
  const before = await files();
  const { detections } = (await post('/detector?yaw_threshold=40', 'turned')).body.images[0];
  assert.equal(detections.samples, []);
  const [{ filter_reasons }] = detections.filtered_detections.face_detections;
  assert.equal(filter_reasons, [{ filter_name: 'yaw_threshold', object_value: 62.1, threshold_value: 40 }]);
  assert.is(await files(), before);
});

shots('only what is asked for is estimated', async () => {
  const bare = (await post('/sdk', 'ann')).body.images_estimations[0].estimations[0].face;
  assert.equal(bare.attributes, bare.detection.attributes);
  for (const value of Object.values(bare.attributes)) assert.is(value, null);
  const asked = await post('/sdk?estimate_head_pose=1&estimate_basic_attributes=true', 'ann');
  const { attributes } = asked.body.images_estimations[0].estimations[0].face;
  assert.equal(attributes.head_pose, { yaw: 2, pitch: -3, roll: 1 });
  assert.equal(attributes.basic_attributes, { age: 31, gender: 1, ethnicities: null });
});

shots('descriptors are base64 in JSON and bytes in msgpack, warps come when asked for', async () => {
  const path = '/sdk?estimate_face_descriptor=1&estimate_face_warp=1';
  const json = (await post(path, 'ann')).body.images_estimations[0].estimations[0].face.detection;
  const packed = await post(path, 'ann', { Accept: 'application/msgpack' });
  const bytes = unpack(packed.bytes).images_estimations[0].estimations[0].face.detection;
  assert.match(json.attributes.descriptor.sdk_descriptor, /^ZHAAA/);
  const container = Buffer.from(bytes.attributes.descriptor.sdk_descriptor);
  assert.is(container.toString('base64'), json.attributes.descriptor.sdk_descriptor);
  assert.is(Buffer.from(json.warp, 'base64').toString('latin1'), Buffer.from(bytes.warp).toString('latin1'));
});

shots('aggregated estimates come on request, each by its switch, and want one face per picture', async () => {
  const wholeOf = async (query: string) =>
    (await post(`/sdk?estimate_face_descriptor=1&estimate_basic_attributes=1&estimate_emotions=1${query}`, 'ann')).body
      .aggregate_estimations.face.attributes;
  const nothing = { descriptor: null, basic_attributes: null, emotions: null, liveness: null, mask: null };
  assert.equal(await wholeOf(''), nothing);
  const { descriptor, ...others } = await wholeOf('&aggregate_face_descriptor=1');
  assert.match(descriptor.sdk_descriptor, /^ZHAAA/);
  assert.equal({ ...others, descriptor: null }, nothing);
  const attributes = await wholeOf('&aggregate_attributes=1');
  assert.equal([attributes.descriptor, attributes.basic_attributes.age], [null, 31]);
  assert.is(attributes.emotions.predominant_emotion, 'happiness');
  assert.is((await post('/sdk?aggregate_attributes=1', 'both')).body.error_code, 11038);
});

shots('what nothing here can estimate is null, beside what can be', async () => {
  const names = [
    'estimate_mask',
    'estimate_glasses',
    'estimate_face_occlusion',
    'estimate_deepfake',
    'estimate_body_descriptor',
    'estimate_body_warp',
    'estimate_body_basic_attributes',
    'estimate_upper_body',
    'estimate_lower_body',
    'estimate_accessories',
    'aggregate_body_descriptor',
    'estimate_people_count',
    'people_count_coordinates',
    'estimate_image_modification',
  ];
  const query = `estimate_head_pose=1&${names.map((name) => `${name}=1`).join('&')}`;
  const [estimated] = (await post(`/sdk?${query}`, 'ann')).body.images_estimations;
  assert.equal(estimated.image_estimations, { exif: null, people: null, image_modification: null });
  const [{ face, body }] = estimated.estimations;
  const { head_pose, mask, glasses, face_occlusion, deepfake } = face.attributes;
  assert.equal([mask, glasses, face_occlusion, deepfake, body], [null, null, null, null, null]);
  assert.ok(head_pose);
  const [detected] = (await post(`/detector?${query}`, 'ann')).body.images;
  assert.equal(detected.detections.samples[0].face.detection.attributes.head_pose, head_pose);
  for (const name of names) assert.is((await post(`/sdk?${name}=2`, 'ann')).body.error_code, 12012, name);
});

shots('what would be answered wrongly is refused by name', async () => {
  for (const [query, feature] of [
    ['detect_body=1', 'detect_body'],
    ['mask_states=1', 'mask_states'],
    ['image_type=2', 'image_type 2'],
  ] as const) {
    for (const path of ['/sdk', '/detector']) {
      const { status, body } = await post(`${path}?${query}`, 'ann');
      assert.equal([status, body.error_code], [403, 11044], `${path} ${query}`);
      assert.match(body.detail, feature);
    }
  }
  for (const query of ['detect_body=0', 'mask_states=1,2,3'])
    assert.is((await post(`/sdk?${query}`, 'ann')).status, 200);
  assert.is((await post('/sdk?estimate_quality=7', 'ann')).body.error_code, 12012);
});

shots('liveness without a network is unknown', async () => {
  const { attributes } = (await post('/sdk?estimate_liveness=1', 'ann')).body.images_estimations[0].estimations[0].face;
  assert.equal(attributes.liveness, { prediction: 'unknown', estimations: { probability: null, quality: null } });
});

shots('face quality runs every check there is', async () => {
  const { face_quality } = (await post('/detector?estimate_face_quality=1', 'ann')).body.images[0].detections.samples[0]
    .face.detection;
  assert.equal(
    face_quality.checks.map(({ name }: { name: string }) => name),
    faceCheckNames,
  );
  assert.is(face_quality.status, 0);
});

shots('a portrait is looked at for face quality and iso, and for nothing else', async () => {
  for (const [path, portrait] of [
    ['/detector', false],
    ['/sdk?estimate_quality=1&estimate_eyes_attributes=1', false],
    ['/sdk?estimate_face_quality=1', true],
    ['/iso', true],
  ] as const) {
    await post(path, 'ann');
    assert.is(inference.asked.at(-1)?.portrait, portrait, path);
  }
});

shots('iso tells each check and the AND of them, and stores nothing', async () => {
  const before = await files();
  const { status, body } = await post('/iso', 'ann');
  assert.is(status, 200);
  const { rect, iso } = body.images[0].estimations[0].face.detection;
  assert.equal(rect, { x: 100, y: 80, width: 160, height: 200 });
  const yaw = iso.checks.find(({ name }: { name: string }) => name === 'head_yaw');
  assert.equal(yaw, { name: 'head_yaw', object_value: 2, threshold_value: { min: -5, max: 5 }, result: 1 });
  const light = iso.checks.find(({ name }: { name: string }) => name === 'natural_light');
  assert.equal(light, { name: 'natural_light', object_value: 1, threshold_value: [1], result: 1 });
  const eyes = iso.checks.find(({ name }: { name: string }) => name === 'red_eyes');
  assert.equal(eyes, { name: 'red_eyes', object_value: null, threshold_value: [0], result: 0 });
  const results: { result: number }[] = iso.checks;
  assert.is(iso.status, results.every(({ result }) => result === 1) ? 1 : 0);
  assert.is(await files(), before);
});

shots('samples become attributes for their time to live', async () => {
  const sample = (await post('/detector', 'ann')).body.images[0].detections.samples[0].face.sample_id;
  const { status, body } = await call('POST', '/extractor?extract_basic_attributes=1&ttl=10', { body: [sample] });
  assert.is(status, 201);
  assert.equal(
    body.map(({ samples }: { samples: string[] }) => samples),
    [[sample]],
    'an array, also of one',
  );
  assert.is(inference.asked.at(-1)?.imageType, 'face_warp');
  const url = body[0].url.replace('/6', '');
  assert.is((await call('GET', url)).status, 200);
  bench.clock.advance(10_001);
  assert.is((await call('GET', url)).body.error_code, 22011);
  const unknown = await call('POST', '/extractor', { body: ['11111111-1111-4111-8111-111111111111'] });
  assert.is(unknown.body.error_code, 13003);
  assert.is((await call('POST', '/extractor?extract_descriptor=0', { body: [sample] })).body.error_code, 12016);
  assert.is((await call('POST', '/extractor', { body: [] })).body.error_code, 12022);
});

shots('a picture that is none is the answer when it is alone', async () => {
  for (const path of ['/sdk', '/detector', '/iso']) {
    const { status, body } = await post(path, 'broken');
    assert.equal([status, body.error_code], [400, 18002], path);
  }
});

shots('when a sample cannot be written, none of the request is left', async () => {
  const before = [await files(), storage.images.usage()];
  diskIsFull = true;
  const { status } = await post('/detector', 'thirty');
  diskIsFull = false;
  assert.is(status, 507);
  assert.equal([await files(), storage.images.usage()], before);
  assert.is((await post('/detector', 'both')).status, 201);
});

shots('when the rows cannot be written, the samples are taken away again', async () => {
  const before = await files();
  rowsFail = true;
  const { status } = await post('/detector', 'thirty');
  rowsFail = false;
  assert.is(status, 507);
  assert.is(await files(), before);
});

shots('many faces: every one has the sample that was made of it', async () => {
  const { samples } = (await post('/detector', 'thirty')).body.images[0].detections;
  assert.is(samples.length, 30);
  assert.is(new Set(samples.map((sample: { face: { sample_id: string } }) => sample.face.sample_id)).size, 30);
  for (const [i, { face }] of samples.entries()) {
    const { bytes } = await call('GET', face.url.replace('/6', ''));
    assert.match(Buffer.from(bytes).toString('latin1'), new RegExp(`warp of ${i + 10}$`));
  }
});

shots.run();
