import type { Clock } from '#kernel/clock';

/** The few things that are needed of a WebSocket (the `ws` package's). */
export interface RawSocket {
  readonly bufferedAmount: number;
  send(text: string, done: (error?: Error) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'pong' | 'close' | 'error', listener: () => void): void;
}

/** LP5 has none of these numbers in its documentation; they are ours. */
export const socketLimits = {
  perAccount: 256,
  queuedMessages: 1000,
  queuedBytes: 16 * 1024 * 1024,
  /** A queue that is still full after this long ends the socket with 1013. */
  fullMs: 10_000,
  pingEveryMs: 20_000,
  pongWithinMs: 20_000,
};
export type SocketLimits = typeof socketLimits;

/** Handed to the socket at a time; the rest waits where it can still be dropped. */
const writtenBytes = 256 * 1024;

export type EventSocket = ReturnType<typeof createEventSocket>;

/**
 * One subscriber. Best effort, as in LP5: a slow one loses the oldest messages, counted, and is sent away when it stays
 * slow, so that memory is bounded and nobody else waits.
 */
export function createEventSocket(deps: { raw: RawSocket; clock: Clock; limits: SocketLimits; onClose: () => void }) {
  const { raw, clock, limits, onClose } = deps;
  const queue: { text: string; bytes: number }[] = [];
  let queuedBytes = 0;
  let writing = false;
  let dropped = 0;
  let fullSince: number | null = null;
  let awaitingPongSince: number | null = null;
  let closed = false;

  raw.on('pong', () => {
    awaitingPongSince = null;
  });
  raw.on('error', () => {});
  raw.on('close', () => {
    closed = true;
    queue.length = 0;
    queuedBytes = 0;
    onClose();
  });

  function write(): void {
    while (!closed && !writing) {
      const next = queue.shift();
      if (!next) return;
      queuedBytes -= next.bytes;
      // Wait for the socket only when much is on its way already.
      writing = raw.bufferedAmount + next.bytes > writtenBytes;
      raw.send(next.text, () => {
        if (!writing || raw.bufferedAmount > writtenBytes / 2) return;
        writing = false;
        write();
      });
    }
  }

  function close(code: number, reason: string): void {
    if (closed) return;
    // What still waits is not sent: the reason may be that it must not.
    closed = true;
    queue.length = 0;
    queuedBytes = 0;
    raw.close(code, reason);
    // A peer that does not answer the closing handshake must not keep the socket.
    setTimeout(() => raw.terminate(), 2000).unref();
  }

  return {
    send(text: string): void {
      if (closed) return;
      const bytes = Buffer.byteLength(text);
      queue.push({ text, bytes });
      queuedBytes += bytes;
      write();
      let full = false;
      while (queue.length > limits.queuedMessages || queuedBytes > limits.queuedBytes) {
        const oldest = queue.shift();
        if (!oldest) break;
        queuedBytes -= oldest.bytes;
        dropped += 1;
        full = true;
      }
      if (full) fullSince ??= clock.now();
      else if (queue.length < limits.queuedMessages / 2) fullSince = null;
    },
    /** Called every so often: pings, and ends what does not answer or does not read. */
    tend(): void {
      if (closed) return;
      const nowMs = clock.now();
      if (fullSince !== null && nowMs - fullSince >= limits.fullMs) close(1013, 'too slow');
      else if (awaitingPongSince !== null && nowMs - awaitingPongSince >= limits.pongWithinMs) close(1011, 'no pong');
      else if (awaitingPongSince === null) {
        awaitingPongSince = nowMs;
        raw.ping();
      }
    },
    close,
    dropped: () => dropped,
    waiting: () => queue.length,
  };
}
