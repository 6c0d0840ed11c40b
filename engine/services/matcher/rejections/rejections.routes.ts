import * as z from 'zod';
import { apiVersion } from '#contract/established/names';
import { location } from '#contract/http/answer-headers';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import {
  Rejection,
  RejectionCreate,
  RejectionCreated,
  RejectionQuery,
  Rejections as RejectionsAnswer,
} from './rejection.schema.ts';
import type { Rejections } from './rejections.service.ts';

const tags = ['Perigee'];
const path = '/perigee/rejections';
const params = z.object({ rejection_id: Uuid });
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });

const meaning = [
  'Not part of LP5. Declares that a face and the person of an event (`event_id`), or two faces (`other_face_id`), are not',
  'the same person. Of the two, a query may from now on match only the one it looks more like: a candidate is left out of',
  'every match (matcher, match policies, cross match) when the reference is the other side of the pair, or when it is',
  "similar to the other side (setting `rejection_similarity`, 0.5) and more similar to it than to the candidate. An event's",
  'descriptors are kept with the rejection, so that it outlives the event. Verifiers and `/matcher/raw` are not affected:',
  'they say how similar two given pictures are. The same pair again answers the rejection that stands.',
  '',
  'Example: the camera took a visitor for an employee. `{"face_id": "<employee>", "event_id": "<the wrong event>"}` keeps',
  'later pictures of that visitor from being answered as the employee, while the employee is still recognised.',
].join('\n');

const createRoute = defineRoute(
  { object: 'face', right: 'modification' },
  {
    method: 'post',
    path,
    tags,
    summary: 'Not this person',
    description: meaning,
    request: { body: { content: json(RejectionCreate), required: true } },
    errors: ['FaceNotFound', 'EventNotFound', 'InvalidDescriptor'],
    responses: { 201: { description: 'Stands', headers: location, content: json(RejectionCreated) } },
  },
);

const pageRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path,
    tags,
    summary: 'Rejections, newest first',
    request: { query: RejectionQuery },
    responses: { 200: { description: 'Rejections', content: json(RejectionsAnswer) } },
  },
);

const getRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path: `${path}/{rejection_id}`,
    tags,
    summary: 'A rejection',
    request: { params },
    errors: ['RejectionNotFound'],
    responses: { 200: { description: 'Rejection', content: json(Rejection) } },
  },
);

const removeRoute = defineRoute(
  { object: 'face', right: 'modification' },
  {
    method: 'delete',
    path: `${path}/{rejection_id}`,
    tags,
    summary: 'Take a rejection back',
    request: { params },
    errors: ['RejectionNotFound'],
    responses: { 204: { description: 'Removed' } },
  },
);

export function createRejectionRoutes({ rejections }: { rejections: Rejections }): LunaRouter {
  const router = createRouter();
  router.openapi(createRoute, (context) => {
    const { rejectionId } = rejections.create(callerOf(context).accountId, context.req.valid('json'));
    const url = `/${apiVersion}${path}/${rejectionId}`;
    context.header('Location', url);
    return context.json({ rejection_id: rejectionId, url }, 201);
  });
  router.openapi(pageRoute, (context) => {
    const page = rejections.page(visibleTo(callerOf(context)), context.req.valid('query'));
    return context.json({ rejections: page }, 200);
  });
  router.openapi(getRoute, (context) => {
    const { rejection_id } = context.req.valid('param');
    return context.json(rejections.get(rejection_id, visibleTo(callerOf(context))), 200);
  });
  router.openapi(removeRoute, (context) => {
    rejections.remove(context.req.valid('param').rejection_id, callerOf(context).accountId);
    return context.body(null, 204);
  });
  return router;
}
