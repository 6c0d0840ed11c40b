import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as z from 'zod';
import { createRouter, defineRoute } from '#contract/http/http';
import { Uuid } from '#contract/schemas';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { createRestApp, type RestEngine } from './rest-app.ts';

const caller = {
  accountId: '6d071cca-fda5-4a03-84d5-5bea65904480',
  accountType: 'user',
  via: 'account_id',
  permissions: null,
  seesAllAccounts: false,
} as const;

const echo = createRouter();
echo.openapi(
  defineRoute(
    { object: 'face', right: 'creation' },
    {
      method: 'post',
      path: '/echo/{thing_id}',
      request: {
        params: z.object({ thing_id: Uuid }),
        query: z.object({ size: z.coerce.number().int().max(10).optional() }),
        body: {
          content: { 'application/json': { schema: z.object({ policies: z.object({ limit: z.int() }) }) } },
          required: true,
        },
      },
      responses: { 200: { description: 'the same', content: { 'application/json': { schema: z.looseObject({}) } } } },
    },
  ),
  (context) => context.json({ id: context.req.valid('param').thing_id, ...context.req.valid('json') }, 200),
);
echo.openapi(
  defineRoute('open', { method: 'get', path: '/open', responses: { 204: { description: '' } } }),
  (context) => {
    assert.is(context.get('caller'), null);
    return context.body(null, 204);
  },
);
echo.openapi(defineRoute('open', { method: 'get', path: '/defect', responses: { 200: { description: '' } } }), () => {
  throw new TypeError('secret inside');
});

const engine: RestEngine = {
  clock: systemClock,
  ids: createIds({ clock: systemClock, chance: systemChance }),
  log: createLog('silent'),
  rootRouters: [],
  routers: [echo],
  async authenticate({ header }) {
    if (header('authorization')) throw lunaError('AuthorizationFailed', { reason: 'wrong' });
    return header('luna-account-id') ? caller : null;
  },
  trusts: () => false,
};
const app = createRestApp(engine);

const id = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const account = { 'Luna-Account-Id': caller.accountId };
const json = { ...account, 'Content-Type': 'application/json' };
const good = '{"policies":{"limit":3}}';

const rest = suite('REST application');

rest('a good request is answered, its id in lower case, with a request id', async () => {
  const answer = await app.request(`/6/echo/${id.toUpperCase()}`, { method: 'POST', headers: json, body: good });
  assert.is(answer.status, 200);
  assert.equal(await answer.json(), { id, policies: { limit: 3 } });
  assert.match(answer.headers.get('luna-request-id') ?? '', /^[0-9]{10},[0-9a-f-]{36}$/);
});

rest('a request id is echoed, a malformed one replaced', async () => {
  const given = '1536751345,8b8b5937-2e9c-4e8b-a7a7-5caf86621b5a';
  const headers = (value: string) => ({ headers: { 'Luna-Request-Id': value } });
  assert.is((await app.request('/6/nothing', headers(given))).headers.get('luna-request-id'), given);
  const replaced = (await app.request('/6/nothing', headers('x'))).headers.get('luna-request-id') ?? '';
  assert.match(replaced, /^[0-9]{10},/);
});

const bad: readonly [what: string, path: string, init: RequestInit, status: number, code: number, detail: RegExp][] = [
  ['no account', `/6/echo/${id}`, { method: 'POST', body: good }, 401, 12010, /Luna-Account-Id/],
  ['an unknown path', '/6/nothing', {}, 404, 12013, /not found/],
  ['another version', `/5/echo/${id}`, { method: 'POST', headers: json, body: good }, 404, 12013, /not found/],
  ['a trailing slash', `/6/echo/${id}/`, { method: 'POST', headers: json, body: good }, 404, 12013, /not found/],
  ['a wrong method', `/6/echo/${id}`, { method: 'PUT', headers: json, body: good }, 405, 12021, /POST/],
  ['an id that is none', '/6/echo/17', { method: 'POST', headers: json, body: good }, 400, 12001, /17/],
  ['a query out of range', `/6/echo/${id}?size=11`, { method: 'POST', headers: json, body: good }, 400, 12012, /size/],
  ['another content type', `/6/echo/${id}`, { method: 'POST', headers: account, body: good }, 400, 12017, /json/],
  ['no body', `/6/echo/${id}`, { method: 'POST', headers: json }, 400, 12005, /empty/],
  ['a body that is not JSON', `/6/echo/${id}`, { method: 'POST', headers: json, body: '{' }, 400, 12002, /JSON/],
  [
    'a wrong type at depth',
    `/6/echo/${id}`,
    { method: 'POST', headers: json, body: '{"policies":{"limit":"x"}}' },
    400,
    12022,
    /policies\.limit/,
  ],
  ['a defect of ours', '/6/defect', {}, 500, 1, /request id/],
];
for (const [what, path, init, status, code, detail] of bad) {
  rest(`${what} answers ${status} with ${code}`, async () => {
    const answer = await app.request(path, init);
    assert.is(answer.status, status);
    const body = (await answer.json()) as { error_code: number; detail: string; link: string };
    assert.is(body.error_code, code);
    assert.match(body.detail, detail);
    assert.is(body.link, `/docs/errors/${code}`);
    assert.equal(Object.keys(body).sort(), ['desc', 'detail', 'error_code', 'link']);
    assert.ok(answer.headers.get('luna-request-id'));
    if (status === 405) assert.is(answer.headers.get('allow'), 'POST');
  });
}

rest('what is open, or not there, asks nobody who they are, whatever credentials come', async () => {
  for (const headers of [{}, account, { Authorization: 'Basic eDp5' }]) {
    assert.is((await app.request('/6/open', { headers })).status, 204);
    assert.is((await app.request('/docs/spec', { headers })).status, 200);
    assert.is((await app.request('/6/nothing', { headers })).status, 404);
  }
  const refused = await app.request(`/6/echo/${id}`, { method: 'POST', headers: { Authorization: 'Basic eDp5' } });
  assert.is(refused.status, 401);
});

rest('what went wrong inside is not told to the client', async () => {
  assert.not.match(await (await app.request('/6/defect')).text(), /secret/);
});

rest('the document lists the routes, as YAML, JSON and a page', async () => {
  const yaml = await app.request('/docs/spec');
  assert.match(yaml.headers.get('content-type') ?? '', /yaml/);
  assert.match(await yaml.text(), /\/6\/echo\/\{thing_id\}/);
  const page = await app.request('/docs/spec', { headers: { Accept: 'text/html' } });
  assert.match(await page.text(), /<code>\/6\/echo\/\{thing_id\}<\/code>/);
  assert.is((await app.request('/docs/spec', { headers: { Accept: 'image/png' } })).status, 406);
});

rest('every error code has the page its link points to', async () => {
  assert.match(await (await app.request('/docs/errors/22002')).text(), /FaceNotFound/);
  assert.is((await app.request('/docs/errors/99999')).status, 404);
});

rest.run();
