import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, errors, request } from 'undici';
import { isLunaError, lunaError } from '#kernel/errors';
import { createGate } from '#kernel/gate';
import { isSpecialAddress } from './address-rules.ts';

export interface UrlFetchSettings {
  /** Pictures may come from loopback, private and link-local addresses too. */
  allowPrivateAddresses: boolean;
  /** Host names and addresses (as in a parsed url) that are allowed although private, for example cameras of the LAN. */
  allowedHosts: readonly string[];
  /** For the whole fetch, redirects and body included. */
  timeoutMs: number;
  maxBytes: number;
  maxRedirects: number;
}

export const defaultUrlFetchSettings: UrlFetchSettings = {
  allowPrivateAddresses: false,
  allowedHosts: [],
  timeoutMs: 10_000,
  maxBytes: 32 * 1024 * 1024,
  maxRedirects: 3,
};

/** Fetches pictures from other machines. */
export interface UrlFetch {
  /**
   * The body of `url`. `count` is told the bytes of each piece as it comes; a `LunaError` of it ends the fetch. Throws
   * `InvalidUrl` 3 for another scheme, credentials in the url, and addresses that are not allowed; `UrlTimeout` 9,
   * `UrlConnection` 11, `UrlContentType` 21, `UrlResponse` 22 for what the other side does; `ServiceBusy` when too many
   * fetches wait.
   */
  fetch(url: string, count?: (bytes: number) => void): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * A host name is resolved once, by the lookup of the connection itself, and the connection goes to exactly the
 * addresses that were checked: an answer that changes between check and use (DNS rebinding) has nothing to change.
 * Redirects are followed by hand and each goes through the same checks.
 */
export function createUrlFetch(deps: {
  settings: () => UrlFetchSettings;
  /** The resolver; the system's unless a test brings its own. */
  lookup?: LookupFunction;
}): UrlFetch {
  const { settings, lookup = systemLookup as unknown as LookupFunction } = deps;
  const gate = createGate({ name: 'picture urls', concurrent: 16, waiting: 256 });
  const isAllowed = (host: string, address: string): boolean => {
    const { allowPrivateAddresses, allowedHosts } = settings();
    if (allowPrivateAddresses || !isSpecialAddress(address)) return true;
    return allowedHosts.includes(host.toLowerCase()) || allowedHosts.includes(address.toLowerCase());
  };
  const checkedLookup: LookupFunction = (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const found = (addresses as unknown as { address: string; family: number }[]) ?? [];
      const refused = found.find(({ address }) => !isAllowed(host, address));
      if (refused || found.length === 0) return callback(new RefusedAddress(), '', 0);
      if (options.all) return (callback as unknown as (e: null, all: typeof found) => void)(null, found);
      callback(null, found[0]?.address ?? '', found[0]?.family ?? 0);
    });
  };
  const agent = new Agent({
    connect: { lookup: checkedLookup, timeout: 5000 },
    connections: 8,
    keepAliveTimeout: 4000,
    maxHeaderSize: 32 * 1024,
  });

  const checkUrl = (text: string, original: string): URL => {
    const refuse = (reason: string) => lunaError('InvalidUrl', { url: original, reason });
    if (!URL.canParse(text)) throw refuse('not an absolute url');
    const url = new URL(text);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse('only http and https');
    if (url.username || url.password) throw refuse('credentials in the url are not allowed');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // Numeric hosts never reach the resolver. `URL` has already turned 2130706433, 0x7f.1 and their kin into dots.
    if (isIP(host) && !isAllowed(host, host)) throw refuse('this address is not allowed');
    return url;
  };

  const follow = async (original: string, count: (bytes: number) => void, signal: AbortSignal): Promise<Uint8Array> => {
    const { maxBytes } = settings();
    let url = checkUrl(original, original);
    for (let redirects = 0; ; redirects++) {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: agent,
        signal,
        headers: { accept: 'image/*', 'user-agent': 'perigee' },
      });
      const discard = (): void => {
        body.on('error', () => {}).destroy();
      };
      const location = headers['location'];
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
        discard();
        if (redirects >= settings().maxRedirects)
          throw lunaError('UrlResponse', { url: original, reason: 'too many redirects' });
        const next = URL.canParse(location, url.href) ? new URL(location, url).href : location;
        url = checkUrl(next, original);
        continue;
      }
      const refusal = refusalOf(original, statusCode, headers, maxBytes);
      if (refusal) {
        discard();
        throw refusal;
      }
      return await collect(original, body, maxBytes, count);
    }
  };

  return {
    async fetch(url, count = () => {}) {
      const { timeoutMs } = settings();
      return gate.pass(async () => {
        try {
          return await follow(url, count, AbortSignal.timeout(timeoutMs));
        } catch (error) {
          throw toUrlError(url, timeoutMs, error);
        }
      });
    },
    close: () => agent.destroy(),
  };
}

class RefusedAddress extends Error {}

function refusalOf(
  url: string,
  statusCode: number,
  headers: Record<string, string | string[] | undefined>,
  maxBytes: number,
): Error | null {
  if (statusCode !== 200) return lunaError('UrlResponse', { url, reason: `answered ${statusCode}` });
  const contentType = String(headers['content-type'] ?? '');
  if (contentType && !/^(image\/|application\/octet-stream|binary\/octet-stream)/i.test(contentType)) {
    return lunaError('UrlContentType', { url, contentType: contentType.slice(0, 100) });
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    return lunaError('UrlResponse', { url, reason: `more than ${maxBytes} bytes` });
  }
  return null;
}

async function collect(
  url: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  count: (bytes: number) => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  // Leaving the loop by an exception destroys the stream, and with it the connection.
  for await (const chunk of body) {
    received += chunk.byteLength;
    if (received > maxBytes) throw lunaError('UrlResponse', { url, reason: `more than ${maxBytes} bytes` });
    count(chunk.byteLength);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, received);
}

function toUrlError(url: string, timeoutMs: number, error: unknown): Error {
  if (isLunaError(error)) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause instanceof RefusedAddress || cause.cause instanceof RefusedAddress) {
    return lunaError('InvalidUrl', { url, reason: 'this address is not allowed' });
  }
  const timedOut =
    cause.name === 'TimeoutError' ||
    cause instanceof errors.ConnectTimeoutError ||
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError;
  if (timedOut) return lunaError('UrlTimeout', { url, timeoutMs }, error);
  const code = (cause as { code?: unknown }).code;
  return lunaError('UrlConnection', { url, reason: typeof code === 'string' ? code : 'the connection failed' }, error);
}
