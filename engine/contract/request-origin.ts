/** Where a request comes from: the appliance itself, or another host. No header can change the answer. */
import { isIP } from 'node:net';

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

/**
 * Whether the request was made on the appliance by a program of the appliance. A browser there may be driven by a page
 * of another site: such a request carries that site's `Origin`, or, when the site made its own name point to this
 * machine, that name as `Host`.
 */
export function isLocalRequest(request: {
  header(name: string): string | undefined;
  remoteAddress: string | null;
}): boolean {
  if (!isLoopback(request.remoteAddress)) return false;
  const host = request.header('host');
  if (host !== undefined && !isLocalName(host)) return false;
  const origin = request.header('origin');
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
