/** The types of the REST API, made of the OpenAPI document of everything that is mounted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BootSettings } from '#contract/settings/boot-settings';
import { createEngine } from '#engine';
import { createLog } from '#kernel/log';
import { openApiDocument } from '../../appliance/rest/docs.ts';
import { createRestApp } from '../../appliance/rest/rest-app.ts';

/** Where `npm run client` writes; committed, and a test sees that it is up to date. */
export const clientTypesFile = 'appliance/client/api.ts';

const header = '/** The REST API as types, generated from the OpenAPI document by `npm run client`. Do not edit. */\n';

/** The document of an appliance that is put together and never started. */
async function readDocument(): Promise<object> {
  const dataDir = mkdtempSync(join(tmpdir(), 'perigee-client-'));
  try {
    const engine = await createEngine({
      settings: BootSettings.parse({ data_dir: dataDir }),
      log: createLog('error'),
      shippedDir: 'dist',
      restAddress: () => 'http://localhost:5000',
    });
    const document = openApiDocument(createRestApp(engine));
    engine.storage.close();
    return document;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Paths = Record<string, Record<string, { responses: Record<string, unknown> }>>;

/** Good answers only: the client throws all others as `ApiError`, whatever their number. */
function withoutErrors(document: object): object {
  const { paths, ...rest } = structuredClone(document) as { paths: Paths };
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const good = Object.entries(operation.responses).filter(([status]) => status < '400');
    operation.responses = Object.fromEntries(good);
  }
  return { ...rest, paths };
}

/** The text of `clientTypesFile`. `document`: instead of reading it from the appliance. */
export async function renderClientTypes(document?: object): Promise<string> {
  const shim = import.meta.resolve('./typescript-five.ts');
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'typescript' ? { url: shim, shortCircuit: true } : next(specifier, context),
  });
  const { default: toTypes, astToString } = await import('openapi-typescript');
  const types = await toTypes(JSON.stringify(withoutErrors(document ?? (await readDocument()))), {
    defaultNonNullable: false,
    exportType: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
  });
  return `${header}${astToString(types)}`;
}
