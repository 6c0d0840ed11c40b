import * as z from 'zod';
import { limits } from '#contract/established/names';
import { statisticWords } from '#contract/established/wire-names';
import { toEventConditions } from '#contract/events/event-filters';
import { partsFor, toEventJson } from '#contract/events/event-record';
import { answerJson } from '#contract/http/answer-format';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { rowOrder } from '#contract/http/paging';
import { requireTargets } from '#contract/matching/targets';
import { EventRecord } from '#contract/records';
import { Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import type { EventConditions } from '#domain/event/conditions';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import { EventItemQuery, EventListQuery, Events as EventsAnswer, eventTargets } from './event.schema.ts';
import type { Events } from './events.service.ts';
import { EventStatistics, EventStatisticsQuery } from './statistics.schema.ts';

const tags = ['Events'];
const right = { object: 'event', right: 'view' } as const;

const listRoute = defineRoute(right, {
  method: 'get',
  path: '/events',
  tags,
  summary: 'Events that meet all filters',
  request: { query: EventListQuery },
  errors: ['InvalidTarget'],
  responses: { 200: { description: 'Events', content: { 'application/json': { schema: EventsAnswer } } } },
});

const statisticsRoute = defineRoute(right, {
  method: 'post',
  path: '/events/stats',
  tags,
  summary: 'Count, maximum, minimum and average of events, in groups',
  bodyBytes: limits.jsonBody,
  request: { body: { content: { 'application/json': { schema: EventStatisticsQuery } }, required: true } },
  responses: {
    200: { description: 'One element per group', content: { 'application/json': { schema: EventStatistics } } },
  },
});

const getRoute = defineRoute(right, {
  method: 'get',
  path: '/events/{event_id}',
  tags,
  summary: 'An event',
  request: { params: z.object({ event_id: Uuid }), query: EventItemQuery },
  errors: ['EventNotFound', 'InvalidTarget'],
  responses: { 200: { description: 'The event', content: { 'application/json': { schema: EventRecord } } } },
});

/** `/events` (LP5 8). */
export function createEventsRoutes(deps: { events: Events; clock: Clock }): LunaRouter {
  const { events, clock } = deps;
  const router = createRouter();
  router.openapi(statisticsRoute, async (c) =>
    c.json({ [statisticWords.answer]: await events.statistics(c.req.valid('json'), visibleTo(callerOf(c))) }, 200),
  );
  router.openapi(listRoute, async (c) => {
    const query = c.req.valid('query');
    requireTargets(query.targets, eventTargets);
    if ((query.origin_longitude === undefined) !== (query.origin_latitude === undefined)) {
      throw lunaError('BadQuery', { name: 'origin_longitude, origin_latitude', reason: 'give both or none' });
    }
    const account = visibleTo(callerOf(c));
    const own: EventConditions = account === null ? [] : [{ column: 'account_id', oneOf: [account] }];
    const conditions = [...own, ...toEventConditions(query, clock.now())];
    const page = {
      order: rowOrder(query.order, query.event_id__gte, query.event_id__lt),
      limit: query.page_size,
      offset: (query.page - 1) * query.page_size,
    };
    const found = await events.page(conditions, page, query.targets && partsFor(query.targets));
    const texts = found.map((event) => toEventJson(event, query.targets));
    return answerJson(c, `{"events":[${texts.join()}]}`) as never;
  });
  router.openapi(getRoute, (c) => {
    const { targets } = c.req.valid('query');
    requireTargets(targets, eventTargets);
    const event = events.get(c.req.valid('param').event_id, visibleTo(callerOf(c)));
    return answerJson(c, toEventJson(event, targets)) as never;
  });
  return router;
}
