import type { LunaContext } from './http.ts';

/** The bytes of a request body as they come, once. Node's own stream where there is one: web streams cost several times as much per chunk. */
export function bodyStreamOf(context: LunaContext): AsyncIterable<Uint8Array> {
  const { incoming } = (context.env ?? {}) as { incoming?: AsyncIterable<Uint8Array> };
  return incoming ?? (context.req.raw.body as AsyncIterable<Uint8Array> | null) ?? empty();
}

async function* empty(): AsyncGenerator<Uint8Array> {}
