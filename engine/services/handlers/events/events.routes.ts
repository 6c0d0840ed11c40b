import * as z from 'zod';
import { defaults } from '#contract/established/names';
import { descriptorContentTypes, imageTypes, placeQuery } from '#contract/established/wire-names';
import { answerFormat, answerWithBytes } from '#contract/http/answer-format';
import { mimeOf } from '#contract/http/content-types';
import { descriptorErrors, pictureErrors } from '#contract/http/declared-errors';
import { callerOf, createRouter, defineRoute, type LunaContext, type LunaRouter } from '#contract/http/http';
import { readSdkDescriptor, type VersionedVector } from '#contract/matching/raw-descriptors';
import { picturesRequestBody, storedPictureRights } from '#contract/pictures/pictures-body';
import { Uuid } from '#contract/schemas';
import type { EventLocation } from '#domain/event/face-event';
import type { Clock } from '#kernel/clock';
import { lunaError } from '#kernel/errors';
import type { Pictures } from '../../api/pictures/pictures.ts';
import type { Handlers } from '../handlers.service.ts';
import type { EventRequest } from './event-facts.ts';
import { GeneratedEventsAnswer, GenerateHeaders, GenerateQuery } from './events.schema.ts';

const generateRoute = defineRoute('emit_events', {
  method: 'post',
  path: '/handlers/{handler_id}/events',
  tags: ['Handlers'],
  summary: 'Generate events from pictures',
  asksByRequest: storedPictureRights,
  description:
    'Answers once everything that the policies store, and the messages about it, are on the disk, with `wait_saving` 0 ' +
    'too: what was answered with 201 is never lost. A descriptor in place of a picture (an SDK container) makes one event ' +
    'without a detection.',
  request: {
    params: z.object({ handler_id: Uuid }),
    query: GenerateQuery,
    headers: GenerateHeaders,
    body: {
      ...picturesRequestBody,
      content: {
        ...picturesRequestBody.content,
        [descriptorContentTypes.sdk]: { schema: { type: 'string', format: 'binary' } },
      },
    },
  },
  errors: [
    'HandlerNotFound',
    'HandlerCorrupted',
    'HandlerNotDynamic',
    'InvalidTarget',
    'ListsNotFound',
    'GalleryFull',
    ...descriptorErrors,
    ...pictureErrors,
  ],
  responses: {
    201: {
      description: 'One event per face, or one of all pictures. None when nothing was detected.',
      content: {
        'application/json': { schema: GeneratedEventsAnswer },
        'application/msgpack': { schema: { type: 'string', format: 'binary' } },
      },
    },
  },
});

function toLocation(query: GenerateQuery): EventLocation {
  const longitude = query[placeQuery.longitude];
  const latitude = query[placeQuery.latitude];
  if ((longitude === undefined) !== (latitude === undefined)) {
    const name = longitude === undefined ? placeQuery.longitude : placeQuery.latitude;
    throw lunaError('BadQuery', { name, reason: 'longitude and latitude belong together' });
  }
  return {
    city: query[placeQuery.city] ?? null,
    area: query[placeQuery.area] ?? null,
    district: query[placeQuery.district] ?? null,
    street: query[placeQuery.street] ?? null,
    houseNumber: query[placeQuery.houseNumber] ?? null,
    longitude: longitude ?? null,
    latitude: latitude ?? null,
  };
}

/** A body that is a descriptor, undefined for any other. Throws what `readRawDescriptor` throws. */
async function readDescriptorBody(context: LunaContext): Promise<VersionedVector | undefined> {
  const type = mimeOf(context.req.header('content-type'));
  if (type === descriptorContentTypes.xpk) throw lunaError('BadXpk', { id: defaults.rawDescriptorName });
  if (type !== descriptorContentTypes.sdk) return undefined;
  return readSdkDescriptor(defaults.rawDescriptorName, new Uint8Array(await context.req.arrayBuffer()));
}

/** Pictures in, events out. */
export function createEventGenerationRoutes(deps: {
  handlers: Handlers;
  pictures: Pictures;
  clock: Clock;
}): LunaRouter {
  const { handlers, pictures, clock } = deps;
  const router = createRouter();
  router.openapi(generateRoute, async (context) => {
    answerFormat(context.req.header('accept'));
    const query = context.req.valid('query');
    const headers = context.req.valid('header');
    const { accountId } = callerOf(context);
    const imageType = (query.image_type ?? (query.warped_image ? imageTypes.faceWarp : imageTypes.raw)) as 0 | 1 | 2;
    const location = toLocation(query);
    const descriptor = await readDescriptorBody(context);
    const incoming = descriptor
      ? { pictures: [], policies: undefined, meta: undefined }
      : await pictures.read(context, { imageType, visibleTo: accountId });
    const createTimeMs = headers['luna-event-time'] ?? clock.now();
    const event: EventRequest = {
      accountId,
      handlerId: context.req.valid('param').handler_id,
      requestId: context.get('requestId'),
      externalId: query.external_id,
      userData: query.user_data,
      source: query.source || null,
      trackId: query.track_id || null,
      streamId: query.stream_id || null,
      tags: query.tags ?? [],
      location,
      meta: incoming.meta,
      createTimeMs,
      endTimeMs: headers['luna-event-end-time'] ?? createTimeMs,
    };
    const answer = await handlers.generateEvents({
      pictures: incoming.pictures,
      descriptor,
      policies: incoming.policies,
      useExifInfo: query.use_exif_info,
      aggregate: query.aggregate_attributes,
      event,
    });
    return answerWithBytes(context, answer, 201) as never;
  });
  return router;
}
