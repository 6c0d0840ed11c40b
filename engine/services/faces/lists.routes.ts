import * as z from 'zod';
import { location } from '#contract/http/answer-headers';
import { requireRight } from '#contract/http/authorize';
import { callerOf, createRouter, defineRoute, type LunaContext, type LunaRouter } from '#contract/http/http';
import { toTime, Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import type { ListRow } from '#storage/rows';
import type { ListSelection } from '#storage/tables/list.table';
import {
  Linker,
  List,
  ListCountQuery,
  ListCreate,
  ListCreated,
  ListFaces,
  ListIds,
  ListPatch,
  ListQuery,
  Lists as ListsAnswer,
  WithFaces,
} from './list.schema.ts';
import type { Lists } from './lists.service.ts';

const tags = ['Lists'];
const params = z.object({ list_id: Uuid });
const path = '/lists/{list_id}';
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });

const createRoute = defineRoute(
  { object: 'list', right: 'creation' },
  {
    method: 'post',
    path: '/lists',
    tags,
    summary: 'Create a list',
    request: { body: { content: json(ListCreate), required: true } },
    responses: { 201: { description: 'Created', headers: location, content: json(ListCreated) } },
  },
);

const listRoute = defineRoute(
  { object: 'list', right: 'view' },
  {
    method: 'get',
    path: '/lists',
    tags,
    summary: 'Lists, newest first',
    request: { query: ListQuery },
    responses: { 200: { description: 'Lists', content: json(ListsAnswer) } },
  },
);

const countRoute = defineRoute(
  { object: 'list', right: 'view' },
  {
    method: 'get',
    path: '/lists/count',
    tags,
    summary: 'How many lists there are',
    request: { query: ListCountQuery },
    responses: { 200: { description: 'Count', content: json(z.object({ lists_count: z.int() })) } },
  },
);

const removeManyRoute = defineRoute(
  { object: 'list', right: 'deletion' },
  {
    method: 'delete',
    path: '/lists',
    tags,
    summary: 'Remove lists; unknown ids are ignored',
    request: { query: WithFaces, body: { content: json(ListIds), required: true } },
    responses: { 204: { description: 'Removed' } },
  },
);

const getRoute = defineRoute(
  { object: 'list', right: 'view' },
  {
    method: 'get',
    path,
    tags,
    summary: 'A list',
    request: { params },
    errors: ['ListNotFound'],
    responses: { 200: { description: 'The list', content: json(List) } },
  },
);

const patchRoute = defineRoute(
  { object: 'list', right: 'modification' },
  {
    method: 'patch',
    path,
    tags,
    summary: "Change a list's user data",
    request: { params, body: { content: json(ListPatch), required: true } },
    errors: ['ListNotFound'],
    responses: { 204: { description: 'Changed' } },
  },
);

const removeRoute = defineRoute(
  { object: 'list', right: 'deletion' },
  {
    method: 'delete',
    path,
    tags,
    summary: 'Remove a list',
    request: { params, query: WithFaces },
    errors: ['ListNotFound'],
    responses: { 204: { description: 'Removed' } },
  },
);

const facesRoute = defineRoute(
  { object: 'list', right: 'modification' },
  {
    method: 'patch',
    path: `${path}/faces`,
    tags,
    summary: 'Attach or detach up to 1000 faces, all or none',
    request: { params, body: { content: json(ListFaces), required: true } },
    errors: ['ListNotFound', 'FacesNotFound'],
    responses: { 204: { description: 'Done' } },
  },
);

const linkerRoute = defineRoute(
  { object: 'list', right: 'modification' },
  {
    method: 'patch',
    path: '/linker',
    tags,
    summary: 'The same with the list in the body',
    request: { body: { content: json(Linker), required: true } },
    errors: ['ListNotFound', 'FacesNotFound'],
    responses: { 204: { description: 'Done' } },
  },
);

const toAnswer = (row: ListRow) => ({
  list_id: row.list_id,
  account_id: row.account_id,
  user_data: row.user_data,
  create_time: toTime(row.create_time),
  last_update_time: toTime(row.last_update_time),
});

/** `/lists` and `/linker` (LP5 5.4). */
export function createListsRoutes(deps: { lists: Lists; externalAddress: () => string }): LunaRouter {
  const { lists } = deps;
  const router = createRouter();
  /** Null when the caller asks for an account it may not see. */
  const selectionOf = (c: LunaContext, query: z.infer<typeof ListCountQuery>): ListSelection | null => {
    const visible = visibleTo(callerOf(c));
    if (visible !== null && query.account_id !== undefined && query.account_id !== visible) return null;
    return { account_id: visible ?? query.account_id ?? null, list_ids: query.list_ids, user_data: query.user_data };
  };
  const requireFaceRemoval = (c: LunaContext, withFaces: boolean): void => {
    if (withFaces) requireRight(callerOf(c), { object: 'face', right: 'deletion' });
  };
  const change = (accountId: string, listId: string, { action, face_ids }: z.infer<typeof ListFaces>): Promise<void> =>
    lists[action](accountId, listId, face_ids);

  router.openapi(createRoute, (c) => {
    const listId = lists.create(callerOf(c).accountId, c.req.valid('json').user_data);
    const url = `/6/lists/${listId}`;
    const answer = { list_id: listId, url, external_url: `${deps.externalAddress()}${url}` };
    return c.json(answer, 201, { Location: url });
  });
  router.openapi(listRoute, (c) => {
    const query = c.req.valid('query');
    const selection = selectionOf(c, query);
    const rows = selection ? lists.page(selection, query.page_size, (query.page - 1) * query.page_size) : [];
    return c.json({ lists: rows.map(toAnswer) }, 200);
  });
  router.openapi(countRoute, (c) => {
    const selection = selectionOf(c, c.req.valid('query'));
    return c.json({ lists_count: selection ? lists.count(selection) : 0 }, 200);
  });
  router.openapi(removeManyRoute, async (c) => {
    const { with_faces } = c.req.valid('query');
    requireFaceRemoval(c, with_faces);
    await lists.removeMany(callerOf(c).accountId, c.req.valid('json').list_ids, with_faces);
    return c.body(null, 204);
  });
  router.openapi(getRoute, (c) =>
    c.json(toAnswer(lists.get(c.req.valid('param').list_id, visibleTo(callerOf(c)))), 200),
  );
  router.openapi(patchRoute, (c) => {
    lists.patch(callerOf(c).accountId, c.req.valid('param').list_id, c.req.valid('json').user_data);
    return c.body(null, 204);
  });
  router.openapi(removeRoute, async (c) => {
    const { with_faces } = c.req.valid('query');
    requireFaceRemoval(c, with_faces);
    await lists.remove(callerOf(c).accountId, c.req.valid('param').list_id, with_faces);
    return c.body(null, 204);
  });
  router.openapi(facesRoute, async (c) => {
    await change(callerOf(c).accountId, c.req.valid('param').list_id, c.req.valid('json'));
    return c.body(null, 204);
  });
  router.openapi(linkerRoute, async (c) => {
    const link = c.req.valid('json');
    await change(callerOf(c).accountId, link.list_id, link);
    return c.body(null, 204);
  });
  return router;
}
