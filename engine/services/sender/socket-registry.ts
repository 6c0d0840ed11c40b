import type { BusMessages } from '#contract/events/bus';
import type { EventQuery } from '#contract/events/event-filters';
import { toTime } from '#contract/schemas';
import { type Caller, visibleTo } from '#domain/access';
import type { FaceEventFacts } from '#domain/event/face-event';
import type { Bus } from '#kernel/bus';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';
import {
  createEventSocket,
  type EventSocket,
  type RawSocket,
  type SocketLimits,
  socketLimits,
} from './event-socket.ts';
import { socketFilter } from './socket-filters.ts';

/** Somebody who may listen. */
export interface Subscription {
  /** Whose events are told, and who is counted for the limit. */
  readonly caller: Caller;
  readonly filters: EventQuery;
  /** What the caller's rights rested on when it was admitted. */
  readonly standing: string | null;
}

export interface SocketRegistry extends Subsystem {
  /** Call before the upgrade. Throws `ServiceBusy` when the account has as many sockets as it may. */
  admit(caller: Caller, filters: EventQuery): Subscription;
  open(raw: RawSocket, subscription: Subscription): void;
  counts(): { sockets: number; dropped: number };
}

/** Callers with the same credentials share a key. */
function credentialsOf({ via, accountId, actingAccountId = accountId, tokenId = '' }: Caller): string {
  return `${via} ${actingAccountId} ${tokenId}`;
}

/**
 * Everybody who listens at the WebSocket. Only what happens while they are connected is told (LP5 Sender). Who would not
 * be let in any more, or not with the same rights, is sent away with 1008: before the next frame, or when sockets are
 * tended. Each credential is looked at once per round, however many sockets it opened.
 */
export function createSocketRegistry(deps: {
  bus: Bus<BusMessages>;
  clock: Clock;
  log: Log;
  /** What a caller's rights rest on now; null when it has none any more. */
  standingOf: (caller: Caller) => string | null;
  limits?: SocketLimits;
}): SocketRegistry {
  const { bus, clock, log, standingOf, limits = socketLimits } = deps;
  const subscribers = new Map<EventSocket, Subscription & { wants: ReturnType<typeof socketFilter> }>();
  let dropped = 0;
  let unsubscribe = (): void => {};
  let timer: NodeJS.Timeout | undefined;

  /** For one round: whether a subscriber may go on. One that may not is closed. */
  function createDoor(): (socket: EventSocket, subscription: Subscription) => boolean {
    const standings = new Map<string, string | null>();
    return (socket, { caller, standing }) => {
      const key = credentialsOf(caller);
      let now = standings.get(key);
      if (now === undefined) {
        now = standingOf(caller);
        standings.set(key, now);
      }
      if (now !== null && now === standing) return true;
      socket.close(1008, 'the credentials do not hold any more');
      return false;
    };
  }

  function tell(events: readonly FaceEventFacts[]): void {
    if (subscribers.size === 0) return;
    const nowMs = clock.now();
    const mayGoOn = createDoor();
    for (const facts of events) {
      let text: string | undefined;
      for (const [socket, subscriber] of subscribers) {
        const account = visibleTo(subscriber.caller);
        if (account !== null && account !== facts.event.account_id) continue;
        if (!subscriber.wants(facts, nowMs) || !mayGoOn(socket, subscriber)) continue;
        text ??= JSON.stringify(frameOf(facts));
        socket.send(text);
      }
    }
  }

  return {
    name: 'event sockets',
    start() {
      unsubscribe = bus.subscribe('events.published', ({ events }) => tell(events));
      timer = setInterval(() => {
        const mayGoOn = createDoor();
        for (const [socket, subscriber] of subscribers) if (mayGoOn(socket, subscriber)) socket.tend();
      }, limits.pingEveryMs);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      unsubscribe();
      for (const socket of subscribers.keys()) socket.close(1001, 'the appliance is stopping');
    },
    admit(caller, filters) {
      let open = 0;
      for (const other of subscribers.values()) if (other.caller.accountId === caller.accountId) open += 1;
      if (open >= limits.perAccount) throw lunaError('ServiceBusy', { queue: 'event sockets' });
      return { caller, filters, standing: standingOf(caller) };
    },
    open(raw, subscription) {
      const socket = createEventSocket({
        raw,
        clock,
        limits,
        onClose() {
          subscribers.delete(socket);
          dropped += socket.dropped();
          if (socket.dropped() > 0) log.warn({ dropped: socket.dropped() }, 'a slow event socket lost messages');
        },
      });
      subscribers.set(socket, { ...subscription, wants: socketFilter(subscription.filters) });
    },
    counts: () => ({
      sockets: subscribers.size,
      dropped: [...subscribers.keys()].reduce((sum, socket) => sum + socket.dropped(), dropped),
    }),
  };
}

/** One event per frame (LP5 Sender). */
function frameOf({ event, requestId, answer }: FaceEventFacts) {
  return {
    event_create_time: toTime(event.create_time),
    event_end_time: toTime(event.end_time),
    'Luna-Request-Id': requestId,
    account_id: event.account_id,
    handler_id: event.handler_id,
    event: answer,
  };
}
