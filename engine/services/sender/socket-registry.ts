import type { BusMessages } from '#contract/bus';
import type { EventQuery } from '#contract/event-filters';
import { toTime } from '#contract/schemas';
import type { FaceEventFacts } from '#domain/face-event';
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

export interface Subscription {
  /** Whose events are told; null for those of every account. */
  visibleTo: string | null;
  /** Who is counted for the limit. */
  accountId: string;
  filters: EventQuery;
}

export interface SocketRegistry extends Subsystem {
  /** Throws `ServiceBusy` when the account has as many sockets as it may. Call before the upgrade. */
  requireRoom(accountId: string): void;
  open(raw: RawSocket, subscription: Subscription): void;
  counts(): { sockets: number; dropped: number };
}

/** Everybody who listens at the WebSocket. Only what happens while they are connected is told (LP5 Sender). */
export function createSocketRegistry(deps: {
  bus: Bus<BusMessages>;
  clock: Clock;
  log: Log;
  limits?: SocketLimits;
}): SocketRegistry {
  const { bus, clock, log, limits = socketLimits } = deps;
  const subscribers = new Map<EventSocket, Subscription & { wants: ReturnType<typeof socketFilter> }>();
  let dropped = 0;
  let unsubscribe = (): void => {};
  let timer: NodeJS.Timeout | undefined;

  function tell(events: readonly FaceEventFacts[]): void {
    if (subscribers.size === 0) return;
    const nowMs = clock.now();
    for (const facts of events) {
      let text: string | undefined;
      for (const [socket, { visibleTo, wants }] of subscribers) {
        if (visibleTo !== null && visibleTo !== facts.event.account_id) continue;
        if (!wants(facts, nowMs)) continue;
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
        for (const socket of subscribers.keys()) socket.tend();
      }, limits.pingEveryMs);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      unsubscribe();
      for (const socket of subscribers.keys()) socket.close(1001, 'the appliance is stopping');
    },
    requireRoom(accountId) {
      let open = 0;
      for (const subscription of subscribers.values()) if (subscription.accountId === accountId) open += 1;
      if (open >= limits.perAccount) throw lunaError('ServiceBusy', { queue: 'event sockets' });
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
