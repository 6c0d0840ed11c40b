import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ErrorName, isLunaError, LunaError, lunaError } from '#kernel/errors';
import { isSpecialAddress } from './address-rules.ts';
import { createUrlFetch, defaultUrlFetchSettings, type UrlFetchSettings } from './url-fetch.ts';

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const asked: string[] = [];
const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/picture': (_, response) => response.setHeader('content-type', 'image/jpeg').end(jpeg),
  '/untyped': (_, response) => response.end(jpeg),
  '/page': (_, response) => response.setHeader('content-type', 'text/html').end('<html>'),
  '/missing': (_, response) => response.writeHead(404).end(),
  '/to-picture': (_, response) => response.writeHead(302, { location: '/picture' }).end(),
  '/to-metadata': (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  '/to-loopback-name': (_, response) => response.writeHead(307, { location: 'http://inner.test/secret' }).end(),
  '/to-file': (_, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/endless': (_, response) => {
    response.setHeader('content-type', 'image/jpeg');
    const timer = setInterval(() => response.write(Buffer.alloc(64 * 1024)), 1);
    response.on('close', () => clearInterval(timer));
  },
  '/announced': (_, response) => response.writeHead(200, { 'content-length': '99999999' }).end(),
  '/silent': () => {},
  '/drip': (_, response) => {
    response.setHeader('content-type', 'image/jpeg');
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('x', () => response.destroy());
  },
};
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  (answers[request.url ?? ''] ?? answers['/missing'])?.(request, response);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

/** What names stand for in these tests. */
const names: Record<string, string[]> = {
  'camera.test': ['127.0.0.1'],
  'inner.test': ['127.0.0.1'],
  'mixed.test': ['93.184.215.14', '10.0.0.7'],
  'six.test': ['::ffff:127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
};
let lookups = 0;
const lookup = ((host: string, _options: unknown, callback: (error: Error | null, found?: unknown) => void) => {
  lookups += 1;
  const found = names[host];
  if (!found) return callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  callback(
    null,
    found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  );
}) as unknown as LookupFunction;

const settings: UrlFetchSettings = {
  ...defaultUrlFetchSettings,
  allowedHosts: ['camera.test'],
  timeoutMs: 400,
  maxBytes: 200_000,
};
const urlFetch = createUrlFetch({ settings: () => settings, lookup });
const fetching = (path: string) => urlFetch.fetch(`http://camera.test:${port}${path}`);

const test = suite('pictures from urls');
test.after(async () => {
  await urlFetch.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function refused(job: Promise<unknown>, name: ErrorName, what: string): Promise<void> {
  const error = await job.then(
    () => 'nothing',
    (thrown: unknown) => thrown,
  );
  assert.ok(isLunaError(error, name), `${what}: ${error instanceof LunaError ? error.message : error}`);
}

test('special addresses are told from public ones', () => {
  for (const address of [
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    'fd00:ec2::254',
    'nonsense',
    '',
  ]) {
    assert.ok(isSpecialAddress(address), address);
  }
  for (const address of [
    '8.8.8.8',
    '93.184.215.14',
    '172.32.0.1',
    '192.169.0.1',
    '2606:4700::1111',
    '2a00:1450::200e',
  ]) {
    assert.not(isSpecialAddress(address), address);
  }
});

for (const url of [
  'http://127.0.0.1/a',
  'http://127.1/a',
  'http://2130706433/a',
  'http://0x7f.0.0.1/a',
  'http://0177.0.0.1/a',
  'http://0/a',
  'http://[::1]/a',
  'http://[::ffff:127.0.0.1]/a',
  'http://[::ffff:7f00:1]/a',
  'http://[fe80::1]/a',
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1/a',
  'http://192.168.0.1/a',
  'http://localhost./a',
  'http://inner.test/a',
  'http://mixed.test/a',
  'http://six.test/a',
  'http://metadata.test/a',
  'ftp://camera.test/a',
  'file:///etc/passwd',
  'gopher://camera.test/a',
  'data:image/jpeg;base64,AAAA',
  'javascript:1',
  '//camera.test/a',
  'camera.test/a',
  '',
  'http://user:secret@camera.test/a',
]) {
  test(`refused: ${url || 'an empty url'}`, async () => {
    names['localhost.'] = ['127.0.0.1'];
    const before = asked.length;
    await refused(urlFetch.fetch(url), 'InvalidUrl', url);
    assert.is(asked.length, before, 'nobody was asked');
  });
}

test('an allowed host gives its picture, over a redirect too', async () => {
  assert.equal(Buffer.from(await fetching('/picture')), jpeg);
  assert.equal(Buffer.from(await fetching('/untyped')), jpeg);
  assert.equal(Buffer.from(await fetching('/to-picture')), jpeg);
});

test('private addresses are reached when the setting allows them', async () => {
  const open = createUrlFetch({ settings: () => ({ ...settings, allowPrivateAddresses: true }), lookup });
  assert.equal(Buffer.from(await open.fetch(`http://127.0.0.1:${port}/picture`)), jpeg);
  await open.close();
});

test('an allowed address is reached by number and by every name that stands for it, and nothing else is', async () => {
  const listed = createUrlFetch({ settings: () => ({ ...settings, allowedHosts: ['127.0.0.1'] }), lookup });
  for (const host of ['127.0.0.1', 'camera.test', '2130706433']) {
    assert.equal(Buffer.from(await listed.fetch(`http://${host}:${port}/picture`)), jpeg, host);
  }
  await refused(listed.fetch('http://127.0.0.2/a'), 'InvalidUrl', 'another address');
  await refused(listed.fetch('http://metadata.test/a'), 'InvalidUrl', 'a name of another address');
  await listed.close();
});

test('a redirect leads nowhere that the url itself could not', async () => {
  for (const path of ['/to-metadata', '/to-loopback-name', '/to-file']) {
    const before = asked.length;
    await refused(fetching(path), 'InvalidUrl', path);
    assert.equal(asked.slice(before), [path]);
  }
  await refused(fetching('/loop'), 'UrlResponse', 'loop');
});

test('a name is resolved once per connection, and the connection goes to what was checked', async () => {
  const before = lookups;
  let turn = 0;
  const rebinding = ((host: string, options: unknown, callback: (...found: unknown[]) => void) => {
    turn += 1;
    // The second answer would be refused: it must never be asked for.
    names['camera.test'] = turn === 1 ? ['127.0.0.1'] : ['10.0.0.1'];
    (lookup as unknown as (...given: unknown[]) => void)(host, options, callback);
  }) as unknown as LookupFunction;
  const once = createUrlFetch({ settings: () => settings, lookup: rebinding });
  assert.equal(Buffer.from(await once.fetch(`http://camera.test:${port}/picture`)), jpeg);
  assert.is(lookups - before, 1);
  names['camera.test'] = ['127.0.0.1'];
  await once.close();
});

test('what the other side does wrong is told by LP5 codes', async () => {
  await refused(fetching('/page'), 'UrlContentType', 'a page');
  await refused(fetching('/missing'), 'UrlResponse', '404');
  await refused(fetching('/cut'), 'UrlConnection', 'a cut body');
  await refused(urlFetch.fetch('http://unknown.test/a'), 'UrlConnection', 'an unknown name');
  await refused(urlFetch.fetch('http://camera.test:1/a'), 'UrlConnection', 'nobody listens');
});

test('size and time are bounded', async () => {
  await refused(fetching('/endless'), 'UrlResponse', 'endless');
  await refused(fetching('/announced'), 'UrlResponse', 'announced');
  const startedAt = performance.now();
  await refused(fetching('/silent'), 'UrlTimeout', 'silent');
  await refused(fetching('/drip'), 'UrlTimeout', 'drip');
  assert.ok(performance.now() - startedAt < 3000);
});

test('who fetches is told of every piece, and may end the fetch', async () => {
  let told = 0;
  const bytes = await urlFetch.fetch(`http://camera.test:${port}/picture`, (piece) => {
    told += piece;
  });
  assert.is(told, bytes.length);
  const full = (): void => {
    throw lunaError('BodyTooLarge', { limitBytes: 3 });
  };
  await refused(urlFetch.fetch(`http://camera.test:${port}/endless`, full), 'BodyTooLarge', 'no bytes left');
});

test.run();
