/**
 * Where a request comes from: the appliance itself, or another host. The socket says so; a header may take that trust
 * away, none gives it.
 */
import { isIP } from 'node:net';
import type { ReceivedRequest } from './received-request.ts';

/** An IPv4 address inside an IPv6 one (`::ffff:192.168.1.5`) as IPv4; a zone (`%eth0`) is cut off. */
function plainAddress(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

/** Null is a request without a socket, made inside this process. */
export function isLoopback(remoteAddress: string | null): boolean {
  if (remoteAddress === null) return true;
  const address = plainAddress(remoteAddress);
  return isIP(address) === 4 ? address.startsWith('127.') : address === '::1';
}

/** What counts as one host: an IPv4 address; of IPv6 the /64, since a host may choose any address in it. */
export function hostOf(remoteAddress: string | null): string {
  const address = plainAddress(remoteAddress ?? '127.0.0.1');
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** A host name that the public name service cannot give to a stranger. */
function isLocalName(host: string): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  return isIP(name) !== 0 || !name.includes('.') || /\.(localhost|local|internal|lan|home\.arpa)$/.test(name);
}

/** What proxies add: the request was made elsewhere, however near the proxy is. */
function isForwarded({ headerNames }: Pick<ReceivedRequest, 'headerNames'>): boolean {
  for (const name of headerNames()) {
    if (name.startsWith('x-forwarded') || name === 'forwarded' || name === 'via' || name === 'x-real-ip') return true;
  }
  return false;
}

/** Whether a page of another site made the request, as far as its browser tells. Programs send neither header. */
export function isOfAnotherSite({ header }: Pick<ReceivedRequest, 'header'>): boolean {
  if (header('sec-fetch-site') === 'cross-site') return true;
  const [host, origin] = [header('host'), header('origin')];
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
}

/**
 * Whether the request was made on the appliance by a program of the appliance. A browser there may be driven by a page
 * of another site: such a request carries that site's `Origin`, or, when the site made its own name point to this
 * machine, that name as `Host`. A proxy there passes on requests of others.
 */
export function isLocalRequest(request: ReceivedRequest): boolean {
  if (!isLoopback(request.remoteAddress)) return false;
  const host = request.header('host');
  if (host !== undefined && !isLocalName(host)) return false;
  return !isForwarded(request) && !isOfAnotherSite(request);
}
