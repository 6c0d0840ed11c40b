import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { connect, type MqttClient } from 'mqtt';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DaemonProcess, startDaemonProcess, temporaryDataDir } from './daemon-process.ts';

/**
 * The promise of the appliance: what was acknowledged is there after `kill -9`, and a subscriber that comes back gets
 * all of it. Fifty kills at random moments under load (ten outside CI, where somebody waits), in rounds of five so
 * that each stays within a test's time.
 */
const rounds = process.env['CI'] ? 10 : 2;
const killsPerRound = 5;
const posters = 4;
const account = { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904480' };

interface Context {
  dataDir: string;
  env: Record<string, string>;
  picture: Uint8Array<ArrayBuffer>;
  /** Of one handler that waits for the saving, and of one that does not (LP5 `wait_saving` 0). */
  handlerIds: string[];
  acknowledged: Set<string>;
  delivered: Set<string>;
  seed: number;
  /** Counts requests. */
  turn: number;
}

const kill = suite<Context>('kill -9 under load');

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** A durable subscriber, as an access-control system is one: same client id, session kept, QoS 1. */
async function subscribe(url: string, context: Context): Promise<MqttClient> {
  const client = connect(url, { clientId: 'door-controller', clean: false, protocolVersion: 4 });
  client.on('error', () => {});
  client.on('message', (topic, payload) => {
    if (!topic.endsWith('/event/face')) return;
    context.delivered.add((JSON.parse(payload.toString()) as { event_id: string }).event_id);
  });
  // The listener comes first: what waited for this session arrives right behind the acceptance.
  await new Promise((resolve) => client.once('connect', resolve));
  await client.subscribeAsync('perigee/+/event/#', { qos: 1 });
  return client;
}

/** What clients send: pictures to either handler, and ready events that shall not be waited for. */
function requestOf(turn: number, { handlerIds, picture }: Context): [path: string, init: RequestInit] {
  const path = `/6/handlers/${handlerIds[turn % 2]}/events`;
  const headers = (type: string) => ({ ...account, 'Content-Type': type });
  return turn % 4 === 3
    ? [`${path}/raw?wait_saving=0`, { method: 'POST', headers: headers('application/json'), body: '[{}, {}]' }]
    : [path, { method: 'POST', headers: headers('image/jpeg'), body: picture }];
}

async function post(daemon: DaemonProcess, context: Context): Promise<void> {
  const [path, init] = requestOf(context.turn++, context);
  const answer = await fetch(`${daemon.restUrl}${path}`, init);
  if (answer.status !== 201) return;
  const { events } = (await answer.json()) as { events: { event_id: string }[] };
  for (const { event_id } of events) context.acknowledged.add(event_id);
}

async function postUntilKilled(daemon: DaemonProcess, context: Context, state: { over: boolean }): Promise<void> {
  while (!state.over) {
    try {
      await post(daemon, context);
    } catch {
      // The connection died with the daemon: nothing was acknowledged.
      return;
    }
  }
}

/** Repeatable "random" moments: a failing run can be run again. */
function nextDelayMs(context: Context): number {
  context.seed = (context.seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return context.seed % 400;
}

kill.before(async (context) => {
  context.dataDir = temporaryDataDir();
  const [port, mqttPort] = [await freePort(), await freePort()];
  context.env = { PERIGEE_PORT: String(port), PERIGEE_MQTT_PORT: String(mqttPort), PERIGEE_WORKERS: '1' };
  const photo = readFileSync('node_modules/@vladmandic/face-api/demo/sample1.jpg');
  // One of the three people, so that many events fit into a short life.
  const person = sharp(photo).extract({ left: 330, top: 330, width: 360, height: 360 });
  context.picture = new Uint8Array(await person.jpeg().toBuffer());
  context.acknowledged = new Set();
  context.delivered = new Set();
  context.seed = 20_261_124;
  context.turn = 0;
  context.handlerIds = [];
  const daemon = await startDaemonProcess(context);
  for (const wait_saving of [1, 0]) {
    const made = await fetch(`${daemon.restUrl}/6/handlers`, {
      method: 'POST',
      headers: { ...account, 'Content-Type': 'application/json' },
      body: JSON.stringify({ description: 'kill', policies: { storage_policy: { event_policy: { wait_saving } } } }),
    });
    context.handlerIds.push(((await made.json()) as { handler_id: string }).handler_id);
  }
  const subscriber = await subscribe(daemon.mqttUrl, context);
  await post(daemon, context);
  assert.ok(context.acknowledged.size > 0, 'the picture of the test makes events');
  await subscriber.endAsync();
  await daemon.end('SIGTERM');
});
kill.after(({ dataDir }) => rmSync(dataDir, { recursive: true, force: true }));

for (let round = 0; round < rounds; round++) {
  kill(
    `kills ${round * killsPerRound + 1} to ${(round + 1) * killsPerRound}: the daemon gets ready every time`,
    async (context) => {
      const before = context.acknowledged.size;
      for (let i = 0; i < killsPerRound; i++) {
        const daemon = await startDaemonProcess(context);
        const subscriber = i % 2 === 0 ? await subscribe(daemon.mqttUrl, context) : undefined;
        const state = { over: false };
        const loads = Array.from({ length: posters }, () => postUntilKilled(daemon, context, state));
        // Half of the kills come at any moment from the first request on, half while events are being acknowledged.
        const had = context.acknowledged.size;
        for (let waitedMs = 0; i % 2 === 0 && context.acknowledged.size === had && waitedMs < 10_000; waitedMs += 5) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await new Promise((resolve) => setTimeout(resolve, nextDelayMs(context)));
        await daemon.end('SIGKILL');
        state.over = true;
        await Promise.all(loads);
        await subscriber?.endAsync(true);
      }
      assert.ok(context.acknowledged.size > before, 'events were acknowledged under load');
    },
  );
}

kill(
  'afterwards every acknowledged event is stored, and the subscriber that comes back has been given all of them',
  async (context) => {
    const daemon = await startDaemonProcess(context);
    try {
      for (const eventId of context.acknowledged) {
        const answer = await fetch(`${daemon.restUrl}/6/events/${eventId}`, { headers: account });
        assert.is(answer.status, 200, `event ${eventId}`);
      }
      const subscriber = await subscribe(daemon.mqttUrl, context);
      const missing = (): string[] => [...context.acknowledged].filter((id) => !context.delivered.has(id));
      for (let waitedMs = 0; missing().length > 0 && waitedMs < 20_000; waitedMs += 100) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.equal(missing(), []);
      await subscriber.endAsync();
    } finally {
      await daemon.end('SIGTERM');
    }
  },
);

kill.run();
