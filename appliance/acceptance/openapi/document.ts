/** The OpenAPI document as a judge: which answers a route declares, and whether an answer is one of them. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { RouteRight } from '#domain/access';

export interface Schema {
  $ref?: string;
  [keyword: string]: unknown;
}
export interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header' | 'cookie';
  required?: boolean;
  schema?: Schema;
}
export interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema; example?: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: Schema }> }>;
  'x-luna-right'?: RouteRight;
  'x-luna-rights-by-request'?: readonly RouteRight[];
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Route {
  method: string;
  /** With `{parameters}`. */
  path: string;
  operation: Operation;
}

export function routesOf(document: Document): Route[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

export function resolveSchema(document: Document, schema: Schema): Schema {
  if (!schema.$ref) return schema;
  const name = schema.$ref.split('/').pop() ?? '';
  const target = document.components?.schemas?.[name];
  if (!target) throw new Error(`${schema.$ref} is not in the document`);
  return resolveSchema(document, target);
}

export interface Judge {
  /** Why the answer is not what the route declares; undefined when it is. Reads a clone of the answer. */
  objectionTo(route: Route, answer: Response): Promise<string | undefined>;
}

/** Judges answers by the document alone: declared status, declared content type, schema, LP5's error shape. */
export function createJudge(document: Document): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'perigee', components: document.components ?? {} });
  const compiled = new Map<Schema, ValidateFunction>();
  const validatorOf = (schema: Schema): ValidateFunction => {
    const known = compiled.get(schema);
    if (known) return known;
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"perigee#/components'));
    const validate = ajv.compile(absolute);
    compiled.set(schema, validate);
    return validate;
  };
  // References inside components are relative to the document that holds them.
  return {
    async objectionTo({ method, operation }, answer) {
      const declared =
        operation.responses[String(answer.status)] ?? operation.responses[`${Math.floor(answer.status / 100)}XX`];
      if (!declared) return `status ${answer.status} is not declared`;
      if (!answer.headers.get('luna-request-id')) return 'Luna-Request-Id is missing';
      if (method === 'HEAD' || answer.status === 204) return undefined;
      const types = Object.entries(declared.content ?? {});
      if (types.length === 0) return undefined;
      const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
      const content =
        types.find(([name]) => name === type) ??
        types.find(([name]) => name.endsWith('*') && type.startsWith(name.replace(/\*.*$/, '')));
      if (!content) return `content type '${type}' of ${answer.status} is not declared`;
      const [, { schema }] = content;
      if (type !== 'application/json' || !schema) return undefined;
      const body: unknown = await answer.clone().json();
      const validate = validatorOf(schema);
      if (validate(body)) return undefined;
      const error = validate.errors?.[0];
      return `${answer.status}: ${error?.instancePath ?? ''} ${error?.message ?? 'does not fit its schema'}`;
    },
  };
}
