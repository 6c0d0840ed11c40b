import type { AedesPublishPacket, Client, PublishPacket } from 'aedes';
import type { DurableSessions } from './durable-sessions.ts';

/** Marks packets that come from a session's queue; their `brokerCounter` is the position in it. */
export const queueMark = 'queue';
const window = 32;

export type SessionPump = ReturnType<typeof createSessionPump>;

/**
 * Sends the queue of one durable session to its connected client, oldest first, a bounded number unacknowledged. The
 * broker's own way of delivering is not used for these messages: it would send new ones before those that wait.
 */
export function createSessionPump(deps: { client: Client; sessions: DurableSessions; alreadySent: number }) {
  const { client, sessions } = deps;
  let alreadySent = deps.alreadySent;
  let cursor = 0;
  let waiting = 0;
  const inFlight = new Map<number, number>();

  function fill(): void {
    if (client.closed) return;
    const free = window - inFlight.size - waiting;
    if (free <= 0) return;
    for (const { position, topic, payload } of sessions.read(client.id, cursor, free)) {
      const packet: PublishPacket & Partial<AedesPublishPacket> = {
        cmd: 'publish',
        topic,
        payload: Buffer.from(payload),
        qos: 1,
        retain: false,
        dup: position <= alreadySent,
        brokerId: queueMark,
        brokerCounter: position,
      };
      cursor = position;
      waiting += 1;
      client.publish(packet, () => {});
    }
    alreadySent = Math.max(alreadySent, cursor);
  }

  return {
    client,
    fill,
    /** The packet has got its identifier and is about to be written. */
    written(packet: { messageId?: number | undefined; brokerCounter: number; qos: number }): void {
      waiting -= 1;
      // Downgraded by a subscription of QoS 0 to the same topic: nothing will be acknowledged.
      if (packet.qos === 0 || packet.messageId === undefined) sessions.acknowledge(client.id, packet.brokerCounter);
      else inFlight.set(packet.messageId, packet.brokerCounter);
    },
    acknowledged(messageId: number): void {
      const position = inFlight.get(messageId);
      if (position === undefined) return;
      inFlight.delete(messageId);
      sessions.acknowledge(client.id, position);
      fill();
    },
    /** The highest position that this client was sent. */
    sentUpTo: (): number => alreadySent,
  };
}
