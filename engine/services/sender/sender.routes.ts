import { upgradeWebSocket } from '@hono/node-server';
import { identify, requireRight } from '#contract/http/authorize';
import { identityErrors } from '#contract/http/declared-errors';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { lunaError } from '#kernel/errors';
import type { RawSocket } from './event-socket.ts';
import { SocketFilters } from './socket-filters.ts';
import type { SocketRegistry } from './socket-registry.ts';

/** GET `/ws`. Filters are checked before the upgrade, so that a wrong one is an ordinary answer. */
export function createSenderRoutes(deps: { sockets: SocketRegistry }): LunaRouter {
  const { sockets } = deps;
  const router = createRouter();
  router.openapi(
    // The account is asked for below, since LP5 has an error of its own for it (29001).
    defineRoute('open', {
      method: 'get',
      path: '/ws',
      tags: ['Sender'],
      summary: 'Events as they happen, over a WebSocket',
      description:
        'One event per text frame: `{"event_create_time", "event_end_time", "Luna-Request-Id", "account_id", ' +
        '"handler_id", "event"}`. Best effort: what happens while nobody is connected is not sent later (MQTT does ' +
        'that), and a subscriber that reads too slowly loses the oldest. Browsers, which cannot set headers, give ' +
        '`luna-account-id` as a query parameter. Closed with 1008 when the credentials that opened it do not hold any more ' +
        'or grant something else.',
      request: { query: SocketFilters },
      errors: [...identityErrors, 'NoAccountForSocket', 'TokenLacksRight', 'BadHttpRequest'],
      responses: { 101: { description: 'Upgraded' } },
    }),
    async (c) => {
      const caller = await identify(c);
      if (!caller) throw lunaError('NoAccountForSocket');
      requireRight(caller, { object: 'event', right: 'view' });
      if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
        throw lunaError('BadHttpRequest', { reason: 'a WebSocket upgrade is needed' });
      }
      const subscription = sockets.admit(caller, c.req.valid('query'));
      return upgradeWebSocket(c, {
        onOpen(_event, { raw }) {
          if (raw) sockets.open(raw as unknown as RawSocket, subscription);
        },
      });
    },
  );
  return router;
}
