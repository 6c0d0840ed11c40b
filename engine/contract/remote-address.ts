import type { Context } from 'hono';

/** The address of the socket a request came by; null when the application is called without one. No header is trusted. */
export function remoteAddressOf(context: Pick<Context, 'env'>): string | null {
  const { incoming } = (context.env ?? {}) as { incoming?: { socket: { remoteAddress?: string } } };
  return incoming === undefined ? null : (incoming.socket.remoteAddress ?? '');
}
