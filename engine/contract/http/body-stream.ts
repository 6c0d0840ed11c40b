import type { Readable } from 'node:stream';
import type { LunaContext } from './http.ts';

/**
 * The bytes of a request body as they come, once. Who stops reading can still answer: the connection stays. Node's own
 * stream where there is one: web streams cost several times as much per chunk.
 */
export function bodyStreamOf(context: LunaContext): AsyncIterable<Uint8Array> {
  const { incoming } = (context.env ?? {}) as { incoming?: Readable };
  if (incoming) return incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  return (context.req.raw.body as AsyncIterable<Uint8Array> | null) ?? nothing();
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
