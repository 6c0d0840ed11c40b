import * as z from 'zod';
import { limits } from '#contract/established/names';
import { attributeCountMember } from '#contract/established/wire-names';
import { location } from '#contract/http/answer-headers';
import { requireRight } from '#contract/http/authorize';
import { descriptorErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaContext, type LunaRouter } from '#contract/http/http';
import { rowOrder } from '#contract/http/paging';
import { toFaceConditions } from '#contract/matching/face-filters';
import { pickTargets, requireTargets } from '#contract/matching/targets';
import { Face } from '#contract/records';
import { toTime, Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import type { FaceConditions } from '#domain/event/conditions';
import type { Clock } from '#kernel/clock';
import {
  FaceCountQuery,
  FaceCreate,
  FaceCreated,
  FaceIds,
  FaceItemQuery,
  FaceListQuery,
  FacePatch,
  Faces as FacesAnswer,
  faceTargets,
} from './face.schema.ts';
import type { Faces, ListedFace } from './faces.service.ts';

const tags = ['Faces'];
const params = z.object({ face_id: Uuid });
const path = '/faces/{face_id}';
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const faceBody = { content: json(FaceCreate), required: true };
const created = { description: 'Created', headers: location, content: json(FaceCreated) };

const mayCreate = { object: 'face', right: 'creation' } as const;

const createRoute = defineRoute(mayCreate, {
  method: 'post',
  path: '/faces',
  tags,
  summary: 'Create a face',
  bodyBytes: limits.jsonBody,
  request: { body: faceBody },
  errors: ['AttributeNotFound', 'ListsNotFound', ...descriptorErrors],
  responses: { 201: created },
});

const listRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path: '/faces',
    tags,
    summary: 'Faces that meet all filters',
    request: { query: FaceListQuery },
    errors: ['InvalidTarget'],
    responses: { 200: { description: 'Faces', content: json(FacesAnswer) } },
  },
);

const countRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path: '/faces/count',
    tags,
    summary: 'How many faces meet all filters',
    request: { query: FaceCountQuery },
    errors: ['InvalidTarget'],
    responses: { 200: { description: 'Count', content: json(z.object({ faces_count: z.int() })) } },
  },
);

const attributesCountRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path: '/faces/attributes/count',
    tags,
    summary: 'How many faces with attributes meet all filters',
    request: { query: FaceCountQuery },
    errors: ['InvalidTarget'],
    responses: { 200: { description: 'Count', content: json(z.object({ [attributeCountMember]: z.int() })) } },
  },
);

const removeManyRoute = defineRoute(
  { object: 'face', right: 'deletion' },
  {
    method: 'delete',
    path: '/faces',
    tags,
    summary: 'Remove up to 1000 faces; unknown ids are ignored',
    request: { body: { content: json(FaceIds), required: true } },
    responses: { 204: { description: 'Removed' } },
  },
);

const getRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path,
    tags,
    summary: 'A face',
    request: { params, query: FaceItemQuery },
    errors: ['FaceNotFound', 'InvalidTarget'],
    responses: { 200: { description: 'The face', content: json(Face) } },
  },
);

const putRoute = defineRoute(
  { object: 'face', right: 'modification' },
  {
    method: 'put',
    path,
    tags,
    summary: 'Create or replace a face with its attribute and lists',
    asksByRequest: [mayCreate],
    bodyBytes: limits.jsonBody,
    request: { params, body: faceBody },
    errors: ['FaceNotFound', 'AttributeNotFound', 'ListsNotFound', ...descriptorErrors],
    responses: { 201: created, 204: { description: 'Replaced' } },
  },
);

const patchRoute = defineRoute(
  { object: 'face', right: 'modification' },
  {
    method: 'patch',
    path,
    tags,
    summary: 'Change members of a face',
    request: { params, body: { content: json(FacePatch), required: true } },
    errors: ['FaceNotFound'],
    responses: { 204: { description: 'Changed' } },
  },
);

const removeRoute = defineRoute(
  { object: 'face', right: 'deletion' },
  {
    method: 'delete',
    path,
    tags,
    summary: 'Remove a face with its attributes',
    request: { params },
    errors: ['FaceNotFound'],
    responses: { 204: { description: 'Removed' } },
  },
);

const toAnswer = (face: ListedFace, targets: readonly string[] | undefined) =>
  pickTargets(
    {
      face_id: face.face_id,
      account_id: face.account_id,
      event_id: face.event_id,
      user_data: face.user_data,
      create_time: toTime(face.create_time),
      external_id: face.external_id,
      avatar: face.avatar,
      lists: face.lists,
    },
    targets,
  );

/** `/faces` without what is under a face's attributes (LP5 5.1). */
export function createFacesRoutes(deps: { faces: Faces; clock: Clock; externalAddress: () => string }): LunaRouter {
  const { faces, clock } = deps;
  const router = createRouter();
  const createdAnswer = (faceId: string) => {
    const url = `/6/faces/${faceId}`;
    return { face_id: faceId, url, external_url: `${deps.externalAddress()}${url}` };
  };
  const conditionsOf = (c: LunaContext, query: z.infer<typeof FaceCountQuery>): FaceConditions => {
    requireTargets(query.targets, faceTargets);
    const account = visibleTo(callerOf(c));
    const own: FaceConditions = account === null ? [] : [{ column: 'account_id', oneOf: [account] }];
    return [...own, ...toFaceConditions(query, clock.now())];
  };

  router.openapi(createRoute, async (c) => {
    const answer = createdAnswer(await faces.create(callerOf(c).accountId, c.req.valid('json')));
    return c.json(answer, 201, { Location: answer.url });
  });
  router.openapi(listRoute, async (c) => {
    const query = c.req.valid('query');
    const found = await faces.page(conditionsOf(c, query), {
      order: rowOrder(query.order, query.face_id__gte, query.face_id__lt),
      limit: query.page_size,
      offset: (query.page - 1) * query.page_size,
    });
    return c.json({ faces: found.map((face) => toAnswer(face, query.targets)) }, 200);
  });
  router.openapi(countRoute, async (c) =>
    c.json({ faces_count: await faces.count(conditionsOf(c, c.req.valid('query'))) }, 200),
  );
  router.openapi(attributesCountRoute, async (c) => {
    const count = await faces.countWithAttributes(conditionsOf(c, c.req.valid('query')));
    return c.json({ [attributeCountMember]: count }, 200);
  });
  router.openapi(removeManyRoute, async (c) => {
    await faces.removeMany(callerOf(c).accountId, c.req.valid('json').face_ids);
    return c.body(null, 204);
  });
  router.openapi(getRoute, (c) => {
    const { targets } = c.req.valid('query');
    requireTargets(targets, faceTargets);
    return c.json(toAnswer(faces.get(c.req.valid('param').face_id, visibleTo(callerOf(c))), targets), 200);
  });
  router.openapi(putRoute, async (c) => {
    const { face_id } = c.req.valid('param');
    const caller = callerOf(c);
    const beforeCreation = () => requireRight(caller, mayCreate);
    const created = await faces.put(caller.accountId, face_id, c.req.valid('json'), beforeCreation);
    if (!created) return c.body(null, 204);
    const answer = createdAnswer(face_id);
    return c.json(answer, 201, { Location: answer.url });
  });
  router.openapi(patchRoute, async (c) => {
    await faces.patch(callerOf(c).accountId, c.req.valid('param').face_id, c.req.valid('json'));
    return c.body(null, 204);
  });
  router.openapi(removeRoute, async (c) => {
    await faces.remove(callerOf(c).accountId, c.req.valid('param').face_id);
    return c.body(null, 204);
  });
  return router;
}
