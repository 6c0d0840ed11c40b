import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OutgoingMessage } from '#contract/events/messages';
import { createFixedClock } from '#kernel/clock';
import { createLog } from '#kernel/log';
import { openStorage, type Storage } from '#storage/storage';
import { temporaryDir } from '../../../build/testing/mqtt-appliance.ts';
import { createDurableSessions } from './durable-sessions.ts';
import { topicMatches } from './topic-match.ts';

const systemTopic = 'perigee/box/event/system';
const message = (
  seq: number | null,
  topic = 'perigee/box/event/face',
  payload = `{"seq":${seq}}`,
): OutgoingMessage => ({
  topic,
  payload,
  qos: 1,
  retain: false,
  seq,
  properties: { contentType: 'application/json', expirySeconds: null, userProperties: {} },
});

function setUp(limits: { sessions: number; subscriptions: number; messages: number; idleMs: number }) {
  const log = createLog('silent');
  const clock = createFixedClock(Date.UTC(2026, 0, 1));
  const { dir, remove } = temporaryDir();
  const storage = openStorage({ file: ':memory:', filesDir: dir, log });
  const trimmed: string[] = [];
  const broken = { commit: false, notice: false };
  const failing: Pick<Storage, 'atomically' | 'broker'> = {
    atomically: (work) =>
      storage.atomically(() => {
        const result = work();
        if (broken.commit) throw new Error('the disk is full');
        return result;
      }),
    broker: {
      ...storage.broker,
      insertAt(...row) {
        if (broken.notice) throw new Error('the disk is full');
        storage.broker.insertAt(...row);
      },
    },
  };
  const open = () =>
    createDurableSessions({
      storage: failing,
      clock,
      log,
      limits,
      expiredNotice: (from, to) =>
        message(to, systemTopic, JSON.stringify({ type: 'events_expired', from_seq: from, to_seq: to })),
      onTrimmed: (clientId) => trimmed.push(clientId),
    });
  const close = (): void => {
    storage.close();
    remove();
  };
  return { clock, storage, broken, trimmed, open, close };
}

const limits = { sessions: 4, subscriptions: 3, messages: 100, idleMs: 60_000 };
const sessions = suite('durable sessions');

sessions('a full queue gives up the oldest and tells it in their place; a notice given up hands its gap on', () => {
  const { open, trimmed, close } = setUp(limits);
  const kept = open();
  kept.subscribe('door', [{ filter: 'perigee/+/event/#', qos: 1 }]);
  for (let seq = 1; seq <= 101; seq++) kept.enqueue([message(seq)]);
  const first = kept.read('door', 0, 1000);
  assert.is(first[0]?.topic, systemTopic);
  assert.equal(JSON.parse(first[0]?.payload ?? ''), { type: 'events_expired', from_seq: 1, to_seq: 6 });
  assert.equal(
    first.map(({ seq }) => seq),
    Array.from({ length: 96 }, (_, i) => i + 6),
    'the notice has the seq of the last message it stands for',
  );
  assert.equal(trimmed, ['door']);
  for (let seq = 102; seq <= 150; seq++) kept.enqueue([message(seq)]);
  const later = kept.read('door', 0, 1000);
  assert.ok(later.length <= 100);
  const notices = later.filter(({ topic }) => topic === systemTopic);
  assert.is(notices.length, 1);
  const gap = JSON.parse(notices[0]?.payload ?? '');
  assert.equal([gap.from_seq, gap.to_seq + 1], [1, later[1]?.seq]);
  close();
});

sessions('a subscriber that did not ask for system events is not sent any', () => {
  const { open, close } = setUp(limits);
  const kept = open();
  kept.subscribe('door', [{ filter: 'perigee/+/event/face', qos: 1 }]);
  for (let seq = 1; seq <= 120; seq++) kept.enqueue([message(seq)]);
  assert.ok(kept.read('door', 0, 1000).every(({ topic }) => topic !== systemTopic));
  close();
});

sessions('sessions, subscriptions and queues are there again after a restart; what was acknowledged is not', () => {
  const { open, close } = setUp(limits);
  const before = open();
  before.subscribe('door', [{ filter: 'perigee/#', qos: 1 }]);
  before.subscribe('panel', [{ filter: 'perigee/#', qos: 0 }]);
  before.enqueue([message(1), message(2), message(null, 'perigee/box/info')]);
  const [first] = before.read('door', 0, 1);
  before.acknowledge('door', first?.position ?? 0);
  before.flush();
  const after = open();
  assert.equal(after.subscriptionsOf('door'), [{ filter: 'perigee/#', qos: 1 }]);
  assert.equal(
    after.read('door', 0, 10).map(({ seq }) => seq),
    [2, null],
  );
  assert.equal(after.read('panel', 0, 10), [], 'QoS 0 is not kept');
  close();
});

sessions('a session that nobody came back to is forgotten with its queue; a connected one is not', () => {
  const { open, clock, storage, close } = setUp(limits);
  const kept = open();
  for (const name of ['door', 'panel']) kept.subscribe(name, [{ filter: 'perigee/#', qos: 1 }]);
  kept.enqueue([message(1)]);
  clock.advance(61_000);
  kept.expire(new Set(['panel']));
  assert.not(kept.knows('door'));
  assert.ok(kept.knows('panel'));
  assert.equal(storage.broker.counts(), [{ client_id: 'panel', count: 1 }]);
  close();
});

sessions('too many subscriptions are refused, and change nothing', () => {
  const { open, storage, close } = setUp(limits);
  const kept = open();
  const filters = ['a', 'b', 'c', 'd'].map((filter) => ({ filter, qos: 1 }));
  assert.throws(() => kept.subscribe('door', filters), /too many/);
  assert.equal(storage.broker.sessions(), []);
  close();
});

for (const [filter, topic, matches] of [
  ['perigee/+/event/#', 'perigee/box/event/face', true],
  ['perigee/+/event/#', 'perigee/box/event', true],
  ['perigee/+/event/+', 'perigee/box/event', false],
  ['perigee/box', 'perigee/box/info', false],
  ['+/+', 'perigee/box/info', false],
  ['#', 'perigee/box', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
] as const) {
  sessions(`${filter} ${matches ? 'matches' : 'does not match'} ${topic}`, () => {
    assert.is(topicMatches(filter, topic), matches);
  });
}

sessions('what could not be removed is still counted, so that the bound stays', () => {
  const { open, broken, trimmed, close } = setUp(limits);
  const kept = open();
  kept.subscribe('door', [{ filter: '#', qos: 1 }]);
  kept.enqueue(Array.from({ length: 100 }, (_, i) => message(i + 1)));
  broken.commit = true;
  for (const { position } of kept.read('door', 0, 50)) kept.acknowledge('door', position);
  assert.throws(() => kept.flush(), /disk is full/);
  broken.commit = false;
  kept.enqueue([message(101)]);
  assert.equal(trimmed, ['door']);
  kept.flush();
  close();
});

sessions('messages are stored together with what they push out, or not at all', () => {
  const { open, broken, trimmed, close } = setUp(limits);
  const kept = open();
  kept.subscribe('door', [{ filter: '#', qos: 1 }]);
  kept.enqueue(Array.from({ length: 100 }, (_, i) => message(i + 1)));
  broken.notice = true;
  assert.throws(() => kept.enqueue([message(101)]), /disk is full/);
  broken.notice = false;
  assert.equal([kept.read('door', 0, 1000).length, trimmed], [100, []]);
  kept.enqueue([message(101)]);
  assert.equal([kept.read('door', 0, 1000).at(-1)?.seq, trimmed], [101, ['door']]);
  close();
});

sessions.run();
