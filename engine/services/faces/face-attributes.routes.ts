import * as z from 'zod';
import { limits } from '#contract/established/names';
import { answerWithBytes } from '#contract/http/answer-format';
import { descriptorErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { pickTargets, requireTargets } from '#contract/matching/targets';
import { Uuid } from '#contract/schemas';
import { visibleTo } from '#domain/access';
import type { VersionInUse } from '#domain/descriptor/descriptor';
import {
  AttributeSamples,
  AttributeViewQuery,
  attributeTargets,
  FaceAttribute,
  FaceAttributeView,
} from './attribute.schema.ts';
import { toAttributeAnswer, toSamplesAnswer } from './attribute-data.ts';
import type { Faces } from './faces.service.ts';

const tags = ['Faces'];
const params = z.object({ face_id: Uuid });
const path = '/faces/{face_id}/attributes';

const getRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path,
    tags,
    summary: 'Attributes of a face',
    request: { params, query: AttributeViewQuery },
    errors: ['FaceNotFound', 'FaceHasNoAttributes', 'InvalidTarget', 'UnknownDescriptorVersion'],
    responses: {
      200: {
        description: 'The attributes',
        content: {
          'application/json': { schema: FaceAttributeView },
          'application/msgpack': { schema: z.string().meta({ format: 'binary' }) },
        },
      },
    },
  },
);

const putRoute = defineRoute(
  { object: 'face', right: 'modification' },
  {
    method: 'put',
    path,
    tags,
    summary: 'Create or replace the attributes of a face',
    bodyBytes: limits.jsonBody,
    request: { params, body: { content: { 'application/json': { schema: FaceAttribute } }, required: true } },
    errors: ['FaceNotFound', 'AttributeNotFound', 'AttributeSamplesDiffer', ...descriptorErrors],
    responses: { 204: { description: 'Replaced' } },
  },
);

const removeRoute = defineRoute(
  { object: 'face', right: 'modification' },
  {
    method: 'delete',
    path,
    tags,
    summary: 'Remove the attributes of a face',
    request: { params },
    errors: ['FaceNotFound', 'FaceHasNoAttributes'],
    responses: { 204: { description: 'Removed' } },
  },
);

const samplesRoute = defineRoute(
  { object: 'face', right: 'view' },
  {
    method: 'get',
    path: `${path}/samples`,
    tags,
    summary: "Samples of a face's attributes",
    request: { params },
    errors: ['FaceNotFound', 'FaceHasNoAttributes'],
    responses: { 200: { description: 'Ids', content: { 'application/json': { schema: AttributeSamples } } } },
  },
);

/** `/faces/{face_id}/attributes` (LP5 5.2). */
export function createFaceAttributesRoutes(deps: { faces: Faces; versionInUse?: VersionInUse }): LunaRouter {
  const { faces, versionInUse } = deps;
  const router = createRouter();
  router.openapi(getRoute, (c) => {
    const { targets, descriptor_version } = c.req.valid('query');
    requireTargets(targets, attributeTargets);
    const data = faces.attributeOf(c.req.valid('param').face_id, visibleTo(callerOf(c)));
    const answer = toAttributeAnswer(data, descriptor_version, versionInUse);
    return answerWithBytes(c, pickTargets(answer, targets), 200);
  });
  router.openapi(putRoute, async (c) => {
    await faces.putAttribute(callerOf(c).accountId, c.req.valid('param').face_id, c.req.valid('json'));
    return c.body(null, 204);
  });
  router.openapi(removeRoute, async (c) => {
    await faces.removeAttribute(callerOf(c).accountId, c.req.valid('param').face_id);
    return c.body(null, 204);
  });
  router.openapi(samplesRoute, (c) =>
    c.json(toSamplesAnswer(faces.attributeOf(c.req.valid('param').face_id, visibleTo(callerOf(c)))), 200),
  );
  return router;
}
