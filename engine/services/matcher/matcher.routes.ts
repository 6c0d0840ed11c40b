import type { MiddlewareHandler } from 'hono';
import type * as z from 'zod';
import { limits } from '#contract/established/names';
import { matchingRights, requireMatching } from '#contract/http/authorize';
import { descriptorErrors } from '#contract/http/declared-errors';
import {
  callerOf,
  createRouter,
  defineRoute,
  type LunaContext,
  type LunaEnv,
  type LunaRouter,
  requireJson,
  validationError,
} from '#contract/http/http';
import type { Matching } from '#contract/matching/matches';
import { unpackMsgpack } from '#contract/matching/raw-descriptors';
import { visibleTo } from '#domain/access';
import { isLunaError, lunaError } from '#kernel/errors';
import { CrossMatchBody, CrossMatches, MatchBody, Matches, RawMatchBody, RawMatches } from './matcher.schema.ts';
import type { Matcher } from './matcher.service.ts';
import { matchRaw } from './search/raw-match.ts';

const tags = ['Matcher'];
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });

const hereBefore = [
  'Compares every reference with every candidate set; nothing is stored. The answer is an array in the order of the',
  'references; each result is sorted by similarity. The search is exact, unless approximate answers are switched on in',
  "the settings (the matcher's `ivf`, the plugin pgvector in mode hnsw, an own plugin that says so).",
  '',
  '**"Has this face been here before?"** is one call: candidates of origin `events` with a time. A picture from `/sdk` (or',
  'a face, an event, a temporary attribute) against the events of the last day at one door:',
  '```json',
  '{"references": [{"type": "sdk_descriptor", "id": "visitor", "data": "ZHAAA..."}],',
  ' "candidates": [{"filters": {"origin": "events", "sources": ["front door"], "create_time__gte": "now-1d"},',
  '                 "threshold": 0.9, "limit": 5, "targets": ["event_id", "create_time", "source"]}]}',
  '```',
  'An empty `result` means that no such visit was seen.',
].join('\n');

const facesRoute = defineRoute('authorized', {
  method: 'post',
  path: '/matcher/faces',
  tags,
  summary: 'Match faces',
  description: hereBefore,
  asksByRequest: matchingRights,
  bodyBytes: limits.jsonBody,
  request: { body: { content: json(MatchBody), required: true } },
  errors: [
    'InvalidTarget',
    'TooManyReferences',
    'FaceNotFound',
    'FaceHasNoAttributes',
    'NoFaceWithExternalId',
    'EventNotFound',
    'AttributeNotFound',
    'GalleryFull',
    'StorageFailed',
    ...descriptorErrors,
  ],
  responses: { 200: { description: 'Matches', content: json(Matches) } },
});

const bodiesRoute = defineRoute('authorized', {
  method: 'post',
  path: '/matcher/bodies',
  tags,
  summary: 'Match bodies',
  description: 'Always 403, 11044: this appliance has no body descriptors.',
  bodyBytes: limits.jsonBody,
  request: { body: { content: json(MatchBody), required: true } },
  errors: ['FeatureDisabled'],
  responses: { 200: { description: 'Never', content: json(Matches) } },
});

const msgpack = /^application\/(x-)?msgpack\s*(;|$)/i;
const jsonOrMsgpack: MiddlewareHandler<LunaEnv> = async (context, next) => {
  if (msgpack.test(context.req.header('content-type') ?? '')) await next();
  else await requireJson(context, next);
};

const rawRoute = defineRoute('authorized', {
  method: 'post',
  path: '/matcher/raw',
  tags,
  summary: 'Match descriptors with descriptors',
  description: 'Both sides are in the body; in msgpack descriptors are bytes. Nothing is looked up or stored.',
  middleware: [jsonOrMsgpack],
  bodyBytes: limits.jsonBody,
  request: {
    body: {
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/RawMatchBody' } },
        'application/msgpack': { schema: { type: 'string' as const, format: 'binary' } },
      },
    },
  },
  errors: ['TooManyReferences', ...descriptorErrors],
  responses: { 200: { description: 'Similarities', content: json(RawMatches) } },
});

const crossRoute = defineRoute('authorized', {
  method: 'post',
  path: '/cross_match/faces',
  tags,
  summary: 'Match every object of one set of filters with a candidate set',
  asksByRequest: matchingRights,
  bodyBytes: limits.jsonBody,
  request: { body: { content: json(CrossMatchBody), required: true } },
  errors: ['InvalidTarget', 'CrossMatchTooLarge', 'GalleryFull', 'StorageFailed'],
  responses: { 200: { description: 'Matches, references in the order they were stored', content: json(CrossMatches) } },
});

const crossBodiesRoute = defineRoute('authorized', {
  method: 'post',
  path: '/cross_match/bodies',
  tags,
  summary: 'Match bodies of one set of filters with a candidate set',
  description: 'Always 403, 11044: this appliance has no body descriptors.',
  request: { body: { content: json(CrossMatchBody), required: true } },
  errors: ['FeatureDisabled'],
  responses: { 200: { description: 'Never', content: json(CrossMatches) } },
});

/** The body in either form; parsed here, because only JSON bodies are parsed by their route. */
async function readRawBody(context: LunaContext): Promise<RawMatchBody> {
  let body: unknown;
  if (msgpack.test(context.req.header('content-type') ?? '')) {
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    if (bytes.length === 0) throw lunaError('EmptyJson');
    try {
      body = unpackMsgpack(bytes);
    } catch (error) {
      if (isLunaError(error)) throw error;
      throw lunaError('NotJson', { reason: 'malformed msgpack' }, error);
    }
  } else {
    body = await context.req.json();
  }
  const parsed = RawMatchBody.safeParse(body);
  if (!parsed.success) throw validationError('json', parsed.error.issues as never, body);
  return parsed.data;
}

/** `/matcher/*`, of the public API and of the own ports of Python Matcher and its proxy. */
export function createMatcherRoutes(deps: { matching: Matching; referenceLimit: number }): LunaRouter {
  const { matching, referenceLimit } = deps;
  const router = createRouter();
  router.openAPIRegistry.register('RawMatchBody', RawMatchBody);
  router.openapi(facesRoute, async (context) => {
    const { references, candidates } = context.req.valid('json');
    const caller = callerOf(context);
    requireMatching(
      caller,
      candidates.map(({ filters }) => filters.origin),
    );
    const matches = await matching.match({ references, candidates, visibleTo: visibleTo(caller) });
    return context.json(matches as z.infer<typeof Matches>, 200);
  });
  router.openapi(bodiesRoute, () => {
    throw lunaError('FeatureDisabled', { feature: 'body descriptors' });
  });
  router.openapi(rawRoute, async (context) => {
    const body = await readRawBody(context);
    const { compare } = matching;
    return context.json(await matchRaw({ compare, referenceLimit }, body.references, body.candidates), 200);
  });
  return router;
}

/** What the own port of the Python Matcher has beside that, for the Tasks service. */
export function createCrossMatchRoutes({ matcher }: { matcher: Matcher }): LunaRouter {
  const router = createRouter();
  router.openapi(crossRoute, async (context) => {
    const { references, candidates } = context.req.valid('json');
    const caller = callerOf(context);
    requireMatching(caller, [references.origin, candidates.filters.origin]);
    const matches = await matcher.crossMatch(references, candidates, visibleTo(caller));
    return context.json(matches as z.infer<typeof CrossMatches>, 200);
  });
  router.openapi(crossBodiesRoute, () => {
    throw lunaError('FeatureDisabled', { feature: 'body descriptors' });
  });
  return router;
}
