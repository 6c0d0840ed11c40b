/** The public clients of LP5 whose code could be read: the members they read, of the kinds they parse. */
import sharp from 'sharp';
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

const clients = suite('public clients');
clients.after(() => appliance.close());

clients('the bot: /sdk, /iso and /matcher/raw', async () => {
  const query =
    'detect_face=1&estimate_head_pose=1&estimate_emotions=1&estimate_eyes_attributes=1&estimate_mouth_attributes=1&estimate_quality=1&estimate_basic_attributes=1&estimate_face_descriptor=1&estimate_face_warp=1&detect_landmarks5=1';
  const sdk = await call('POST', `/6/sdk?${query}`, pictures.photo);
  assert.is(sdk.status, 200);
  const estimation = 'images_estimations[].estimations[].face.';
  assertReadable('sdk', sdk.body, [
    ...within(
      'images_estimations[].',
      `filename string, status int, error.error_code int, image_estimations object, estimations[].body null`,
    ),
    ...rect(`${estimation}detection`),
    `${estimation}detection.warp string`,
    `${estimation}detection.quality.blurriness number`,
    // One client reads the attributes here, another one below the detection.
    ...['attributes', 'detection.attributes'].flatMap((place) => [
      ...within(
        `${estimation}${place}.`,
        `descriptor.sdk_descriptor string, descriptor.score number, head_pose.yaw number,
      emotions.predominant_emotion string, eyes_attributes.left_eye.state string,
      mouth_attributes.score number`,
      ),
      ...basic(`${estimation}${place}.basic_attributes`),
    ]),
  ]);
  const data: string =
    sdk.body.images_estimations[0].estimations[0].face.detection.attributes.descriptor.sdk_descriptor;
  const reference = { id: 'a', type: 'sdk_descriptor', data };
  const raw = await call('POST', '/6/matcher/raw', {
    references: [reference],
    candidates: [{ ...reference, id: 'b' }],
  });
  assertReadable('matcher/raw', raw.body, [
    'matches[].reference.id string',
    'matches[].reference.type string',
    'matches[].matches[].candidate.id string',
    'matches[].matches[].similarity number',
  ]);
  assert.ok(raw.body.matches[0].matches[0].similarity > 0.99);
  const iso = await call('POST', '/6/iso?multiface_policy=1', pictures.photo);
  const detection = 'images[].estimations[].face.detection';
  assertReadable('iso', iso.body, [
    ...perImage,
    ...rect(detection),
    `${detection}.iso.status int`,
    ...within(
      `${detection}.iso.checks[].`,
      `name string, object_value number|string|null, threshold_value object|array, result int`,
    ),
  ]);
});

clients('the console: Basic and account header together, events by filters, lists, handlers, samples', async () => {
  const headers = { 'Luna-Account-Id': owner.accountId };
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const filters = [
    `handler_ids=${ids['handler_id']}`,
    `create_time__gte=${since}&create_time__lt=${new Date(Date.now() + 3_600_000).toISOString()}`,
    'sources=gate&tags=first&order=desc&page=1&page_size=100',
    'top_similar_object_similarity__lt=1',
    'cities=null&areas=null',
  ];
  for (const filter of filters) {
    const { status, body } = await call('GET', `/6/events?${filter}`, undefined, headers);
    assert.is(status, 200, `${filter}: ${JSON.stringify(body)}`);
    assertReadable(filter, body, ['events array']);
  }
  const found = await call('GET', `/6/events?${filters.slice(0, 3).join('&')}`, undefined, headers);
  assert.equal(
    found.body.events.map(({ event_id }: { event_id: string }) => event_id),
    [ids['event_id']],
  );
  assertReadable(
    'lists',
    (await call('GET', '/6/lists?page_size=100', undefined, headers)).body,
    within('lists[].', `list_id uuid, account_id uuid, user_data string, create_time time, last_update_time time`),
  );
  assertReadable(
    'handlers',
    (await call('GET', '/6/handlers', undefined, headers)).body,
    within('handlers[].', `handler_id uuid, description string, policies object`),
  );
  const sample = await appliance.send(`/6/samples/faces/${ids['sample_id']}`, {
    headers: { ...owner.credentials, ...headers },
  });
  assert.is(sample.headers.get('content-type'), 'image/jpeg');
  const { width, height } = await sharp(Buffer.from(await sample.arrayBuffer())).metadata();
  assert.equal([width, height], [250, 250]);
});

clients('the Kotlin service: faces, extractor and matcher', async () => {
  const extracted = await call('POST', '/6/extractor?extract_basic_attributes=1', [ids['sample_id']]);
  assert.is(extracted.status, 201);
  const attribute = [
    'attribute_id uuid',
    'url string',
    'external_url string',
    'score number',
    'samples array',
    ...basic('basic_attributes'),
  ];
  // It declares the members of a single attribute at the top; the wrapper is LP5's.
  assertReadable('extractor', extracted.body, [
    ...attribute,
    ...within('attributes[].', attribute.join()),
    'filtered_samples object',
  ]);
  const { attribute_id } = extracted.body;
  const made = await call('POST', '/6/faces', {
    attribute: { attribute_id },
    external_id: 'k-1',
    user_data: 'Kim',
    lists: [ids['list_id']],
  });
  assert.is(made.status, 201);
  assertReadable('face', made.body, ['face_id uuid', 'url string', 'external_url string']);
  const face = [
    'face_id uuid',
    'account_id uuid',
    'event_id uuid|null',
    'user_data string',
    'create_time time',
    'external_id string',
    'avatar string',
    'lists array',
  ];
  const listed = await call('GET', `/6/faces?external_ids=k-1&face_ids=${made.body.face_id}`);
  assertReadable('faces', listed.body, within('faces[].', face.join()));
  assert.equal(Object.keys(listed.body.faces[0]).sort(), face.map((line) => line.split(' ')[0]).sort());
  assertReadable('count', (await call('GET', '/6/faces/count?external_ids=k-1&targets=face_id')).body, [
    'faces_count int',
  ]);
  assert.is((await call('PATCH', `/6/faces/${made.body.face_id}`, { user_data: 'Kim L' })).status, 204);
  const request = {
    references: [{ type: 'face', id: made.body.face_id }],
    candidates: [{ filters: { origin: 'faces', list_id: ids['list_id'] }, limit: 5, threshold: 0.7 }],
  };
  const { body } = await call('POST', '/6/matcher/faces', request);
  assertReadable('matcher', body, [
    '[].reference.type string',
    '[].reference.id uuid',
    '[].matches[].filters.origin string',
    '[].matches[].result[].similarity number',
    ...within('[].matches[].result[].face.', face.join()),
  ]);
});

clients('the Java service: filtered detections tell their reasons', async () => {
  const policies = { detect_policy: { yaw_threshold: 0, pitch_threshold: 0, roll_threshold: 0, estimate_quality: 1 } };
  const { handler_id } = (await call('POST', '/6/handlers', { policies })).body;
  const { body } = await call('POST', `/6/handlers/${handler_id}/events`, pictures.photo);
  assert.equal(body.events, []);
  assertReadable('filtered', body, [
    ...within(
      'filtered_detections.face_detections[].',
      `filename string, detection.sample.detection.quality.light number,
      filter_reasons[].filter_name string, filter_reasons[].object_value number,
      filter_reasons[].threshold_value number`,
    ),
    ...rect('filtered_detections.face_detections[].detection.sample.detection'),
  ]);
});

clients('the detector scripts: a multipart with bounding boxes by file name', async () => {
  const { width = 0, height = 0 } = await sharp(pictures.photo).metadata();
  const form = new FormData();
  const boxes = [{ filename: 'a.jpg', face_bounding_boxes: [{ x: 0, y: 0, width, height }] }];
  form.append('image', new Blob([pictures.photo], { type: 'image/jpeg' }), 'a.jpg');
  form.append('face_bounding_boxes', new Blob([JSON.stringify(boxes)], { type: 'application/json' }));
  const { status, body } = await call('POST', '/6/detector?estimate_head_pose=1', form);
  assert.is(status, 201, JSON.stringify(body));
  assertReadable('detector', body, [
    ...perImage,
    ...within(
      'images[].detections.samples[].face.',
      `sample_id uuid, url string, detection.landmarks5 array, detection.attributes.head_pose.yaw number`,
    ),
    ...rect('images[].detections.samples[].face.detection'),
    'images[].detections.samples[].body null',
  ]);
  assert.is(body.images[0].filename, 'a.jpg');
});

clients.run();
