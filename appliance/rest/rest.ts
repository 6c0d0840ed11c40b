import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { createRouter, type LunaRouter } from '#contract/http';
import { apiVersion } from '#contract/names';
import { remoteAddressOf } from '#contract/remote-address';
import type { Engine } from '#engine';
import { createBodyBudget } from './body-budget.ts';
import { createDocs } from './docs.ts';
import { errorAnswers, notFoundAnswers } from './error-answers.ts';
import { requestId } from './request-id.ts';

const totalBodyBytes = 512 * 1024 * 1024;
const maxSocketPayloadBytes = 64 * 1024;
/** How long requests in flight may go on after a stop was asked for. */
const drainMs = 4000;

/** What of the engine the REST application stands on. */
export type RestEngine = Pick<Engine, 'log' | 'clock' | 'ids' | 'authenticate' | 'rootRouters' | 'routers'>;

/** The REST application over the engine's services: everything of a request but the socket. */
export function createRestApp(engine: RestEngine): LunaRouter {
  const app = createRouter();
  const bodies = createBodyBudget(totalBodyBytes);
  app.onError(errorAnswers(engine.log));
  app.notFound(notFoundAnswers(app));
  app.use(requestId({ clock: engine.clock, ids: engine.ids }));
  app.use(async (context, next) => {
    const caller = await engine.authenticate({
      header: (name) => context.req.header(name),
      query: (name) => context.req.query(name),
      remoteAddress: remoteAddressOf(context),
    });
    context.set('caller', caller);
    let giveBack = (): void => {};
    context.set('readBody', async (limitBytes) => {
      giveBack = await bodies.read(context, limitBytes);
    });
    try {
      await next();
    } finally {
      giveBack();
    }
  });
  for (const router of engine.rootRouters) app.route('/', router);
  for (const router of engine.routers) app.route(`/${apiVersion}`, router);
  app.route(
    '/',
    createDocs(() => app),
  );
  return app;
}

export interface RestServer {
  readonly name: 'rest';
  start(): Promise<void>;
  /** Stops accepting, lets what is in flight finish, then closes what is left. */
  stop(): Promise<void>;
  /** `http://host:port` that was really bound. Throws before `start`. */
  address(): string;
}

/** The LAN's way in: one HTTP port for every service. */
export function createRestServer(deps: { engine: Engine; host: string; port: number }): RestServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxSocketPayloadBytes });
  const server = createAdaptorServer({
    fetch: createRestApp(deps.engine).fetch,
    websocket: { server: sockets as unknown as WebSocketServerLike },
    // Slow clients hold a socket, never a worker: headers within 20 s, the whole request within 5 minutes.
    serverOptions: {
      headersTimeout: 20_000,
      requestTimeout: 300_000,
      keepAliveTimeout: 15_000,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 32 * 1024,
    },
  }) as Server;
  server.maxConnections = 4096;
  let bound: string | undefined;
  return {
    name: 'rest',
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
