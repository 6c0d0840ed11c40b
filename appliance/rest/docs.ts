import { stringify } from 'yaml';
import { createRouter, type LunaRouter } from '#contract/http';
import { errorCatalogue, lunaError } from '#kernel/errors';
import { type OpenApiDocument, renderErrors, renderPage } from './docs-page.ts';

/** Version of the documented contract: LP5's API 6, base version 5.28 with the accounts of 5.30. */
const info = {
  title: 'Perigee REST API',
  version: '6.0.0',
  description:
    'LUNA PLATFORM 5 API version 6, served by one process. Errors are objects with error_code, desc, detail and link.',
};

/** The OpenAPI document of everything that is mounted. */
export function openApiDocument(app: LunaRouter): OpenApiDocument {
  app.openAPIRegistry.registerComponent('securitySchemes', 'basic', { type: 'http', scheme: 'basic' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'account', {
    type: 'apiKey',
    in: 'header',
    name: 'Luna-Account-Id',
  });
  return app.getOpenAPI31Document({ openapi: '3.1.0', info, servers: [{ url: '/' }] }) as unknown as OpenApiDocument;
}

/** `/docs/spec` as YAML, JSON or a page, and a page per error code: what `link` of an error body points to. */
export function createDocs(app: () => LunaRouter): LunaRouter {
  const router = createRouter();
  let cached: { document: OpenApiDocument; yaml: string } | undefined;
  const spec = (): { document: OpenApiDocument; yaml: string } => {
    if (!cached) {
      const document = openApiDocument(app());
      cached = { document, yaml: stringify(document, { aliasDuplicateObjects: false }) };
    }
    return cached;
  };
  router.get('/docs/spec', (context) => {
    const accept = context.req.header('accept') ?? '*/*';
    if (accept.includes('text/html')) return context.html(renderPage(spec().document));
    if (accept.includes('application/json')) return context.json(spec().document);
    if (accept.includes('yaml') || accept.includes('*/*')) {
      return context.body(spec().yaml, 200, { 'Content-Type': 'application/x-yaml' });
    }
    throw lunaError('NotAcceptable', { allowed: 'application/x-yaml, application/json, text/html' });
  });
  router.get('/docs/errors/:code', (context) => {
    const code = Number(context.req.param('code'));
    const entries = Object.entries(errorCatalogue).filter(([, entry]) => entry.code === code);
    if (entries.length === 0 && code !== 0) throw lunaError('PageNotFound');
    return context.html(
      renderErrors(
        code,
        entries.map(([name, { status, desc }]) => ({ name, status, desc })),
      ),
    );
  });
  return router;
}
