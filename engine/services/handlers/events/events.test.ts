import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, startOfTest } from '../../route-bench.ts';
import { eventCalls, faceOf, fakeJpeg, openHandlersBench } from '../handlers-bench.ts';

const kernels = await prepareKernels({ outDir: 'dist' });
const bench = await openHandlersBench(kernels);
const { call, storage } = bench;

const { jpeg, makeHandler, send, form } = eventCalls(bench);
const countEvents = (): Promise<number> => storage.events.count([]);

const events = suite('event generation');
events.after(() => bench.close());

events('a picture with one face becomes one event with all members of LP5', async () => {
  const handlerId = await makeHandler({ detect_policy: { estimate_head_pose: 1, estimate_quality: 1 } });
  const query =
    '?external_id=17&user_data=Ann&source=gate-1&tags=a,b&track_id=t1&city=Bonn&longitude=7.1&latitude=50.7';
  const answer = await send(handlerId, 'ann', query);
  assert.is(answer.status, 201, JSON.stringify(answer.body));
  const [event] = answer.body.events;
  assert.is(answer.body.events.length, 1);
  assert.equal(answer.body.images, [
    {
      filename: 'raw image',
      status: 1,
      error: { error_code: 0, desc: 'Success', detail: 'Success', link: '/docs/errors/0' },
      exif: null,
    },
  ]);
  assert.equal(answer.body.filtered_detections, { face_detections: [], body_detections: [] });
  const sampleId = event.detections[0].samples.face.sample_id;
  assert.equal(event, {
    event_id: event.event_id,
    url: `/6/events/${event.event_id}`,
    external_id: '17',
    user_data: 'Ann',
    source: 'gate-1',
    tags: ['a', 'b'],
    track_id: 't1',
    meta: null,
    location: {
      city: 'Bonn',
      area: null,
      district: null,
      street: null,
      house_number: null,
      geo_position: { longitude: 7.1, latitude: 50.7 },
    },
    face: null,
    face_attributes: { attribute_id: null, url: null, score: 0.9, samples: [sampleId], basic_attributes: null },
    body_attributes: null,
    matches: [],
    detections: [
      {
        filename: 'raw image',
        detect_time: new Date(startOfTest).toISOString(),
        detect_ts: null,
        image_origin: null,
        samples: {
          face: {
            sample_id: sampleId,
            url: `/6/samples/faces/${sampleId}`,
            detection: {
              rect: { x: 100, y: 80, width: 160, height: 200 },
              landmarks5: faceOf(1).landmarks5,
              landmarks68: null,
              quality: { light: 1, dark: 0.9, blurriness: 0.8, illumination: 0.7, specularity: 0.6 },
              face_quality: null,
              attributes: {
                head_pose: { yaw: 2, pitch: -3, roll: 1 },
                gaze: null,
                eyes_attributes: null,
                mouth_attributes: null,
                emotions: null,
                mask: null,
                glasses: null,
                liveness: null,
                deepfake: null,
                face_occlusion: null,
              },
            },
          },
          body: null,
        },
      },
    ],
    aggregate_estimations: {
      face: { attributes: { mask: null, emotions: null, liveness: null } },
      body: { attributes: { basic_attributes: null, upper_body: null, accessories: null } },
    },
  });
  const sample = await call('GET', `/samples/faces/${sampleId}`);
  assert.equal(Buffer.from(sample.bytes).toString('latin1'), Buffer.from(fakeJpeg('warp of 1')).toString('latin1'));
  const stored = storage.events.findById(event.event_id, accountA);
  assert.is(stored?.handler_id, handlerId);
  assert.is(stored?.city, 'Bonn');
  assert.equal(stored?.document.tags, ['a', 'b']);
  assert.is(storage.events.descriptorsOf(stored?.event_key ?? 0).length, 1);
  const message = JSON.parse(storage.outbox.peek(1000).at(-1)?.payload ?? '{}');
  assert.is(message.event_id, event.event_id);
  assert.is(message.event_type, 'unknown');
  assert.equal(message.bbox, [100, 80, 160, 200]);
});

events('no face is no event, and thirty faces are thirty', async () => {
  const handlerId = await makeHandler({});
  const before = await countEvents();
  const none = await send(handlerId, 'nobody');
  assert.is(none.status, 201);
  assert.equal(none.body.events, []);
  assert.is(await countEvents(), before);
  const many = await send(handlerId, 'thirty');
  assert.is(many.body.events.length, 30);
  assert.is(await countEvents(), before + 30);
});

events('multiface_policy: 0 refuses the picture, 2 takes the best face', async () => {
  const none = await send(await makeHandler({ detect_policy: { multiface_policy: 0 } }), 'both');
  assert.is(none.status, 201);
  assert.is(none.body.images[0].status, 0);
  assert.is(none.body.images[0].error.error_code, 11038);
  const best = await send(await makeHandler({ detect_policy: { multiface_policy: 2 } }), 'both');
  assert.is(best.body.events.length, 1);
});

events('a face that is turned too far is filtered, with the reason', async () => {
  const handlerId = await makeHandler({ detect_policy: { yaw_threshold: 40 } });
  const { body } = await send(handlerId, 'turned');
  assert.equal(body.events, []);
  const [filtered] = body.filtered_detections.face_detections;
  assert.is(filtered.filename, 'raw image');
  assert.equal(filtered.filter_reasons, [{ filter_name: 'yaw_threshold', object_value: 62.1, threshold_value: 40 }]);
  assert.equal(filtered.detection.sample.detection.rect, { x: 100, y: 80, width: 160, height: 200 });
});

events('liveness that nothing can tell is unknown, never real, and can be filtered', async () => {
  const asked = await send(await makeHandler({ detect_policy: { estimate_liveness: { estimate: 1 } } }), 'ann');
  const unknown = { prediction: 'unknown', estimations: { probability: null, quality: null } };
  assert.equal(asked.body.events[0].detections[0].samples.face.detection.attributes.liveness, unknown);
  assert.equal(asked.body.events[0].aggregate_estimations.face.attributes.liveness, unknown);
  const only = await send(await makeHandler({ detect_policy: { liveness_states: [1] } }), 'ann');
  assert.equal(only.body.events, []);
  assert.equal(only.body.filtered_detections.face_detections[0].filter_reasons, [
    { filter_name: 'liveness_states', object_value: 'unknown', threshold_value: [1] },
  ]);
});

events('a low score and a failed quality check are reasons too', async () => {
  const score = await send(await makeHandler({ extract_policy: { fd_score_threshold: 0.95 } }), 'ann');
  assert.equal(score.body.filtered_detections.face_detections[0].filter_reasons, [
    { filter_name: 'fd_score_threshold', object_value: 0.9, threshold_value: 0.95 },
  ]);
  const face_quality = { estimate: 1, filter: 1, checks: { head_yaw: { threshold: { max: 1 } }, face_width: {} } };
  const quality = await send(await makeHandler({ detect_policy: { face_quality } }), 'ann');
  const [filtered] = quality.body.filtered_detections.face_detections;
  assert.is(filtered.filter_reasons[0].filter_name, 'face_quality');
  assert.equal(filtered.detection.sample.detection.face_quality, {
    status: 0,
    checks: [
      { name: 'head_yaw', object_value: 2, threshold_value: { max: 1 }, result: 0 },
      { name: 'face_width', object_value: 160, threshold_value: { min: 180 }, result: 0 },
    ],
  });
});

events('pictures of one person become one event', async () => {
  const handlerId = await makeHandler({
    detect_policy: { multiface_policy: 2, estimate_emotions: 1 },
    extract_policy: { extract_basic_attributes: 1 },
  });
  const body = () =>
    form(
      ['1', fakeJpeg('ann'), 'image/jpeg', '1.jpg'],
      ['2', fakeJpeg('ann again'), 'image/jpeg', '2.jpg'],
      ['3', fakeJpeg('ann'), 'image/jpeg', '3.jpg'],
    );
  const path = `/handlers/${handlerId}/events?aggregate_attributes=1`;
  const answer = (await call('POST', path, { body: body() })).body;
  assert.is(answer.events.length, 1);
  const [event] = answer.events;
  assert.is(event.detections.length, 3);
  assert.is(event.face_attributes.samples.length, 3);
  assert.is(event.face_attributes.basic_attributes.age, 31);
  assert.is(event.aggregate_estimations.face.attributes.emotions.predominant_emotion, 'happiness');
  const crowd = await makeHandler({});
  const refused = await call('POST', `/handlers/${crowd}/events?aggregate_attributes=1`, {
    body: fakeJpeg('both'),
    headers: jpeg,
  });
  assert.is(refused.status, 400);
  assert.is(refused.body.error_code, 11038);
  assert.match(refused.body.detail, /'raw image' \(100,80 160x200; 0,0 60x70\)/);
});

events.run();
