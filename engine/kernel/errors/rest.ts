/** The form of a request: path, method, query, headers, JSON (LP5 block 12xxx). */
import { badInput, entry } from './entry.ts';

export const restErrors = {
  BadMultipart: entry<{ reason: string }>(11049, 400, badInput, (p) => `Bad data in multipart: ${p.reason}`),
  /** `path`: where it stands in the body. */
  NotUuid: entry<{ value: string; path?: string }>(
    12001,
    400,
    badInput,
    (p) => `Not a UUID: '${p.value}'${p.path === undefined ? '' : ` (${p.path})`}`,
  ),
  NotJson: entry<{ reason: string }>(12002, 400, badInput, (p) => `The request body is not JSON: ${p.reason}`),
  FieldMissing: entry<{ field: string }>(12003, 400, badInput, (p) => `Field '${p.field}' is missing`),
  FieldType: entry<{ field: string; expected: string }>(
    12004,
    400,
    badInput,
    (p) => `Field '${p.field}' must be ${p.expected}`,
  ),
  EmptyJson: entry(12005, 400, badInput, 'The request body is empty'),
  FieldEmpty: entry<{ field: string }>(12009, 400, badInput, (p) => `Field '${p.field}' is empty`),
  BadQuery: entry<{ name: string; reason: string }>(
    12012,
    400,
    badInput,
    (p) => `Bad value of query parameter '${p.name}': ${p.reason}`,
  ),
  PageNotFound: entry(12013, 404, 'Resource not found', 'Page not found'),
  QueryRequired: entry<{ names: string }>(
    12014,
    400,
    badInput,
    (p) => `Required query parameters are missing: ${p.names}`,
  ),
  QueryNoneOf: entry<{ names: string }>(
    12016,
    400,
    badInput,
    (p) => `At least one of these query parameters is required: ${p.names}`,
  ),
  BadContentType: entry<{ contentType: string; allowed: string }>(
    12017,
    400,
    badInput,
    (p) => `Bad content type '${p.contentType}', allowed: ${p.allowed}`,
  ),
  UnsupportedQuery: entry<{ name: string }>(12018, 400, badInput, (p) => `Unsupported query parameter '${p.name}'`),
  MethodNotAllowed: entry<{ allowed: string }>(
    12021,
    405,
    'Method not allowed',
    (p) => `Allowed methods: ${p.allowed}`,
  ),
  BadJson: entry<{ path: string; message: string }>(
    12022,
    400,
    badInput,
    (p) => `Failed to validate input json. Path: '${p.path}', message: '${p.message}'`,
  ),
  NotAcceptable: entry<{ allowed: string }>(12023, 406, 'Not acceptable', (p) => `Acceptable types: ${p.allowed}`),
  UnsupportedMediaType: entry<{ contentType: string; allowed: string }>(
    12024,
    415,
    'Unsupported media type',
    (p) => `Unsupported media type '${p.contentType}', allowed: ${p.allowed}`,
  ),
  ContentTypeMismatch: entry<{ declared: string; actual: string }>(
    12025,
    400,
    badInput,
    (p) => `The declared content type '${p.declared}' does not fit the data (${p.actual})`,
  ),
  InvalidTarget: entry<{ target: string; valid: string }>(
    22016,
    400,
    badInput,
    (p) => `Invalid target '${p.target}', valid ones: ${p.valid}`,
  ),
} as const;
