import type { OutgoingMessage } from '#contract/events/messages';
import type { Clock } from '#kernel/clock';
import type { Log } from '#kernel/log';
import type { Storage } from '../../../engine/storage/storage.ts';
import type { BrokerMessage, BrokerSubscription } from '../../../engine/storage/tables/broker.table.ts';
import { topicMatches } from './topic-match.ts';

/** What the embedded broker keeps for subscribers that are away. Beyond it the oldest messages are given up, and told of. */
export interface SessionLimits {
  sessions: number;
  subscriptions: number;
  /** Per session. */
  messages: number;
  /** A session that nobody came back to for so long is forgotten. */
  idleMs: number;
}
export const sessionLimits: SessionLimits = {
  sessions: 64,
  subscriptions: 100,
  messages: 20_000,
  idleMs: 7 * 86_400_000,
};

/** Trimmed below the limit by this part, so that a full queue is not trimmed at every message. */
const slack = 0.05;
const gatherMs = 20;

/** What was given up: `seq` from and to, 0 when none of them had one. */
interface Trimmed {
  clientId: string;
  from: number;
  to: number;
  messages: number;
  /** What is left. */
  queued: number;
}

export type DurableSessions = ReturnType<typeof createDurableSessions>;

/**
 * Sessions of MQTT clients that connect with `clean = false`. A message for them is on the disk before it leaves the
 * outbox, and stays there until they acknowledge it: neither the end of their connection nor that of this process loses
 * it.
 */
export function createDurableSessions(deps: {
  storage: Pick<Storage, 'atomically' | 'broker'>;
  clock: Clock;
  log: Log;
  limits: SessionLimits;
  /** The message that stands for a gap, as `event/system`. */
  expiredNotice: (fromSeq: number, toSeq: number) => OutgoingMessage;
  /** Messages of a session were given up while its client may be connected. */
  onTrimmed: (clientId: string) => void;
}) {
  const { storage, clock, log, limits, expiredNotice, onTrimmed } = deps;
  const table = storage.broker;
  const sessions = new Map<string, { filters: Map<string, number>; queued: number }>();
  const acknowledged = new Map<number, string>();
  let gatherTimer: NodeJS.Timeout | undefined;

  for (const { client_id } of table.sessions()) sessions.set(client_id, { filters: new Map(), queued: 0 });
  for (const { client_id, filter, qos } of table.subscriptions()) sessions.get(client_id)?.filters.set(filter, qos);
  for (const { client_id, count } of table.counts()) {
    const session = sessions.get(client_id);
    if (session) session.queued = count;
  }

  function wants(clientId: string, topic: string): boolean {
    for (const [filter, qos] of sessions.get(clientId)?.filters ?? []) {
      if (qos > 0 && topicMatches(filter, topic)) return true;
    }
    return false;
  }

  function flush(): void {
    clearTimeout(gatherTimer);
    gatherTimer = undefined;
    if (acknowledged.size === 0) return;
    const removed = storage.atomically(() =>
      [...acknowledged].filter(([position]) => table.remove(position)).map(([, clientId]) => clientId),
    );
    acknowledged.clear();
    for (const clientId of removed) {
      const session = sessions.get(clientId);
      if (session) session.queued -= 1;
    }
  }

  /**
   * Gives up the oldest of the `queued` messages of a session; one notice takes the place of the last of them. Returns how
   * many there are then. Part of a transaction.
   */
  function trim(clientId: string, queued: number): Trimmed {
    const given = table.read(clientId, 0, queued - Math.floor(limits.messages * (1 - slack)));
    const removed = given.filter(({ position }) => table.remove(position)).length;
    const from = Math.min(...given.map(firstMissingOf));
    const to = Math.max(0, ...given.map(({ seq }) => seq ?? 0));
    const trimmed = { clientId, from, to, messages: given.length, queued: queued - removed };
    const last = given.at(-1);
    if (!last || to === 0) return trimmed;
    const notice = expiredNotice(from, to);
    if (!wants(clientId, notice.topic)) return trimmed;
    table.insertAt(last.position, clientId, {
      seq: to,
      topic: notice.topic,
      payload: notice.payload,
      create_time: clock.now(),
    });
    return { ...trimmed, queued: trimmed.queued + 1 };
  }

  return {
    count: () => sessions.size,
    knows: (clientId: string) => sessions.has(clientId),
    wants,
    subscriptionsOf: (clientId: string): BrokerSubscription[] =>
      [...(sessions.get(clientId)?.filters ?? [])].map(([filter, qos]) => ({ filter, qos })),
    /** Throws when it would be too many. */
    subscribe(clientId: string, subscriptions: readonly BrokerSubscription[]): void {
      const filters = new Map(sessions.get(clientId)?.filters);
      for (const { filter, qos } of subscriptions) filters.set(filter, qos);
      if (filters.size > limits.subscriptions) throw new Error('too many subscriptions');
      storage.atomically(() => {
        table.touch(clientId, clock.now());
        for (const subscription of subscriptions) table.subscribe(clientId, subscription);
      });
      sessions.set(clientId, { filters, queued: sessions.get(clientId)?.queued ?? 0 });
    },
    unsubscribe(clientId: string, filters: readonly string[]): void {
      storage.atomically(() => {
        for (const filter of filters) table.unsubscribe(clientId, filter);
      });
      for (const filter of filters) sessions.get(clientId)?.filters.delete(filter);
    },
    forget(clientId: string): void {
      if (!sessions.delete(clientId)) return;
      table.removeSession(clientId);
    },
    touch(clientId: string): void {
      if (sessions.has(clientId)) table.touch(clientId, clock.now());
    },
    /** Puts the messages into every session that wants them, in one transaction. Nothing is stored when it throws. */
    enqueue(messages: readonly OutgoingMessage[]): void {
      const wanted: [string, OutgoingMessage][] = [];
      for (const message of messages) {
        if (message.qos === 0) continue;
        for (const clientId of sessions.keys()) if (wants(clientId, message.topic)) wanted.push([clientId, message]);
      }
      if (wanted.length === 0) return;
      const queued = new Map<string, number>();
      for (const [clientId] of wanted) {
        queued.set(clientId, (queued.get(clientId) ?? sessions.get(clientId)?.queued ?? 0) + 1);
      }
      const trimmed = storage.atomically(() => {
        const nowMs = clock.now();
        for (const [clientId, { seq, topic, payload }] of wanted) {
          table.enqueue(clientId, { seq, topic, payload, create_time: nowMs });
        }
        return [...queued].filter(([, count]) => count > limits.messages).map((full) => trim(...full));
      });
      for (const one of trimmed) queued.set(one.clientId, one.queued);
      for (const [clientId, count] of queued) {
        const session = sessions.get(clientId);
        if (session) session.queued = count;
      }
      for (const { queued: _, ...given } of trimmed) {
        log.warn(given, 'messages of a subscriber that is away were given up');
        onTrimmed(given.clientId);
      }
    },
    read: (clientId: string, afterPosition: number, limit: number): BrokerMessage[] =>
      table.read(clientId, afterPosition, limit),
    /** The client has it. Removed together with others, a moment later: a crash in between sends it twice. */
    acknowledge(clientId: string, position: number): void {
      acknowledged.set(position, clientId);
      gatherTimer ??= setTimeout(() => {
        try {
          flush();
        } catch (error) {
          log.error({ err: error }, 'acknowledged messages could not be removed');
        }
      }, gatherMs);
    },
    flush,
    /** Forgets sessions that nobody came back to. `connected`: those that are here. */
    expire(connected: ReadonlySet<string>): void {
      const oldestMs = clock.now() - limits.idleMs;
      for (const { client_id, last_seen } of table.sessions()) {
        if (connected.has(client_id)) table.touch(client_id, clock.now());
        else if (last_seen < oldestMs) {
          log.warn({ clientId: client_id }, 'session of a subscriber that did not come back is forgotten');
          this.forget(client_id);
        }
      }
    },
  };
}

/** A notice that is given up itself hands its gap on. */
function firstMissingOf({ seq, payload }: BrokerMessage): number {
  if (seq === null) return Number.POSITIVE_INFINITY;
  if (!payload.includes('"events_expired"')) return seq;
  const { from_seq } = JSON.parse(payload) as { from_seq?: unknown };
  return typeof from_seq === 'number' ? Math.min(from_seq, seq) : seq;
}
