/** Pictures given by url: the appliance is the client (LP5 numbers 3 to 24). */
import { badInput, entry } from './entry.ts';

export const urlsErrors = {
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
} as const;
