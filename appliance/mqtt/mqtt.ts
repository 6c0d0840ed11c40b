import type { BusMessages } from '#contract/events/bus';
import type { InfoMessage } from '#contract/events/messages';
import { isLoopback } from '#contract/http/request-origin';
import type { BootSettings } from '#contract/settings/boot-settings';
import type { Bus } from '#kernel/bus';
import type { Chance } from '#kernel/chance';
import type { Clock } from '#kernel/clock';
import type { Ids } from '#kernel/ids';
import { type Subsystem, stopMs } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import type { ClockState } from '../../engine/services/sender/clock-state.ts';
import type { DeviceIdentity } from '../../engine/services/sender/identity.ts';
import type { OutboxFeed } from '../../engine/services/sender/outbox-feed.ts';
import type { Sender } from '../../engine/services/sender/sender.service.ts';
import type { Storage } from '../../engine/storage/storage.ts';
import { createEmbeddedBroker, type EmbeddedBroker } from './broker/broker.ts';
import { createPublisher, type PublisherStatus, type PublisherTimes } from './publisher/publisher.ts';
import { createRemoteLinks } from './publisher/remote-link.ts';
import { availabilityMessage, healthMessage, infoMessage } from './state-messages.ts';
import { createVitalSigns } from './vital-signs.ts';

/** What MQTT needs of the engine. */
export interface MqttEngine {
  readonly storage: Pick<Storage, 'atomically' | 'broker' | 'outbox'>;
  readonly sender: Pick<Sender, 'systemMessage'>;
  readonly outboxFeed: OutboxFeed;
  readonly bus: Bus<BusMessages>;
  readonly identity: DeviceIdentity;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly ids: Ids;
  clockState(): ClockState;
  /** Facts of the product and the box for `info`. */
  productInfo(): Pick<InfoMessage, 'product' | 'version' | 'slot' | 'model' | 'hw' | 'capabilities'>;
  /** Milliseconds per picture lately; null before the first. */
  inferenceMs(): { p50: number; p95: number } | null;
}

export interface Mqtt extends Subsystem {
  /** One line for the block that the daemon prints. */
  describe(): string;
  /** Who may listen, when that is more than the integrator may have meant; null otherwise. */
  warning(): string | null;
  status(): PublisherStatus & { pending: number; oldestPendingMs: number | null };
}

const healthEveryMs = 30_000;
const expireEveryMs = 60_000;
/** What remains goes to the farewell and the end of the connection. */
const stopGraceMs = stopMs.mqtt - 1600;

/** MQTT of the appliance: the publisher, and the embedded broker unless an external one is set. */
export function createMqtt(deps: {
  engine: MqttEngine;
  settings: Pick<
    BootSettings,
    'host' | 'mqtt_port' | 'mqtt_user' | 'mqtt_password' | 'mqtt_url' | 'mqtt_version' | 'data_dir'
  >;
  /** Asked when it is said, since the port may be chosen late. */
  apiUrl: () => string;
  log: Log;
  times?: PublisherTimes;
}): Mqtt {
  const { engine, settings, apiUrl, log, times } = deps;
  const { storage, outboxFeed, sender, clock, identity } = engine;
  const { deviceId } = identity;
  const bootId = engine.ids.random();
  const firstSeq = storage.outbox.lastSeq() + 1;
  const vitalSigns = createVitalSigns(settings.data_dir);
  const { mqtt_user: username, mqtt_password: password } = settings;
  const credentials = username !== undefined && password !== undefined ? { username, password } : null;
  const broker: EmbeddedBroker | null = settings.mqtt_url
    ? null
    : createEmbeddedBroker({
        host: settings.host,
        port: settings.mqtt_port,
        credentials,
        storage,
        expiredNotice: (fromSeq, toSeq) =>
          outboxFeed.messageOf({
            ...sender.systemMessage({ type: 'events_expired', from_seq: fromSeq, to_seq: toSeq }),
            seq: toSeq,
          }),
        clock,
        log,
      });
  const publisher = createPublisher({
    openLink:
      broker?.openLink ??
      createRemoteLinks({
        url: settings.mqtt_url ?? '',
        version: settings.mqtt_version,
        clientId: `perigee-${deviceId}`,
      }),
    feed: outboxFeed,
    birth: () => [
      availabilityMessage(deviceId, 'online'),
      infoMessage({
        schema: 1,
        device: deviceId,
        boot_id: bootId,
        boot_count: identity.boot,
        session_seq_start: firstSeq,
        ...engine.productInfo(),
        api_url: apiUrl(),
        time_source: engine.clockState(),
      }),
      currentHealth(),
    ],
    farewell: availabilityMessage(deviceId, 'offline'),
    clock,
    chance: engine.chance,
    log,
    ...(times && { times }),
  });
  let timers: NodeJS.Timeout[] = [];
  let unsubscribe = (): void => {};

  function warning(): string | null {
    if (!broker || credentials || settings.host === 'localhost' || isLoopback(settings.host)) return null;
    return 'anybody who reaches this port may listen to the events; set PERIGEE_MQTT_USER and PERIGEE_MQTT_PASSWORD';
  }

  function currentHealth() {
    const { count, oldestAgeMs } = outboxFeed.pending();
    const inference = engine.inferenceMs();
    return healthMessage(deviceId, {
      ts: new Date(clock.now()).toISOString(),
      ...vitalSigns(),
      outbox_pending: count,
      oldest_pending_s: oldestAgeMs === null ? null : Math.round(oldestAgeMs / 1000),
      infer_ms_p50: inference?.p50 ?? null,
      infer_ms_p95: inference?.p95 ?? null,
      clock_ok: engine.clockState() === 'ntp',
    });
  }

  function expire(): void {
    try {
      if (outboxFeed.expire() > 0) publisher.wake();
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be trimmed');
    }
  }

  function tell(type: 'started' | 'stopped'): void {
    try {
      storage.outbox.append(sender.systemMessage({ type }));
    } catch (error) {
      // A full disk must not keep the appliance from starting or stopping.
      log.error({ err: error }, `'${type}' could not be told`);
    }
  }

  return {
    name: 'mqtt',
    stopMs: stopMs.mqtt,
    async start() {
      await broker?.start();
      const open = warning();
      if (open) log.warn(`embedded broker: ${open}`);
      tell('started');
      expire();
      unsubscribe = engine.bus.subscribe('outbox.grown', () => publisher.wake());
      publisher.start();
      timers = [
        setInterval(() => publisher.sendState(currentHealth()), healthEveryMs),
        setInterval(expire, expireEveryMs),
      ];
      for (const timer of timers) timer.unref();
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      unsubscribe();
      tell('stopped');
      await publisher.stop(stopGraceMs);
      await broker?.stop();
    },
    describe() {
      if (broker) {
        const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
        return `mqtt://${host}:${broker.port()}  (embedded broker, MQTT 3.1.1; topics perigee/${deviceId}/#)`;
      }
      const url = new URL(settings.mqtt_url ?? '');
      return `${url.protocol}//${url.host}  (external broker, MQTT ${settings.mqtt_version}; topics perigee/${deviceId}/#)`;
    },
    warning,
    status() {
      const { count, oldestAgeMs } = outboxFeed.pending();
      return { ...publisher.status(), pending: count, oldestPendingMs: oldestAgeMs };
    },
  };
}
