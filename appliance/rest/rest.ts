import type { BootSettings } from '#contract/settings/boot-settings';
import type { OwnPortService } from '#contract/settings/own-ports';
import type { Engine } from '#engine';
import { type Subsystem, stopMs } from '#kernel/lifecycle';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { createOwnPortServers, type OwnPortServer } from './own-ports.ts';
import { createRequestIds } from './request-id.ts';
import { createRestApp, createRestBodies } from './rest-app.ts';

export interface RestServer extends Subsystem {
  /** `http://host:port` of the public port that was really bound. Throws before `start`. */
  address(): string;
  /** The same of the services that have a port of their own. */
  ownAddresses(): { service: OwnPortService; address: string }[];
}

/** The LAN's way in: one HTTP port for every service, and with `compat_ports` the services' own ports beside it. */
export function createRestServer(deps: {
  engine: Engine;
  settings: Pick<BootSettings, 'host' | 'port' | 'compat_ports'>;
}): RestServer {
  const { engine, settings } = deps;
  const { host, port } = settings;
  const bodies = createRestBodies();
  const app = createRestApp(engine, { bodies });
  const main = createHttpServer({ app, makeRequestId: createRequestIds(engine), host, port });
  let own: OwnPortServer[] = [];
  let running: HttpServer[] = [];
  const stop = async (): Promise<void> => {
    // All at once: each may let its requests drain for as long as a stop takes.
    await Promise.all(running.map((server) => server.stop()));
    running = [];
  };
  return {
    name: 'rest',
    stopMs: stopMs.rest,
    async start() {
      own = createOwnPortServers({ engine, host, setting: settings.compat_ports, bodies });
      try {
        for (const server of [main, ...own]) {
          await server.start();
          running.push(server);
        }
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    address: main.address,
    ownAddresses: () => own.map(({ service, address }) => ({ service, address: address() })),
  };
}
