import type { OutgoingMessage } from '#contract/events/messages';
import type { Chance } from '#kernel/chance';
import type { Clock } from '#kernel/clock';
import type { Log } from '#kernel/log';
import type { FeedItem, OutboxFeed } from '../../../engine/services/sender/outbox-feed.ts';
import { createBackoff } from './backoff.ts';
import { type Link, LinkLost, MessageRefused, type OpenLink } from './link.ts';
import { createSuspicion } from './suspicion.ts';

export interface PublisherStatus {
  state: 'stopped' | 'connecting' | 'connected' | 'waiting';
  /** The last thing that went wrong with the broker; null since the start or since messages flow again. */
  lastError: { message: string; atMs: number } | null;
  /** When the next attempt to connect is due. */
  retryAtMs: number | null;
  inFlight: number;
  /** Handed over since the start. */
  handedOver: number;
}

export interface Publisher {
  start(): void;
  /** Sends what it can within `graceMs`, then the farewell, and closes. What is left stays in the outbox. */
  stop(graceMs: number): Promise<void>;
  /** There are new rows in the outbox. Cheap. */
  wake(): void;
  /** Sends state that nobody waits for. Dropped when there is no connection: the next one sends it again. */
  sendState(message: OutgoingMessage): void;
  status(): PublisherStatus;
}

/** Times in milliseconds; tests shorten them. */
export interface PublisherTimes {
  backoffFirst: number;
  backoffMost: number;
  /** A broker that does not acknowledge for this long is as good as gone. */
  acknowledge: number;
  /** Acknowledged rows are removed together, at most this long after the acknowledgement. */
  gather: number;
}
export const publisherTimes: PublisherTimes = {
  backoffFirst: 1000,
  backoffMost: 60_000,
  acknowledge: 20_000,
  gather: 20,
};

/**
 * Sends the outbox, oldest first, a bounded number in flight. A row leaves the outbox only when the broker has taken
 * the message over; when a connection ends, the next one begins again with the oldest row. So: at least once, and the
 * first delivery of each message in the order of `seq`.
 */
export function createPublisher(deps: {
  openLink: OpenLink;
  feed: OutboxFeed;
  /** What to say at each connect, oldest first, before anything from the outbox. */
  birth: () => OutgoingMessage[];
  farewell: OutgoingMessage;
  clock: Clock;
  chance: Chance;
  log: Log;
  times?: PublisherTimes;
}): Publisher {
  const { openLink, feed, birth, farewell, clock, chance, log, times = publisherTimes } = deps;
  const backoff = createBackoff({ firstMs: times.backoffFirst, mostMs: times.backoffMost, chance });
  const suspicion = createSuspicion();
  const inFlight = new Set<number>();
  const acknowledged = new Set<number>();
  let link: Link | undefined;
  let cursor = 0;
  let filling = false;
  let state: PublisherStatus['state'] = 'stopped';
  let lastError: PublisherStatus['lastError'] = null;
  let retryAtMs: number | null = null;
  let handedOver = 0;
  let connectedAtMs = 0;
  let retryTimer: NodeJS.Timeout | undefined;
  let gatherTimer: NodeJS.Timeout | undefined;
  let watchdog: NodeJS.Timeout | undefined;
  let settled = (): void => {};

  function flush(): void {
    clearTimeout(gatherTimer);
    gatherTimer = undefined;
    if (acknowledged.size === 0) return;
    try {
      feed.handedOver([...acknowledged]);
      acknowledged.clear();
    } catch (error) {
      // The rows stay and are sent again after a restart; within this run the cursor has passed them.
      log.error({ err: error }, 'acknowledged messages could not be removed from the outbox');
      gatherTimer = setTimeout(flush, 1000);
    }
  }

  function noteAcknowledged(seq: number): void {
    acknowledged.add(seq);
    handedOver += 1;
    lastError = null;
    suspicion.cleared(seq);
    backoff.reset();
    gatherTimer ??= setTimeout(flush, times.gather);
  }

  function armWatchdog(current: Link): void {
    clearTimeout(watchdog);
    if (inFlight.size === 0) return;
    watchdog = setTimeout(
      () => current.drop(`no acknowledgement within ${times.acknowledge / 1000} s`),
      times.acknowledge,
    );
  }

  async function sendItem(current: Link, { seq, message }: FeedItem): Promise<void> {
    inFlight.add(seq);
    try {
      await current.send(message);
      if (link !== current) return;
      noteAcknowledged(seq);
    } catch (error) {
      // When the connection is over `onLost` follows: it must still see what was in flight.
      if (link !== current || !(error instanceof MessageRefused)) return;
      if (!refused(current, seq, error)) return;
    }
    inFlight.delete(seq);
    armWatchdog(current);
    fill();
  }

  function setAside(seq: number, reason: string): void {
    try {
      feed.setAside(seq, reason);
    } catch (error) {
      log.error({ err: error, seq }, 'a message could not be set aside');
    }
  }

  /** True when the message is out of the way; otherwise the order is kept by beginning anew with it. */
  function refused(current: Link, seq: number, error: MessageRefused): boolean {
    if (error.permanent || suspicion.refused(seq)) {
      setAside(seq, error.message);
      return true;
    }
    current.drop(`message ${seq} refused: ${error.message}`);
    return false;
  }

  /** Keeps the window full. Rows already acknowledged or in flight lie before the cursor. */
  function fill(): void {
    if (!link || filling) return;
    const current = link;
    const wasIdle = inFlight.size === 0;
    filling = true;
    try {
      const window = suspicion.isSolo() ? 1 : current.window;
      while (link === current && inFlight.size < window) {
        const items = feed.next(window - inFlight.size, cursor);
        const last = items.at(-1);
        if (!last) break;
        cursor = last.seq;
        for (const item of items) void sendItem(current, item);
      }
    } catch (error) {
      log.error({ err: error }, 'the outbox cannot be read');
    } finally {
      filling = false;
    }
    if (inFlight.size === 0) settled();
    else if (wasIdle) armWatchdog(current);
  }

  async function connect(): Promise<void> {
    state = 'connecting';
    retryAtMs = null;
    let current: Link | undefined;
    try {
      current = await openLink(farewell);
      const sayings = isStopped() ? [] : birth();
      await withTimeout(Promise.all(sayings.map((message) => current?.send(message))), times.acknowledge);
    } catch (error) {
      current?.drop('the first messages were not taken over');
      scheduleRetry(error as Error);
      return;
    }
    if (isStopped()) {
      await part(current);
      return;
    }
    flush();
    link = current;
    cursor = 0;
    state = 'connected';
    connectedAtMs = clock.now();
    log.info('connected to the broker');
    const mine = current;
    void current.lost.then((reason) => {
      if (link === mine) onLost(reason);
    });
    fill();
  }

  /** The farewell and an orderly end; neither is waited for longer than they deserve. */
  async function part(current: Link): Promise<void> {
    await Promise.race([current.send(farewell).catch(() => {}), delay(500)]);
    await current.close();
  }

  function onLost(reason: LinkLost): void {
    link = undefined;
    clearTimeout(watchdog);
    watchdog = undefined;
    flush();
    const head = inFlight.size ? Math.min(...inFlight) : null;
    inFlight.clear();
    if (state === 'stopped') return;
    const culprit = head !== null && reason.byBroker ? suspicion.lostWith(head) : null;
    if (culprit !== null) setAside(culprit, `the broker ends the connection at this message: ${reason.message}`);
    // A connection that stood for long says nothing against trying again soon.
    if (clock.now() - connectedAtMs >= times.backoffMost) backoff.reset();
    scheduleRetry(reason);
  }

  function scheduleRetry(error: Error): void {
    if (isStopped()) return;
    const delayMs = backoff.nextMs();
    state = 'waiting';
    retryAtMs = clock.now() + delayMs;
    if (lastError?.message !== error.message) log.warn({ reason: error.message, delayMs }, 'no broker');
    lastError = { message: error.message, atMs: clock.now() };
    retryTimer = setTimeout(() => void connect(), delayMs);
  }

  // A function, because the compiler would otherwise keep what it knew of `state` across an await.
  function isStopped(): boolean {
    return state === 'stopped';
  }

  return {
    start() {
      if (state === 'stopped') void connect();
    },
    async stop(graceMs) {
      clearTimeout(retryTimer);
      const current = link;
      if (current) {
        fill();
        if (inFlight.size > 0) {
          const idle = new Promise<void>((resolve) => {
            settled = resolve;
          });
          await Promise.race([idle, current.lost, delay(graceMs)]);
        }
        if (link === current) {
          state = 'stopped';
          await part(current);
        }
      }
      state = 'stopped';
      retryAtMs = null;
      link = undefined;
      clearTimeout(watchdog);
      clearTimeout(retryTimer);
      flush();
      clearTimeout(gatherTimer);
    },
    wake: fill,
    sendState(message) {
      link?.send(message).catch(() => {});
    },
    status: () => ({ state, lastError, retryAtMs, inFlight: inFlight.size, handedOver }),
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LinkLost(`no acknowledgement within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
