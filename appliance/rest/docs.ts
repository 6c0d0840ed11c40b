import { stringify } from 'yaml';
import * as z from 'zod';
import { sharedHeaders } from '#contract/http/answer-headers';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { ErrorBody } from '#contract/schemas';
import { errorCatalogue, lunaError } from '#kernel/errors';
import { type OpenApiDocument, renderErrors, renderPage } from './docs-page.ts';

export type DocumentInfo = { readonly title: string; readonly version: string; readonly description: string };

/** Version of the documented contract: LP5's API 6, base version 5.28 with the accounts of 5.30. */
const publicInfo: DocumentInfo = {
  title: 'Perigee REST API',
  version: '6.0.0',
  description:
    'LUNA PLATFORM 5 API version 6, served by one process. Errors are objects with error_code, desc, detail and link.',
};

/** HEAD of every path that has GET, as Hono answers it: what GET answers, without the body. */
function withHead(document: OpenApiDocument): OpenApiDocument {
  for (const methods of Object.values(document.paths)) {
    if (!methods['get']) continue;
    const { operationId, summary, responses, ...get } = methods['get'];
    const bare = Object.entries(responses).map(([status, { content, ...answer }]) => [status, answer]);
    methods['head'] = {
      ...get,
      operationId: operationId.replace(/^get/, 'head'),
      summary: `The headers of GET: ${summary}`,
      responses: Object.fromEntries(bare),
    };
  }
  return document;
}

/** The OpenAPI document of everything that is mounted. */
export function openApiDocument(app: LunaRouter, info = publicInfo): OpenApiDocument {
  app.openAPIRegistry.register('Error', ErrorBody);
  app.openAPIRegistry.registerComponent('securitySchemes', 'basic', { type: 'http', scheme: 'basic' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'account', {
    type: 'apiKey',
    in: 'header',
    name: 'Luna-Account-Id',
  });
  for (const [name, header] of Object.entries(sharedHeaders)) {
    app.openAPIRegistry.registerComponent('headers', name, header);
  }
  const document = app.getOpenAPI31Document({ openapi: '3.1.0', info, servers: [{ url: '/' }] });
  return withHead(document as unknown as OpenApiDocument);
}

const tags = ['Documentation'];
const text = { schema: { type: 'string' as const } };
const formats = { html: 'text/html', json: 'application/json', yaml: 'application/x-yaml' } as const;
type Format = keyof typeof formats;

const specRoute = defineRoute('open', {
  method: 'get',
  path: '/docs/spec',
  tags,
  summary: 'This document',
  description: 'As the header `Accept` or the parameter `format` ask for it; YAML when they do not.',
  request: { query: z.object({ format: z.enum(['html', 'json', 'yaml']).optional() }) },
  errors: ['NotAcceptable'],
  responses: {
    200: {
      description: 'OpenAPI 3.1, or a page for people',
      content: { [formats.yaml]: text, [formats.json]: { schema: z.looseObject({}) }, [formats.html]: text },
    },
  },
});

const errorsRoute = defineRoute('open', {
  method: 'get',
  path: '/docs/errors/{code}',
  tags,
  summary: 'What an error code means: the page that `link` of an error points to',
  request: { params: z.object({ code: z.string().meta({ example: '22002' }) }) },
  errors: ['PageNotFound'],
  responses: { 200: { description: 'The page', content: { [formats.html]: text } } },
});

/** Throws `NotAcceptable` when the header names none of ours. */
function formatOf(accept: string): Format {
  const found = (['html', 'json', 'yaml'] as const).find((name) => accept.includes(formats[name]));
  if (found) return found;
  if (accept.includes('yaml') || accept.includes('*/*')) return 'yaml';
  throw lunaError('NotAcceptable', { allowed: Object.values(formats).join(', ') });
}

/** `/docs/spec` as YAML, JSON or a page, and a page per error code: what `link` of an error body points to. */
export function createDocs(app: () => LunaRouter, info?: DocumentInfo): LunaRouter {
  const router = createRouter();
  let cached: { document: OpenApiDocument; yaml: string } | undefined;
  const spec = (): { document: OpenApiDocument; yaml: string } => {
    if (!cached) {
      const document = openApiDocument(app(), info);
      cached = { document, yaml: stringify(document, { aliasDuplicateObjects: false }) };
    }
    return cached;
  };
  router.openapi(specRoute, (context) => {
    const format = context.req.valid('query').format ?? formatOf(context.req.header('accept') ?? '*/*');
    if (format === 'html') return context.html(renderPage(spec().document)) as never;
    if (format === 'json') return context.json(spec().document, 200) as never;
    return context.body(spec().yaml, 200, { 'Content-Type': formats.yaml }) as never;
  });
  router.openapi(errorsRoute, (context) => {
    const code = Number(context.req.valid('param').code);
    const entries = Object.entries(errorCatalogue).filter(([, entry]) => entry.code === code);
    if (entries.length === 0 && code !== 0) throw lunaError('PageNotFound');
    return context.html(
      renderErrors(
        code,
        entries.map(([name, { status, desc }]) => ({ name, status, desc })),
      ),
    ) as never;
  });
  return router;
}
