import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packSdkDescriptor } from '#domain/descriptor/descriptor';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA } from '../../route-bench.ts';
import { descriptorOf, eventCalls, openHandlersBench } from '../handlers-bench.ts';

const bench = await openHandlersBench(await prepareKernels({ outDir: 'dist' }));
const { call, inference, storage } = bench;
const { makeHandler, send } = eventCalls(bench);
const sdk = { 'Content-Type': 'application/x-sdk-descriptor' };
const post = (handlerId: string, body: Uint8Array, headers: Record<string, string> = sdk, query = '') =>
  call('POST', `/handlers/${handlerId}/events${query}`, { body, headers });
const ann = packSdkDescriptor(20001, descriptorOf(1));

const input = suite('descriptors in place of pictures');
input.after(() => bench.close());

input(
  'a descriptor makes one event, matched, tagged and stored as that of a picture is, without a detection',
  async () => {
    const enrol = await makeHandler({ storage_policy: { face_policy: { store_face: 1 } } });
    const face = (await send(enrol, 'ann', '?user_data=Ann')).body.events[0].face.face_id;
    const handlerId = await makeHandler({
      detect_policy: { multiface_policy: 0 },
      match_policy: [{ label: 'all', candidates: { origin: 'faces' }, threshold: 0.5, targets: ['face_id'] }],
      conditional_tags_policy: [{ tag: 'known', filters: { match: [{ label: 'all', similarity__gte: 0.9 }] } }],
      storage_policy: { image_origin_policy: { store_image: 1 }, attribute_policy: { store_attribute: 1 } },
    });
    const asked = inference.asked.length;
    const images = storage.images.usage();
    const { status, body } = await post(handlerId, ann, sdk, '?source=gate');
    assert.is(status, 201, JSON.stringify(body));
    assert.equal([body.images.length, body.images[0].filename, body.images[0].status], [1, 'raw descriptor', 1]);
    const [event] = body.events;
    assert.is(body.events.length, 1);
    assert.equal(event.matches[0].candidates[0].face, { face_id: face });
    assert.equal([event.tags, event.source, event.detections], [['known'], 'gate', []]);
    assert.equal([event.face_attributes.score, event.face_attributes.samples], [null, []]);
    assert.is((await call('GET', event.face_attributes.url.replace('/6', ''))).status, 200);
    const stored = storage.events.findById(event.event_id, accountA);
    assert.is(stored?.top_object_id, face);
    const [descriptor] = storage.events.descriptorsOf(stored?.event_key ?? 0);
    assert.equal([descriptor?.version, descriptor?.score], [20001, null]);
    assert.equal(Buffer.from(descriptor?.vector ?? []), Buffer.from(ann.subarray(8)));
    assert.equal(
      [inference.asked.length, storage.images.usage()],
      [asked, images],
      'no network ran, no file was written',
    );
    const message = JSON.parse(storage.outbox.peek(100).at(-1)?.payload ?? '{}');
    assert.equal(
      [message.event_type, message.face_id, message.bbox, message.model.detector],
      ['match', face, null, null],
    );
  },
);

input('what is no descriptor of ours is refused, and nothing is stored', async () => {
  const handlerId = await makeHandler({});
  const count = await storage.events.count([]);
  for (const [bytes, headers, code, status] of [
    [new Uint8Array([1, 2, 3]), sdk, 12038, 400],
    [ann.subarray(0, 100), sdk, 12038, 400],
    [packSdkDescriptor(59, descriptorOf(1)), sdk, 12036, 400],
    [ann, { 'Content-Type': 'application/x-vl-xpk' }, 12026, 400],
    [ann, { 'Content-Type': 'application/octet-stream' }, 12017, 400],
  ] as const) {
    const answer = await post(handlerId, bytes, headers);
    assert.equal([answer.body.error_code, answer.status], [code, status], JSON.stringify(answer.body));
  }
  const dynamic = await makeHandler(undefined, { is_dynamic: true });
  assert.is((await post(dynamic, ann)).body.error_code, 12022);
  assert.is(await storage.events.count([]), count);
});

input.run();
