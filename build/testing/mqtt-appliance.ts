import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { BusMessages } from '#contract/events/bus';
import type { EventColumns } from '#domain/event/event-columns';
import type { FaceEventFacts } from '#domain/event/face-event';
import { createBus } from '#kernel/bus';
import { createSeededChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog, type Log } from '#kernel/log';
import { openStorage } from '#storage/storage';
import { createMqtt } from '../../appliance/mqtt/mqtt.ts';
import type { PublisherTimes } from '../../appliance/mqtt/publisher/publisher.ts';
import { countBoot } from '../../engine/services/sender/identity.ts';
import { createOutboxFeed, type OutboxLimits } from '../../engine/services/sender/outbox-feed.ts';
import { createSender } from '../../engine/services/sender/sender.service.ts';

export const quickTimes: PublisherTimes = { backoffFirst: 20, backoffMost: 200, acknowledge: 400, gather: 5 };

/** Storage, Sender and MQTT as the daemon has them, without networks and REST. */
export function createMqttAppliance(options: {
  dir: string;
  mqttUrl?: string;
  version?: '3.1.1' | '5';
  port?: number;
  host?: string;
  credentials?: { user: string; password: string };
  log?: Log;
  limits?: OutboxLimits;
  times?: PublisherTimes;
}) {
  const log = options.log ?? createLog((process.env['PERIGEE_LOG_LEVEL'] as 'warn' | undefined) ?? 'silent');
  const clock = systemClock;
  const chance = createSeededChance(Date.now());
  const ids = createIds({ clock, chance });
  const storage = openStorage({ file: join(options.dir, 'perigee.db'), filesDir: join(options.dir, 'files'), log });
  const identity = countBoot({ storage, chance });
  const clockState = () => 'rtc' as const;
  const sender = createSender({ clock, ids, device: identity, clockState });
  const outboxFeed = createOutboxFeed({
    storage,
    sender,
    device: identity,
    clock,
    log,
    ...(options.limits && { limits: options.limits }),
  });
  const bus = createBus<BusMessages>(() => {});
  const mqtt = createMqtt({
    engine: {
      storage,
      sender,
      outboxFeed,
      bus,
      identity,
      clock,
      chance,
      ids,
      clockState,
      productInfo: () => ({
        product: 'Perigee',
        version: '0.0.0',
        slot: null,
        model: null,
        hw: { cpu: null, accel: 'cpu' },
        capabilities: [],
      }),
      inferenceMs: () => null,
    },
    settings: {
      host: options.host ?? '127.0.0.1',
      mqtt_port: options.port ?? 0,
      mqtt_user: options.credentials?.user,
      mqtt_password: options.credentials?.password,
      mqtt_url: options.mqttUrl,
      mqtt_version: options.version ?? '3.1.1',
      data_dir: options.dir,
    },
    apiUrl: () => 'http://127.0.0.1:5000',
    log,
    times: options.times ?? quickTimes,
  });
  return {
    storage,
    sender,
    outboxFeed,
    mqtt,
    identity,
    base: `perigee/${identity.deviceId}`,
    /** Events as a handler makes them: rows and messages in one transaction, then the word to the publisher. */
    emit(count: number): string[] {
      const eventIds = Array.from({ length: count }, () => ids.next());
      storage.atomically(() => {
        for (const id of eventIds) {
          for (const message of sender.faceEventMessages(exampleFacts(id))) storage.outbox.append(message);
        }
      });
      bus.publish('outbox.grown', {});
      return eventIds;
    },
    async stop(): Promise<void> {
      await mqtt.stop();
      storage.close();
    },
  };
}

/** `event`: the columns that differ. */
export function exampleFacts(
  eventId: string,
  { event, ...changes }: Partial<Omit<FaceEventFacts, 'event'>> & { event?: Partial<EventColumns> } = {},
): FaceEventFacts {
  return {
    event: {
      event_id: eventId,
      account_id: '6d071cca-fda5-4a03-84d5-5bea65904480',
      handler_id: '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d',
      create_time: 1_772_706_030_123,
      end_time: 1_772_706_030_123,
      insert_time: 1_772_706_030_123,
      external_id: '',
      user_data: '',
      source: 'gate-1',
      track_id: null,
      stream_id: null,
      face_id: null,
      gender: null,
      age: null,
      emotion: null,
      ethnic_group: null,
      mask: null,
      liveness: null,
      top_label: null,
      top_similarity: null,
      top_object_id: null,
      top_object_type: null,
      top_external_id: null,
      city: null,
      area: null,
      district: null,
      street: null,
      house_number: null,
      longitude: null,
      latitude: null,
      ...event,
    },
    tags: [],
    requestId: '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a',
    captureTimeMs: 1_772_706_030_000,
    published: true,
    face: {
      rect: { x: 10, y: 20, width: 100, height: 120 },
      pictureWidth: 640,
      pictureHeight: 480,
      quality: null,
      headPose: null,
    },
    liveness: null,
    matches: [],
    models: { detector: 'blazeface', descriptor: 'dlib-resnet-128' },
    answer: { event_id: eventId },
    ...changes,
  };
}

export function temporaryDir(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'perigee-mqtt-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export interface Listener {
  readonly client: MqttClient;
  readonly messages: { topic: string; text: string; retain: boolean; dup: boolean }[];
  /** Event ids in the order of their first arrival. */
  eventIds(): string[];
  seqs(): number[];
  until(what: (listener: Listener) => boolean, timeoutMs?: number): Promise<void>;
  /** Without a DISCONNECT. */
  vanish(): Promise<void>;
  leave(): Promise<void>;
}

/** A subscriber that listens before it connects, so that nothing of a durable session slips by. */
export async function listen(
  port: number,
  filters: string | string[],
  options: IClientOptions & { acknowledges?: boolean } = {},
): Promise<Listener> {
  const client = connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, connectTimeout: 3000, ...options });
  const messages: Listener['messages'] = [];
  client.on('message', (topic, payload, { retain, dup }) => {
    messages.push({ topic, text: payload.toString(), retain, dup });
  });
  // mqtt.js sends the PUBACK when the message is handled.
  if (options.acknowledges === false) client.handleMessage = () => {};
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed')));
  });
  client.on('error', () => {});
  if (filters.length > 0) await client.subscribeAsync(filters, { qos: 1 });
  const documents = (): { event_id?: string; seq?: number }[] =>
    messages.filter(({ text }) => text.startsWith('{')).map(({ text }) => JSON.parse(text) as { event_id?: string });
  const listener: Listener = {
    client,
    messages,
    eventIds: () => [...new Set(documents().flatMap(({ event_id }) => event_id ?? []))],
    seqs: () => documents().flatMap(({ seq }) => seq ?? []),
    async until(what, timeoutMs = 15_000) {
      const endAt = performance.now() + timeoutMs;
      while (!what(listener)) {
        if (performance.now() > endAt) throw new Error(`not within ${timeoutMs} ms; ${messages.length} messages came`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async vanish() {
      client.stream.destroy();
      await client.endAsync(true);
    },
    leave: () => client.endAsync(),
  };
  return listener;
}
