import { Readable } from 'node:stream';
import type { Client, Subscription } from 'aedes';
import type { OutgoingMessage } from '#contract/events/messages';
import type { DurableSessions } from './durable-sessions.ts';
import { queueMark, type SessionPump } from './session-pump.ts';
import { topicMatches } from './topic-match.ts';

interface StoredPacket {
  cmd: 'publish';
  topic: string;
  payload: Buffer;
  qos: 0 | 1 | 2;
  retain: boolean;
  messageId?: number;
  brokerId?: string;
  brokerCounter: number;
}
type Named = Pick<Client, 'id'>;

/**
 * What aedes asks of its persistence (the interface of `aedes-persistence` 10). Queues of durable sessions are filled
 * before aedes sees a message (`broker.ts`) and emptied by their pump, so aedes itself never finds anybody to queue for
 * (`subscriptionsByTopic`) and nothing to resend (`outgoingStream`). Retained messages are only our own state, said
 * anew at every start: memory is enough. Clients may not publish, so there are no wills and no incoming messages.
 */
export function createBrokerPersistence(
  sessions: DurableSessions,
  pumpOf: (clientId: string) => SessionPump | undefined,
) {
  const retained = new Map<string, StoredPacket>();

  function* retainedFor(filters: readonly string[]): Generator<StoredPacket> {
    for (const [topic, packet] of retained) if (filters.some((filter) => topicMatches(filter, topic))) yield packet;
  }

  return {
    async setup() {},
    async destroy() {},

    async storeRetained(packet: StoredPacket) {
      if (packet.payload.length === 0) retained.delete(packet.topic);
      else retained.set(packet.topic, { ...packet });
    },
    createRetainedStream: (filter: string) => Readable.from(retainedFor([filter])),
    createRetainedStreamCombi: (filters: string[]) => Readable.from(retainedFor(filters)),

    async addSubscriptions({ id }: Named, subscriptions: Subscription[]) {
      sessions.subscribe(
        id,
        subscriptions.map(({ topic, qos }) => ({ filter: topic, qos })),
      );
    },
    async removeSubscriptions({ id }: Named, filters: string[]) {
      sessions.unsubscribe(id, filters);
    },
    async subscriptionsByClient({ id }: Named) {
      return sessions.subscriptionsOf(id).map(({ filter, qos }) => ({ topic: filter, qos }));
    },
    /** A client that connects with `clean = true` ends the session it had. */
    async cleanSubscriptions({ id }: Named) {
      sessions.forget(id);
    },
    async subscriptionsByTopic() {
      return [];
    },
    async countOffline() {
      return { subsCount: 0, clientsCount: sessions.count() };
    },

    async outgoingEnqueue() {},
    async outgoingEnqueueCombi() {},
    async outgoingUpdate({ id }: Named, packet: StoredPacket) {
      if (packet.brokerId === queueMark) pumpOf(id)?.written(packet);
    },
    async outgoingClearMessageId({ id }: Named, { messageId }: Pick<StoredPacket, 'messageId'>) {
      if (messageId !== undefined) pumpOf(id)?.acknowledged(messageId);
      return undefined;
    },
    outgoingStream: () => Readable.from([]),

    async incomingStorePacket() {
      throw new Error('publishing is not allowed');
    },
    async incomingGetPacket() {
      throw new Error('no such packet');
    },
    async incomingDelPacket() {},
    async cleanIncoming() {},

    async putWill() {},
    async getWill() {
      return undefined;
    },
    async delWill() {
      return undefined;
    },
    streamWill: () => Readable.from([]),
    getClientList: () => Readable.from([]),
  };
}

/** The packet that aedes publishes for a message. */
export function packetOf({ topic, payload, qos, retain }: OutgoingMessage) {
  return { cmd: 'publish' as const, topic, payload: Buffer.from(payload), qos, retain, dup: false };
}
