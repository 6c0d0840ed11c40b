import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requestOf } from '../../services/accounts/accounts-bench.ts';
import { hostOf, isLocalRequest, isLoopback } from './request-origin.ts';

const origin = suite('origin of a request');

origin('loopback is 127/8 and ::1 in every spelling, and a request without a socket', () => {
  for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1', '::1%lo', null]) {
    assert.ok(isLoopback(address), String(address));
  }
  const others = [
    '10.0.0.1',
    '128.0.0.1',
    '1.127.0.0',
    '::ffff:10.0.0.1',
    '::',
    '::2',
    'fe80::1%eth0',
    '127.0.0.1.x',
    '',
  ];
  for (const address of others) assert.not.ok(isLoopback(address), address);
});

origin('a host is an IPv4 address or the /64 of an IPv6 one', () => {
  assert.is(hostOf('192.168.1.20'), '192.168.1.20');
  assert.is(hostOf('::ffff:192.168.1.20'), '192.168.1.20');
  assert.is(hostOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.is(hostOf('2001:DB8:1:2::9'), '2001:db8:1:2::/64');
  assert.is(hostOf('fe80::abcd%eth0'), 'fe80:0:0:0::/64');
  assert.is(hostOf(null), '127.0.0.1');
});

const requests: readonly [what: string, headers: Record<string, string>, address: string | null, local: boolean][] = [
  ['a program by address', { Host: '127.0.0.1:5000' }, '127.0.0.1', true],
  ['a program by IPv6 address', { Host: '[::1]:5000' }, '::1', true],
  ['a program by name', { Host: 'localhost:5000' }, '127.0.0.1', true],
  ['a program by the name of the machine', { Host: 'gate-3:5000' }, '127.0.0.1', true],
  ['a program by its mDNS name', { Host: 'gate-3.local' }, '127.0.0.1', true],
  ['a page that the appliance serves', { Host: 'localhost:5000', Origin: 'http://localhost:5000' }, '::1', true],
  ['a page of another site', { Host: 'localhost:5000', Origin: 'https://evil.example' }, '127.0.0.1', false],
  ['a page without a site', { Host: 'localhost:5000', Origin: 'null' }, '127.0.0.1', false],
  ['a page on another port', { Host: 'localhost:5000', Origin: 'http://localhost:8000' }, '127.0.0.1', false],
  ['a name that was made to point here', { Host: 'evil.example:5000' }, '127.0.0.1', false],
  ['the same with its own origin', { Host: 'evil.example', Origin: 'http://evil.example' }, '127.0.0.1', false],
  ['another host', { Host: '192.168.1.5:5000' }, '192.168.1.20', false],
  ['another host that claims to be this one', { 'X-Forwarded-For': '127.0.0.1', Host: 'localhost' }, '10.0.0.1', false],
  ['a socket that is gone', { Host: 'localhost' }, '', false],
  ['a page of another site that sends no origin', { Host: 'box', 'Sec-Fetch-Site': 'cross-site' }, '::1', false],
  ['a page of the appliance, said so by its browser', { Host: 'box', 'Sec-Fetch-Site': 'same-origin' }, '::1', true],
  ...[
    { 'X-Forwarded-For': '192.168.1.20' },
    { 'X-Forwarded-For': '127.0.0.1' },
    { 'x-forwarded-host': 'box' },
    { 'X-Forwarded-Proto': 'https' },
    { 'X-Forwarded-Prefix': '/luna' },
    { 'X-Forwarded': 'for=127.0.0.1' },
    { 'X-Real-IP': '127.0.0.1' },
    { Forwarded: '' },
    { Via: '1.1 proxy' },
  ].map((headers): [string, Record<string, string>, string, boolean] => {
    const [name = ''] = Object.keys(headers);
    return [
      `a request that a proxy on the appliance passed on with ${name}`,
      { Host: 'box', ...headers },
      '::1',
      false,
    ];
  }),
];
for (const [what, headers, address, local] of requests) {
  origin(`${what} is ${local ? '' : 'not '}local`, () => {
    assert.is(isLocalRequest(requestOf(headers, address)), local);
  });
}

origin.run();
