import { rmSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startDaemonProcess, temporaryDataDir } from './daemon-process.ts';

const brokerUser = suite<{ dataDir: string }>('a user of the embedded broker');
brokerUser.before.each((context) => {
  context.dataDir = temporaryDataDir();
});
brokerUser.after.each(({ dataDir }) => rmSync(dataDir, { recursive: true, force: true }));

brokerUser('who gives the password of the settings gets the events, nobody else gets in', async ({ dataDir }) => {
  const env = { PERIGEE_MQTT_USER: 'door', PERIGEE_MQTT_PASSWORD: 's3cret of the door', PERIGEE_LOG_LEVEL: 'debug' };
  const daemon = await startDaemonProcess({ dataDir, env });
  const connect = (username?: string, password?: string) =>
    connectAsync(daemon.mqttUrl, {
      reconnectPeriod: 0,
      connectTimeout: 3000,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    });
  try {
    for (const [name, password] of [[], ['door'], ['door', 's3cret'], ['gate', env.PERIGEE_MQTT_PASSWORD]]) {
      const refusal = await connect(name, password).then(
        () => 'let in',
        (error: Error) => error.message,
      );
      assert.match(refusal, /bad user ?name or password|not authorized/i, `${name} ${password}`);
    }
    const client = await connect(env.PERIGEE_MQTT_USER, env.PERIGEE_MQTT_PASSWORD);
    await client.subscribeAsync('perigee/+/event/face', { qos: 1 });
    const heard = new Promise<string>((resolve) =>
      client.once('message', (_topic, payload) => resolve(JSON.parse(payload.toString()).event_id)),
    );
    const post = async (path: string, body: unknown) => {
      const headers = { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904480', 'Content-Type': 'application/json' };
      const answer = await fetch(`${daemon.restUrl}/6${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await answer.json()) as { handler_id: string; events: { event_id: string }[] };
    };
    const { handler_id } = await post('/handlers', { policies: {} });
    const { events } = await post(`/handlers/${handler_id}/events/raw`, [{}]);
    assert.is(await heard, events[0]?.event_id);
    await client.endAsync();
    assert.not.match(daemon.output(), /s3cret/);
  } finally {
    assert.is(await daemon.end('SIGTERM'), 0);
  }
});

brokerUser.run();
