import { pictureErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { PicturesBody, picturesRequestBody, storedPictureRights } from '#contract/pictures/pictures-body';
import { visibleTo } from '#domain/access';
import type { Pictures } from '../api/pictures/pictures.ts';
import { LivenessAnswer, LivenessQuery } from './liveness.schema.ts';
import type { LivenessService } from './liveness.service.ts';

const livenessRoute = defineRoute(
  { resource: 'liveness' },
  {
    method: 'post',
    path: '/liveness',
    tags: ['Estimation'],
    summary: 'Tell living faces from pictures of faces; nothing is stored',
    asksByRequest: storedPictureRights,
    request: { query: LivenessQuery, body: picturesRequestBody },
    errors: pictureErrors,
    responses: { 200: { description: 'Estimates', content: { 'application/json': { schema: LivenessAnswer } } } },
  },
);

export function createLivenessRoutes(deps: { pictures: Pictures; liveness: LivenessService }): LunaRouter {
  const router = createRouter();
  router.openAPIRegistry.register('PicturesBody', PicturesBody);
  router.openapi(livenessRoute, async (context) => {
    const query = context.req.valid('query');
    const options = { imageType: query.image_type as 0 | 1 | 2, visibleTo: visibleTo(callerOf(context)) };
    const { pictures } = await deps.pictures.read(context, options);
    return context.json(await deps.liveness.estimate(pictures, query), 200);
  });
  return router;
}
