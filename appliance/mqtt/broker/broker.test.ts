import { connect as connectSocket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FaceEventMessage, InfoMessage, SystemEventMessage } from '#contract/events/messages';
import { createLog } from '#kernel/log';
import { createMqttAppliance, listen, temporaryDir } from '../../../build/testing/mqtt-appliance.ts';

const broker = suite('embedded broker');

async function withAppliance(
  work: (appliance: ReturnType<typeof createMqttAppliance>, port: number, dir: string) => Promise<void>,
): Promise<void> {
  const { dir, remove } = temporaryDir();
  const appliance = createMqttAppliance({ dir });
  await appliance.mqtt.start();
  try {
    await work(appliance, portOf(appliance), dir);
  } finally {
    await appliance.stop();
    remove();
  }
}

function portOf({ mqtt }: Pick<ReturnType<typeof createMqttAppliance>, 'mqtt'>): number {
  return Number(/:(\d+) /.exec(mqtt.describe())?.[1]);
}

broker('a late joiner reads that the appliance is online, and what it is', async () => {
  await withAppliance(async ({ base }, port) => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = await listen(port, [`${base}/availability`, `${base}/info`, `${base}/health`]);
    await late.until(({ messages }) => messages.length === 3);
    assert.ok(late.messages.every(({ retain }) => retain));
    const info = late.messages.find(({ topic }) => topic.endsWith('/info'));
    assert.is(InfoMessage.parse(JSON.parse(info?.text ?? '')).session_seq_start, 1);
    assert.is(late.messages.find(({ topic }) => topic.endsWith('/availability'))?.text, 'online');
    await late.leave();
  });
});

broker(
  'events come in order, once, numbered without gaps, in the form of the contract; the outbox gets empty',
  async () => {
    await withAppliance(async (appliance, port) => {
      const listener = await listen(port, 'perigee/+/event/#');
      const sent = appliance.emit(300);
      await listener.until(({ messages }) => messages.length >= 300);
      assert.equal(listener.eventIds(), sent);
      const seqs = listener.seqs();
      assert.equal(
        seqs,
        seqs.map((_, i) => (seqs[0] ?? 0) + i),
      );
      for (const { text, topic } of listener.messages) {
        if (topic.endsWith('/face')) FaceEventMessage.parse(JSON.parse(text));
      }
      await listener.until(() => appliance.storage.outbox.count() === 0);
      await listener.leave();
    });
  },
);

broker('a durable subscriber gets what it missed, oldest first, before and among new events', async () => {
  await withAppliance(async (appliance, port) => {
    const door = { clientId: 'door', clean: false };
    const first = await listen(port, 'perigee/+/event/face', door);
    const sent = appliance.emit(5);
    await first.until((l) => l.eventIds().length === 5);
    await first.leave();
    sent.push(...appliance.emit(200));
    const second = await listen(port, [], door);
    for (let i = 0; i < 10; i++) {
      sent.push(...appliance.emit(10));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await second.until((l) => l.eventIds().length === 300);
    assert.equal(second.eventIds(), sent.slice(5));
    assert.is(second.messages.length, 300, 'nothing twice');
    await second.leave();
  });
});

broker('what a durable subscriber did not acknowledge comes again when it vanished, marked as such', async () => {
  await withAppliance(async (appliance, port) => {
    const door = { clientId: 'door', clean: false };
    await (await listen(port, 'perigee/+/event/face', door)).leave();
    appliance.emit(3);
    const deaf = await listen(port, [], { ...door, acknowledges: false });
    await deaf.until(({ messages }) => messages.length >= 1);
    await deaf.vanish();
    const back = await listen(port, [], door);
    await back.until(({ messages }) => messages.length === 3);
    assert.ok(back.messages[0]?.dup, 'sent before');
    await back.leave();
  });
});

broker('a durable subscriber is told after a restart what came while nobody served it', async () => {
  const { dir, remove } = temporaryDir();
  const before = createMqttAppliance({ dir });
  await before.mqtt.start();
  const door = { clientId: 'door', clean: false };
  await (await listen(portOf(before), 'perigee/+/event/#', door)).leave();
  const sent = before.emit(100);
  await before.stop();
  const after = createMqttAppliance({ dir });
  sent.push(...after.emit(20));
  await after.mqtt.start();
  const back = await listen(portOf(after), [], door);
  const types = (): string[] =>
    back.messages
      .filter(({ topic }) => topic.endsWith('/event/system'))
      .map(({ text }) => SystemEventMessage.parse(JSON.parse(text)).type);
  await back.until((l) => l.eventIds().length >= 120 && types().length >= 2);
  assert.equal(back.eventIds(), sent);
  assert.equal(types(), ['stopped', 'started']);
  await back.leave();
  await after.stop();
  remove();
});

broker('a session ends when its client comes back with clean = true', async () => {
  await withAppliance(async (appliance, port) => {
    await (await listen(port, 'perigee/#', { clientId: 'door', clean: false })).leave();
    appliance.emit(3);
    await (await listen(port, [], { clientId: 'door', clean: true })).leave();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(appliance.storage.broker.sessions(), []);
    assert.equal(appliance.storage.broker.counts(), []);
  });
});

async function refusalOf(job: Promise<unknown>): Promise<string> {
  try {
    await job;
    return 'let in';
  } catch (error) {
    return (error as Error).message;
  }
}

broker('with a user set, who knows the password gets the events and nobody else gets in', async () => {
  const { dir, remove } = temporaryDir();
  const lines: string[] = [];
  const log = createLog('debug', { write: (line: string) => void lines.push(line) });
  const appliance = createMqttAppliance({ dir, credentials: { user: 'door', password: 's3cret' }, log });
  await appliance.mqtt.start();
  const port = portOf(appliance);
  const given = { username: 'door', password: 's3cret' };
  const listener = await listen(port, 'perigee/+/event/face', given);
  for (const wrong of [
    {},
    { username: 'door' },
    { ...given, password: 'S3cret' },
    { ...given, password: '' },
    { ...given, username: 'doors' },
    { ...given, username: '' },
  ]) {
    const refusal = await refusalOf(listen(port, [], wrong));
    assert.match(refusal, /bad user ?name or password|not authorized/i, JSON.stringify(wrong));
  }
  const sent = appliance.emit(3);
  await listener.until((l) => l.eventIds().length === 3);
  assert.equal(listener.eventIds(), sent);
  await listener.leave();
  assert.not.match(`${appliance.mqtt.describe()} ${appliance.mqtt.warning()} ${lines.join('')}`, /s3cret/);
  await appliance.stop();
  remove();
});

broker('an open broker that other hosts reach is told of, others are not', async () => {
  const { dir, remove } = temporaryDir();
  const credentials = { user: 'door', password: 's3cret' };
  const warningOf = (options: Partial<Parameters<typeof createMqttAppliance>[0]>) => {
    const { mqtt, storage } = createMqttAppliance({ dir, ...options });
    storage.close();
    return mqtt.warning();
  };
  assert.match(warningOf({ host: '0.0.0.0' }) ?? '', /anybody .* PERIGEE_MQTT_USER/);
  assert.match(warningOf({ host: '192.168.1.5' }) ?? '', /anybody/);
  assert.is(warningOf({}), null);
  assert.is(warningOf({ host: '::1' }), null);
  assert.is(warningOf({ host: 'localhost' }), null);
  assert.is(warningOf({ host: '0.0.0.0', credentials }), null);
  assert.is(warningOf({ host: '0.0.0.0', mqttUrl: 'mqtt://broker' }), null);
  remove();
});

broker('clients may not publish, nor listen to $SYS', async () => {
  await withAppliance(async (appliance, port) => {
    const listener = await listen(port, 'perigee/#');
    const forger = await listen(port, []);
    const closed = new Promise<void>((resolve) => forger.client.once('close', () => resolve()));
    forger.client.publish(`${appliance.base}/event/face`, '{"event_id":"forged"}', { qos: 1 });
    await closed;
    const sent = appliance.emit(1);
    await listener.until((l) => l.eventIds().length === 1);
    assert.equal(listener.eventIds(), sent);
    const curious = await listen(port, []);
    const granted = await curious.client.subscribeAsync('$SYS/#').then(
      (grants) => grants[0]?.qos,
      () => 128,
    );
    assert.is(granted, 128);
    await Promise.all([listener.leave(), curious.leave()]);
  });
});

broker('a subscriber that does not read is disconnected and holds up neither the others nor the outbox', async () => {
  await withAppliance(async (appliance, port) => {
    const stuck = await listen(port, 'perigee/#');
    stuck.client.stream.pause();
    const good = await listen(port, 'perigee/+/event/face');
    let sent = 0;
    for (; sent < 12_000; sent += 500) {
      appliance.emit(500);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await good.until((l) => l.messages.length >= sent, 40_000);
    assert.is(good.eventIds().length, sent);
    const closed = new Promise<void>((resolve) => stuck.client.once('close', () => resolve()));
    stuck.client.stream.resume();
    await closed;
    assert.ok(stuck.eventIds().length < sent);
    await good.leave();
    await stuck.vanish();
  });
});

broker('a packet that announces more than the limit ends the connection at once', async () => {
  await withAppliance(async (appliance, port) => {
    const socket = connectSocket(port, '127.0.0.1');
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    // CONNECT with a remaining length of 256 MiB - 1.
    socket.write(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4));
    await ended;
    const listener = await listen(port, 'perigee/#');
    appliance.emit(1);
    await listener.until((l) => l.eventIds().length === 1);
    await listener.leave();
  });
});

broker('garbage and MQTT 5 are refused, and the broker goes on', async () => {
  await withAppliance(async (_appliance, port) => {
    const socket = connectSocket(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.end('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    let refusal = '';
    try {
      await listen(port, [], { protocolVersion: 5 });
    } catch (error) {
      refusal = (error as Error).message;
    }
    assert.match(refusal, /protocol version|closed/i);
    await (await listen(port, 'perigee/#')).leave();
  });
});

broker('a clean stop says offline, and a taken port is an error of start', async () => {
  const { dir, remove } = temporaryDir();
  const appliance = createMqttAppliance({ dir });
  await appliance.mqtt.start();
  const port = portOf(appliance);
  const listener = await listen(port, 'perigee/#');
  const second = temporaryDir();
  const other = createMqttAppliance({ dir: second.dir, port });
  let code: unknown;
  try {
    await other.mqtt.start();
  } catch (error) {
    code = (error as { code?: unknown }).code;
  }
  assert.is(code, 'EADDRINUSE');
  other.storage.close();
  second.remove();
  await appliance.stop();
  await listener.until(({ messages }) => messages.some(({ text }) => text === 'offline'));
  assert.ok(listener.messages.some(({ text }) => text.includes('"stopped"')));
  await listener.vanish();
  remove();
});

broker.run();
