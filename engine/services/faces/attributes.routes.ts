import * as z from 'zod';
import { limits } from '#contract/established/names';
import { answerFormat, answerWithBytes } from '#contract/http/answer-format';
import { location } from '#contract/http/answer-headers';
import { requireRight } from '#contract/http/authorize';
import { descriptorErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { pickTargets, requireTargets } from '#contract/matching/targets';
import { queryNumber, Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import type { VersionInUse } from '#domain/descriptor/descriptor';
import { lunaError } from '#kernel/errors';
import type { AttributeRow } from '#storage/rows';
import {
  AttributeCreate,
  AttributeCreated,
  AttributeListQuery,
  AttributeSamples,
  AttributeView,
  AttributeViewQuery,
  attributeTargets,
} from './attribute.schema.ts';
import { toAttributeAnswer, toAttributeData, toSamplesAnswer } from './attribute-data.ts';
import type { Attributes } from './attributes.service.ts';

const tags = ['Attributes'];
const params = z.object({ attribute_id: Uuid });
const Ttl = z.object({ ttl: queryNumber(z.int().min(1).max(limits.attributeTtl)).optional() });
const body = { content: { 'application/json': { schema: AttributeCreate } }, required: true };
const created = {
  description: 'Created',
  headers: location,
  content: { 'application/json': { schema: AttributeCreated } },
};
const path = '/attributes/{attribute_id}';
/** Our own members; asked for by name only where the client needs no more. */
const targets = ['attribute_id', 'account_id', ...attributeTargets];

const mayCreate = { object: 'attribute', right: 'creation' } as const;

const createRoute = defineRoute(mayCreate, {
  method: 'post',
  path: '/attributes',
  tags,
  summary: 'Create a temporary attribute',
  bodyBytes: limits.jsonBody,
  request: { query: Ttl, body },
  errors: [...descriptorErrors],
  responses: { 201: created },
});

const listRoute = defineRoute(
  { object: 'attribute', right: 'view' },
  {
    method: 'get',
    path: '/attributes',
    tags,
    summary: 'Temporary attributes by their ids',
    request: { query: AttributeListQuery },
    errors: ['InvalidTarget', 'QueryRequired', 'UnknownDescriptorVersion'],
    responses: {
      200: {
        description: 'Those that are alive, in the order asked',
        content: {
          'application/json': { schema: z.object({ attributes: z.array(AttributeView) }) },
          'application/msgpack': { schema: z.string().meta({ format: 'binary' }) },
        },
      },
    },
  },
);

const getRoute = defineRoute(
  { object: 'attribute', right: 'view' },
  {
    method: 'get',
    path,
    tags,
    summary: 'A temporary attribute',
    request: { params, query: AttributeViewQuery },
    errors: ['AttributeNotFound', 'InvalidTarget', 'UnknownDescriptorVersion'],
    responses: {
      200: {
        description: 'The attribute',
        content: {
          'application/json': { schema: AttributeView },
          'application/msgpack': { schema: z.string().meta({ format: 'binary' }) },
        },
      },
    },
  },
);

const putRoute = defineRoute(
  { object: 'attribute', right: 'modification' },
  {
    method: 'put',
    path,
    tags,
    summary: 'Create or replace a temporary attribute',
    asksByRequest: [mayCreate],
    bodyBytes: limits.jsonBody,
    request: { params, query: Ttl, body },
    errors: ['AttributeNotFound', ...descriptorErrors],
    responses: { 201: created },
  },
);

const removeRoute = defineRoute(
  { object: 'attribute', right: 'deletion' },
  {
    method: 'delete',
    path,
    tags,
    summary: 'Remove a temporary attribute',
    request: { params },
    errors: ['AttributeNotFound'],
    responses: { 204: { description: 'Removed' } },
  },
);

const samplesRoute = defineRoute(
  { object: 'attribute', right: 'view' },
  {
    method: 'get',
    path: `${path}/samples`,
    tags,
    summary: 'Samples of a temporary attribute',
    request: { params },
    errors: ['AttributeNotFound'],
    responses: { 200: { description: 'Ids', content: { 'application/json': { schema: AttributeSamples } } } },
  },
);

/** `/attributes` (LP5 5.3). */
export function createAttributesRoutes(deps: {
  attributes: Attributes;
  externalAddress: () => string;
  versionInUse?: VersionInUse;
}): LunaRouter {
  const { attributes, versionInUse } = deps;
  const router = createRouter();
  const createdAnswer = (attributeId: string) => {
    const url = `/6/attributes/${attributeId}`;
    return { attribute_id: attributeId, url, external_url: `${deps.externalAddress()}${url}` };
  };
  const view = (row: AttributeRow, version: number | undefined, wanted: readonly string[] | undefined) =>
    pickTargets(
      { attribute_id: row.attribute_id, account_id: row.account_id, ...toAttributeAnswer(row, version, versionInUse) },
      wanted && [...wanted, 'attribute_id'],
    );

  router.openapi(createRoute, async (c) => {
    const input = c.req.valid('json');
    const ttl = c.req.valid('query').ttl ?? input.ttl;
    const answer = createdAnswer(await attributes.create(callerOf(c).accountId, toAttributeData(input), ttl));
    return c.json(answer, 201, { Location: answer.url });
  });
  router.openapi(listRoute, (c) => {
    const query = c.req.valid('query');
    requireTargets(query.targets, targets);
    if (!query.attribute_ids) throw lunaError('QueryRequired', { names: 'attribute_ids' });
    answerFormat(c.req.header('accept'));
    const rows = attributes.list(query.attribute_ids, visibleTo(callerOf(c)));
    const views = rows.map((row) => view(row, query.descriptor_version, query.targets));
    return answerWithBytes(c, { attributes: views }, 200);
  });
  router.openapi(getRoute, (c) => {
    const query = c.req.valid('query');
    requireTargets(query.targets, targets);
    const row = attributes.get(c.req.valid('param').attribute_id, visibleTo(callerOf(c)));
    return answerWithBytes(c, view(row, query.descriptor_version, query.targets), 200);
  });
  router.openapi(putRoute, async (c) => {
    const { attribute_id } = c.req.valid('param');
    const input = c.req.valid('json');
    const ttl = c.req.valid('query').ttl ?? input.ttl;
    const caller = callerOf(c);
    const beforeCreation = () => requireRight(caller, mayCreate);
    await attributes.put(caller.accountId, attribute_id, toAttributeData(input), ttl, beforeCreation);
    const answer = createdAnswer(attribute_id);
    return c.json(answer, 201, { Location: answer.url });
  });
  router.openapi(removeRoute, async (c) => {
    await attributes.remove(callerOf(c).accountId, c.req.valid('param').attribute_id);
    return c.body(null, 204);
  });
  router.openapi(samplesRoute, (c) =>
    c.json(toSamplesAnswer(attributes.get(c.req.valid('param').attribute_id, visibleTo(callerOf(c)))), 200),
  );
  return router;
}
