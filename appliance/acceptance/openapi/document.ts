/** The OpenAPI document as tests read it. */
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
/** `$ref`: to a header of the components. */
export interface Header {
  $ref?: string;
  required?: boolean;
}
export interface Answer {
  description: string;
  headers?: Record<string, Header>;
  content?: Record<string, { schema?: Schema }>;
}
export interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema; example?: unknown }> };
  responses: Record<string, Answer>;
  'x-luna-right'?: RouteRight;
  'x-luna-rights-by-request'?: readonly RouteRight[];
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema>; headers?: Record<string, Header> };
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

/** All routes but HEAD, whose answers have no body to tell of. */
export function bodyRoutesOf(document: Document): Route[] {
  return routesOf(document).filter(({ method }) => method !== 'HEAD');
}

export function resolveSchema(document: Document, schema: Schema): Schema {
  if (!schema.$ref) return schema;
  const name = schema.$ref.split('/').pop() ?? '';
  const target = document.components?.schemas?.[name];
  if (!target) throw new Error(`${schema.$ref} is not in the document`);
  return resolveSchema(document, target);
}

/** The route of a path without its query. Routes without parameters come first, as they do in the appliance. */
export function createRouteFinder(document: Document): (method: string, path: string) => Route | undefined {
  const parameters = (route: Route): number => route.path.split('{').length;
  const patterns = routesOf(document)
    .sort((a, b) => parameters(a) - parameters(b))
    .map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`) }));
  return (method, path) => patterns.find(({ route, pattern }) => route.method === method && pattern.test(path))?.route;
}
