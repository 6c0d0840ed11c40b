/** A WebSocket lives no longer than what opened it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import type { BusMessages } from '#contract/events/bus';
import { createBus } from '#kernel/bus';
import { createHttpServer } from '../../../appliance/rest/http-server.ts';
import { createRestApp } from '../../../appliance/rest/rest-app.ts';
import { exampleFacts } from '../../../build/testing/mqtt-appliance.ts';
import {
  type AccountsBench,
  basic,
  byOwner,
  openAccountsBench,
  owner,
  restEngineOf,
} from '../accounts/accounts-bench.ts';
import { TokenBody } from '../accounts/token.schema.ts';
import { socketLimits } from './event-socket.ts';
import { createSenderRoutes } from './sender.routes.ts';
import { createSocketRegistry } from './socket-registry.ts';

const ids = ['0195d8a2-0000-7000-8000-000000000001', '0195d8a2-0000-7000-8000-000000000002'] as const;
const view = { permissions: { event: ['view'] } };

interface World {
  bench: AccountsBench;
  accountId: string;
  /** Rows that were read to see whether credentials hold. */
  looks(): number;
  publish(eventId: string): void;
  listen(headers: Record<string, string>): Promise<Listener>;
}
interface Listener {
  seen: string[];
  /** Resolves to the code of the close; 0 when it does not come. */
  closed: Promise<number>;
  end(): void;
}

/** `pingEveryMs`: how often sockets are tended. */
async function withWorld(pingEveryMs: number, work: (world: World) => Promise<void>): Promise<void> {
  const bench = openAccountsBench();
  const accountId = await bench.accounts.create({ ...owner, accountType: 'advanced_user' });
  const bus = createBus<BusMessages>(() => {});
  const { clock, log } = bench;
  let looks = 0;
  const registry = createSocketRegistry({
    bus,
    clock,
    log,
    limits: { ...socketLimits, pingEveryMs },
    standingOf(caller) {
      looks++;
      return bench.accounts.standingOf(caller);
    },
  });
  const app = createRestApp(restEngineOf(bench, [createSenderRoutes({ sockets: registry })]));
  const server = createHttpServer({
    app,
    makeRequestId: () => '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a',
    host: '127.0.0.1',
    port: 0,
  });
  await registry.start();
  await server.start();
  try {
    await work({
      bench,
      accountId,
      looks: () => looks,
      publish: (id) =>
        bus.publish('events.published', { events: [exampleFacts(id, { event: { account_id: accountId } })] }),
      async listen(headers) {
        const open = registry.counts().sockets;
        const socket = new WebSocket(`${server.address().replace('http', 'ws')}/6/ws`, { headers });
        const seen: string[] = [];
        socket.on('message', (data) => seen.push(JSON.parse(String(data)).event.event_id));
        const closed = new Promise<number>((resolve) => {
          socket.once('close', resolve);
          setTimeout(() => resolve(0), 10_000).unref();
        });
        await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
        while (registry.counts().sockets === open) await new Promise((resolve) => setTimeout(resolve, 2));
        return { seen, closed, end: () => socket.close() };
      },
    });
  } finally {
    await registry.stop();
    await server.stop();
    bench.close();
  }
}

const bearer = async ({ bench, accountId }: World, body: object): Promise<[string, Record<string, string>]> => {
  const made = { account_id: accountId, account_type: 'advanced_user' } as const;
  const { row, token } = await bench.accounts.tokens.create(made, TokenBody.parse(body));
  return [row.token_id, { Authorization: `Bearer ${token}` }];
};
const tokenOwner = (accountId: string) => ({ account_id: accountId, account_type: 'advanced_user' }) as const;

type Deed = (world: World, tokenId: string) => unknown;
const byToken = (world: World) => bearer(world, view);
const byPassword = async (): Promise<[string, Record<string, string>]> => ['', byOwner];
const byId = async ({ accountId }: World): Promise<[string, Record<string, string>]> => [
  '',
  { 'Luna-Account-Id': accountId },
];

const endings: readonly [what: string, by: (world: World) => Promise<[string, Record<string, string>]>, deed: Deed][] =
  [
    ['a token that is revoked', byToken, ({ bench, accountId }, id) => bench.accounts.tokens.remove(accountId, id)],
    [
      'a token that expires',
      (world) => bearer(world, { ...view, expiration_time: '2026-03-05T11:00:00Z' }),
      ({ bench }) => bench.clock.advance(3_600_000),
    ],
    [
      'a token that grants something else',
      byToken,
      ({ bench, accountId }, id) =>
        bench.accounts.tokens.replace(tokenOwner(accountId), id, TokenBody.parse({ permissions: { face: ['view'] } })),
    ],
    [
      'a token that sees other accounts',
      byToken,
      ({ bench, accountId }, id) =>
        bench.accounts.tokens.replace(tokenOwner(accountId), id, TokenBody.parse({ ...view, visibility_area: 'all' })),
    ],
    ['a token whose account is removed', byToken, ({ bench, accountId }) => bench.accounts.remove(accountId)],
    [
      'a token whose account is downgraded',
      byToken,
      ({ bench, accountId }) => bench.accounts.change(accountId, { accountType: 'user' }),
    ],
    [
      'a password that is changed',
      byPassword,
      ({ bench, accountId }) => bench.accounts.change(accountId, { password: 'another one' }),
    ],
    [
      'a login that is changed',
      byPassword,
      ({ bench, accountId }) => bench.accounts.change(accountId, { login: 'new@site.com' }),
    ],
    [
      'a password whose account is downgraded',
      byPassword,
      ({ bench, accountId }) => bench.accounts.change(accountId, { accountType: 'user' }),
    ],
    ['a password whose account is removed', byPassword, ({ bench, accountId }) => bench.accounts.remove(accountId)],
    ['a bare id whose account is removed', byId, ({ bench, accountId }) => bench.accounts.remove(accountId)],
    [
      'a bare id whose account is downgraded',
      byId,
      ({ bench, accountId }) => bench.accounts.change(accountId, { accountType: 'user' }),
    ],
  ];

const credentials = suite('credentials of event sockets');

for (const [what, by, deed] of endings) {
  credentials(`${what} ends its WebSocket with 1008 before the next frame`, async () => {
    await withWorld(600_000, async (world) => {
      const [tokenId, headers] = await by(world);
      const listener = await world.listen(headers);
      world.publish(ids[0]);
      await deed(world, tokenId);
      world.publish(ids[1]);
      assert.is(await listener.closed, 1008);
      assert.equal(listener.seen, [ids[0]]);
    });
  });
}

credentials('also when nothing happens that could be told', async () => {
  await withWorld(20, async (world) => {
    const [tokenId, headers] = await byToken(world);
    const listener = await world.listen(headers);
    world.bench.accounts.tokens.remove(world.accountId, tokenId);
    assert.is(await listener.closed, 1008);
  });
});

credentials('what changes nothing of the rights ends nothing', async () => {
  await withWorld(20, async (world) => {
    const { bench, accountId } = world;
    const [tokenId, headers] = await byToken(world);
    const [otherId] = await byToken(world);
    const all = [await world.listen(headers), await world.listen(byOwner), await world.listen((await byId(world))[1])];
    const body = { ...view, description: 'renamed', expiration_time: '2027-01-01T00:00:00Z' };
    bench.accounts.tokens.replace(tokenOwner(accountId), tokenId, TokenBody.parse(body));
    bench.accounts.tokens.remove(accountId, otherId);
    await bench.accounts.change(accountId, { description: 'moved' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (const id of ids) world.publish(id);
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (const { seen, end } of all) {
      assert.equal(seen, [...ids]);
      end();
    }
  });
});

credentials('a credential is looked at once per round, however many sockets it opened', async () => {
  await withWorld(600_000, async (world) => {
    const [, headers] = await byToken(world);
    const all = [];
    for (let i = 0; i < 10; i++) all.push(await world.listen(headers));
    all.push(await world.listen(basic(owner.login, owner.password)));
    const before = world.looks();
    world.publish(ids[0]);
    assert.is(world.looks() - before, 2);
    for (const { end } of all) end();
  });
});

credentials.run();
