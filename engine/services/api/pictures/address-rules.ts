import { BlockList, isIP } from 'node:net';

/**
 * Which network addresses a picture may be fetched from. Refused is everything that is not a public unicast address:
 * IANA special-purpose registries for IPv4 (RFC 6890 and its successors) and, for IPv6, all but 2000::/3 without the
 * transition and documentation ranges in it.
 */
const refusedV4: readonly [network: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const refusedGlobalV6: readonly [network: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const v4 = new BlockList();
for (const [network, prefix] of refusedV4) v4.addSubnet(network, prefix, 'ipv4');
const globalV6 = new BlockList();
globalV6.addSubnet('2000::', 3, 'ipv6');
const refusedV6 = new BlockList();
for (const [network, prefix] of refusedGlobalV6) refusedV6.addSubnet(network, prefix, 'ipv6');

/** True for loopback, private, link-local, metadata, multicast, mapped and other special addresses, and for non-addresses. */
export function isSpecialAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  switch (isIP(bare)) {
    case 4:
      return v4.check(bare, 'ipv4');
    case 6:
      return !globalV6.check(bare, 'ipv6') || refusedV6.check(bare, 'ipv6');
    default:
      return true;
  }
}
