import type { LunaRouter } from '#contract/http/http';
import type { BootSettings } from '#contract/settings/boot-settings';
import { type OwnPortService, ownPortServices } from '#contract/settings/own-ports';
import type { Engine } from '#engine';
import { StartError } from '#kernel/start-error';
import type { BodyBudget } from './body-budget.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { createRequestIds } from './request-id.ts';
import { createRestApp, type RestEngine } from './rest-app.ts';

type CompatPorts = BootSettings['compat_ports'];
export type OwnPortEngine = Omit<RestEngine, 'rootRouters' | 'routers'> & Pick<Engine, 'ownPorts'>;

/**
 * Which services get a port of their own, and which. `true`: all that are switched on, on LP5's ports. Throws a
 * `StartError` for a service that is named but switched off.
 */
function planPorts(setting: CompatPorts, ownPorts: Engine['ownPorts']): [service: OwnPortService, port: number][] {
  const services = Object.keys(ownPortServices) as OwnPortService[];
  if (setting === true) {
    return services.filter((name) => ownPorts[name]).map((name) => [name, ownPortServices[name].port]);
  }
  return services.flatMap((service) => {
    const port = setting === false ? undefined : setting[service];
    if (port === undefined) return [];
    if (!ownPorts[service]) {
      throw new StartError(`Setting 'PERIGEE_COMPAT_PORTS' names ${service}, which is switched off.`);
    }
    return [[service, port]];
  });
}

/** The application of one service alone, with its own paths and document. Undefined when the service is switched off. */
export function createOwnPortApp(
  engine: OwnPortEngine,
  service: OwnPortService,
  bodies?: BodyBudget,
): LunaRouter | undefined {
  const contents = engine.ownPorts[service];
  const { api } = ownPortServices[service];
  const info = {
    title: service,
    version: `${api}.0.0`,
    description: 'One service of LUNA PLATFORM 5 as it answers on its own port.',
  };
  return contents && createRestApp({ ...engine, ...contents }, { api, info, ...(bodies && { bodies }) });
}

export interface OwnPortServer extends HttpServer {
  readonly service: OwnPortService;
}

/** A server per service that the setting `compat_ports` gives a port. A port that is taken is a `StartError` at its start. */
export function createOwnPortServers(deps: {
  engine: OwnPortEngine;
  host: string;
  setting: CompatPorts;
  bodies: BodyBudget;
}): OwnPortServer[] {
  const { engine, host, setting, bodies } = deps;
  return planPorts(setting, engine.ownPorts).flatMap(([service, port]) => {
    const app = createOwnPortApp(engine, service, bodies);
    if (!app) return [];
    const server = createHttpServer({ app, makeRequestId: createRequestIds(engine), host, port });
    const start = async (): Promise<void> => {
      try {
        await server.start();
      } catch (error) {
        if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
        throw new StartError(
          `Port ${port} of ${service} on ${host} is taken by another program. ` +
            'End that one, or choose other ports with PERIGEE_COMPAT_PORTS.',
        );
      }
    };
    return [{ ...server, service, start }];
  });
}
