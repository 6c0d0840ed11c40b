/**
 * The closed catalogue of everything that may go wrong on the wire: a name for the code, LP5's number and HTTP status
 * for the client. A wrong name or a missing parameter does not compile. Numbers marked [P] have no LP5 source and are
 * ours; they stand here only, so that a correction is one line.
 */

interface Entry<P> {
  readonly code: number;
  readonly status: number;
  readonly desc: string;
  readonly detail: (params: P) => string;
}

function entry<P = undefined>(
  code: number,
  status: number,
  desc: string,
  detail: ((params: P) => string) | string,
): Entry<P> {
  return { code, status, desc, detail: typeof detail === 'string' ? () => detail : detail };
}

const badInput = 'Bad/incomplete input data';
const notFound = 'Object not found';
const forbidden = 'Forbidden';
const conflict = 'Unique constraint error';

export const errorCatalogue = {
  Internal: entry(1, 500, 'Internal server error', 'Unknown error. The log names it by the request id.'),
  /** [P] status and code of a failed health check. */
  Unhealthy: entry<{ dependency: string; reason: string }>(
    1,
    502,
    'Unhealthy',
    (p) => `${p.dependency} does not work: ${p.reason}`,
  ),
  /** [P] number and status: LP5 documents 2 as a queue time-out. */
  ServiceBusy: entry<{ queue: string }>(
    2,
    503,
    'Service is busy',
    (p) => `Queue '${p.queue}' is full. Try again later.`,
  ),
  RequestTimeout: entry<{ what: string }>(9, 408, 'Request timeout', (p) => `Timed out: ${p.what}`),

  // Outbound HTTP: pictures given by url.
  InvalidUrl: entry<{ url: string; reason: string }>(3, 400, badInput, (p) => `Invalid url '${p.url}': ${p.reason}`),
  UrlTimeout: entry<{ url: string; timeoutMs: number }>(
    9,
    504,
    'External request failed',
    (p) => `GET '${p.url}' took longer than ${p.timeoutMs} ms`,
  ),
  UrlConnection: entry<{ url: string; reason: string }>(
    11,
    502,
    'External request failed',
    (p) => `GET '${p.url}': ${p.reason}`,
  ),
  UrlContentType: entry<{ url: string; contentType: string }>(
    21,
    500,
    'External request failed',
    (p) => `GET '${p.url}' answered with content type '${p.contentType}'`,
  ),
  UrlResponse: entry<{ url: string; reason: string }>(
    22,
    500,
    'External request failed',
    (p) => `GET '${p.url}': ${p.reason}`,
  ),

  BadHttpRequest: entry<{ reason: string }>(106, 400, badInput, (p) => `Invalid HTTP request: ${p.reason}`),
  /** [P] number: LP5 answers 413 from its HTTP server without a code of its own. */
  BodyTooLarge: entry<{ limitBytes: number }>(
    106,
    413,
    badInput,
    (p) => `The request body is larger than ${p.limitBytes} bytes`,
  ),
  /** [P] number. */
  TooManyPictures: entry<{ count: number; limit: number }>(
    106,
    413,
    badInput,
    (p) => `${p.count} pictures in one request, at most ${p.limit} are allowed`,
  ),
  Database: entry<{ reason: string }>(10015, 500, 'Database error', (p) => `SQL statement failed: ${p.reason}`),

  // API and Handlers.
  ImageContentType: entry<{ contentType: string }>(
    11028,
    400,
    badInput,
    (p) => `Bad content type of an image: '${p.contentType}'`,
  ),
  ImagePartContentType: entry<{ part: string; contentType: string }>(
    11029,
    400,
    badInput,
    (p) => `Bad content type of image part '${p.part}': '${p.contentType}'`,
  ),
  FaceWarpSize: entry<{ width: number; height: number }>(
    11030,
    400,
    badInput,
    (p) => `A face warp must be 250x250 pixels, this one is ${p.width}x${p.height}`,
  ),
  /** [P] number. */
  BodyWarpSize: entry<{ width: number; height: number }>(
    11030,
    400,
    badInput,
    (p) => `A body warp must be 128x256 pixels, this one is ${p.width}x${p.height}`,
  ),
  FaceHasNoAttributes: entry<{ faceId: string }>(11032, 404, notFound, (p) => `Face '${p.faceId}' has no attributes`),
  AccountIdNotUuid: entry<{ value: string }>(
    11037,
    400,
    badInput,
    (p) => `Header 'Luna-Account-Id' is not a UUID: '${p.value}'`,
  ),
  MultipleFaces: entry<{ where: string }>(11038, 400, badInput, (p) => `Multiple faces found: ${p.where}`),
  TasksDisabled: entry(11039, 403, forbidden, 'Tasks service is disabled'),
  EventsDisabled: entry(11040, 403, forbidden, 'Events service is disabled'),
  NoFaceWithExternalId: entry<{ externalId: string }>(
    11041,
    404,
    notFound,
    (p) => `No face with external id '${p.externalId}'`,
  ),
  FeatureDisabled: entry<{ feature: string }>(
    11044,
    403,
    forbidden,
    (p) => `Not supported by this appliance: ${p.feature}`,
  ),
  SeveralBoundingBoxes: entry<{ filename: string }>(
    11045,
    403,
    forbidden,
    (p) => `Only one bounding box per image is allowed: '${p.filename}'`,
  ),
  BadMultipart: entry<{ reason: string }>(11049, 400, badInput, (p) => `Bad data in multipart: ${p.reason}`),
  LivenessDisabled: entry(11054, 403, forbidden, 'Liveness service is disabled'),
  License: entry<{ reason: string }>(11055, 403, forbidden, (p) => `License problem: '${p.reason}'`),
  TokenLacksRight: entry<{ right: string; object: string }>(
    11059,
    403,
    forbidden,
    (p) => `The token has no permission '${p.right}' for '${p.object}'`,
  ),
  TokenLacksResource: entry<{ resource: string }>(
    11060,
    403,
    forbidden,
    (p) => `The token has no permission for resource '${p.resource}'`,
  ),
  AccountHeaderDisabled: entry(
    11061,
    403,
    forbidden,
    'Authorization by Luna-Account-Id is switched off for this request (ALLOW_LUNA_ACCOUNT_AUTH_HEADER)',
  ),
  TokenCorrupted: entry<{ reason: string }>(11062, 403, forbidden, (p) => `Token is corrupted: ${p.reason}`),
  TokenNotAllowed: entry(11064, 403, forbidden, 'This resource is not available with token authorization'),
  AuthorizationFailed: entry<{ reason: string }>(
    11065,
    401,
    'Unauthorized',
    (p) => `Authorization failed: ${p.reason}`,
  ),
  /** [P] status: LP5 shows no brake on logins. */
  LoginSlowed: entry<{ seconds: number }>(
    11065,
    429,
    'Unauthorized',
    (p) => `Too many failed attempts from this address. Try again in ${p.seconds} s.`,
  ),
  /** [P] number. */
  AccountTypeForbids: entry<{ accountType: string; what: string }>(
    11059,
    403,
    forbidden,
    (p) => `An account of type '${p.accountType}' may not ${p.what}`,
  ),
  ImageStoreDisabled: entry(11070, 403, forbidden, 'Image Store service is disabled'),
  HandlersDisabled: entry(11071, 403, forbidden, 'Handlers service is disabled'),
  MatcherDisabled: entry(11080, 403, forbidden, 'Python Matcher and Python Matcher Proxy are disabled'),
  AccountsDisabled: entry(11083, 403, forbidden, 'Accounts service is disabled'),

  // REST in general.
  NotUuid: entry<{ value: string }>(12001, 400, badInput, (p) => `Not a UUID: '${p.value}'`),
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
  AuthorizationMissing: entry(12010, 401, 'Unauthorized', "Header 'Authorization' or 'Luna-Account-Id' is required"),
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
  AuthorizationMalformed: entry<{ reason: string }>(
    12019,
    401,
    'Unauthorized',
    (p) => `Header 'Authorization' is malformed: ${p.reason}`,
  ),
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
  BadXpk: entry<{ id: string }>(12026, 400, badInput, (p) => `XPK file '${p.id}' cannot be read`),
  UnknownDescriptorVersion: entry<{ version: number | string }>(
    12036,
    400,
    badInput,
    (p) => `Unknown descriptor version ${p.version}`,
  ),
  InvalidDescriptor: entry<{ id: string; reason: string }>(
    12038,
    400,
    badInput,
    (p) => `Invalid descriptor '${p.id}': ${p.reason}`,
  ),

  // Image Store.
  ImageNotFound: entry<{ id: string }>(13003, 404, notFound, (p) => `Image '${p.id}' not found`),
  TooManyImageIds: entry<{ count: number }>(
    13004,
    400,
    badInput,
    (p) => `${p.count} image ids in one request, at most 1000 are allowed`,
  ),
  BucketNotFound: entry<{ bucket: string }>(13005, 404, notFound, (p) => `Bucket '${p.bucket}' not found`),
  BucketExists: entry<{ bucket: string }>(13006, 409, conflict, (p) => `Bucket '${p.bucket}' exists already`),
  ObjectNotFound: entry<{ id: string }>(13007, 404, notFound, (p) => `Object '${p.id}' not found`),
  ObjectExists: entry<{ id: string }>(13008, 409, conflict, (p) => `Object '${p.id}' exists already`),
  Base64: entry<{ reason: string }>(18001, 400, badInput, (p) => `Base64 decoding failed: ${p.reason}`),
  ImageConversion: entry<{ reason: string }>(18002, 400, badInput, (p) => `Image conversion failed: ${p.reason}`),
  /** [P] which number of the local-storage block means "no space"; 507 as RFC 4918 has it. */
  StorageFull: entry(19012, 507, 'Insufficient storage', 'No space is left on the storage device'),
  StorageFailed: entry<{ reason: string }>(
    19001,
    500,
    'Local storage error',
    (p) => `The local storage failed: ${p.reason}`,
  ),

  // Faces, attributes, lists.
  FaceWithAttributeExists: entry<{ attributeId: string }>(
    22001,
    409,
    conflict,
    (p) => `A face with attribute '${p.attributeId}' exists already`,
  ),
  FaceNotFound: entry<{ faceId: string }>(22002, 404, notFound, (p) => `Face '${p.faceId}' not found`),
  ListNotFound: entry<{ listId: string }>(22003, 404, notFound, (p) => `List '${p.listId}' not found`),
  FacesNotFound: entry<{ faceId: string }>(
    22004,
    400,
    badInput,
    (p) => `At least one of the faces was not found: '${p.faceId}'`,
  ),
  ListsNotFound: entry<{ listId: string }>(
    22005,
    400,
    badInput,
    (p) => `At least one of the lists was not found: '${p.listId}'`,
  ),
  AttributeForUpdateNotFound: entry<{ attributeId: string }>(
    22010,
    400,
    badInput,
    (p) => `Attribute '${p.attributeId}' for an update was not found`,
  ),
  AttributeNotFound: entry<{ attributeId: string }>(
    22011,
    404,
    notFound,
    (p) => `Attribute '${p.attributeId}' not found`,
  ),
  InvalidTarget: entry<{ target: string; valid: string }>(
    22016,
    400,
    badInput,
    (p) => `Invalid target '${p.target}', valid ones: ${p.valid}`,
  ),
  AttributeSamplesDiffer: entry<{ faceId: string }>(
    22025,
    409,
    conflict,
    (p) => `The samples of the stored attribute of '${p.faceId}' differ from those given`,
  ),

  EventNotFound: entry<{ eventId: string }>(23001, 404, notFound, (p) => `Event '${p.eventId}' not found`),
  NoAccountForSocket: entry(29001, 403, forbidden, 'Subscribing needs an account'),

  // Matcher.
  CrossMatchTooLarge: entry<{ limit: number }>(
    31002,
    400,
    badInput,
    (p) => `The sets to match are larger than ${p.limit}`,
  ),
  TooManyReferences: entry<{ count: number; limit: number }>(
    31007,
    400,
    badInput,
    (p) => `${p.count} references in one request, at most ${p.limit} are allowed`,
  ),
  /** [P] number and status. */
  GalleryFull: entry<{ gallery: string; what: string; limit: number }>(
    31012,
    507,
    'Insufficient storage',
    (p) => `The gallery '${p.gallery}' holds at most ${p.limit} ${p.what}`,
  ),
  /** [P] number: rejections are ours. */
  RejectionNotFound: entry<{ rejectionId: string }>(
    31100,
    404,
    notFound,
    (p) => `Rejection '${p.rejectionId}' not found`,
  ),
  NoMatcher: entry(31011, 403, forbidden, 'No matcher is available for this request'),
  LivenessTooManyFaces: entry<{ count: number }>(32017, 400, badInput, (p) => `Too many faces: ${p.count}`),
  /** [P] number: LP5 documents the family only. */
  LivenessNoFace: entry<{ filename: string }>(32018, 400, badInput, (p) => `No face in '${p.filename}'`),

  HandlerNotFound: entry<{ handlerId: string }>(34000, 404, notFound, (p) => `Handler '${p.handlerId}' not found`),
  DescriptorVersionNotSupported: entry<{ version: number | string }>(
    34001,
    403,
    forbidden,
    (p) => `Descriptor version ${p.version} is not supported`,
  ),
  HandlerCorrupted: entry<{ handlerId: string }>(
    34002,
    500,
    'Internal server error',
    (p) => `The stored handler '${p.handlerId}' is corrupted`,
  ),
  VerifierNotFound: entry<{ verifierId: string }>(34004, 404, notFound, (p) => `Verifier '${p.verifierId}' not found`),
  HandlerNotDynamic: entry<{ handlerId: string }>(
    34007,
    403,
    forbidden,
    (p) => `Handler '${p.handlerId}' is static, a dynamic one is needed`,
  ),

  // Accounts. [P] all numbers of this block.
  AccountNotFound: entry<{ accountId: string }>(37001, 404, notFound, (p) => `Account '${p.accountId}' not found`),
  AccountExists: entry<{ what: string; value: string }>(
    37002,
    409,
    conflict,
    (p) => `An account with ${p.what} '${p.value}' exists already`,
  ),
  AccountCreationClosed: entry(
    37003,
    403,
    forbidden,
    'Accounts are created on the appliance itself or by an administrator',
  ),
  TokenNotFound: entry<{ tokenId: string }>(37004, 404, notFound, (p) => `Token '${p.tokenId}' not found`),
  TooManyTokens: entry<{ limit: number }>(37005, 403, forbidden, (p) => `An account has at most ${p.limit} tokens`),

  // Recognition.
  ImageLoading: entry<{ reason: string }>(100022, 400, 'SDK error', (p) => `Image loading error: ${p.reason}`),
  ImageSize: entry<{ width: number; height: number; limitMegapixels: number }>(
    100028,
    400,
    'SDK error',
    (p) => `Bad image size ${p.width}x${p.height}: at most ${p.limitMegapixels} megapixels, sides of 16 to 16384`,
  ),
  BadRectangle: entry<{ reason: string }>(100028, 400, 'SDK error', (p) => `Invalid rectangle: ${p.reason}`),
  DetectionFailed: entry<{ reason: string }>(110019, 500, 'SDK error', (p) => `Detection failed: ${p.reason}`),
} as const;

export type ErrorName = keyof typeof errorCatalogue;
export type ErrorParams<Name extends ErrorName> = Parameters<(typeof errorCatalogue)[Name]['detail']>[0];

/** An error whose wire form is in the catalogue. Everything else that is thrown becomes `Internal`. */
export class LunaError extends Error {
  readonly errorName: ErrorName;
  readonly code: number;
  readonly status: number;
  readonly desc: string;

  constructor(errorName: ErrorName, detail: string, options?: ErrorOptions) {
    super(detail, options);
    const { code, status, desc } = errorCatalogue[errorName];
    this.errorName = errorName;
    this.code = code;
    this.status = status;
    this.desc = desc;
  }
}

/** Makes a catalogued error: `lunaError('FaceNotFound', { faceId })`. `cause` goes to the log, never to the client. */
export function lunaError<Name extends ErrorName>(
  name: Name,
  ...[params, cause]: ErrorParams<Name> extends undefined ? [undefined?, unknown?] : [ErrorParams<Name>, unknown?]
): LunaError {
  const { detail } = errorCatalogue[name] as unknown as Entry<unknown>;
  return new LunaError(name, detail(params), cause === undefined ? undefined : { cause });
}

export function isLunaError<Name extends ErrorName>(error: unknown, name?: Name): error is LunaError {
  return error instanceof LunaError && (name === undefined || error.errorName === name);
}

/** What a client reads. Members and their meaning: LP5 `error_code`, `desc`, `detail`, `link`. */
export interface ErrorBody {
  error_code: number;
  desc: string;
  detail: string;
  link: string;
}

export function toErrorBody(error: LunaError): ErrorBody {
  return { error_code: error.code, desc: error.desc, detail: error.message, link: `/docs/errors/${error.code}` };
}

/** The `error` member of a picture that went well. */
export const successBody: ErrorBody = {
  error_code: 0,
  desc: 'Success',
  detail: 'Success',
  link: '/docs/errors/0',
};
