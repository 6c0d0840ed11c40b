/** LUNA ID for Android and iOS: the members that its model classes declare, of the kinds they parse. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApplianceInProcess } from '../openapi/appliance-in-process.ts';
import { readFlowPictures } from '../openapi/flows/pictures.ts';
import { makeOneOfEach } from './one-of-each.ts';
import { assertReadable, basic, perImage, rect, within } from './shape.ts';

const appliance = await openApplianceInProcess();
const pictures = await readFlowPictures();
const owner = await makeOneOfEach(appliance, pictures, 'owner@site.com');
const { call, ids } = owner;

const clients = suite('LUNA ID');
clients.after(() => appliance.close());

clients(
  'LUNA ID for Android, handlers and events: policies come back, generated events have every model member',
  async () => {
    const policies = {
      detect_policy: { multiface_policy: 1, estimate_emotions: 1, estimate_quality: 1, estimate_head_pose: 1 },
      extract_policy: { extract_basic_attributes: 1 },
      match_policy: [{ label: 'all', candidates: { origin: 'faces' }, threshold: 0, limit: 3 }],
      storage_policy: {
        attribute_policy: { store_attribute: 1 },
        face_policy: { store_face: 1, link_to_lists_policy: [{ list_id: ids['list_id'] }] },
        event_policy: { store_event: 1, wait_saving: 1 },
        notification_policy: { send_notification: 1 },
      },
    };
    const made = await call('POST', '/6/handlers', { description: 'android', policies });
    assertReadable('handler', made.body, ['handler_id uuid']);
    const handler = await call('GET', `/6/handlers/${made.body.handler_id}`);
    assertReadable('handler', handler.body, [
      'handler_id uuid',
      'account_id uuid',
      'description string',
      'is_dynamic boolean',
      'policies object',
      'create_time time',
      'last_update_time time',
    ]);
    assert.equal(handler.body.policies, policies);
    const { status, body } = await call('POST', `/6/handlers/${made.body.handler_id}/events?tags=a`, pictures.photo);
    assert.is(status, 201);
    assertReadable('generated events', body, [
      ...perImage,
      'images[].exif object|null',
      ...within(
        'events[].',
        `event_id uuid, url string, external_id string, user_data string, source string|null, tags array,
      track_id string|null, body_attributes null`,
      ),
      ...within(
        'events[].location.',
        `city string|null, area string|null, district string|null, street string|null,
      house_number string|null, geo_position object|null`,
      ),
      ...within(
        'events[].face.',
        `face_id uuid, url string, event_id uuid, lists array, external_id string, user_data string,
      avatar string`,
      ),
      ...within('events[].face_attributes.', `attribute_id uuid, url string, score number, samples array`),
      ...basic('events[].face_attributes.basic_attributes'),
      ...within('events[].matches[].', `label string, candidates[].similarity number, candidates[].face.face_id uuid`),
      ...within(
        'events[].detections[].',
        `filename string, detect_time time, detect_ts number|null, image_origin string|null,
      samples.body null, samples.face.sample_id uuid, samples.face.url string,
      samples.face.detection.landmarks5 array, samples.face.detection.landmarks68 array|null,
      samples.face.detection.face_quality object|null`,
      ),
      ...rect('events[].detections[].samples.face.detection'),
      ...within(
        'events[].detections[].samples.face.detection.quality.',
        `light number, dark number, blurriness number, illumination number, specularity number`,
      ),
      ...within(
        'events[].detections[].samples.face.detection.attributes.',
        `head_pose.yaw number, head_pose.pitch number, head_pose.roll number,
      emotions.predominant_emotion string, emotions.estimations.neutral number, gaze object|null,
      mouth_attributes object|null, eyes_attributes object|null, mask object|null, liveness object|null`,
      ),
      ...within(
        'events[].aggregate_estimations.',
        `face.attributes.emotions object|null, face.attributes.mask object|null,
      face.attributes.liveness object|null, body.attributes.basic_attributes null,
      body.attributes.upper_body null, body.attributes.accessories null`,
      ),
      'filtered_detections.face_detections array',
      'filtered_detections.body_detections array',
    ]);
  },
);

clients('LUNA ID for Android, stored events', async () => {
  const raw = {
    tags: ['b'],
    matches: [{ label: 'x', candidates: [{ face: { face_id: ids['face_id'] }, similarity: 0.5 }] }],
  };
  assert.is((await call('POST', `/6/handlers/${ids['handler_id']}/events/raw`, [raw])).status, 201);
  const { body } = await call('GET', '/6/events?tags=first');
  assertReadable('events', body, [
    ...within(
      'events[].',
      `event_id uuid, account_id uuid, handler_id uuid, create_time time, end_time time, external_id string,
      user_data string, source string|null, track_id string|null, tags array, face_id uuid|null,
      attach_result array, match_result array, gender int|null, age int|null, emotion int|null,
      ethnic_group int|null, mask int|null, liveness int|null, top_match object|null, location object,
      body_detections array, body_basic_attributes object|null, upper_body null, accessories null`,
    ),
    ...within(
      'events[].face_detections[].',
      `sample_id uuid, detect_time time, detect_ts number|null, image_origin string|null`,
    ),
    ...rect('events[].face_detections[].detection'),
  ]);
  const matched = await call('GET', '/6/events?tags=b');
  assertReadable('matched', matched.body, [
    'events[].match_result[].label string',
    'events[].match_result[].candidates[].similarity number',
  ]);
});

clients('LUNA ID for Android, verification: status is a boolean', async () => {
  const { status, body } = await call(
    'POST',
    `/6/verifiers/${ids['verifier_id']}/verifications?face_ids=${ids['face_id']}`,
    pictures.photo,
  );
  assert.is(status, 200);
  const detection = 'images[].detections.face_detections[].';
  assertReadable('verifications', body, [
    ...perImage,
    ...within(
      `${detection}verifications[].`,
      `status boolean, similarity number, face.face_id uuid, face.user_data string, face.external_id string,
      face.create_time time, face.lists array`,
    ),
    ...within(
      `${detection}face_attributes.`,
      `attribute_id uuid|null, score number, basic_attributes object|null, samples array`,
    ),
    ...rect(`${detection}sample.detection`),
    `${detection}sample.sample_id uuid|null`,
    `${detection}sample.detection.attributes object`,
    'filtered_detections.face_detections array',
  ]);
});

clients(
  'LUNA ID for Android and iOS, liveness: the prediction is an integer, the aggregate comes on request',
  async () => {
    const one = await call('POST', '/6/liveness', pictures.photo);
    assertReadable('liveness', one.body, [
      ...perImage,
      'images[].liveness.prediction int',
      'images[].liveness.estimations object',
      'aggregate_estimations null',
    ]);
    assertReadable(
      'estimations',
      one.body,
      within('images[].liveness.estimations.', `probability number|null, quality number|null`),
    );
    const form = new FormData();
    form.append('one', new Blob([pictures.photo], { type: 'image/jpeg' }), 'one.jpg');
    form.append('two', new Blob([pictures.photo], { type: 'image/jpeg' }), 'two.jpg');
    const both = await call('POST', '/6/liveness?aggregate=1', form);
    assertReadable('liveness', both.body, ['aggregate_estimations.liveness.prediction int']);
    const policies = { detect_policy: { estimate_liveness: { estimate: 1 } } };
    const { handler_id } = (await call('POST', '/6/handlers', { policies })).body;
    const event = await call('POST', `/6/handlers/${handler_id}/events`, pictures.photo);
    assertReadable('event', event.body, [
      'events[].detections[].samples.face.detection.attributes.liveness.prediction string',
    ]);
  },
);

clients('the LUNA ID example app: a warp as an event, a photo verified with headers of its own', async () => {
  const event = await call('POST', `/6/handlers/${ids['handler_id']}/events?image_type=1`, pictures.faceWarp);
  assert.is(event.status, 201);
  assertReadable('event', event.body, ['events array', ...perImage]);
  const target = `/6/verifiers/${ids['verifier_id']}/verifications?face_ids=${ids['face_id']}`;
  const verified = await call('POST', target, pictures.photo, { 'X-Auth-Token': 'secret_token1' });
  assert.is(verified.status, 200);
  assertReadable('verification', verified.body, ['images[].detections.face_detections[].verifications array']);
});

clients('the LUNA ID example app: a descriptor that the phone made is refused', async () => {
  const phones = new Uint8Array(8 + 512);
  phones.set([0x64, 0x70, 0, 0, 59]);
  const headers = { 'Content-Type': 'application/x-sdk-descriptor' };
  const verifications = `/6/verifiers/${ids['verifier_id']}/verifications?face_ids=${ids['face_id']}`;
  for (const [target, code] of [
    [verifications, 12017],
    [`/6/handlers/${ids['handler_id']}/events`, 12036],
  ] as const) {
    const { status, body } = await call('POST', target, phones, headers);
    assert.equal([status, body.error_code], [400, code], target);
  }
  const data = Buffer.from(phones).toString('base64');
  const reference = { id: 'phone', type: 'sdk_descriptor', data };
  const raw = await call('POST', '/6/matcher/raw', { references: [reference], candidates: [reference] });
  assert.equal([raw.status, raw.body.error_code], [400, 12036], 'it is known as one of VisionLabs');
});

clients.run();
