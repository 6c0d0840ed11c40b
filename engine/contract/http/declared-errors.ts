/**
 * The errors of a route, for the document: those that follow from its shape (who may ask, ids, query, body, writing),
 * and those that the route names itself.
 */
import type { RouteConfig } from '@hono/zod-openapi';
import type { RouteRight } from '#domain/access';
import { type ErrorName, errorCatalogue } from '#kernel/errors';
import { headersOf } from './answer-headers.ts';

/** Of every request: what nobody foresaw may happen anywhere. */
const always: readonly ErrorName[] = ['Internal', 'Database', 'ServiceBusy'];

/** Of every request whose route wants to know who asks. */
export const identityErrors = [
  'AccountIdNotUuid',
  'AuthorizationMalformed',
  'AuthorizationFailed',
  'AccountHeaderDisabled',
  'PageOfAnotherSite',
  'TokenCorrupted',
  'LoginSlowed',
] as const satisfies readonly ErrorName[];

function ofRight(right: RouteRight): readonly ErrorName[] {
  if (right === 'open') return [];
  const asked: readonly ErrorName[] = [...identityErrors, 'AuthorizationMissing'];
  if (right === 'authorized') return asked;
  if (right === 'account') return [...asked, 'TokenNotAllowed'];
  if (right === 'administrator') return [...asked, 'TokenNotAllowed', 'AccountTypeForbids'];
  if (right === 'emit_events') return [...asked, 'TokenLacksRight'];
  if ('resource' in right) return [...asked, 'TokenLacksResource'];
  return [...asked, 'TokenLacksRight', 'AccountTypeForbids'];
}

function ofBody(route: RouteConfig): readonly ErrorName[] {
  const types = Object.keys(route.request?.body?.content ?? {});
  if (types.length === 0) return [];
  const ofJson: readonly ErrorName[] = ['NotUuid', 'NotJson', 'EmptyJson', 'BadJson'];
  return [
    'BadHttpRequest',
    'BodyTooLarge',
    'RequestTimeout',
    'BadContentType',
    ...(types.includes('application/json') || types.includes('multipart/form-data') ? ofJson : []),
  ];
}

/** What storing or matching descriptors that come in a body may answer. */
export const descriptorErrors = ['InvalidDescriptor', 'UnknownDescriptorVersion', 'BadXpk'] as const;

/** What reading pictures and estimating them may answer, unless the error stands beside its picture in a 2xx. */
export const pictureErrors = [
  'BadMultipart',
  'ContentTypeMismatch',
  'FaceWarpSize',
  'FeatureDisabled',
  'ImageContentType',
  'ImageConversion',
  'ImageLoading',
  'ImagePartContentType',
  'ImageNotFound',
  'ImageSize',
  'BadRectangle',
  'InvalidUrl',
  'MultipleFaces',
  'SeveralBoundingBoxes',
  'TooManyPictures',
  'Base64',
  'RequestTimeout',
  'DetectionFailed',
  'UrlTimeout',
  'UrlConnection',
  'UrlContentType',
  'UrlResponse',
  'StorageFailed',
] as const satisfies readonly ErrorName[];

/** Every error that `route` may answer, each once, by status and number. */
export function declaredErrors(
  rights: readonly RouteRight[],
  route: RouteConfig,
  own: readonly ErrorName[],
): ErrorName[] {
  const { params, query, headers } = route.request ?? {};
  const answers = Object.values(route.responses).flatMap((answer) =>
    'content' in answer ? Object.keys(answer.content ?? {}) : [],
  );
  const names: ErrorName[] = [
    ...always,
    ...rights.flatMap(ofRight),
    ...(params ? (['NotUuid'] as const) : []),
    ...(query ? (['BadQuery', 'NotUuid'] as const) : []),
    ...(headers ? (['BadQuery'] as const) : []),
    ...ofBody(route),
    ...(answers.includes('application/msgpack') ? (['NotAcceptable'] as const) : []),
    ...(route.method === 'get' ? [] : (['StorageFull'] as const)),
    ...own,
  ];
  const byNumber = (a: ErrorName, b: ErrorName): number =>
    errorCatalogue[a].status - errorCatalogue[b].status || errorCatalogue[a].code - errorCatalogue[b].code;
  return [...new Set(names)].sort(byNumber);
}

/** What no handler sees: a request that cannot be read is answered before anybody knows its route. */
const ofTheServer: readonly (readonly [status: number, name: ErrorName])[] = [
  [400, 'BadHttpRequest'],
  [408, 'RequestTimeout'],
  [413, 'BadHttpRequest'],
  [431, 'BadHttpRequest'],
];

/** The answers of these errors, one per status: LP5's error body whose number is one of those listed. */
export function errorAnswersOf(names: readonly ErrorName[]): RouteConfig['responses'] {
  const byStatus = Map.groupBy(names, (name) => errorCatalogue[name].status);
  for (const [status, name] of ofTheServer) {
    byStatus.set(status, [...new Set([...(byStatus.get(status) ?? []), name])]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, own]) => [
      status,
      {
        headers: headersOf(status),
        description: own.map((name) => `${errorCatalogue[name].code} ${name}`).join(', '),
        content: {
          'application/json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Error' },
                { properties: { error_code: { enum: [...new Set(own.map((name) => errorCatalogue[name].code))] } } },
              ],
            },
          },
        },
      },
    ]),
  );
}
