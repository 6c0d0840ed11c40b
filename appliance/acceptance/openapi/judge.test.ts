import { pack } from 'msgpackr';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRouter, defineRoute } from '#contract/http/http';
import { Candidate, Face } from '#contract/records';
import { openApiDocument } from '../../rest/docs.ts';
import type { Document, Route } from './document.ts';
import { createJudge } from './judge.ts';

const content = {
  'application/json': { schema: Face },
  'application/msgpack': { schema: { type: 'string', format: 'binary' } },
} as const;
const router = createRouter();
const path = '/faces';
router.openapi(
  defineRoute('open', {
    method: 'get',
    path,
    responses: { 200: { description: 'A face', content }, 204: { description: 'No face' } },
  }),
  (context) => context.body(null, 204),
);
router.openapi(
  defineRoute('open', {
    method: 'post',
    path,
    responses: { 200: { description: 'A candidate', content: { 'application/json': { schema: Candidate } } } },
  }),
  () => new Response() as never,
);
const judge = createJudge(openApiDocument(router) as unknown as Document);

const id = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const face = {
  face_id: id,
  account_id: id,
  event_id: null,
  user_data: 'Anna',
  create_time: '2026-03-05T10:20:30.123Z',
  external_id: '',
  avatar: '',
  lists: [],
};
const request = { 'Luna-Request-Id': `1536751345,${id}` };
const json = { ...request, 'Content-Type': 'application/json' };

/** What the judge says of an answer. */
async function verdict(
  body: string | Uint8Array<ArrayBuffer> | null,
  { method = 'GET', status = 200, headers = json as Record<string, string>, target = path, sent = '' } = {},
): Promise<string> {
  const answer = new Response(body, { status, headers });
  return (await judge.objectionTo({ method, path } as Route, answer, { target, body: sent })) ?? 'passes';
}
const ofJson = (body: unknown, told = {}) => verdict(JSON.stringify(body), told);

const judging = suite('judge of answers');

judging('what is declared passes, and every other status and content type does not', async () => {
  assert.is(await ofJson(face), 'passes');
  assert.match(await ofJson(face, { status: 202 }), /202 is not declared/);
  assert.match(await ofJson(face, { headers: { ...json, 'Content-Type': 'text/plain' } }), /text\/plain/);
});

judging('a member that is not declared, or of another type, at any depth', async () => {
  assert.match(await ofJson({ ...face, nick: 'x' }), /nick/);
  assert.match(await ofJson({ ...face, lists: ['no id'] }), /lists/);
  const post = { method: 'POST' };
  assert.is(await ofJson({ face, similarity: 1 }, post), 'passes');
  assert.match(await ofJson({ face: { ...face, nick: 'x' }, similarity: 1 }, post), /nick/);
});

judging('without `targets` a record is whole, in the query or in the body', async () => {
  const { user_data, ...others } = face;
  assert.match(await ofJson(others), /user_data/);
  assert.is(await ofJson({ user_data }, { target: `${path}?targets=user_data` }), 'passes');
  const post = { method: 'POST' };
  assert.match(await ofJson({ face: others, similarity: 1 }, post), /user_data/);
  assert.is(await ofJson({ face: others, similarity: 1 }, { ...post, sent: '{"targets":["face_id"]}' }), 'passes');
});

judging('a msgpack body fits what JSON has to fit', async () => {
  const headers = { ...request, 'Content-Type': 'application/msgpack' };
  const packed = (value: unknown): Promise<string> => verdict(new Uint8Array(pack(value)), { headers });
  assert.is(await packed(face), 'passes');
  assert.match(await packed({ ...face, nick: 'x' }), /nick/);
});

judging('errors: their number is one that the route has, and they have no other members', async () => {
  const error = { error_code: 12013, desc: 'x', detail: 'y', link: '/docs/errors/12013' };
  const [{ status }, busy] = [{ status: 503 }, { ...json, 'Retry-After': '1' }];
  assert.match(await ofJson(error, { status, headers: busy }), /error_code/);
  assert.match(await ofJson({ ...error, error_code: 5, more: 1 }, { status, headers: busy }), /more|error_code/);
});

judging('headers: those declared are there, and no others', async () => {
  assert.match(await ofJson(face, { headers: { 'Content-Type': 'application/json' } }), /Luna-Request-Id is missing/);
  assert.match(await ofJson(face, { headers: { ...json, 'X-Nick': 'x' } }), /x-nick is not declared/);
  assert.match(await ofJson({}, { status: 503 }), /Retry-After is missing/);
});

judging('an answer to HEAD has no body', async () => {
  assert.is(await verdict(null, { method: 'HEAD', headers: json }), 'passes');
  assert.match(await ofJson(face, { method: 'HEAD' }), /has a body/);
});

judging.run();
