import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket, WebSocketServer } from 'ws';
import type { BusMessages } from '#contract/events/bus';
import { createRouter } from '#contract/http/http';
import type { FaceEventFacts } from '#domain/event/face-event';
import { createBus } from '#kernel/bus';
import { createFixedClock } from '#kernel/clock';
import { isLunaError, toErrorBody } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { exampleFacts } from '../../../build/testing/mqtt-appliance.ts';
import { createEventSocket, type RawSocket, socketLimits } from './event-socket.ts';
import { createSenderRoutes } from './sender.routes.ts';
import { createSocketRegistry } from './socket-registry.ts';

const ids = ['0195d8a2-0000-7000-8000-000000000001', '0195d8a2-0000-7000-8000-000000000002'] as const;
const accountId = '6d071cca-fda5-4a03-84d5-5bea65904480';
const sockets = suite('event sockets');

interface World {
  url: string;
  publish(...events: FaceEventFacts[]): void;
  count(): number;
}

async function withServer(work: (world: World) => Promise<void>): Promise<void> {
  const bus = createBus<BusMessages>(() => {});
  const registry = createSocketRegistry({
    bus,
    clock: createFixedClock(Date.UTC(2026, 2, 5)),
    log: createLog('silent'),
    standingOf: () => '',
    limits: { ...socketLimits, perAccount: 2 },
  });
  const app = createRouter();
  app.onError((error, c) =>
    isLunaError(error) ? c.json(toErrorBody(error), error.status as 400) : c.json({ error: String(error) }, 500),
  );
  app.use(async (c, next) => {
    const account = c.req.header('luna-account-id') ?? c.req.query('luna-account-id');
    c.set(
      'caller',
      account
        ? { accountId: account, accountType: 'user', via: 'account_id', permissions: null, seesAllAccounts: false }
        : null,
    );
    await next();
  });
  app.route('/6', createSenderRoutes({ sockets: registry }));
  const upgrades = new WebSocketServer({ noServer: true });
  const server = createAdaptorServer({
    fetch: app.fetch,
    websocket: { server: upgrades as unknown as WebSocketServerLike },
  }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await registry.start();
  try {
    await work({
      url: `127.0.0.1:${(server.address() as AddressInfo).port}/6/ws`,
      publish: (...events) => bus.publish('events.published', { events }),
      count: () => registry.counts().sockets,
    });
  } finally {
    await registry.stop();
    for (const socket of upgrades.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function connect({ url, count }: World, query = '', account = accountId) {
  const before = count();
  const socket = new WebSocket(`ws://${url}?luna-account-id=${account}${query}`);
  const frames: { event: { event_id: string }; account_id: string; event_create_time: string }[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  while (count() === before) await new Promise((resolve) => setTimeout(resolve, 2));
  return { socket, frames, seen: () => frames.map(({ event }) => event.event_id) };
}

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

sockets('a subscriber gets the events of its account as LP5 frames, and nobody else does', async () => {
  await withServer(async (world) => {
    const mine = await connect(world);
    const other = await connect(world, '', '11111111-1111-4111-8111-111111111111');
    world.publish(exampleFacts(ids[0]), exampleFacts(ids[1]));
    await moment();
    assert.equal(mine.seen(), [...ids]);
    assert.is(mine.frames[0]?.event_create_time, '2026-03-05T10:20:30.123Z');
    assert.is(mine.frames[0]?.account_id, accountId);
    assert.equal(other.seen(), []);
    mine.socket.close();
    other.socket.close();
    await moment();
    assert.is(world.count(), 0);
  });
});

for (const [query, wanted] of [
  ['&sources=gate-2,gate-1', true],
  ['&sources=gate-2', false],
  ['&tags=vip', true],
  ['&tags=vip,late', false],
  ['&event_ids=0195d8a2-0000-7000-8000-000000000001', true],
  ['&age__gte=30&age__lt=32', true],
  ['&age__gte=32', false],
  ['&gender=0', false],
  ['&top_similar_object_similarity__gte=0.5', false],
  ['&liveness=1', true],
  ['&emotions=4', true],
  ['&emotions=1', false],
  ['&cities=Riga', true],
  ['&upper_clothing_colors=red', false],
  ['&no_such_filter=1', true],
] as const) {
  sockets(`filter ${query}: ${wanted ? 'told' : 'not told'}`, async () => {
    await withServer(async (world) => {
      const { socket, seen } = await connect(world, query);
      const facts = exampleFacts(ids[0], {
        tags: ['vip', 'day'],
        event: { age: 31, gender: 1, emotion: 4, liveness: 1, city: 'Riga' },
      });
      world.publish(facts);
      await moment();
      assert.equal(seen(), wanted ? [ids[0]] : []);
      socket.close();
      await moment();
    });
  });
}

sockets(
  'a bad filter, no account, no upgrade and too many sockets are ordinary answers before any upgrade',
  async () => {
    await withServer(async (world) => {
      const refusal = (query: string): Promise<number | undefined> => {
        const socket = new WebSocket(`ws://${world.url}${query}`);
        return new Promise((resolve, reject) => {
          socket.on('error', () => {});
          socket.once('open', () => reject(new Error('upgraded')));
          socket.once('unexpected-response', (_request, response) => resolve(response.resume().statusCode));
        });
      };
      // `@hono/node-server` sends the status of a refused upgrade without its body; a plain GET shows the body.
      const error = async (query: string): Promise<number> => {
        const answer = await fetch(`http://${world.url}${query}`);
        return ((await answer.json()) as { error_code: number }).error_code;
      };
      const account = `?luna-account-id=${accountId}`;
      for (const [query, status, code] of [
        ['', 403, 29001],
        [`${account}&age__gte=old`, 400, 12012],
        [`${account}&event_ids=7`, 400, 12001],
      ] as const) {
        assert.equal([await refusal(query), await error(query)], [status, code], query);
      }
      assert.is(await error(account), 106, 'not an upgrade');
      const open = [await connect(world), await connect(world)];
      assert.is(await refusal(account), 503);
      for (const { socket } of open) socket.close();
      await moment();
    });
  },
);

function fakeSocket() {
  const listeners = new Map<string, () => void>();
  const state = { sent: [] as string[], codes: [] as number[], pings: 0, bufferedAmount: 0 };
  const waiting: (() => void)[] = [];
  const raw: RawSocket = {
    get bufferedAmount() {
      return state.bufferedAmount;
    },
    send(text, done) {
      state.sent.push(text);
      state.bufferedAmount += text.length;
      waiting.push(done);
    },
    ping: () => {
      state.pings += 1;
    },
    close: (code) => void state.codes.push(code),
    terminate() {},
    on: (event, listener) => void listeners.set(event, listener),
  };
  return {
    raw,
    state,
    pong: () => listeners.get('pong')?.(),
    read() {
      state.bufferedAmount = 0;
      for (const done of waiting.splice(0)) done();
    },
  };
}

sockets('a subscriber that does not read loses the oldest, counted, and is sent away with 1013', () => {
  const clock = createFixedClock(0);
  const fake = fakeSocket();
  const socket = createEventSocket({ raw: fake.raw, clock, limits: socketLimits, onClose() {} });
  for (let i = 0; i < 5000; i++) socket.send(`${i} ${'x'.repeat(1000)}`);
  assert.ok(fake.state.sent.length < 300, `${fake.state.sent.length} written`);
  assert.is(socket.waiting(), 1000);
  assert.is(socket.dropped(), 5000 - 1000 - fake.state.sent.length);
  clock.advance(10_000);
  socket.tend();
  assert.equal(fake.state.codes, [1013]);
});

sockets('a subscriber that is sent away gets nothing of what still waits for it', () => {
  const fake = fakeSocket();
  const socket = createEventSocket({ raw: fake.raw, clock: createFixedClock(0), limits: socketLimits, onClose() {} });
  for (let i = 0; i < 900; i++) socket.send(`${i} ${'x'.repeat(1000)}`);
  const { length } = fake.state.sent;
  socket.close(1008, 'revoked');
  for (let i = 0; i < 20; i++) fake.read();
  socket.send('more');
  assert.equal([fake.state.sent.length, socket.waiting()], [length, 0]);
  socket.close(1001, 'again');
  assert.equal(fake.state.codes, [1008]);
});

sockets('a subscriber that reads again gets the rest and stays', () => {
  const clock = createFixedClock(0);
  const fake = fakeSocket();
  const socket = createEventSocket({ raw: fake.raw, clock, limits: socketLimits, onClose() {} });
  for (let i = 0; i < 2000; i++) socket.send(`${i} ${'x'.repeat(1000)}`);
  for (let i = 0; i < 20; i++) fake.read();
  assert.is(socket.waiting(), 0);
  assert.ok(fake.state.sent.at(-1)?.startsWith('1999 '));
  socket.send('x');
  clock.advance(10_000);
  socket.tend();
  assert.equal(fake.state.codes, []);
});

sockets('a subscriber is pinged, and ended with 1011 when no pong comes', () => {
  const clock = createFixedClock(0);
  const fake = fakeSocket();
  const socket = createEventSocket({ raw: fake.raw, clock, limits: socketLimits, onClose() {} });
  socket.tend();
  fake.pong();
  clock.advance(20_000);
  socket.tend();
  assert.is(fake.state.pings, 2);
  clock.advance(20_000);
  socket.tend();
  assert.equal(fake.state.codes, [1011]);
});

sockets.run();
