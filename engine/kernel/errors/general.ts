/** What any request may meet: the appliance itself fails, is busy or is out of time. */
import { badInput, entry } from './entry.ts';

export const generalErrors = {
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
  BadHttpRequest: entry<{ reason: string }>(106, 400, badInput, (p) => `Invalid HTTP request: ${p.reason}`),
  /** [P] number: LP5 answers 413 from its HTTP server without a code of its own. */
  BodyTooLarge: entry<{ limitBytes: number }>(
    106,
    413,
    badInput,
    (p) => `The request body is larger than ${p.limitBytes} bytes`,
  ),
  Database: entry<{ reason: string }>(10015, 500, 'Database error', (p) => `SQL statement failed: ${p.reason}`),
} as const;
