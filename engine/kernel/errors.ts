/**
 * The closed catalogue of everything that may go wrong on the wire: a name for the code, LP5's number and HTTP status
 * for the client. A wrong name or a missing parameter does not compile. The entries stand in `errors/`, a file per
 * subject. Numbers marked [P] have no LP5 source and are ours; they stand there only, so that a correction is one line.
 */
import { accessErrors } from './errors/access.ts';
import type { Entry } from './errors/entry.ts';
import { generalErrors } from './errors/general.ts';
import { matchingErrors } from './errors/matching.ts';
import { modelsErrors } from './errors/models.ts';
import { objectsErrors } from './errors/objects.ts';
import { picturesErrors } from './errors/pictures.ts';
import { restErrors } from './errors/rest.ts';
import { servicesErrors } from './errors/services.ts';
import { storesErrors } from './errors/stores.ts';
import { urlsErrors } from './errors/urls.ts';

export const errorCatalogue = {
  ...generalErrors,
  ...urlsErrors,
  ...restErrors,
  ...accessErrors,
  ...servicesErrors,
  ...picturesErrors,
  ...storesErrors,
  ...objectsErrors,
  ...matchingErrors,
  ...modelsErrors,
} as const;

export type ErrorName = keyof typeof errorCatalogue;
export type ErrorParams<Name extends ErrorName> = Parameters<(typeof errorCatalogue)[Name]['detail']>[0];

/** An error whose wire form is in the catalogue. Everything else that is thrown becomes `Internal`. */
export class LunaError extends Error {
  readonly errorName: ErrorName;
  readonly code: number;
  readonly status: number;
  readonly desc: string;
  /** Seconds after which the client may come again; null when nobody knows. */
  readonly retryAfterS: number | null;

  constructor(errorName: ErrorName, detail: string, options: ErrorOptions & { retryAfterS?: number } = {}) {
    super(detail, options);
    const { code, status, desc } = errorCatalogue[errorName];
    this.errorName = errorName;
    this.code = code;
    this.status = status;
    this.desc = desc;
    this.retryAfterS = options.retryAfterS ?? null;
  }
}

/** Makes a catalogued error: `lunaError('FaceNotFound', { faceId })`. `cause` goes to the log, never to the client. */
export function lunaError<Name extends ErrorName>(
  name: Name,
  ...[params, cause]: ErrorParams<Name> extends undefined ? [undefined?, unknown?] : [ErrorParams<Name>, unknown?]
): LunaError {
  const { detail, retryAfterS } = errorCatalogue[name] as unknown as Entry<unknown>;
  return new LunaError(name, detail(params), {
    ...(cause === undefined ? {} : { cause }),
    ...(retryAfterS ? { retryAfterS: retryAfterS(params) } : {}),
  });
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
