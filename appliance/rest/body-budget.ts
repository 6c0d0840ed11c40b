import { bodyStreamOf } from '#contract/http/body-stream';
import type { LunaContext } from '#contract/http/http';
import { isLunaError, lunaError } from '#kernel/errors';

export interface BodyBudgetSettings {
  /** Of all requests that are being answered. */
  totalBytes: number;
  /** Of those that come from one host: the others always find room. */
  hostBytes: number;
  /** Longest time between two pieces of a body. */
  idleMs: number;
  /** From `graceMs` on a body has to come at least this fast on average, so that nobody holds memory for an hour. */
  graceMs: number;
  bytesPerSecond: number;
}

export const bodyBudgetSettings: BodyBudgetSettings = {
  totalBytes: 512 * 1024 * 1024,
  hostBytes: 256 * 1024 * 1024,
  idleMs: 15_000,
  graceMs: 15_000,
  bytesPerSecond: 4096,
};

/** Bounds what requests have in memory at the same time, over all clients. */
export interface BodyBudget {
  /** What one request from `host` brings into memory; null when it came by no socket. */
  open(host: string | null): BodyShare;
  readonly heldBytes: number;
}

export interface BodyShare {
  /**
   * Reads the whole body into memory, where Hono's `c.req.json()` and its kin find it. Bytes count when they arrive: what is
   * only announced costs nobody anything. Throws `BodyTooLarge` as soon as the request is over its limit, `ServiceBusy` when
   * the appliance holds too many bytes already, `RequestTimeout` when the body comes too slowly, `BadHttpRequest` when the
   * client goes away or sends less than it announced.
   */
  read(context: LunaContext, limitBytes: number): Promise<void>;
  /** Counts bytes that came another way. Throws `ServiceBusy`. */
  hold(bytes: number): void;
  /** The request is answered. */
  giveBack(): void;
}

/** Rejects with `RequestTimeout` when what `received` counts comes too slowly. */
function watchPace(settings: BodyBudgetSettings, received: () => number): { late: Promise<never>; end(): void } {
  const { idleMs, graceMs, bytesPerSecond } = settings;
  const startedAt = performance.now();
  let movedAt = startedAt;
  let seen = 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const look = (): void => {
      const now = performance.now();
      if (received() > seen) movedAt = now;
      seen = received();
      const wanted = ((now - startedAt - graceMs) / 1000) * bytesPerSecond;
      if (now - movedAt >= idleMs) reject(lunaError('RequestTimeout', { what: 'no more of the body came' }));
      else if (seen < wanted) reject(lunaError('RequestTimeout', { what: 'the body came too slowly' }));
    };
    timer = setInterval(look, Math.min(idleMs, 1000));
  });
  late.catch(() => {});
  return { late, end: () => clearInterval(timer) };
}

function joined(chunks: readonly Uint8Array[], bytes: number): ArrayBuffer {
  const body = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body.buffer;
}

export function createBodyBudget(settings: BodyBudgetSettings): BodyBudget {
  const byHost = new Map<string, number>();
  let held = 0;

  const change = (host: string, bytes: number): void => {
    const own = (byHost.get(host) ?? 0) + bytes;
    if (bytes > 0 && (own > settings.hostBytes || held + bytes > settings.totalBytes)) {
      throw lunaError('ServiceBusy', { queue: 'request bodies' });
    }
    held += bytes;
    if (own > 0) byHost.set(host, own);
    else byHost.delete(host);
  };

  return {
    open(from) {
      const host = from ?? '';
      let own = 0;
      const hold = (bytes: number): void => {
        change(host, bytes);
        own += bytes;
      };
      const collect = async (context: LunaContext, limitBytes: number): Promise<ArrayBuffer> => {
        const announced = Number(context.req.header('content-length') ?? 0);
        if (announced > limitBytes) throw lunaError('BodyTooLarge', { limitBytes });
        const parts = bodyStreamOf(context)[Symbol.asyncIterator]();
        const chunks: Uint8Array[] = [];
        let received = 0;
        const pace = watchPace(settings, () => received);
        try {
          for (;;) {
            const { done, value } = await Promise.race([parts.next(), pace.late]);
            if (done) return joined(chunks, received);
            received += value.byteLength;
            if (received > limitBytes) throw lunaError('BodyTooLarge', { limitBytes });
            hold(value.byteLength);
            chunks.push(value);
          }
        } catch (error) {
          // Not awaited: it waits for the piece that does not come.
          void parts.return?.().catch(() => {});
          if (isLunaError(error)) throw error;
          throw lunaError('BadHttpRequest', { reason: 'the body ended early' }, error);
        } finally {
          pace.end();
        }
      };
      return {
        hold,
        async read(context, limitBytes) {
          const body = await collect(context, limitBytes);
          // Hono keeps promises here, whatever its type says.
          context.req.bodyCache.arrayBuffer = Promise.resolve(body) as unknown as ArrayBuffer;
        },
        giveBack() {
          change(host, -own);
          own = 0;
        },
      };
    },
    get heldBytes() {
      return held;
    },
  };
}
