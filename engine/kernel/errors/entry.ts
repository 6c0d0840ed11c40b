/** One entry of the catalogue, and the phrases that several entries share as their `desc`. */

export interface Entry<P> {
  readonly code: number;
  readonly status: number;
  readonly desc: string;
  readonly detail: (params: P) => string;
  /** Seconds after which the client may come again, where that is known. */
  readonly retryAfterS?: (params: P) => number;
}

/** `status` is HTTP's; `detail` is a text, or made from the parameters whose type the entry names. */
export function entry<P = undefined>(
  code: number,
  status: number,
  desc: string,
  detail: ((params: P) => string) | string,
  retryAfterS?: (params: P) => number,
): Entry<P> {
  const own = { code, status, desc, detail: typeof detail === 'string' ? () => detail : detail };
  return retryAfterS ? { ...own, retryAfterS } : own;
}

export const badInput = 'Bad/incomplete input data';
export const notFound = 'Object not found';
export const forbidden = 'Forbidden';
export const conflict = 'Unique constraint error';
