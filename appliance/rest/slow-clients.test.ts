import { connect, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import * as z from 'zod';
import type { BusMessages } from '#contract/events/bus';
import { createRouter, defineRoute } from '#contract/http/http';
import { createBus } from '#kernel/bus';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { createSenderRoutes } from '../../engine/services/sender/sender.routes.ts';
import { createSocketRegistry } from '../../engine/services/sender/socket-registry.ts';
import { bodyBudgetSettings, createBodyBudget } from './body-budget.ts';
import { createHttpServer, type HttpServer, type HttpTimes } from './http-server.ts';
import { createRestApp } from './rest-app.ts';

const requestId = '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a';
const accountId = '6d071cca-fda5-4a03-84d5-5bea65904480';
const log = createLog('silent');
const registry = createSocketRegistry({
  bus: createBus<BusMessages>(() => {}),
  clock: systemClock,
  log,
  standingOf: () => '',
});

const router = createRouter();
router.openapi(
  defineRoute('open', {
    method: 'post',
    path: '/notes',
    request: { body: { content: { 'application/json': { schema: z.looseObject({}) } }, required: true } },
    responses: { 200: { description: 'The same', content: { 'application/json': { schema: z.looseObject({}) } } } },
  }),
  (context) => context.json(context.req.valid('json'), 200),
);
/** More than the kernel's buffers of both ends take. */
const largeBytes = 32 * 1024 * 1024;
router.get('/large', (context) => context.body(new Uint8Array(largeBytes)));
router.get('/slow', async (context) => {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return context.text('done');
});

function serve(times: Partial<HttpTimes>): HttpServer {
  const app = createRestApp(
    {
      clock: systemClock,
      ids: createIds({ clock: systemClock, chance: systemChance }),
      log,
      rootRouters: [],
      routers: [router, createSenderRoutes({ sockets: registry })],
      trusts: () => false,
      authenticate: async ({ query }) =>
        query('luna-account-id')
          ? { accountId, accountType: 'user', via: 'account_id', permissions: null, seesAllAccounts: false }
          : null,
    },
    { bodies: createBodyBudget({ ...bodyBudgetSettings, idleMs: 100 }) },
  );
  return createHttpServer({ app, makeRequestId: () => requestId, host: '127.0.0.1', port: 0, times });
}

function open(server: HttpServer): Socket {
  return connect(Number(new URL(server.address()).port), '127.0.0.1');
}

/** What comes back until the server ends the connection. */
async function answerTo(socket: Socket): Promise<{ status: number; head: string; body: string }> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(text.split(' ')[1]), head, body };
}

const slow = suite('slow clients');
slow.before(() => registry.start());
slow.after(() => registry.stop());

for (const [what, begin] of [
  ['headers', 'GET /6/slow HTTP/1.1\r\nHost: box\r\nX-Slow: '],
  ['a body', 'POST /6/notes HTTP/1.1\r\nHost: box\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{'],
] as const) {
  slow(`${what} that never end: 408 with LP5's error body, and the connection ends`, async () => {
    const server = serve({ headers: 100, check: 30 });
    await server.start();
    const socket = open(server);
    socket.write(begin);
    const { status, head, body } = await answerTo(socket);
    assert.is(status, 408);
    assert.match(head, /^connection: close$/im);
    assert.is((JSON.parse(body) as { error_code: number }).error_code, 9);
    await server.stop();
  });
}

slow('a body that is announced as too large for its route is refused before it comes', async () => {
  const server = serve({});
  await server.start();
  const socket = open(server);
  const length = 100 * 1024 * 1024;
  socket.write(
    `POST /6/notes HTTP/1.1\r\nHost: box\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n{`,
  );
  assert.is((await answerTo(socket)).status, 413);
  await server.stop();
});

slow('a client that stops reading loses its connection; one that waits for its answer keeps it', async () => {
  const server = serve({ unread: 500 });
  await server.start();
  const deaf = open(server);
  deaf.pause();
  deaf.on('error', () => {});
  deaf.write('GET /6/large HTTP/1.1\r\nHost: box\r\n\r\n');
  const answer = await fetch(`${server.address()}/6/slow`);
  assert.is(await answer.text(), 'done');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  let received = 0;
  deaf.on('data', (chunk) => {
    received += chunk.length;
  });
  deaf.resume();
  await new Promise((resolve) => deaf.once('close', resolve));
  assert.ok(received < largeBytes, `${received} bytes`);
  const whole = await (await fetch(`${server.address()}/6/large`)).arrayBuffer();
  assert.is(whole.byteLength, largeBytes);
  await server.stop();
});

slow('a connection that is kept and not used again ends', async () => {
  const server = serve({ keepAlive: 50, unread: 60_000 });
  await server.start();
  const socket = open(server);
  socket.write('GET /6/nothing HTTP/1.1\r\nHost: box\r\n\r\n');
  const { status, head } = await answerTo(socket);
  assert.is(status, 404);
  assert.match(head, /^connection: keep-alive$/im);
  await server.stop();
});

slow('a WebSocket that does not answer the closing handshake does not hold the stop up', async () => {
  const server = serve({ drain: 100 });
  await server.start();
  const socket = new WebSocket(`${server.address().replace('http', 'ws')}/6/ws?luna-account-id=${accountId}`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // Nothing is read any more, so the closing frame is never answered.
  socket.pause();
  const outcome = await Promise.race([
    server.stop().then(() => 'stopped'),
    new Promise((resolve) => setTimeout(() => resolve('still waiting'), 5000).unref()),
  ]);
  assert.is(outcome, 'stopped');
  socket.terminate();
  await closed;
});

slow.run();
