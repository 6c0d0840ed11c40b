import { answerFormat, answerWithBytes } from '#contract/http/answer-format';
import { locationOfOne } from '#contract/http/answer-headers';
import { pictureErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaRouter } from '#contract/http/http';
import { extractorAnswer } from '#contract/pictures/extractor-answer';
import { faceChecksTable } from '#contract/pictures/face-checks-table';
import { PicturesBody, picturesRequestBody, storedPictureRights } from '#contract/pictures/pictures-body';
import { visibleTo } from '#domain/access';
import type { Pictures } from '../pictures/pictures.ts';
import type { Detector } from './detector.ts';
import { imageTypeOf } from './estimation-query.ts';
import type { Extractor } from './extractor.ts';
import { type Iso, IsoAnswer, IsoQuery } from './iso.ts';
import {
  DetectorAnswer,
  DetectorQuery,
  ExtractorBody,
  ExtractorQuery,
  SdkAnswer,
  SdkQuery,
} from './one-shot.schema.ts';
import type { Sdk } from './sdk.ts';

const tags = ['Estimation'];

const detectorRoute = defineRoute(
  { object: 'face_sample', right: 'creation' },
  {
    method: 'post',
    path: '/detector',
    tags,
    summary: 'Detect faces, estimate, store their samples',
    asksByRequest: storedPictureRights,
    request: { query: DetectorQuery, body: picturesRequestBody },
    errors: [...pictureErrors],
    responses: { 201: { description: 'Detections', content: { 'application/json': { schema: DetectorAnswer } } } },
  },
);

const sdkRoute = defineRoute(
  { resource: 'sdk' },
  {
    method: 'post',
    path: '/sdk',
    tags,
    summary: 'Detect faces and estimate; nothing is stored',
    asksByRequest: storedPictureRights,
    request: { query: SdkQuery, body: picturesRequestBody },
    errors: [...pictureErrors],
    responses: {
      200: {
        description: 'Estimations. With `Accept: application/msgpack` descriptors and warps are bytes.',
        content: {
          'application/json': { schema: SdkAnswer },
          'application/msgpack': { schema: { type: 'string', format: 'binary' } },
        },
      },
    },
  },
);

const extractorRoute = defineRoute(
  { object: 'attribute', right: 'creation' },
  {
    method: 'post',
    path: '/extractor',
    tags,
    summary: 'Make temporary attributes of stored face samples',
    request: {
      query: ExtractorQuery,
      body: { required: true, content: { 'application/json': { schema: ExtractorBody } } },
    },
    errors: ['QueryNoneOf', ...pictureErrors],
    responses: {
      201: {
        description:
          'The attributes as an array, also of a single sample, in the order of the samples. A sample whose descriptor ' +
          'scores below `fd_score_threshold` makes none.',
        headers: locationOfOne,
        content: { 'application/json': { schema: extractorAnswer.schema } },
      },
    },
  },
);

const isoRoute = defineRoute(
  { resource: 'iso' },
  {
    method: 'post',
    path: '/iso',
    tags,
    summary: 'Check portraits against ISO/IEC 19794-5; nothing is stored',
    description: `Every face is checked with the default thresholds. What LP5 checks and nothing here decides is absent from \`checks\`, and \`status\` is the AND of the checks that are there: 1 does not vouch for the absent ones. A value that could not be measured is null and does not pass.\n\n${faceChecksTable()}`,
    asksByRequest: storedPictureRights,
    request: { query: IsoQuery, body: picturesRequestBody },
    errors: pictureErrors,
    responses: { 200: { description: 'Checks', content: { 'application/json': { schema: IsoAnswer } } } },
  },
);

/** The resources that estimate at once and keep no event (LP5 2.4 to 2.6). */
export function createOneShotRoutes(deps: {
  pictures: Pictures;
  detector: Detector;
  sdk: Sdk;
  extractor: Extractor;
  iso: Iso;
}): LunaRouter {
  const router = createRouter();
  // The schema that `picturesRequestBody` refers to, for every router that takes pictures.
  router.openAPIRegistry.register('PicturesBody', PicturesBody);
  router.openapi(detectorRoute, async (context) => {
    const query = context.req.valid('query');
    const caller = callerOf(context);
    const options = { imageType: imageTypeOf(query), visibleTo: visibleTo(caller) };
    const { pictures } = await deps.pictures.read(context, options);
    return context.json(await deps.detector.detect(caller.accountId, pictures, query), 201);
  });
  router.openapi(sdkRoute, async (context) => {
    answerFormat(context.req.header('accept'));
    const query = context.req.valid('query');
    const options = { imageType: imageTypeOf(query), visibleTo: visibleTo(callerOf(context)) };
    const { pictures } = await deps.pictures.read(context, options);
    return answerWithBytes(context, await deps.sdk.estimate(pictures, query), 200) as never;
  });
  router.openapi(isoRoute, async (context) => {
    const options = { imageType: 0, visibleTo: visibleTo(callerOf(context)) } as const;
    const { pictures } = await deps.pictures.read(context, options);
    return context.json(await deps.iso.check(pictures, context.req.valid('query')), 200);
  });
  router.openapi(extractorRoute, async (context) => {
    const caller = callerOf(context);
    const who = { accountId: caller.accountId, visibleTo: visibleTo(caller) };
    const answer = await deps.extractor.extract(who, context.req.valid('json'), context.req.valid('query'));
    const [only, ...others] = answer;
    if (only && others.length === 0) context.header('Location', only.url);
    return context.json(answer, 201);
  });
  return router;
}
