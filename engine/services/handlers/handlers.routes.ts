import * as z from 'zod';
import { limits } from '#contract/established/names';
import { validatorAnswer } from '#contract/established/wire-names';
import { location } from '#contract/http/answer-headers';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { toTime, Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import type { HandlerRow } from '#storage/rows';
import type { HandlerBook, HandlerInput } from './handler-book.ts';
import {
  Handler,
  HandlerBody,
  HandlerCountQuery,
  HandlerCreated,
  HandlerQuery,
  type HandlerSelection,
  ValidatorAnswer,
  ValidatorBody,
} from './handlers.schema.ts';
import { policyWarnings } from './ignored-members.ts';

const tags = ['Handlers'];
const params = z.object({ handler_id: Uuid });
const path = '/handlers/{handler_id}';
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const body = { content: json(HandlerBody), required: true };

const createRoute = defineRoute(
  { object: 'handler', right: 'creation' },
  {
    method: 'post',
    path: '/handlers',
    tags,
    summary: 'Create a handler',
    bodyBytes: limits.jsonBody,
    request: { body },
    errors: ['FeatureDisabled', 'InvalidTarget'],
    responses: { 201: { description: 'Created', headers: location, content: json(HandlerCreated) } },
  },
);

const listRoute = defineRoute(
  { object: 'handler', right: 'view' },
  {
    method: 'get',
    path: '/handlers',
    tags,
    summary: 'Handlers, newest first',
    request: { query: HandlerQuery },
    responses: { 200: { description: 'Handlers', content: json(z.object({ handlers: z.array(Handler) })) } },
  },
);

const countRoute = defineRoute(
  { object: 'handler', right: 'view' },
  {
    method: 'get',
    path: '/handlers/count',
    tags,
    summary: 'How many handlers there are',
    request: { query: HandlerCountQuery },
    responses: { 200: { description: 'Count', content: json(z.object({ handlers_count: z.int() })) } },
  },
);

const validatorRoute = defineRoute(
  { object: 'handler', right: 'view' },
  {
    method: 'post',
    path: '/handlers/validator',
    tags,
    summary: 'Check policies without storing them',
    bodyBytes: limits.jsonBody,
    request: { body: { content: json(ValidatorBody), required: true } },
    errors: ['FeatureDisabled', 'InvalidTarget'],
    responses: { 200: { description: 'The policies are valid', content: json(ValidatorAnswer) } },
  },
);

const getRoute = defineRoute(
  { object: 'handler', right: 'view' },
  {
    method: 'get',
    path,
    tags,
    summary: 'A handler',
    request: { params },
    errors: ['HandlerNotFound'],
    responses: { 200: { description: 'The handler', content: json(Handler) } },
  },
);

const putRoute = defineRoute(
  { object: 'handler', right: 'modification' },
  {
    method: 'put',
    path,
    tags,
    summary: 'Replace a handler',
    bodyBytes: limits.jsonBody,
    request: { params, body },
    errors: ['HandlerNotFound', 'FeatureDisabled', 'InvalidTarget'],
    responses: { 204: { description: 'Replaced' } },
  },
);

const removeRoute = defineRoute(
  { object: 'handler', right: 'deletion' },
  {
    method: 'delete',
    path,
    tags,
    summary: 'Remove a handler; its events stay',
    request: { params },
    errors: ['HandlerNotFound'],
    responses: { 204: { description: 'Removed' } },
  },
);

function toInput(given: HandlerBody): HandlerInput {
  return {
    description: given.description,
    isDynamic: given.is_dynamic ?? given.handler_type === 1,
    policies: given.policies ?? {},
  };
}

function toHandler(row: HandlerRow): z.infer<typeof Handler> {
  return {
    handler_id: row.handler_id,
    account_id: row.account_id,
    description: row.description,
    is_dynamic: row.is_dynamic === 1,
    handler_type: row.is_dynamic,
    create_time: toTime(row.create_time),
    last_update_time: toTime(row.last_update_time),
    policies: JSON.parse(row.policies) as Record<string, unknown>,
    url: `/6/handlers/${row.handler_id}`,
  };
}

function toSelection({ description, is_dynamic, handler_type }: HandlerSelection, accountId: string | null) {
  const dynamic = is_dynamic ?? (handler_type === undefined ? undefined : handler_type === '1');
  return { account_id: accountId, description, is_dynamic: dynamic === undefined ? undefined : Number(dynamic) };
}

/** Handlers as stored objects; what they do with pictures is in `events/events.routes.ts`. */
export function createHandlersRoutes({ book }: { book: HandlerBook }): LunaRouter {
  const router = createRouter();
  router.openapi(createRoute, (context) => {
    const handlerId = book.create(callerOf(context).accountId, toInput(context.req.valid('json')));
    const url = `/6/handlers/${handlerId}`;
    context.header('Location', url);
    return context.json({ handler_id: handlerId, url }, 201);
  });
  router.openapi(listRoute, (context) => {
    const { page, page_size, ...query } = context.req.valid('query');
    const rows = book.page(toSelection(query, visibleTo(callerOf(context))), page_size, (page - 1) * page_size);
    return context.json({ handlers: rows.map(toHandler) }, 200);
  });
  router.openapi(countRoute, (context) => {
    const selection = toSelection(context.req.valid('query'), visibleTo(callerOf(context)));
    return context.json({ handlers_count: book.count(selection) }, 200);
  });
  router.openapi(validatorRoute, async (context) => {
    const { policies } = context.req.valid('json');
    book.check(policies);
    const given = (await context.req.json()) as { policies: unknown };
    const warnings = policyWarnings(given.policies, policies);
    return context.json(warnings.length > 0 ? { ...validatorAnswer, warnings } : validatorAnswer, 200);
  });
  router.openapi(getRoute, (context) => {
    const { handler_id } = context.req.valid('param');
    return context.json(toHandler(book.get(handler_id, visibleTo(callerOf(context)))), 200);
  });
  router.openapi(putRoute, (context) => {
    const { handler_id } = context.req.valid('param');
    book.replace(callerOf(context).accountId, handler_id, toInput(context.req.valid('json')));
    return context.body(null, 204);
  });
  router.openapi(removeRoute, (context) => {
    book.remove(callerOf(context).accountId, context.req.valid('param').handler_id);
    return context.body(null, 204);
  });
  return router;
}
