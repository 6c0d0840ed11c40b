import type { Context } from 'hono';

/** What of a request says who asks and from where. */
export interface ReceivedRequest {
  readonly method: string;
  header(name: string): string | undefined;
  /** Of all headers, in lower case. */
  headerNames(): Iterable<string>;
  query(name: string): string | undefined;
  /** Of the socket; null for a request inside this process. No header can replace it. */
  readonly remoteAddress: string | null;
}

/** Reads of a request what `ReceivedRequest` says. */
export function receivedRequest(context: Pick<Context, 'env' | 'req'>): ReceivedRequest {
  const { req } = context;
  const { incoming } = (context.env ?? {}) as { incoming?: { socket: { remoteAddress?: string } } };
  return {
    method: req.method,
    header: (name) => req.header(name),
    headerNames: () => req.raw.headers.keys(),
    query: (name) => req.query(name),
    remoteAddress: incoming === undefined ? null : (incoming.socket.remoteAddress ?? ''),
  };
}
