import { unpack } from 'msgpackr';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA } from '../../route-bench.ts';
import { eventCalls, faceOf, fakeJpeg, openHandlersBench } from '../handlers-bench.ts';

const kernels = await prepareKernels({ outDir: 'dist' });
const bench = await openHandlersBench(kernels);
const { call, storage, inference } = bench;

const { jpeg, makeHandler, send, form } = eventCalls(bench);

const events = suite('how pictures become events');
events.after(() => bench.close());

events('the ways to send a picture give the same event', async () => {
  const handlerId = await makeHandler({});
  const shape = (body: unknown): string =>
    JSON.stringify(body, (name, value) =>
      /(_id|url|filename|samples|image_origin)$/.test(name) && typeof value !== 'object' ? 0 : value,
    ).replace(/"samples":\["[^"]*"\]/g, '');
  const path = `/handlers/${handlerId}/events`;
  const picture = fakeJpeg('ann');
  const base64 = Buffer.from(picture).toString('base64');
  const stored = (await call('POST', path, { body: picture, headers: jpeg })).body;
  const image = storage.images;
  assert.ok(image);
  const answers = await Promise.all([
    call('POST', path, { body: base64, headers: { 'Content-Type': 'image/x-jpeg-base64' } }),
    call('POST', path, { body: form(['image', picture, 'image/jpeg', 'a.jpg']) }),
    call('POST', path, { body: { urls: ['http://camera.example/ann'] } }),
    call('POST', path, { body: { image: base64, mimetype: 'image/jpeg' } }),
  ]);
  for (const answer of answers) {
    assert.is(answer.status, 201, JSON.stringify(answer.body));
    assert.is(shape(answer.body), shape(stored));
  }
  assert.is(answers[1]?.body.images[0].filename, 'a.jpg');
  assert.is(answers[2]?.body.images[0].filename, 'http://camera.example/ann');
});

events('several pictures are several events, and a bad one is told in its own place', async () => {
  const handlerId = await makeHandler({});
  const body = form(
    ['one', fakeJpeg('ann'), 'image/jpeg', 'ann.jpg'],
    ['two', fakeJpeg('broken'), 'image/jpeg', 'broken.jpg'],
    ['three', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'image/jpeg', 'liar.jpg'],
    ['four', fakeJpeg('both'), 'image/jpeg', 'both.jpg'],
    ['five', fakeJpeg('nobody'), 'image/jpeg', 'nobody.jpg'],
  );
  const { status, body: answer } = await call('POST', `/handlers/${handlerId}/events`, { body });
  assert.is(status, 201);
  assert.equal(
    answer.images.map((i: { filename: string; status: number; error: { error_code: number } }) => [
      i.filename,
      i.status,
      i.error.error_code,
    ]),
    [
      ['ann.jpg', 1, 0],
      ['broken.jpg', 0, 18002],
      ['liar.jpg', 0, 12025],
      ['both.jpg', 1, 0],
      ['nobody.jpg', 1, 0],
    ],
  );
  assert.equal(
    answer.events.map((e: { detections: { filename: string }[] }) => e.detections[0]?.filename),
    ['ann.jpg', 'both.jpg', 'both.jpg'],
  );
});

events('a dynamic handler takes its policies with the pictures, a static one takes none', async () => {
  const dynamic = await makeHandler(undefined, { is_dynamic: true });
  const path = `/handlers/${dynamic}/events`;
  const policies = { detect_policy: { yaw_threshold: 10 } };
  const parts = form(
    ['image', fakeJpeg('turned'), 'image/jpeg', 'a.jpg'],
    ['policies', JSON.stringify(policies), 'application/json'],
  );
  const filtered = await call('POST', path, { body: parts });
  assert.equal(filtered.body.events, []);
  const json = await call('POST', path, { body: { urls: ['http://camera.example/ann'], policies } });
  assert.is(json.body.events.length, 1);
  assert.is((await send(dynamic, 'ann')).body.error_code, 12022);
  const wrong = await call('POST', path, {
    body: { urls: ['http://c.example/ann'], policies: { detect_policy: { yaw_threshold: 'x' } } },
  });
  assert.is(wrong.body.error_code, 12022);
  assert.match(wrong.body.detail, /policies\.detect_policy\.yaw_threshold/);
  const fixed = await makeHandler({});
  const refused = await call('POST', `/handlers/${fixed}/events`, {
    body: { urls: ['http://c.example/ann'], policies },
  });
  assert.is(refused.status, 403);
  assert.is(refused.body.error_code, 34007);
});

events('event time and end time are those of the headers', async () => {
  const headers = {
    'Luna-Event-Time': '2024-03-05T10:20:30.123456+03:00',
    'Luna-Event-End-Time': '2024-03-05T10:20:40Z',
  };
  const [event] = (await send(await makeHandler({}), 'ann', '', headers)).body.events;
  const stored = storage.events.findById(event.event_id, accountA);
  assert.is(stored?.create_time, Date.parse('2024-03-05T07:20:30.123Z'));
  assert.is(stored?.end_time, Date.parse('2024-03-05T10:20:40Z'));
  const bad = await send(await makeHandler({}), 'ann', '', { 'Luna-Event-Time': 'yesterday' });
  assert.is(bad.status, 400);
});

events('a face warp is not detected again, and angles do not filter it', async () => {
  const handlerId = await makeHandler({ detect_policy: { yaw_threshold: 10 } });
  assert.is((await send(handlerId, 'turned', '?image_type=1')).body.events.length, 1);
  assert.is(inference.asked.at(-1)?.imageType, 'face_warp');
  assert.is((await send(handlerId, 'turned', '?warped_image=1')).body.events.length, 1);
  const first = (await send(await makeHandler({}), 'ann')).body.events[0];
  const { sample_id } = first.detections[0].samples.face;
  inference.put('warp of 1', faceOf(1));
  const again = await call('POST', `/handlers/${handlerId}/events`, { body: { samples: [sample_id] } });
  assert.is(again.body.images[0].filename, sample_id);
  assert.is(again.body.events[0].detections[0].samples.face.sample_id, sample_id, 'the sample is not stored twice');
});

events('answers are msgpack for who asks for it', async () => {
  const answer = await send(await makeHandler({}), 'ann', '', { Accept: 'application/msgpack' });
  assert.is(answer.status, 201);
  assert.is(answer.headers.get('content-type'), 'application/msgpack');
  assert.is(unpack(answer.bytes).events.length, 1);
  const refused = await send(await makeHandler({}), 'ann', '', { Accept: 'text/html' });
  assert.is(refused.body.error_code, 12023);
});

events.run();
