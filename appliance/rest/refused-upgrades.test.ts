import { connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import type { BusMessages } from '#contract/events/bus';
import { createBus } from '#kernel/bus';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { createSenderRoutes } from '../../engine/services/sender/sender.routes.ts';
import { createSocketRegistry } from '../../engine/services/sender/socket-registry.ts';
import { createHttpServer } from './http-server.ts';
import { createRestApp } from './rest-app.ts';

const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const log = createLog('silent');
const registry = createSocketRegistry({
  bus: createBus<BusMessages>(() => {}),
  clock: systemClock,
  log,
  standingOf: () => '',
});
const server = createHttpServer({
  makeRequestId: () => '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a',
  app: createRestApp({
    clock: systemClock,
    ids: createIds({ clock: systemClock, chance: systemChance }),
    log,
    rootRouters: [],
    routers: [createSenderRoutes({ sockets: registry })],
    trusts: () => false,
    authenticate: async ({ query }) => {
      const accountId = query('luna-account-id');
      if (!accountId) return null;
      return { accountId, accountType: 'user', via: 'account_id', permissions: null, seesAllAccounts: false };
    },
  }),
  host: '127.0.0.1',
  port: 0,
});

const upgrades = suite('refused upgrades');
upgrades.before(async () => {
  await registry.start();
  await server.start();
});
upgrades.after(async () => {
  await registry.stop();
  await server.stop();
});

const handshake = [
  'Host: box',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

function open(): Socket {
  return connect({ port: Number(new URL(server.address()).port), host: '127.0.0.1', allowHalfOpen: true });
}

/** All that comes back over a raw socket until the server ends it. */
async function ask(line: string, headers: readonly string[] = handshake, behind = ''): Promise<string> {
  const socket = open();
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(`${line} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${behind}`);
  await new Promise((resolve, reject) => socket.once('end', resolve).once('error', reject));
  socket.end();
  return text;
}

function parse(text: string): { status: number; headers: Map<string, string>; body: string } {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...rest] = line.split(':');
    return [name.toLowerCase(), rest.join(':').trim()];
  });
  return { status: Number(first.split(' ')[1]), headers: new Map(headers), body };
}

for (const [what, target, status, code] of [
  ['no account', '/6/ws', 403, 29001],
  ['a wrong filter', `/6/ws?luna-account-id=${account}&age__gte=old`, 400, 12012],
  ['an id that is none', `/6/ws?luna-account-id=${account}&event_ids=7`, 400, 12001],
  ['another path', '/6/wss', 404, 12013],
] as const) {
  upgrades(`${what}: status ${status} and LP5's error body ${code}, then the connection ends`, async () => {
    const given = '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a';
    const answer = parse(await ask(`GET ${target}`, [...handshake, `Luna-Request-Id: ${given}`]));
    assert.is(answer.status, status);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.is(answer.headers.get('luna-request-id'), given);
    assert.is(Number(answer.headers.get('content-length')), Buffer.byteLength(answer.body));
    assert.is(answer.headers.get('connection'), 'close');
    const error = JSON.parse(answer.body) as { error_code: number };
    assert.equal(Object.keys(error).sort(), ['desc', 'detail', 'error_code', 'link']);
    assert.is(error.error_code, code);
  });
}

upgrades('a client that sends more right behind its request gets the answer all the same', async () => {
  const answer = parse(await ask('GET /6/ws', handshake, 'x'.repeat(200_000)));
  assert.is(answer.status, 403);
  assert.match(answer.body, /29001/);
});

upgrades('a client that vanishes, or never closes, holds nothing up', async () => {
  open()
    .end(`GET /6/ws HTTP/1.1\r\n${handshake.join('\r\n')}\r\n\r\n`)
    .destroy();
  const lingering = open();
  lingering.write(`GET /6/ws HTTP/1.1\r\n${handshake.join('\r\n')}\r\n\r\n`);
  lingering.resume();
  await new Promise((resolve) => lingering.once('end', resolve));
  assert.is(parse(await ask('GET /6/ws')).status, 403);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  // The first byte is answered with a reset, the next one finds it.
  lingering.on('error', () => {});
  const writing = setInterval(() => lingering.write('.'), 20);
  await new Promise((resolve) => lingering.once('close', resolve));
  clearInterval(writing);
});

upgrades('an upgrade to something else (h2c) or by another method is answered as a plain request', async () => {
  const h2c = ['Host: box', 'Connection: Upgrade, HTTP2-Settings, close', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'];
  assert.is(parse(await ask('GET /6/nothing', h2c)).status, 404);
  const closing = handshake.map((line) => line.replace('Connection: Upgrade', 'Connection: Upgrade, close'));
  assert.is(parse(await ask('POST /6/ws', [...closing, 'Content-Length: 0'])).status, 405);
});

upgrades('an accepted upgrade is a WebSocket', async () => {
  const socket = new WebSocket(`${server.address().replace('http', 'ws')}/6/ws?luna-account-id=${account}`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close();
  await closed;
});

upgrades.run();
