import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import type { LunaRouter } from '#contract/http';
import { answerRefusedUpgrades, isWebSocketRequest } from './refused-upgrades.ts';
import { answerUnreadable } from './unreadable-requests.ts';

const maxSocketPayloadBytes = 64 * 1024;
/** How long requests in flight may go on after a stop was asked for. */
const drainMs = 4000;

/** An application on a port. */
export interface HttpServer {
  start(): Promise<void>;
  /** Stops accepting, lets what is in flight finish, then closes what is left. */
  stop(): Promise<void>;
  /** `http://host:port` that was really bound. Throws before `start`. */
  address(): string;
}

export function createHttpServer(deps: { app: LunaRouter; host: string; port: number }): HttpServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxSocketPayloadBytes });
  const server = createAdaptorServer({
    fetch: answerRefusedUpgrades(deps.app.fetch),
    websocket: { server: sockets as unknown as WebSocketServerLike },
    // Slow clients hold a socket, never a worker: headers within 20 s, the whole request within 5 minutes.
    serverOptions: {
      headersTimeout: 20_000,
      requestTimeout: 300_000,
      keepAliveTimeout: 15_000,
      connectionsCheckingInterval: 5_000,
      // A thousand ids in an address are 37 kB.
      maxHeaderSize: 64 * 1024,
      shouldUpgradeCallback: isWebSocketRequest,
    },
  }) as Server;
  server.maxConnections = 4096;
  server.on('clientError', answerUnreadable);
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
      for (const socket of sockets.clients) socket.close(1001);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), drainMs);
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
