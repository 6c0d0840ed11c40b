import { timingSafeEqual } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { OutgoingMessage } from '#contract/events/messages';
import type { Clock } from '#kernel/clock';
import type { Log } from '#kernel/log';
import type { Storage } from '../../../engine/storage/storage.ts';
import { type Link, LinkLost, type OpenLink } from '../publisher/link.ts';
import { createBrokerPersistence, packetOf } from './broker-persistence.ts';
import { createDurableSessions, type SessionLimits, sessionLimits } from './durable-sessions.ts';
import { limitPackets } from './packet-limit.ts';
import { createSessionPump, queueMark, type SessionPump } from './session-pump.ts';

export interface BrokerLimits extends SessionLimits {
  clients: number;
  /** Of what clients send: they only connect, subscribe and acknowledge. */
  packetBytes: number;
  /** A client without a durable session that lets so much pile up is disconnected. */
  unsentBytes: number;
}
export const brokerLimits: BrokerLimits = {
  ...sessionLimits,
  clients: 128,
  packetBytes: 64 * 1024,
  unsentBytes: 4 * 1024 * 1024,
};

const connectTimeoutMs = 10_000;
const drainTimeoutMs = 20_000;
const expireEveryMs = 60_000;
const clientIdCharacters = 128;
const inFlight = 16;

export type EmbeddedBroker = ReturnType<typeof createEmbeddedBroker>;

/**
 * The broker inside the appliance (MQTT 3.1.1), for listening only: it refuses what clients publish. What it takes from
 * the outbox is on the disk in the queue of every durable session (`clean = false`, QoS 1) before the outbox lets go
 * of it, and stays there until that subscriber acknowledges. Other clients get what happens while they are connected.
 */
export function createEmbeddedBroker(deps: {
  host: string;
  port: number;
  /** Null lets everybody in who can reach the port. */
  credentials: { username: string; password: string } | null;
  storage: Pick<Storage, 'atomically' | 'broker'>;
  expiredNotice: (fromSeq: number, toSeq: number) => OutgoingMessage;
  clock: Clock;
  log: Log;
  limits?: BrokerLimits;
}) {
  const { host, port, credentials, storage, expiredNotice, clock, log, limits = brokerLimits } = deps;
  const clients = new Set<Client>();
  const pumps = new Map<string, SessionPump>();
  const filtersOf = new WeakMap<Client, Set<string>>();
  const sessions = createDurableSessions({
    storage,
    clock,
    log,
    limits,
    expiredNotice,
    onTrimmed: (clientId) => pumps.get(clientId)?.client.close(),
  });
  const sentUpTo = new Map<string, number>();
  let aedes: Aedes | undefined;
  let server: Server | undefined;
  let expiry: NodeJS.Timeout | undefined;
  let links = new Set<{ end: (reason: string) => void }>();

  function admit(client: Client, username: string | undefined, password: Buffer | undefined): AuthenticateError | null {
    const refusal = (returnCode: number, reason: string) =>
      Object.assign(new Error(reason), { returnCode }) as AuthenticateError;
    if (client.id.length > clientIdCharacters) return refusal(2, 'client id too long');
    if (credentials && !(same(username, credentials.username) & same(password, credentials.password))) {
      return refusal(4, 'bad user name or password');
    }
    if (!client.clean && !sessions.knows(client.id) && sessions.count() >= limits.sessions) {
      return refusal(3, 'too many durable sessions');
    }
    return null;
  }

  function mayHear(client: Client, filter: string): boolean {
    const filters = filtersOf.get(client) ?? new Set();
    filtersOf.set(client, filters.add(filter));
    return !filter.startsWith('$') && filters.size <= limits.subscriptions;
  }

  /** Storage may fail (a full disk); that must not end the process from within a listener. */
  function guarded(work: () => void, otherwise: () => void = () => {}): void {
    try {
      work();
    } catch (error) {
      log.error({ err: error }, 'embedded broker: a session could not be kept');
      otherwise();
    }
  }

  function welcome(client: Client): void {
    clients.add(client);
    if (client.clean) {
      sentUpTo.delete(client.id);
      return;
    }
    sessions.flush();
    sessions.touch(client.id);
    const pump = createSessionPump({ client, sessions, alreadySent: sentUpTo.get(client.id) ?? 0 });
    pumps.set(client.id, pump);
    pump.fill();
  }

  function dismiss(client: Client): void {
    clients.delete(client);
    const pump = pumps.get(client.id);
    if (pump?.client !== client) return;
    pumps.delete(client.id);
    if (sessions.knows(client.id)) sentUpTo.set(client.id, pump.sentUpTo());
    else sentUpTo.delete(client.id);
    sessions.touch(client.id);
  }

  /** First to the disk for those who are away, then to those who are here. */
  function handOver(messages: readonly OutgoingMessage[]): void {
    const broker = aedes;
    if (!broker || broker.closed) throw new LinkLost('the broker is stopped');
    sessions.enqueue(messages);
    for (const message of messages) broker.publish(packetOf(message), () => {});
    for (const pump of pumps.values()) pump.fill();
    for (const { conn, id } of clients) {
      if (conn.writableLength <= limits.unsentBytes) continue;
      log.warn({ clientId: id }, 'subscriber too slow: disconnected');
      conn.destroy();
    }
  }

  const openLink: OpenLink = async () => {
    if (!aedes || aedes.closed) throw new LinkLost('the embedded broker is stopped');
    let batch: { message: OutgoingMessage; resolve: () => void; reject: (error: Error) => void }[] = [];
    let over: LinkLost | undefined;
    let tellLost: (reason: LinkLost) => void = () => {};
    const lost = new Promise<LinkLost>((resolve) => {
      tellLost = resolve;
    });
    const handle = {
      end(reason: string) {
        over ??= new LinkLost(reason);
        links.delete(handle);
        tellLost(over);
      },
    };
    links.add(handle);
    function commit(): void {
      const sending = batch;
      batch = [];
      try {
        if (over) throw over;
        handOver(sending.map(({ message }) => message));
        for (const { resolve } of sending) resolve();
      } catch (error) {
        for (const { reject } of sending) reject(error as Error);
        handle.end(`the embedded broker cannot take messages: ${(error as Error).message}`);
      }
    }
    const link: Link = {
      window: inFlight,
      send: (message) =>
        new Promise((resolve, reject) => {
          if (batch.length === 0) setImmediate(commit);
          batch.push({ message, resolve, reject });
        }),
      lost,
      close: async () => handle.end('closed by the appliance'),
      drop: (reason) => handle.end(reason),
    };
    return link;
  };

  return {
    openLink,
    /** Rejects with the error of `listen` when the port cannot be had. */
    async start(): Promise<void> {
      const broker = await Aedes.createBroker({
        persistence: createBrokerPersistence(sessions, (clientId) => pumps.get(clientId)),
        // No limit: a slow client must not hold up the others. What piles up for it is bounded by `unsentBytes`.
        concurrency: 0,
        connectTimeout: connectTimeoutMs,
        drainTimeout: drainTimeoutMs,
        maxTopicLevels: 16,
        authenticate: (client, username, password, done) => {
          const refusal = admit(client, username, password);
          done(refusal, refusal === null);
        },
        authorizePublish: (_client, _packet, done) => done(new Error('publishing is not allowed')),
        authorizeSubscribe: (client, subscription, done) =>
          done(null, mayHear(client, subscription.topic) ? subscription : null),
        authorizeForward: (client, packet) => {
          if (client.clean || packet.qos === 0 || packet.retain || packet.brokerId === queueMark) return packet;
          // The session's pump brings it.
          return sessions.wants(client.id, packet.topic) ? null : packet;
        },
      });
      aedes = broker;
      broker.on('clientReady', (client) =>
        guarded(
          () => welcome(client),
          () => client.close(),
        ),
      );
      broker.on('clientDisconnect', (client) => guarded(() => dismiss(client)));
      broker.on('unsubscribe', (filters, client) => {
        for (const filter of filters) filtersOf.get(client)?.delete(filter);
      });
      broker.on('clientError', (client, error) => log.debug({ clientId: client.id, reason: error.message }, 'client'));
      broker.on('connectionError', (_client, error) => log.debug({ reason: error.message }, 'client refused'));
      (broker as EventEmitter).on('error', (error) => log.error({ err: error }, 'embedded broker'));
      const listening = createServer((socket: Socket) => {
        socket.setNoDelay(true);
        limitPackets(socket, limits.packetBytes);
        broker.handle(socket);
      });
      listening.maxConnections = limits.clients;
      server = listening;
      try {
        await new Promise<void>((resolve, reject) => {
          listening.once('error', reject);
          listening.listen(port, host, resolve);
        });
      } catch (error) {
        await closeBroker(broker);
        throw error;
      }
      expiry = setInterval(() => guarded(() => sessions.expire(new Set(pumps.keys()))), expireEveryMs);
      expiry.unref();
    },
    async stop(): Promise<void> {
      clearInterval(expiry);
      for (const link of links) link.end('the embedded broker is stopped');
      links = new Set();
      const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
      if (aedes) await closeBroker(aedes);
      for (const { conn } of clients) conn.destroy();
      await closed;
      sessions.flush();
    },
    /** The port, once it listens. */
    port(): number {
      const address = server?.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    clients: () => clients.size,
  };
}

function closeBroker(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(() => resolve()));
}

/** 1 when both are the same; takes as long whatever the difference is. */
function same(given: string | Buffer | undefined, wanted: string): number {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b) ? 1 : 0;
}
