/** Headers of answers, for the document. `Content-Type` and `Content-Length` need no saying. */
const text = { type: 'string' as const };

/** Components of the document: they stand in many answers. */
export const sharedHeaders = {
  RequestId: {
    description: 'The id of the request: its own when it brought a good one, otherwise one made here.',
    required: true,
    schema: { ...text, pattern: '^[0-9]{10},[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$' },
  },
  RetryAfter: { description: 'Seconds to wait before trying again.', required: true, schema: text },
  Authenticate: { description: 'How to say who asks.', required: true, schema: text },
} as const;

type HeaderName = 'Luna-Request-Id' | 'Retry-After' | 'WWW-Authenticate';

const reference = (name: keyof typeof sharedHeaders) => ({ $ref: `#/components/headers/${name}` });

/** What answers of a status have for sure. */
export function headersOf(status: number): Partial<Record<HeaderName, { $ref: string }>> {
  return {
    'Luna-Request-Id': reference('RequestId'),
    ...(status === 401 && { 'WWW-Authenticate': reference('Authenticate') }),
    ...(isForLater(status) && { 'Retry-After': reference('RetryAfter') }),
  };
}

/** Whether the same request may be answered well a little later. */
export const isForLater = (status: number): boolean => [429, 503, 507].includes(status);

/** Of answers to a POST that made one object. */
export const location = { Location: { description: 'Path of the new object.', required: true, schema: text } };

/** Of answers that may be about several objects. */
export const locationOfOne = { Location: { description: 'Path of the new object, when it is one.', schema: text } };

/** Of pictures and objects as they are stored: a browser shows no page of them. */
export const stored = {
  'X-Content-Type-Options': { description: '`nosniff`', required: true, schema: text },
  'Content-Disposition': { description: 'A file name, of what is no picture.', schema: text },
};
