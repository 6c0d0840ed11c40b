/** `/configs`: the settings that the process works with, on the public port and on those of services (LP5 1.1). */
import * as z from 'zod';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { lunaError } from '#kernel/errors';
import { masked, type Settings, toConfigText } from './settings-view.ts';

const types = { json: 'application/json', text: 'text/plain' } as const;

const configsRoute = <Path extends string>(path: Path) =>
  defineRoute('authorized', {
    method: 'get',
    path,
    tags: ['System'],
    summary: 'The settings in effect, passwords masked',
    description:
      'As the header `Accept` asks for it: JSON, which is the default, or `text/plain`, a configuration file.',
    errors: ['NotAcceptable'],
    responses: {
      200: {
        description: 'Settings by name, without the prefix `PERIGEE_`; defaults included',
        content: { [types.json]: { schema: z.looseObject({}) }, [types.text]: { schema: z.string() } },
      },
    },
  });

/** Throws `NotAcceptable` when the header names neither. Of two types the one that stands first. */
function formatOf(accept: string): keyof typeof types {
  for (const range of accept.toLowerCase().split(',')) {
    const type = range.split(';')[0]?.trim();
    if (type === '*/*' || type === 'application/*' || type === types.json) return 'json';
    if (type === 'text/*' || type === types.text) return 'text';
  }
  throw lunaError('NotAcceptable', { allowed: Object.values(types).join(', ') });
}

/** `settings`: those in effect, secrets included; they are masked here. */
export function createConfigsRoutes(settings: () => Settings): LunaRouter {
  const router = createRouter();
  // LP5's manual calls it both.
  for (const path of ['/configs', '/config'] as const) {
    router.openapi(configsRoute(path), (context) => {
      const shown = masked(settings());
      if (formatOf(context.req.header('accept') || '*/*') === 'json') return context.json(shown, 200) as never;
      return context.text(toConfigText(shown), 200) as never;
    });
  }
  return router;
}
