import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import type { LunaRouter } from '#contract/http/http';
import { stopMs } from '#kernel/lifecycle';
import { answerRefusedUpgrades, isWebSocketRequest } from './refused-upgrades.ts';
import type { RequestIds } from './request-id.ts';
import { answerUnreadable } from './unreadable-requests.ts';

const maxSocketPayloadBytes = 64 * 1024;

/** Milliseconds; tests shorten them. Slow clients hold a socket, never a worker, and not for ever. */
export interface HttpTimes {
  headers: number;
  /** Of the whole request. The pace of its body is bounded apart (`body-budget.ts`). */
  request: number;
  keepAlive: number;
  /** A client that takes nothing of its answer for this long is gone. */
  unread: number;
  /** How often the first two are looked at. */
  check: number;
  /** How long requests in flight may go on after a stop was asked for. */
  drain: number;
}
export const httpTimes: HttpTimes = {
  headers: 20_000,
  request: 300_000,
  keepAlive: 15_000,
  unread: 30_000,
  check: 5000,
  drain: stopMs.rest - 500,
};

/** An application on a port. */
export interface HttpServer {
  start(): Promise<void>;
  /** Stops accepting, lets what is in flight finish, then closes what is left. */
  stop(): Promise<void>;
  /** `http://host:port` that was really bound. Throws before `start`. */
  address(): string;
}

export function createHttpServer(deps: {
  app: LunaRouter;
  makeRequestId: RequestIds;
  host: string;
  port: number;
  times?: Partial<HttpTimes>;
}): HttpServer {
  const times = { ...httpTimes, ...deps.times };
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: maxSocketPayloadBytes });
  const connections = new Set<Socket>();
  const server = createAdaptorServer({
    fetch: answerRefusedUpgrades(deps.app.fetch),
    websocket: { server: webSockets as unknown as WebSocketServerLike },
    serverOptions: {
      headersTimeout: times.headers,
      requestTimeout: times.request,
      keepAliveTimeout: times.keepAlive,
      connectionsCheckingInterval: times.check,
      // A thousand ids in an address are 37 kB.
      maxHeaderSize: 64 * 1024,
      shouldUpgradeCallback: isWebSocketRequest,
    },
  }) as Server;
  server.maxConnections = 4096;
  server.timeout = times.unread;
  server.on('timeout', (socket: Socket & { _httpMessage?: unknown }) => {
    // Nothing moved, and it is not the client that is waited for: the answer is still being made.
    const isOurTurn = socket._httpMessage && socket.writableLength === 0;
    if (!isOurTurn) socket.destroy();
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('clientError', answerUnreadable(deps.makeRequestId));
  let bound: string | undefined;
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(deps.port, deps.host, () => {
          server.off('error', reject);
          const { address, family, port } = server.address() as AddressInfo;
          bound = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
          resolve();
        });
      }),
    async stop() {
      for (const socket of webSockets.clients) socket.close(1001);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Also WebSockets that do not answer the closing handshake, which `closeAllConnections` does not know.
      const timer = setTimeout(() => {
        for (const socket of connections) socket.destroy();
      }, times.drain);
      await closed;
      clearTimeout(timer);
    },
    address() {
      // Requests in flight still ask for it after the socket was closed.
      if (bound === undefined) throw new Error('REST is not started');
      return bound;
    },
  };
}
