import * as z from 'zod';
import { limits } from '#contract/established/names';
import { imageTypes } from '#contract/established/wire-names';
import { location } from '#contract/http/answer-headers';
import { matchingRights, requireMatching } from '#contract/http/authorize';
import { descriptorErrors, pictureErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import type { CandidateOrigin } from '#contract/matching/candidates';
import { picturesRequestBody, storedPictureRights } from '#contract/pictures/pictures-body';
import { toTime, Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import { lunaError } from '#kernel/errors';
import type { VerifierRow } from '#storage/rows';
import type { Pictures } from '../../api/pictures/pictures.ts';
import type { VerificationIds } from './candidates.ts';
import type { VerifierBook } from './verifier-book.ts';
import {
  RawVerificationAnswer,
  RawVerificationBody,
  VerificationAnswer,
  VerificationQuery,
  Verifier,
  VerifierBody,
  VerifierCountQuery,
  VerifierCreated,
  VerifierQuery,
} from './verifiers.schema.ts';
import type { Verifiers } from './verifiers.service.ts';

const tags = ['Verifiers'];
const params = z.object({ verifier_id: Uuid });
const path = '/verifiers/{verifier_id}';
const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const body = { content: json(VerifierBody), required: true };
const may = (right: 'creation' | 'view' | 'modification' | 'deletion') => ({ object: 'verifier', right }) as const;

const createRoute = defineRoute(may('creation'), {
  method: 'post',
  path: '/verifiers',
  tags,
  summary: 'Create a verifier',
  bodyBytes: limits.jsonBody,
  request: { body },
  errors: ['FeatureDisabled'],
  responses: { 201: { description: 'Created', headers: location, content: json(VerifierCreated) } },
});
const listRoute = defineRoute(may('view'), {
  method: 'get',
  path: '/verifiers',
  tags,
  summary: 'Verifiers, newest first',
  request: { query: VerifierQuery },
  responses: { 200: { description: 'Verifiers', content: json(z.object({ verifiers: z.array(Verifier) })) } },
});
const countRoute = defineRoute(may('view'), {
  method: 'get',
  path: '/verifiers/count',
  tags,
  summary: 'How many verifiers there are',
  request: { query: VerifierCountQuery },
  responses: { 200: { description: 'Count', content: json(z.object({ verifiers_count: z.int() })) } },
});
const getRoute = defineRoute(may('view'), {
  method: 'get',
  path,
  tags,
  summary: 'A verifier',
  request: { params },
  errors: ['VerifierNotFound'],
  responses: { 200: { description: 'The verifier', content: json(Verifier) } },
});
const putRoute = defineRoute(may('modification'), {
  method: 'put',
  path,
  tags,
  summary: 'Replace a verifier',
  bodyBytes: limits.jsonBody,
  request: { params, body },
  errors: ['VerifierNotFound', 'FeatureDisabled'],
  responses: { 204: { description: 'Replaced' } },
});
const removeRoute = defineRoute(may('deletion'), {
  method: 'delete',
  path,
  tags,
  summary: 'Remove a verifier',
  request: { params },
  errors: ['VerifierNotFound'],
  responses: { 204: { description: 'Removed' } },
});
const verifyRoute = defineRoute(may('view'), {
  method: 'post',
  path: `${path}/verifications`,
  tags,
  summary: 'Compare the faces of pictures with stored candidates',
  asksByRequest: [...matchingRights, ...storedPictureRights],
  request: { params, query: VerificationQuery, body: picturesRequestBody },
  errors: [
    'VerifierNotFound',
    'HandlerCorrupted',
    'QueryNoneOf',
    'FaceNotFound',
    'FaceHasNoAttributes',
    'EventNotFound',
    'AttributeNotFound',
    'NoFaceWithExternalId',
    'InvalidDescriptor',
    'GalleryFull',
    ...pictureErrors,
  ],
  responses: { 200: { description: 'Verifications', content: json(VerificationAnswer) } },
});
const rawRoute = defineRoute(may('view'), {
  method: 'post',
  path: `${path}/raw`,
  tags,
  summary: 'Compare descriptors with descriptors',
  bodyBytes: limits.jsonBody,
  request: { params, body: { content: json(RawVerificationBody), required: true } },
  errors: ['VerifierNotFound', 'HandlerCorrupted', 'FeatureDisabled', ...descriptorErrors],
  responses: { 200: { description: 'Verifications', content: json(RawVerificationAnswer) } },
});

function toVerifier(row: VerifierRow): z.infer<typeof Verifier> {
  return {
    verifier_id: row.verifier_id,
    account_id: row.account_id,
    description: row.description,
    create_time: toTime(row.create_time),
    last_update_time: toTime(row.last_update_time),
    policies: JSON.parse(row.policies) as Record<string, unknown>,
    url: `/6/verifiers/${row.verifier_id}`,
  };
}

function toIds({ face_ids, event_ids, attribute_ids, external_ids }: VerificationQuery): VerificationIds {
  if (!face_ids && !event_ids && !attribute_ids && !external_ids) {
    throw lunaError('QueryNoneOf', { names: 'face_ids, event_ids, attribute_ids, external_ids' });
  }
  return {
    faceIds: face_ids ?? [],
    eventIds: event_ids ?? [],
    attributeIds: attribute_ids ?? [],
    externalIds: external_ids ?? [],
  };
}

/** Where the candidates come from; external ids are those of faces. */
function originsOf(ids: VerificationIds): CandidateOrigin[] {
  const origins: CandidateOrigin[] = [];
  if (ids.faceIds.length > 0 || ids.externalIds.length > 0) origins.push('faces');
  if (ids.eventIds.length > 0) origins.push('events');
  if (ids.attributeIds.length > 0) origins.push('attributes');
  return origins;
}

export function createVerifiersRoutes(deps: {
  book: VerifierBook;
  verifiers: Verifiers;
  pictures: Pictures;
}): LunaRouter {
  const { book, verifiers, pictures } = deps;
  const router = createRouter();
  router.openapi(createRoute, (context) => {
    const { description, policies } = context.req.valid('json');
    const verifierId = book.create(callerOf(context).accountId, { description, policies: policies ?? {} });
    const url = `/6/verifiers/${verifierId}`;
    context.header('Location', url);
    return context.json({ verifier_id: verifierId, url }, 201);
  });
  router.openapi(listRoute, (context) => {
    const { page, page_size, description } = context.req.valid('query');
    const selection = { account_id: visibleTo(callerOf(context)), description };
    return context.json({ verifiers: book.page(selection, page_size, (page - 1) * page_size).map(toVerifier) }, 200);
  });
  router.openapi(countRoute, (context) => {
    const selection = { account_id: visibleTo(callerOf(context)), ...context.req.valid('query') };
    return context.json({ verifiers_count: book.count(selection) }, 200);
  });
  router.openapi(getRoute, (context) => {
    const { verifier_id } = context.req.valid('param');
    return context.json(toVerifier(book.get(verifier_id, visibleTo(callerOf(context)))), 200);
  });
  router.openapi(putRoute, (context) => {
    const { description, policies } = context.req.valid('json');
    const { verifier_id } = context.req.valid('param');
    book.replace(callerOf(context).accountId, verifier_id, { description, policies: policies ?? {} });
    return context.body(null, 204);
  });
  router.openapi(removeRoute, (context) => {
    book.remove(callerOf(context).accountId, context.req.valid('param').verifier_id);
    return context.body(null, 204);
  });
  router.openapi(verifyRoute, async (context) => {
    const query = context.req.valid('query');
    const caller = callerOf(context);
    const { accountId } = caller;
    const imageType = (query.image_type ?? (query.warped_image ? imageTypes.faceWarp : imageTypes.raw)) as 0 | 1 | 2;
    const ids = toIds(query);
    requireMatching(caller, originsOf(ids));
    const incoming = await pictures.read(context, { imageType, visibleTo: accountId });
    const { verifier_id } = context.req.valid('param');
    const useExifInfo = query.use_exif_info;
    const request = { accountId, verifierId: verifier_id, pictures: incoming.pictures, useExifInfo, ids };
    return context.json(await verifiers.verify(request), 200);
  });
  router.openapi(rawRoute, (context) => {
    const { references, candidates } = context.req.valid('json');
    const { verifier_id } = context.req.valid('param');
    return context.json(verifiers.verifyRaw(callerOf(context).accountId, verifier_id, references, candidates), 200);
  });
  return router;
}
