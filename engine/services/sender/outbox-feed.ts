import { isQueuedKind, type OutgoingMessage, topicOf, topics } from '#contract/events/messages';
import type { Clock } from '#kernel/clock';
import type { Log } from '#kernel/log';
import type { MessageRow } from '#storage/rows';
import type { Storage } from '#storage/storage';
import type { DeviceIdentity } from './identity.ts';
import type { Sender } from './sender.service.ts';

/** How much may wait while no broker takes it. What is given up is told by `events_expired`, never silently. */
export interface OutboxLimits {
  messages: number;
  ageMs: number;
}
export const defaultOutboxLimits: OutboxLimits = { messages: 100_000, ageMs: 7 * 86_400_000 };

export interface FeedItem {
  seq: number;
  message: OutgoingMessage;
}

/** The outbox as a publisher sees it: messages ready to be sent, oldest first, until they are handed over. */
export interface OutboxFeed {
  /** Messages after `afterSeq`. Rows that cannot be made a message are set aside. */
  next(limit: number, afterSeq: number): FeedItem[];
  /** Removes what a broker has taken. Rows that are gone already are no error. */
  handedOver(seqs: readonly number[]): void;
  /** Takes a message out of the way that no broker takes: it is kept aside, and told by `message_rejected`. */
  setAside(seq: number, reason: string): void;
  /** Gives up what is too much or too old. Returns how many messages. */
  expire(): number;
  /** What a row looks like as a message. Throws when it cannot be one. */
  messageOf(row: MessageRow): OutgoingMessage;
  pending(): { count: number; oldestAgeMs: number | null };
}

const lateMs = 10_000;
const expireChunk = 1000;
/** Trimmed below the limit by this part, so that a full outbox is not trimmed, and told of, at every message. */
const slack = 0.05;

export function createOutboxFeed(deps: {
  storage: Pick<Storage, 'atomically' | 'outbox' | 'rejectedMessages'>;
  sender: Pick<Sender, 'systemMessage' | 'errorMessage'>;
  device: DeviceIdentity;
  clock: Clock;
  log: Log;
  limits?: OutboxLimits;
}): OutboxFeed {
  const { storage, sender, device, clock, log, limits = defaultOutboxLimits } = deps;
  const { outbox } = storage;

  function messageOf(row: MessageRow): OutgoingMessage {
    if (!isQueuedKind(row.kind)) throw new Error(`unknown kind of message '${row.kind}'`);
    const topic = topics[row.kind];
    const stored: unknown = JSON.parse(row.payload);
    if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) throw new Error('not a JSON object');
    const { id, boot, ts, clock: clockState, ...rest } = stored as Record<string, unknown>;
    const nowMs = clock.now();
    const ageMs = Math.max(0, nowMs - row.create_time);
    const document = {
      schema: 1,
      id,
      seq: row.seq,
      boot,
      ts,
      sent_ts: new Date(nowMs).toISOString(),
      late: ageMs > lateMs,
      clock: clockState,
      device: device.deviceId,
      ...rest,
    };
    return {
      topic: topicOf(device.deviceId, row.kind),
      payload: JSON.stringify(document),
      qos: topic.qos,
      retain: topic.retain,
      seq: row.seq,
      properties: {
        contentType: topic.contentType,
        expirySeconds: Math.max(60, Math.ceil((limits.ageMs - ageMs) / 1000)),
        userProperties: { schema: '1', seq: String(row.seq), device: device.deviceId },
      },
    };
  }

  function setRowAside(row: MessageRow, reason: string): void {
    log.error({ seq: row.seq, kind: row.kind, reason }, 'message set aside');
    storage.atomically(() => {
      storage.rejectedMessages.insert({ ...row, reject_time: clock.now(), reason });
      outbox.remove(row.seq);
      // What tells of a refusal and is refused itself is not told of again without end.
      if (row.kind !== 'event/system') {
        outbox.append(sender.systemMessage({ type: 'message_rejected', rejected_seq: row.seq, reason }));
      }
      if (row.kind === 'event/face') {
        outbox.append(
          sender.errorMessage({
            code: 'message_rejected',
            message: `Message ${row.seq} could not be handed over: ${reason}`,
            hint: 'Look at the limits and the rights that the broker gives to this appliance.',
            ref: String(row.seq),
          }),
        );
      }
    });
  }

  /** Removes up to a chunk of the oldest rows for which `tooMuch` holds, and leaves one record of the whole gap. */
  function expireChunkOf(tooMuch: (row: MessageRow, index: number) => boolean): number {
    return storage.atomically(() => {
      const rows = outbox.peek(expireChunk);
      const kept = rows.findIndex((row, index) => !tooMuch(row, index));
      const expired = kept === -1 ? rows : rows.slice(0, kept);
      const last = expired.at(-1);
      if (!last) return 0;
      for (const { seq } of expired) outbox.remove(seq);
      // A record that expires itself hands its gap on to the new one.
      const from = Math.min(...expired.map(firstMissingOf));
      outbox.append(sender.systemMessage({ type: 'events_expired', from_seq: from, to_seq: last.seq }));
      log.warn({ from, to: last.seq }, 'messages given up: too many or too old');
      return expired.length;
    });
  }

  return {
    messageOf,
    next(limit, afterSeq) {
      const items: FeedItem[] = [];
      let rows = outbox.peek(limit, afterSeq);
      while (rows.length > 0) {
        for (const row of rows) {
          try {
            items.push({ seq: row.seq, message: messageOf(row) });
          } catch (error) {
            setRowAside(row, `cannot be made a message: ${(error as Error).message}`);
          }
        }
        if (items.length > 0) break;
        rows = outbox.peek(limit, rows.at(-1)?.seq);
      }
      return items;
    },
    handedOver(seqs) {
      if (seqs.length === 0) return;
      storage.atomically(() => {
        for (const seq of seqs) outbox.remove(seq);
      });
    },
    setAside(seq, reason) {
      const row = outbox.peek(1, seq - 1)[0];
      if (row?.seq === seq) setRowAside(row, reason);
    },
    expire() {
      let total = 0;
      const count = outbox.count();
      let excess = count > limits.messages ? count - Math.floor(limits.messages * (1 - slack)) : 0;
      const oldestAllowedMs = clock.now() - limits.ageMs;
      for (;;) {
        const removed = expireChunkOf((row, index) => index < excess || row.create_time < oldestAllowedMs);
        total += removed;
        excess = Math.max(0, excess - removed);
        if (removed < expireChunk) return total;
      }
    },
    pending() {
      const oldest = outbox.oldest();
      return { count: outbox.count(), oldestAgeMs: oldest ? Math.max(0, clock.now() - oldest.create_time) : null };
    },
  };
}

function firstMissingOf(row: MessageRow): number {
  if (row.kind !== 'event/system') return row.seq;
  try {
    const event = JSON.parse(row.payload) as { type?: unknown; from_seq?: unknown };
    return event.type === 'events_expired' && typeof event.from_seq === 'number' ? event.from_seq : row.seq;
  } catch {
    return row.seq;
  }
}
