import * as z from 'zod';
import { limits } from '#contract/established/names';
import { descriptorErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { Uuid } from '#contract/schemas';
import { RawEventsAnswer, RawEventsBody, RawEventsQuery } from './raw-events.schema.ts';
import type { RawEvents } from './raw-events.service.ts';

const saveRoute = defineRoute('emit_events', {
  method: 'post',
  path: '/handlers/{handler_id}/events/raw',
  tags: ['Handlers'],
  summary: 'Save ready events; no policy is run',
  description:
    'Answers once the events and the messages about them are on the disk, with `wait_saving=0` too: what was ' +
    'answered with 201 is never lost, and what could not be saved is answered with an error.',
  bodyBytes: limits.jsonBody,
  request: {
    params: z.object({ handler_id: Uuid }),
    query: RawEventsQuery,
    body: { required: true, content: { 'application/json': { schema: RawEventsBody } } },
  },
  errors: [
    'HandlerNotFound',
    'HandlerCorrupted',
    'FacesNotFound',
    'ListsNotFound',
    'FeatureDisabled',
    ...descriptorErrors,
  ],
  responses: { 201: { description: 'Saved', content: { 'application/json': { schema: RawEventsAnswer } } } },
});

export function createRawEventsRoutes({ rawEvents }: { rawEvents: RawEvents }): LunaRouter {
  const router = createRouter();
  router.openapi(saveRoute, async (context) => {
    const eventIds = await rawEvents.save({
      accountId: callerOf(context).accountId,
      handlerId: context.req.valid('param').handler_id,
      requestId: context.get('requestId'),
      events: context.req.valid('json'),
    });
    return context.json({ events: eventIds.map((event_id) => ({ event_id, url: `/6/events/${event_id}` })) }, 201);
  });
  return router;
}
