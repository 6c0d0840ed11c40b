import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requirePackage, testsWith } from '../../../build/testing/debian.ts';
import { startMosquitto } from '../../../build/testing/mosquitto.ts';
import { createMqttAppliance, listen, temporaryDir } from '../../../build/testing/mqtt-appliance.ts';
import { freePort, startTcpProxy } from '../../../build/testing/tcp-proxy.ts';

const external = suite('external broker');
const withMosquitto = testsWith(external, requirePackage('mosquitto'));

type Appliance = ReturnType<typeof createMqttAppliance>;
const until = async (what: () => boolean, timeoutMs = 15_000): Promise<void> => {
  const endAt = performance.now() + timeoutMs;
  while (!what()) {
    if (performance.now() > endAt) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const drained = (appliance: Appliance): Promise<void> => until(() => appliance.storage.outbox.count() === 0);

async function withAppliance(
  options: Omit<Parameters<typeof createMqttAppliance>[0], 'dir'>,
  work: (appliance: Appliance) => Promise<void>,
): Promise<void> {
  const { dir, remove } = temporaryDir();
  const appliance = createMqttAppliance({ dir, ...options });
  await appliance.mqtt.start();
  try {
    await work(appliance);
  } finally {
    await appliance.stop();
    remove();
  }
}

for (const version of ['3.1.1', '5'] as const) {
  withMosquitto(`MQTT ${version}: events arrive in order, once, retained state for a late joiner`, async (path) => {
    const mosquitto = await startMosquitto(path);
    await withAppliance({ mqttUrl: `mqtt://127.0.0.1:${mosquitto.port}`, version }, async (appliance) => {
      const listener = await listen(mosquitto.port, 'perigee/+/event/face');
      const sent = appliance.emit(500);
      await listener.until((l) => l.messages.length >= 500);
      assert.equal(listener.eventIds(), sent);
      await drained(appliance);
      const late = await listen(mosquitto.port, `${appliance.base}/#`);
      await late.until(({ messages }) => messages.length === 3);
      assert.ok(late.messages.every(({ retain }) => retain));
      await Promise.all([listener.leave(), late.leave()]);
    });
    await mosquitto.remove();
  });

  withMosquitto(`MQTT ${version}: the broker is away and comes back: everything, in order`, async (path) => {
    const mosquitto = await startMosquitto(path);
    await withAppliance({ mqttUrl: `mqtt://127.0.0.1:${mosquitto.port}`, version }, async (appliance) => {
      const door = { clientId: 'door', clean: false };
      const before = await listen(mosquitto.port, 'perigee/+/event/face', door);
      const sent = appliance.emit(50);
      await before.until((l) => l.eventIds().length === 50);
      await before.leave();
      for (let i = 0; i < 2; i++) {
        await mosquitto.stop();
        sent.push(...appliance.emit(1000));
        await until(() => appliance.mqtt.status().state === 'waiting');
        assert.match(appliance.mqtt.status().lastError?.message ?? '', /nothing listens there|ended the connection/);
        await mosquitto.start();
        await drained(appliance);
      }
      const back = await listen(mosquitto.port, [], door);
      await back.until((l) => l.eventIds().length >= 2000);
      assert.equal(back.eventIds(), sent.slice(50));
      await back.leave();
    });
    await mosquitto.remove();
  });
}

withMosquitto('MQTT 5: content type, expiry and user properties repeat what the JSON says', async (path) => {
  const mosquitto = await startMosquitto(path);
  await withAppliance({ mqttUrl: `mqtt://127.0.0.1:${mosquitto.port}`, version: '5' }, async (appliance) => {
    const listener = await listen(mosquitto.port, [], { protocolVersion: 5 });
    const seen: unknown[] = [];
    listener.client.on('message', (_topic, _payload, packet) => seen.push(packet.properties));
    await listener.client.subscribeAsync('perigee/+/event/face', { qos: 1 });
    appliance.emit(1);
    await until(() => seen.length === 1);
    const properties = seen[0] as Record<string, unknown>;
    assert.is(properties['contentType'], 'application/json');
    assert.ok(Number(properties['messageExpiryInterval']) > 86_400);
    assert.is((properties['userProperties'] as Record<string, string>)['device'], appliance.identity.deviceId);
    await listener.leave();
  });
  await mosquitto.remove();
});

withMosquitto('the will says offline when the connection dies, the next connection says online', async (path) => {
  const mosquitto = await startMosquitto(path);
  const proxy = await startTcpProxy(mosquitto.port);
  await withAppliance({ mqttUrl: `mqtt://127.0.0.1:${proxy.port}` }, async (appliance) => {
    await until(() => appliance.mqtt.status().state === 'connected');
    const watcher = await listen(mosquitto.port, `${appliance.base}/availability`);
    const states = (): string[] => watcher.messages.map(({ text }) => text);
    await watcher.until(() => states().at(-1) === 'online');
    proxy.cut();
    await watcher.until(() => states().includes('offline') && states().at(-1) === 'online');
    await watcher.leave();
  });
  await proxy.close();
  await mosquitto.remove();
});

withMosquitto('the connection is cut again and again: nothing is lost, first deliveries are in order', async (path) => {
  const mosquitto = await startMosquitto(path);
  const proxy = await startTcpProxy(mosquitto.port);
  await withAppliance({ mqttUrl: `mqtt://127.0.0.1:${proxy.port}` }, async (appliance) => {
    const listener = await listen(mosquitto.port, 'perigee/+/event/face');
    const sent: string[] = [];
    for (let i = 0; i < 12; i++) {
      sent.push(...appliance.emit(100));
      await new Promise((resolve) => setTimeout(resolve, 15 + i * 5));
      proxy.cut();
    }
    await listener.until((l) => l.eventIds().length === sent.length);
    assert.equal(listener.eventIds(), sent);
    await drained(appliance);
    assert.equal(appliance.storage.rejectedMessages.newest(1), [], 'no message is blamed for a bad network');
    await listener.leave();
  });
  await proxy.close();
  await mosquitto.remove();
});

withMosquitto('a half-open connection is noticed and replaced; writing events is never held up', async (path) => {
  const mosquitto = await startMosquitto(path);
  const proxy = await startTcpProxy(mosquitto.port);
  await withAppliance({ mqttUrl: `mqtt://127.0.0.1:${proxy.port}` }, async (appliance) => {
    const listener = await listen(mosquitto.port, 'perigee/+/event/face');
    await until(() => appliance.mqtt.status().state === 'connected');
    proxy.mode = 'frozen';
    const startedAt = performance.now();
    const sent = appliance.emit(200);
    assert.ok(performance.now() - startedAt < 1000);
    await until(() => /no acknowledgement|no answer/.test(appliance.mqtt.status().lastError?.message ?? ''));
    assert.ok(appliance.mqtt.status().inFlight <= 16);
    proxy.mode = 'open';
    await listener.until((l) => l.eventIds().length === 200);
    assert.equal(listener.eventIds(), sent);
    await listener.leave();
  });
  await proxy.close();
  await mosquitto.remove();
});

for (const version of ['3.1.1', '5'] as const) {
  withMosquitto(`MQTT ${version}: a wrong password is named, tried again with care, and never shown`, async (path) => {
    const mosquitto = await startMosquitto(path, ['allow_anonymous false']);
    const proxy = await startTcpProxy(mosquitto.port);
    await withAppliance(
      { mqttUrl: `mqtt://camera:secret-word@127.0.0.1:${proxy.port}`, version },
      async (appliance) => {
        appliance.emit(5);
        await until(() => appliance.mqtt.status().lastError !== null);
        const { message } = appliance.mqtt.status().lastError ?? { message: '' };
        assert.match(message, /refuses/);
        assert.not.match(message + appliance.mqtt.describe(), /secret-word/);
        await new Promise((resolve) => setTimeout(resolve, 600));
        assert.ok(proxy.accepted < 20, `${proxy.accepted} attempts in 0.6 s with waits of 20 to 200 ms`);
        // 5 events and 'started'.
        assert.is(appliance.storage.outbox.count(), 6);
      },
    );
    await proxy.close();
    await mosquitto.remove();
  });
}

external('what is no MQTT broker, or none at all, is named; the appliance stops at once all the same', async () => {
  const web = createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const { port } = web.address() as { port: number };
  for (const [mqttUrl, reason] of [
    [`mqtt://127.0.0.1:${port}`, /127\.0\.0\.1/],
    [`mqtt://127.0.0.1:${await freePort()}`, /nothing listens there/],
    ['mqtt://no-such-host.invalid:1883', /host name|known|resolved/],
    [`mqtts://127.0.0.1:${port}`, /TLS|closed|ssl/i],
  ] as const) {
    await withAppliance({ mqttUrl }, async (appliance) => {
      await until(() => appliance.mqtt.status().lastError !== null);
      assert.match(appliance.mqtt.status().lastError?.message ?? '', reason);
    });
  }
  await new Promise((resolve) => web.close(resolve));
});

for (const version of ['3.1.1', '5'] as const) {
  withMosquitto(
    `MQTT ${version}: a message too large for the broker is set aside, those after it arrive`,
    async (path) => {
      const mosquitto = await startMosquitto(path, ['allow_anonymous true', 'max_packet_size 20000']);
      const mqttUrl = `mqtt://127.0.0.1:${mosquitto.port}`;
      await withAppliance({ mqttUrl, version }, async (appliance) => {
        const listener = await listen(mosquitto.port, 'perigee/+/event/#');
        const sent = appliance.emit(2);
        const message = { ...appliance.sender.systemMessage({ type: 'started' }), kind: 'error' };
        const seq = appliance.storage.outbox.append({ ...message, payload: `{"message":"${'x'.repeat(30_000)}"}` });
        sent.push(...appliance.emit(3));
        await listener.until((l) => l.messages.some(({ text }) => text.includes('message_rejected')), 30_000);
        assert.equal(listener.eventIds(), sent);
        assert.equal(
          appliance.storage.rejectedMessages.newest(10).map((row) => row.seq),
          [seq],
        );
        await listener.leave();
      });
      await mosquitto.remove();
    },
  );
}

external.run();
