/** What every service of LP5 has without a version prefix, on the public port and on its own: health, version. */
import * as z from 'zod';
import { productVersion } from '#contract/established/names';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { Flag } from '#contract/schemas';
import { lunaError } from '#kernel/errors';

export const Version = z
  .object({ api: z.int().optional(), major: z.int(), minor: z.int(), patch: z.int() })
  .meta({ id: 'Version' });

/** The product's version as LP5 writes one. */
export function ownVersion(): { major: number; minor: number; patch: number } {
  const [major = 0, minor = 0, patch = 0] = productVersion.split('.').map(Number);
  return { major, minor, patch };
}

const versionRoute = defineRoute('open', {
  method: 'get',
  path: '/version',
  tags: ['System'],
  summary: 'Version of the service and of its API',
  responses: {
    200: { description: 'Version', content: { 'application/json': { schema: z.object({ Version }) } } },
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

/** A check of one thing the appliance depends on: throws with the reason when it does not work. */
export interface HealthCheck {
  readonly name: string;
  /** Needed for the appliance's own work, or only looked at with `include_luna_services=1`. */
  readonly own: boolean;
  check(): Promise<void> | void;
}

/** Who asks has given up by then. */
const checkMs = 5000;

async function within(ms: number, work: () => Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

export function createHealthRoutes(checks: readonly HealthCheck[]): LunaRouter {
  const router = createRouter();
  router.openapi(healthRoute, async (context) => {
    const startedAt = performance.now();
    const all = context.req.valid('query').include_luna_services ?? false;
    for (const { name, own, check } of checks) {
      if (!own && !all) continue;
      try {
        await within(checkMs, check);
      } catch (error) {
        throw lunaError('Unhealthy', { dependency: name, reason: (error as Error).message });
      }
    }
    return context.json({ execution_time: Math.round((performance.now() - startedAt) * 1000) / 1e6 }, 200);
  });
  return router;
}

/** `/version` of a service on its own port. `api`: the version of its API. */
export function createServiceVersionRoutes(api: number): LunaRouter {
  const router = createRouter();
  router.openapi(versionRoute, (context) => context.json({ Version: { api, ...ownVersion() } }, 200));
  return router;
}
