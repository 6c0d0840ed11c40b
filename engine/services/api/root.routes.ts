import * as z from 'zod';
import { apiVersion } from '#contract/established/names';
import { systemInfoMembers } from '#contract/established/wire-names';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { ownPortServices } from '#contract/settings/own-ports';
import { ownVersion, Version } from './service.routes.ts';
import type { SystemInfo } from './system-info.ts';

const SysInfo = z
  .object({
    [systemInfoMembers.licence]: z.object({
      body_attributes: z.boolean(),
      liveness: z.union([z.literal(0), z.literal(2)]),
      iso_estimation: z.boolean(),
    }),
    [systemInfoMembers.system]: z.object({
      hardware: z.object({
        os: z.string(),
        kernel: z.string(),
        cpu: z.string(),
        cores: z.int(),
        graphics: z.array(z.string()),
      }),
      uptime_s: z.int(),
      load: z.array(z.number()).meta({ description: 'Of the last 1, 5 and 15 minutes.' }),
      memory: z.object({ total_bytes: z.int(), free_bytes: z.int(), rss_bytes: z.int() }),
      disk: z.object({ total_bytes: z.int(), free_bytes: z.int() }).nullable(),
      inference: z.object({
        detected: z.array(
          z.object({ name: z.string(), usable: z.boolean(), reason: z.string(), ms: z.number().nullable() }),
        ),
        chosen: z.string(),
        reason: z.string(),
        cpuModel: z.string(),
        cores: z.int(),
      }),
    }),
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

const sysInfoRoute = defineRoute('authorized', {
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
  ['luna-python-matcher', ownPortServices['luna-python-matcher'].api],
  ['luna-sender', 1],
  ['luna-licenses', 1],
  ['luna-accounts', 1],
];

/** The platform's own resources without a version prefix (LP5 1.1), beside those that every service has. */
export function createRootRoutes(deps: {
  systemInfo: { read(): Promise<SystemInfo> };
  /** LP5's feature names and what of them this appliance has. `liveness`: 0 none, 2 inside Handlers. */
  features: () => { body_attributes: boolean; liveness: 0 | 2; iso_estimation: boolean };
}): LunaRouter {
  const router = createRouter();
  router.openapi(versionRoute, (context) => {
    const version = ownVersion();
    const services = serviceVersions.map(([name, api]) => [name, { api, ...version }]);
    return context.json(Object.fromEntries([['LUNA PLATFORM', version], ...services]), 200);
  });
  router.openapi(sysInfoRoute, async (context) => {
    const system = await deps.systemInfo.read();
    return context.json({ [systemInfoMembers.licence]: deps.features(), [systemInfoMembers.system]: system }, 200);
  });
  return router;
}
