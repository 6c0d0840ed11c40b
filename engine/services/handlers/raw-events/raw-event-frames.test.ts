import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EventQuery } from '#contract/events/event-filters';
import { packSdkDescriptor } from '#domain/descriptor/descriptor';
import { createLog } from '#kernel/log';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, callerOfAccount } from '../../route-bench.ts';
import type { RawSocket } from '../../sender/event-socket.ts';
import { createSocketRegistry } from '../../sender/socket-registry.ts';
import { descriptorOf, eventCalls, openHandlersBench } from '../handlers-bench.ts';

const bench = await openHandlersBench(await prepareKernels({ outDir: 'dist' }));
const { bus, call, clock, storage } = bench;
const { makeHandler, makeList, send } = eventCalls(bench);
const registry = createSocketRegistry({ bus, clock, log: createLog('silent'), standingOf: () => '' });
await registry.start();

const frames = suite('frames of raw events');
frames.after(async () => {
  await registry.stop();
  await bench.close();
});

const template = Buffer.from(packSdkDescriptor(20001, descriptorOf(1))).toString('base64');
const sampleId = '11111111-1111-4111-8111-111111111111';
const rect = { x: 1, y: 2, width: 3, height: 4 };
const detection = (text: string) => ({
  rect,
  quality: { light: 1 },
  attributes: { head_pose: { yaw: 1, pitch: 2, roll: 3 }, descriptor: { sdk_descriptor: text } },
  descriptor: text,
});

/** What a subscriber with these filters is sent while `work` runs. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of any shape
async function told(filters: Record<string, string>, work: () => Promise<unknown>): Promise<any[]> {
  const sent: string[] = [];
  const listeners: Record<string, () => void> = {};
  const raw: RawSocket = {
    bufferedAmount: 0,
    send: (text, done) => {
      sent.push(text);
      done();
    },
    ping() {},
    close() {},
    terminate() {},
    on: (event, listener) => {
      listeners[event] = listener;
    },
  };
  registry.open(raw, registry.admit(callerOfAccount(accountA), EventQuery.parse(filters)));
  await work();
  listeners['close']?.();
  return sent.map((text) => JSON.parse(text));
}

/** Names of all members, and whether each is there; what an array holds is told by its first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 0 ? [shapeOf(value[0])] : [];
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, shapeOf(member)]));
}
const namesOf = (value: unknown): string[] => JSON.stringify(shapeOf(value)).match(/"\w+":/g) ?? [];

const handlerId = await makeHandler({});
const save = (event: object) => call('POST', `/handlers/${handlerId}/events/raw`, { body: event });

frames('a raw event has the members of a generated one, times as text, and no template anywhere', async () => {
  const list = await makeList();
  const generating = await makeHandler({
    extract_policy: { extract_basic_attributes: 1 },
    detect_policy: { estimate_emotions: 1 },
    match_policy: [{ label: 'all', candidates: { origin: 'faces' }, targets: ['face_id'] }],
    storage_policy: { face_policy: { store_face: 1, link_to_lists_policy: [{ list_id: list }] } },
  });
  await send(generating, 'bob');
  const [generated] = await told({}, () => send(generating, 'ann', '?longitude=7&latitude=50'));
  const { face } = generated.event;
  const [frame] = await told({}, () =>
    save({
      create_time: '2024-03-05T10:20:30Z',
      location: { geo_position: { longitude: 7, latitude: 50 } },
      face: { face_id: face.face_id, lists: [list] },
      face_attributes: {
        score: 0.9,
        basic_attributes: { age: 31, gender: 'male' },
        descriptors: [{ type: 'sdk_descriptor', data: template }],
      },
      matches: [
        { label: 'all', candidates: [{ face: { face_id: face.face_id, sdk_descriptor: template }, similarity: 0.9 }] },
      ],
      detections: [
        {
          detect_time: '2024-03-05T10:20:29Z',
          samples: { face: { sample_id: sampleId, detection: detection(template) } },
        },
      ],
      aggregate_estimations: {
        face: { attributes: { emotions: { predominant_emotion: 'anger' }, liveness: { prediction: 'real' } } },
      },
    }),
  );
  const { detections, face_attributes, aggregate_estimations, ...members } = frame.event;
  const { detections: made, face_attributes: attributes, aggregate_estimations: whole, ...rest } = generated.event;
  assert.equal(namesOf(members), namesOf(rest));
  assert.equal(Object.keys(face_attributes), Object.keys(attributes));
  assert.equal(
    Object.keys(detections[0].samples.face.detection).sort(),
    Object.keys(made[0].samples.face.detection).sort(),
  );
  assert.equal(
    Object.keys(detections[0].samples.face.detection.attributes),
    Object.keys(made[0].samples.face.detection.attributes),
  );
  assert.equal(Object.keys(aggregate_estimations.face.attributes), Object.keys(whole.face.attributes));
  assert.equal(
    [frame.event_create_time, detections[0].detect_time],
    ['2024-03-05T10:20:30.000Z', '2024-03-05T10:20:29.000Z'],
  );
  assert.equal(aggregate_estimations.face.attributes, {
    mask: null,
    emotions: { predominant_emotion: 'anger', estimations: null },
    liveness: { prediction: 'real', estimations: { probability: null, quality: null } },
  });
  assert.equal(members.face, face);
  assert.not(JSON.stringify(frame).includes(template.slice(0, 12)), 'a template was told');
});

frames('an event of which only its time is known has every member, too', async () => {
  const [generated] = await told({}, () => send(handlerId, 'ann'));
  const [frame] = await told({}, () => save({}));
  assert.equal(Object.keys(frame.event), Object.keys(generated.event));
  assert.equal([frame.event.face, frame.event.face_attributes, frame.event.detections], [null, null, []]);
});

frames('filters look at what is stored: the face, a gender without an age, a named emotion', async () => {
  const enrol = await makeHandler({ storage_policy: { face_policy: { store_face: 1 } } });
  const face_id = (await send(enrol, 'ann')).body.events[0].face.face_id;
  const event = {
    face: { face_id },
    face_attributes: { basic_attributes: { gender: 0 } },
    aggregate_estimations: {
      face: { attributes: { emotions: { predominant_emotion: 'fear' }, mask: { predominant_mask: 2 } } },
    },
  };
  for (const [filters, count] of [
    [{ face_ids: face_id }, 1],
    [{ face_ids: sampleId }, 0],
    [{ gender: '0' }, 1],
    [{ gender: '1' }, 0],
    [{ emotions: 'fear' }, 1],
    [{ emotions: 'anger' }, 0],
    [{ masks: 'medical_mask' }, 1],
    [{ masks: 'missing' }, 0],
  ] as const) {
    assert.is(
      (await told(filters as Record<string, string>, () => save(event))).length,
      count,
      JSON.stringify(filters),
    );
  }
  const message = JSON.parse(storage.outbox.peek(1000).at(-1)?.payload ?? '{}');
  const { gender, age, emotion, mask } = message.attributes;
  assert.equal([gender, age, emotion, mask], [0, null, 'fear', 2]);
});

frames.run();
