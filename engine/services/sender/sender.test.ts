import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ErrorMessage, FaceEventMessage, SystemEventMessage } from '#contract/events/messages';
import type { FaceEventFacts, LabelMatch } from '#domain/event/face-event';
import { createSeededChance } from '#kernel/chance';
import { createFixedClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage } from '#storage/storage';
import { exampleFacts, temporaryDir } from '../../../build/testing/mqtt-appliance.ts';
import { createClockState } from './clock-state.ts';
import { countBoot } from './identity.ts';
import { createOutboxFeed, type OutboxLimits } from './outbox-feed.ts';
import { createSender } from './sender.service.ts';

const startMs = Date.UTC(2026, 2, 5, 10, 20, 30, 123);
const eventId = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';

function setUp(limits?: OutboxLimits) {
  const log = createLog('silent');
  const clock = createFixedClock(startMs);
  const chance = createSeededChance(1);
  const { dir, remove } = temporaryDir();
  const storage = openStorage({ file: ':memory:', filesDir: dir, log });
  const device = countBoot({ storage, chance });
  const sender = createSender({ clock, ids: createIds({ clock, chance }), device, clockState: () => 'rtc' });
  const feed = createOutboxFeed({ storage, sender, device, clock, log, ...(limits && { limits }) });
  const append = (count: number, changes: Partial<FaceEventFacts> = {}): void => {
    for (let i = 0; i < count; i++) {
      for (const message of sender.faceEventMessages(exampleFacts(eventId, changes))) storage.outbox.append(message);
    }
  };
  const sent = (): Record<string, unknown>[] => feed.next(1000, 0).map(({ message }) => JSON.parse(message.payload));
  const close = (): void => {
    storage.close();
    remove();
  };
  return { clock, storage, device, sender, feed, append, sent, close };
}

const ann: LabelMatch = {
  label: 'staff',
  threshold: 0.8,
  best: {
    type: 'face',
    id: '11111111-1111-4111-8111-111111111111',
    externalId: '17',
    userData: 'Ann',
    lists: [{ listId: '22222222-2222-4222-8222-222222222222', name: 'day shift' }],
    similarity: 0.9312345678,
  },
  secondSimilarity: 0.4,
};

const sender = suite('sender');

sender('a match tells who it was, how sure, and by how much before the second', () => {
  const { append, sent, device, close } = setUp();
  append(1, { matches: [{ ...ann, label: 'guests', best: null }, ann] });
  const [message] = sent();
  const event = FaceEventMessage.parse(message);
  assert.equal(
    {
      type: event.event_type,
      face: event.face_id,
      label: event.label,
      similarity: event.similarity,
      margin: event.margin,
      threshold: event.threshold,
      lists: event.lists,
      ts: event.ts,
      seq: event.seq,
      device: event.device,
      late: event.late,
    },
    {
      type: 'match',
      face: '11111111-1111-4111-8111-111111111111',
      label: 'staff',
      similarity: 0.931235,
      margin: 0.531235,
      threshold: 0.8,
      lists: [{ list_id: '22222222-2222-4222-8222-222222222222', name: 'day shift' }],
      ts: '2026-03-05T10:20:30.000Z',
      seq: 1,
      device: device.deviceId,
      late: false,
    },
  );
  close();
});

for (const [name, changes, type] of [
  ['nobody known', { matches: [{ ...ann, best: null }] }, 'unknown'],
  ['nothing was compared', { matches: [] }, 'unknown'],
  ['no face', { face: null }, 'no_face'],
  [
    'a spoof of somebody known',
    { matches: [ann], liveness: { prediction: 'spoof', probability: 0.1, quality: 1 } },
    'spoof',
  ],
  ['liveness that cannot tell', { liveness: { prediction: 'unknown', probability: null, quality: null } }, 'unknown'],
] as const) {
  sender(`${name}: ${type}, in the form of the contract, nothing made up`, () => {
    const { append, sent, close } = setUp();
    append(1, changes as Partial<FaceEventFacts>);
    const event = FaceEventMessage.parse(sent()[0]);
    assert.is(event.event_type, type);
    assert.is(event.quality, null);
    assert.equal(event.attributes, {
      gender: null,
      age: null,
      emotion: null,
      mask: null,
      glasses: null,
      head_pose: null,
    });
    close();
  });
}

sender('no message when the notification policy said no', () => {
  const { append, storage, close } = setUp();
  append(1, { published: false });
  assert.is(storage.outbox.count(), 0);
  close();
});

sender('seq has no gap when a transaction is rolled back', () => {
  const { append, sent, storage, close } = setUp();
  append(2);
  assert.throws(() =>
    storage.atomically(() => {
      append(5);
      throw new Error('rolled back');
    }),
  );
  append(2);
  assert.equal(
    sent().map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
  close();
});

sender('seq goes on after everything was handed over', () => {
  const { append, feed, sent, close } = setUp();
  append(3);
  feed.handedOver([1, 2, 3]);
  feed.handedOver([3, 99]);
  append(1);
  assert.equal(
    sent().map(({ seq }) => seq),
    [4],
  );
  close();
});

sender('a message that had to wait says so', () => {
  const { append, sent, clock, close } = setUp();
  append(1);
  clock.advance(11_000);
  assert.is(sent()[0]?.['late'], true);
  assert.is(sent()[0]?.['sent_ts'], '2026-03-05T10:20:41.123Z');
  close();
});

sender('too many messages: the oldest are given up, one record tells which, also when it is given up itself', () => {
  const { append, feed, sent, close } = setUp({ messages: 100, ageMs: 86_400_000 });
  append(150);
  assert.is(feed.expire(), 55);
  const first = SystemEventMessage.parse(sent().at(-1));
  assert.equal(
    [first.type, 'from_seq' in first && first.from_seq, 'to_seq' in first && first.to_seq],
    ['events_expired', 1, 55],
  );
  assert.is(sent()[0]?.['seq'], 56);
  append(300);
  feed.expire();
  const records = sent().filter(({ type }) => type === 'events_expired');
  assert.is(records.length, 1);
  assert.is(records[0]?.['from_seq'], 1, 'the gap of the record that was given up is part of the new one');
  assert.is(records[0]?.['to_seq'], Number(sent()[0]?.['seq']) - 1);
  close();
});

sender('messages that are too old are given up; the rest stays', () => {
  const { append, feed, sent, clock, close } = setUp({ messages: 1000, ageMs: 60_000 });
  append(3);
  clock.advance(61_000);
  append(2);
  assert.is(feed.expire(), 3);
  assert.equal(
    sent().map(({ seq, from_seq, to_seq }) => [seq, from_seq, to_seq]),
    [
      [4, undefined, undefined],
      [5, undefined, undefined],
      [6, 1, 3],
    ],
  );
  close();
});

sender('a row that cannot be made a message is set aside and does not stop those after it', () => {
  const { append, feed, sent, storage, close } = setUp();
  append(1);
  storage.outbox.append({ account_id: '', kind: 'event/face', create_time: startMs, payload: 'not json' });
  storage.outbox.append({ account_id: '', kind: 'no/such', create_time: startMs, payload: '{}' });
  assert.equal(
    feed.next(1, 1).map(({ seq }) => seq),
    [4],
    'the record of the first one',
  );
  append(1);
  const messages = sent();
  assert.equal(
    messages.map(({ seq }) => seq),
    [1, 4, 5, 6, 7],
  );
  assert.is(SystemEventMessage.parse(messages[1]).type, 'message_rejected');
  assert.is(ErrorMessage.parse(messages[2]).ref, '2');
  assert.equal(
    storage.rejectedMessages.newest(5).map(({ seq }) => seq),
    [3, 2],
  );
  close();
});

sender('the device keeps its name and counts its starts', () => {
  const { storage, device, close } = setUp();
  const again = countBoot({ storage, chance: createSeededChance(2) });
  assert.match(device.deviceId, /^[a-z0-9-]{10}$/);
  assert.equal([again.deviceId, again.boot], [device.deviceId, 2]);
  close();
});

sender('the clock is believed when a time service has set it, and not at all when it was never set', () => {
  const { dir, remove } = temporaryDir();
  assert.is(createClockState(createFixedClock(startMs), [dir])(), 'ntp');
  assert.is(createClockState(createFixedClock(startMs), [`${dir}/absent`])(), 'rtc');
  assert.is(createClockState(createFixedClock(1000), [dir])(), 'unsynced');
  remove();
});

sender.run();
