import * as z from 'zod';
import { accountPaths } from '#contract/established/wire-names';
import { location } from '#contract/http/answer-headers';
import { createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { toTime, Uuid } from '#contract/schemas';
import type { TokenRow } from '#storage/rows';
import type { Accounts } from './accounts.service.ts';
import { requireOwnAccount, requireProof } from './own-account.ts';
import { allPermissions } from './permissions.ts';
import {
  type PermissionsOut,
  TokenBody,
  TokenCreated,
  TokenPage,
  TokenQuery,
  Token as TokenSchema,
  Tokens as TokensAnswer,
} from './token.schema.ts';

const tags = ['Tokens'];
const path = '/tokens/{token_id}';
const params = z.object({ token_id: Uuid });
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const body = { content: json(TokenBody), required: true };
const fromElsewhere = 'From other hosts this needs Basic authorization: a bare account id proves nothing.';

const createRoute = defineRoute('account', {
  method: 'post',
  path: accountPaths.tokens,
  tags,
  summary: 'Create a token; it is shown in this answer only',
  description: fromElsewhere,
  request: { query: TokenQuery, body },
  errors: ['AccountNotFound', 'TooManyTokens'],
  responses: { 201: { description: 'Created', headers: location, content: json(TokenCreated) } },
});

const listRoute = defineRoute('account', {
  method: 'get',
  path: accountPaths.tokens,
  tags,
  summary: 'Own tokens, oldest first',
  request: { query: TokenPage },
  errors: ['AccountNotFound'],
  responses: { 200: { description: 'Tokens', content: json(TokensAnswer) } },
});

const getRoute = defineRoute('account', {
  method: 'get',
  path,
  tags,
  summary: 'What a token grants',
  request: { params },
  errors: ['AccountNotFound', 'TokenNotFound'],
  responses: { 200: { description: 'The token', content: json(TokenSchema) } },
});

const replaceRoute = defineRoute('account', {
  method: 'put',
  path,
  tags,
  summary: 'Change what a token grants, from the next request on',
  description: fromElsewhere,
  request: { params, query: TokenQuery, body },
  errors: ['AccountNotFound', 'TokenNotFound'],
  responses: { 204: { description: 'Replaced' } },
});

const removeRoute = defineRoute('account', {
  method: 'delete',
  path,
  tags,
  summary: 'Revoke a token, from the next request on',
  description: fromElsewhere,
  request: { params },
  errors: ['AccountNotFound', 'TokenNotFound'],
  responses: { 204: { description: 'Revoked' } },
});

const toAnswer = (row: TokenRow): z.input<typeof TokenSchema> => ({
  token_id: row.token_id,
  account_id: row.account_id,
  description: row.description,
  expiration_time: row.expiration_time === null ? null : toTime(row.expiration_time),
  visibility_area: row.visibility_area,
  permissions: JSON.parse(row.permissions) as PermissionsOut,
  create_time: toTime(row.create_time),
});

const granted = (given: TokenBody, { grant_all_permissions }: z.output<typeof TokenQuery>): TokenBody =>
  grant_all_permissions ? { ...given, permissions: allPermissions() } : given;

/** `/tokens` (LP5 1.5). No token opens these routes, whatever it grants. */
export function createTokensRoutes(deps: { accounts: Accounts }): LunaRouter {
  const { accounts } = deps;
  const { tokens } = accounts;
  const router = createRouter();
  router.openapi(createRoute, async (c) => {
    requireProof(c);
    const owner = requireOwnAccount(accounts, c);
    const { row, token } = await tokens.create(owner, granted(c.req.valid('json'), c.req.valid('query')));
    const url = `/6/tokens/${row.token_id}`;
    return c.json({ token_id: row.token_id, token, url }, 201, { Location: url });
  });
  router.openapi(listRoute, (c) => {
    const { page, page_size } = c.req.valid('query');
    const rows = tokens.page(requireOwnAccount(accounts, c).account_id, page_size, (page - 1) * page_size);
    return c.json({ tokens: rows.map(toAnswer) }, 200);
  });
  router.openapi(getRoute, (c) => {
    const { account_id } = requireOwnAccount(accounts, c);
    return c.json(toAnswer(tokens.get(account_id, c.req.valid('param').token_id)), 200);
  });
  router.openapi(replaceRoute, (c) => {
    requireProof(c);
    const { token_id } = c.req.valid('param');
    tokens.replace(requireOwnAccount(accounts, c), token_id, granted(c.req.valid('json'), c.req.valid('query')));
    return c.body(null, 204);
  });
  router.openapi(removeRoute, (c) => {
    requireProof(c);
    tokens.remove(requireOwnAccount(accounts, c).account_id, c.req.valid('param').token_id);
    return c.body(null, 204);
  });
  return router;
}
