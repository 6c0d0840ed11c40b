import * as z from 'zod';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http';
import { apiVersion, productVersion } from '#contract/names';
import { Flag } from '#contract/schemas';
import { lunaError } from '#kernel/errors';
import type { SystemInfo } from './system-info.ts';

const Version = z
  .object({ api: z.int().optional(), major: z.int(), minor: z.int(), patch: z.int() })
  .meta({ id: 'Version' });

const SysInfo = z
  .object({
    license_info: z.record(z.string(), z.unknown()),
    system: z.looseObject({}),
  })
  .meta({ id: 'SysInfo' });

const versionRoute = defineRoute('open', {
  method: 'get',
  path: '/version',
  tags: ['System'],
  summary: 'Versions of the platform and its services',
  responses: {
    200: { description: 'Versions', content: { 'application/json': { schema: z.record(z.string(), Version) } } },
  },
});

const healthRoute = defineRoute('open', {
  method: 'get',
  path: '/healthcheck',
  tags: ['System'],
  summary: 'Whether the appliance can do its work',
  request: { query: z.object({ include_luna_services: Flag.optional() }) },
  errors: ['Unhealthy'],
  responses: {
    200: {
      description: 'Healthy. `execution_time` is in seconds.',
      content: { 'application/json': { schema: z.object({ execution_time: z.number() }) } },
    },
  },
});

const sysInfoRoute = defineRoute('open', {
  method: 'get',
  path: '/luna_sys_info',
  tags: ['System'],
  summary: 'Machine, inference device (detected, chosen, why, measured ms), licence features',
  responses: { 200: { description: 'System', content: { 'application/json': { schema: SysInfo } } } },
});

/** Members of LP5's `/version` answer and the API version each service speaks. */
const serviceVersions: readonly [name: string, api: number][] = [
  ['luna-api', apiVersion],
  ['luna-handlers', 1],
  ['luna-faces', 3],
  ['luna-events', 2],
  ['luna-image-store-faces-samples', 1],
  ['luna-image-store-bodies-samples', 1],
  ['luna-image-store-images', 1],
  ['luna-image-store-objects', 1],
  ['luna-python-matcher', 1],
  ['luna-sender', 1],
  ['luna-licenses', 1],
  ['luna-accounts', 1],
];

/** A check of one thing the appliance depends on: throws with the reason when it does not work. */
export interface HealthCheck {
  readonly name: string;
  /** Needed for the appliance's own work, or only looked at with `include_luna_services=1`. */
  readonly own: boolean;
  check(): Promise<void> | void;
}

/** The resources without a version prefix (LP5 1.1). */
export function createRootRoutes(deps: {
  systemInfo: { read(): Promise<SystemInfo> };
  checks: readonly HealthCheck[];
  /** LP5's feature names and what of them this appliance has. `liveness`: 0 none, 2 inside Handlers. */
  features: () => { body_attributes: boolean; liveness: 0 | 2; iso_estimation: boolean };
}): LunaRouter {
  const router = createRouter();
  router.openapi(versionRoute, (context) => {
    const [major = 0, minor = 0, patch = 0] = productVersion.split('.').map(Number);
    const version = { major, minor, patch };
    const services = serviceVersions.map(([name, api]) => [name, { api, ...version }]);
    return context.json(Object.fromEntries([['LUNA PLATFORM', version], ...services]), 200);
  });
  router.openapi(healthRoute, async (context) => {
    const startedAt = performance.now();
    const all = context.req.valid('query').include_luna_services ?? false;
    for (const { name, own, check } of deps.checks) {
      if (!own && !all) continue;
      try {
        await check();
      } catch (error) {
        throw lunaError('Unhealthy', { dependency: name, reason: (error as Error).message });
      }
    }
    return context.json({ execution_time: Math.round((performance.now() - startedAt) * 1000) / 1e6 }, 200);
  });
  router.openapi(sysInfoRoute, async (context) => {
    const system = await deps.systemInfo.read();
    return context.json({ license_info: deps.features(), system }, 200);
  });
  return router;
}
