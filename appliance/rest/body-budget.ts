import { bodyStreamOf } from '#contract/body-stream';
import type { LunaContext } from '#contract/http';
import { lunaError } from '#kernel/errors';

/** Bounds the bytes of request bodies that are in memory at the same time, over all clients. */
export interface BodyBudget {
  /**
   * Reads the whole body into memory, where Hono's `c.req.json()` and its kin find it. Throws `BodyTooLarge` as soon as
   * the request is over its limit, `ServiceBusy` when the appliance holds too many bytes already, `BadHttpRequest` when
   * the client goes away or sends less than it announced. Returns the function that gives the bytes back.
   */
  read(context: LunaContext, limitBytes: number): Promise<() => void>;
  readonly heldBytes: number;
}

export function createBodyBudget(totalBytes: number): BodyBudget {
  let held = 0;
  const take = (bytes: number): void => {
    if (held + bytes > totalBytes) throw lunaError('ServiceBusy', { queue: 'request bodies' });
    held += bytes;
  };
  return {
    async read(context, limitBytes) {
      const announced = Number(context.req.header('content-length') ?? 0);
      if (announced > limitBytes) throw lunaError('BodyTooLarge', { limitBytes });
      let own = 0;
      const giveBack = (): void => {
        held -= own;
        own = 0;
      };
      const grow = (bytes: number): void => {
        take(bytes);
        own += bytes;
      };
      try {
        grow(announced);
        const chunks: Uint8Array[] = [];
        let received = 0;
        for await (const chunk of bodyStreamOf(context)) {
          received += chunk.byteLength;
          if (received > limitBytes) throw lunaError('BodyTooLarge', { limitBytes });
          if (received > own) grow(received - own);
          chunks.push(chunk);
        }
        const body = new Uint8Array(received);
        let offset = 0;
        for (const chunk of chunks) {
          body.set(chunk, offset);
          offset += chunk.byteLength;
        }
        // Hono keeps promises here, whatever its type says.
        context.req.bodyCache.arrayBuffer = Promise.resolve(body.buffer) as unknown as ArrayBuffer;
        return giveBack;
      } catch (error) {
        giveBack();
        if (error instanceof Error && 'errorName' in error) throw error;
        throw lunaError('BadHttpRequest', { reason: 'the body ended early' }, error);
      }
    },
    get heldBytes() {
      return held;
    },
  };
}
