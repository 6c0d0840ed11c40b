import type { LunaRouter } from '#contract/http/http';
import { type OwnPortService, ownPortServices } from '#contract/settings/own-ports';
import { createConfigsRoutes } from './services/api/configs.routes.ts';
import { createHealthRoutes, createServiceVersionRoutes, type HealthCheck } from './services/api/service.routes.ts';
import type { Settings } from './services/api/settings-view.ts';
import { createCrossMatchRoutes, createMatcherRoutes } from './services/matcher/matcher.routes.ts';
import type { Matcher } from './services/matcher/matcher.service.ts';
import type { MatcherProxy } from './services/matcher-proxy/matcher-proxy.service.ts';

/** What a service serves on its own port. */
export interface PortContents {
  /** Resources without a version prefix. */
  readonly rootRouters: readonly LunaRouter[];
  /** Resources under the version of the service's API. */
  readonly routers: readonly LunaRouter[];
}
/** Undefined: the service is switched off. */
export type OwnPorts = Readonly<Record<OwnPortService, PortContents | undefined>>;

/** The services of `ownPortServices` and their routes. On its own port a service answers itself, whoever answers on the public one. */
export function composeOwnPorts(deps: {
  matcher: Matcher;
  proxy: MatcherProxy | undefined;
  referenceLimit: number;
  checks: readonly HealthCheck[];
  settings: () => Settings;
}): OwnPorts {
  const { matcher, proxy, referenceLimit, checks, settings } = deps;
  const contents = (service: OwnPortService, routers: readonly LunaRouter[]): PortContents => ({
    rootRouters: [
      createServiceVersionRoutes(ownPortServices[service].api),
      createHealthRoutes(checks),
      createConfigsRoutes(settings),
    ],
    routers,
  });
  return {
    'luna-python-matcher': contents('luna-python-matcher', [
      createMatcherRoutes({ matching: matcher, referenceLimit }),
      createCrossMatchRoutes({ matcher }),
    ]),
    'luna-python-matcher-proxy':
      proxy && contents('luna-python-matcher-proxy', [createMatcherRoutes({ matching: proxy, referenceLimit })]),
  };
}
