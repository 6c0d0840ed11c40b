import { connect, type ErrorWithReasonCode, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { OutgoingMessage } from '#contract/events/messages';
import { type Link, LinkLost, MessageRefused, type OpenLink } from './link.ts';
import { connectProblem, lossReason } from './remote-problems.ts';

export interface RemoteBroker {
  /** mqtt, mqtts, ws or wss; user name and password may stand in it, and are never shown. */
  url: string;
  version: '3.1.1' | '5';
  clientId: string;
  keepaliveSeconds?: number;
  connectTimeoutMs?: number;
}

const mostInFlight = 16;
const sessionExpirySeconds = 3600;
/** Hides short losses of the connection from subscribers (MQTT 5 only). */
const willDelaySeconds = 5;
/** PUBACK codes of MQTT 5 that will not change: topic name invalid, packet too large, payload format invalid. */
const permanentRefusals = new Set([0x90, 0x95, 0x99]);
const packetOverheadBytes = 512;

/** Connections to a broker of somebody else's, over mqtt.js. */
export function createRemoteLinks(broker: RemoteBroker): OpenLink {
  const { version, clientId, keepaliveSeconds = 30, connectTimeoutMs = 10_000 } = broker;
  const url = new URL(broker.url);
  const options: IClientOptions = {
    clientId,
    protocolVersion: version === '5' ? 5 : 4,
    clean: false,
    keepalive: keepaliveSeconds,
    connectTimeout: connectTimeoutMs,
    // Each attempt is a client of its own: what was not acknowledged is sent again from the outbox, not from memory.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(version === '5' && { properties: { sessionExpiryInterval: sessionExpirySeconds } }),
  };
  url.username = '';
  url.password = '';
  const shownUrl = url.href;

  return async (will) => {
    const client = connect(shownUrl, {
      ...options,
      will: {
        topic: will.topic,
        payload: Buffer.from(will.payload),
        qos: will.qos,
        retain: will.retain,
        ...(version === '5' && { properties: { willDelayInterval: willDelaySeconds } }),
      },
    });
    // Without a listener an error that comes late would end the process.
    client.on('error', () => {});
    await accepted(client, shownUrl, connectTimeoutMs);
    return linkOf(client, version);
  };
}

function accepted(client: MqttClient, url: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      client.end(true);
      client.stream?.destroy();
      reject(new LinkLost(connectProblem(error, url)));
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    client.once('error', fail);
    const closed = (): void => fail(new Error('the connection was closed before it was accepted'));
    client.once('close', closed);
    client.once('connect', () => {
      clearTimeout(timer);
      client.off('error', fail);
      client.off('close', closed);
      resolve();
    });
  });
}

function linkOf(client: MqttClient, version: '3.1.1' | '5'): Link {
  const server = client.serverProperties;
  let over: LinkLost | undefined;
  let lastProblem: Error | undefined;
  let disconnectCode: number | undefined;
  let droppedBecause: string | undefined;
  const pending = new Set<(error: Error) => void>();
  const lost = new Promise<LinkLost>((resolve) => {
    client.on('error', (error) => {
      lastProblem = error;
    });
    client.on('disconnect', (packet) => {
      disconnectCode = packet.reasonCode;
    });
    client.once('close', () => {
      over = droppedBecause ? new LinkLost(droppedBecause) : lossReason(lastProblem, disconnectCode);
      for (const reject of pending) reject(over);
      pending.clear();
      client.end(true);
      resolve(over);
    });
  });

  function send(message: OutgoingMessage): Promise<void> {
    if (over) return Promise.reject(over);
    const sizeBytes = Buffer.byteLength(message.payload) + message.topic.length + packetOverheadBytes;
    if (server?.maximumPacketSize !== undefined && sizeBytes > server.maximumPacketSize) {
      return Promise.reject(
        new MessageRefused(`larger than the ${server.maximumPacketSize} bytes of the broker`, true),
      );
    }
    return new Promise((resolve, reject) => {
      pending.add(reject);
      const { qos, retain } = message;
      client.publish(
        message.topic,
        message.payload,
        version === '5' ? { qos, retain, properties: propertiesOf(message) } : { qos, retain },
        (error) => {
          pending.delete(reject);
          if (!error) resolve();
          else if (over) reject(over);
          else reject(refusalOf(error));
        },
      );
    });
  }

  return {
    window: Math.max(1, Math.min(mostInFlight, server?.receiveMaximum ?? mostInFlight)),
    send,
    lost,
    async close() {
      droppedBecause = 'closed by the appliance';
      const ended = new Promise<void>((resolve) => client.end(false, {}, () => resolve()));
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 1000);
      });
      await Promise.race([ended, lost, late]);
      clearTimeout(timer);
      client.end(true);
      client.stream.destroy();
    },
    drop(reason) {
      droppedBecause ??= reason;
      client.stream.destroy();
    },
  };
}

function propertiesOf({ properties }: OutgoingMessage): NonNullable<IPublishPacket['properties']> {
  return {
    payloadFormatIndicator: true,
    contentType: properties.contentType,
    userProperties: properties.userProperties,
    ...(properties.expirySeconds !== null && { messageExpiryInterval: properties.expirySeconds }),
  };
}

function refusalOf(error: Error | ErrorWithReasonCode): Error {
  const code = (error as Partial<ErrorWithReasonCode>).code;
  if (typeof code !== 'number' || code < 0x80) return new LinkLost(error.message);
  return new MessageRefused(`${error.message} (code ${code})`, permanentRefusals.has(code));
}
