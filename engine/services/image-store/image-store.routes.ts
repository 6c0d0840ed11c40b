import * as z from 'zod';
import { buckets, imageContentTypes, limits } from '#contract/established/names';
import { location, locationOfOne, stored } from '#contract/http/answer-headers';
import { mimeOf } from '#contract/http/content-types';
import { callerOf, createRouter, defineRoute, type LunaContext, type LunaRouter } from '#contract/http/http';
import { parseMultipart } from '#contract/http/multipart';
import { Uuid, UuidOut } from '#contract/schemas';
import { type RightObject, visibleTo } from '#domain/access';
import { lunaError } from '#kernel/errors';
import type { Bucket, ImageStore } from './image-store.service.ts';
import { requirePicture, toSampleJpeg } from './sample-format.ts';

const binary = { schema: { type: 'string' as const, format: 'binary' } };
const anyPicture = Object.fromEntries(imageContentTypes.map((type) => [type, binary]));
const objectTypes = ['application/json', 'text/plain', 'application/zip', 'application/pdf'];
/** Named are the usual types of objects; any other is taken and given back, too. */
const anyObject: Readonly<Record<string, { schema: Record<string, string> }>> = {
  ...Object.fromEntries(objectTypes.map((type) => [type, binary])),
  'application/json': { schema: {} },
  '*/*': binary,
};

/** Extensions of downloaded objects; `bin` for every other type. */
const extensions: Readonly<Record<string, string>> = {
  'application/json': 'json',
  'text/plain': 'txt',
  'text/csv': 'csv',
  'application/zip': 'zip',
  'application/pdf': 'pdf',
  'application/xml': 'xml',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'video/mp4': 'mp4',
};

const SampleCreated = z.object({ sample_id: UuidOut, url: z.string() }).meta({ id: 'SampleCreated' });
const ImageCreated = z.object({ image_id: UuidOut, url: z.string() }).meta({ id: 'ImageCreated' });
const ImagesCreated = z.object({ images: z.array(ImageCreated) });
const ObjectCreated = z.object({ object_id: UuidOut, url: z.string() }).meta({ id: 'ObjectCreated' });

/** One kind of stored thing: where its files lie, how its paths and rights are called. */
interface Resource {
  bucket: Bucket;
  path: string;
  object: RightObject;
  tag: string;
  what: string;
  /** What answers `GET`. */
  content: Readonly<Record<string, { schema: Record<string, string> }>>;
  download: boolean;
}

const jpegOnly = { 'image/jpeg': binary };
const resources = {
  faceSamples: {
    bucket: buckets.faceSamples,
    path: '/samples/faces',
    object: 'face_sample',
    tag: 'Samples',
    what: 'a face sample',
    content: jpegOnly,
    download: false,
  },
  bodySamples: {
    bucket: buckets.bodySamples,
    path: '/samples/bodies',
    object: 'body_sample',
    tag: 'Samples',
    what: 'a body sample',
    content: jpegOnly,
    download: false,
  },
  images: {
    bucket: buckets.images,
    path: '/images',
    object: 'image',
    tag: 'Images',
    what: 'a source picture',
    content: anyPicture,
    download: false,
  },
  objects: {
    bucket: buckets.objects,
    path: '/objects',
    object: 'object',
    tag: 'Objects',
    what: 'an object',
    content: anyObject,
    download: true,
  },
} satisfies Record<string, Resource>;

/** GET, HEAD and DELETE of one stored thing: the same for all kinds. */
function addItemRoutes(router: LunaRouter, images: ImageStore, resource: Resource): void {
  const { bucket, object, download, what } = resource;
  const path = `${resource.path}/{id}`;
  const params = z.object({ id: Uuid });
  const notFound = bucket === buckets.objects ? 'ObjectNotFound' : 'ImageNotFound';
  const getRoute = defineRoute(
    { object, right: 'view' },
    {
      method: 'get',
      path,
      tags: [resource.tag],
      summary: `Get ${what}`,
      request: { params },
      errors: [notFound, 'StorageFailed'],
      responses: {
        200: { description: 'The bytes as they are stored', headers: stored, content: { ...resource.content } },
      },
    },
  );
  const removeRoute = defineRoute(
    { object, right: 'deletion' },
    {
      method: 'delete',
      path,
      tags: [resource.tag],
      summary: `Remove ${what}`,
      request: { params },
      errors: [notFound, 'StorageFailed'],
      responses: { 204: { description: 'Removed' } },
    },
  );
  router.openapi(getRoute, async (c) => {
    const { id } = c.req.valid('param');
    const row = images.find(bucket, id, visibleTo(callerOf(c)));
    c.header('Content-Type', row.content_type);
    c.header('Content-Length', String(row.size_bytes));
    // Nobody shall take a stored text for a page of ours.
    c.header('X-Content-Type-Options', 'nosniff');
    if (download) {
      const extension = extensions[mimeOf(row.content_type)] ?? 'bin';
      c.header('Content-Disposition', `attachment; filename=${id}.${extension}`);
    }
    // Hono answers HEAD by the GET route.
    if (c.req.method === 'HEAD') return c.body(null, 200);
    return c.body((await images.open(row)) as Uint8Array<ArrayBuffer> | ReadableStream, 200);
  });
  router.openapi(removeRoute, async (c) => {
    await images.remove(callerOf(c).accountId, bucket, c.req.valid('param').id);
    return c.body(null, 204);
  });
}

const bytesOf = async (c: LunaContext): Promise<Uint8Array> => new Uint8Array(await c.req.arrayBuffer());

function addSampleRoutes(router: LunaRouter, images: ImageStore, kind: 'face' | 'body'): void {
  const { bucket, path, object, tag } = kind === 'face' ? resources.faceSamples : resources.bodySamples;
  const route = defineRoute(
    { object, right: 'creation' },
    {
      method: 'post',
      path,
      tags: [tag],
      summary: `Store a ${kind} sample: a picture of exactly ${kind === 'face' ? '250x250' : '128x256'} pixels`,
      request: { body: { content: anyPicture, required: true } },
      errors: [
        'ContentTypeMismatch',
        'FaceWarpSize',
        'BodyWarpSize',
        'ImageConversion',
        'ImageLoading',
        'ImageSize',
        'StorageFailed',
      ],
      responses: {
        201: {
          description: 'Stored as JPEG',
          headers: location,
          content: { 'application/json': { schema: SampleCreated } },
        },
      },
    },
  );
  router.openapi(route, async (c) => {
    const jpeg = await toSampleJpeg(kind, mimeOf(c.req.header('content-type')), await bytesOf(c));
    const id = await images.store(bucket, callerOf(c).accountId, 'image/jpeg', jpeg);
    const url = `/6${path}/${id}`;
    return c.json({ sample_id: id, url }, 201, { Location: url });
  });
}

const imagesRoute = defineRoute(
  { object: 'image', right: 'creation' },
  {
    method: 'post',
    path: '/images',
    tags: ['Images'],
    summary: 'Store a source picture, or several in multipart, byte for byte',
    request: {
      body: {
        content: {
          ...anyPicture,
          'multipart/form-data': { schema: { type: 'object' as const, additionalProperties: true } },
        },
        required: true,
      },
    },
    errors: [
      'BadMultipart',
      'TooManyPictures',
      'ContentTypeMismatch',
      'ImageConversion',
      'ImageLoading',
      'ImageSize',
      'StorageFailed',
    ],
    responses: {
      201: {
        description: 'Stored; `images` for multipart',
        headers: locationOfOne,
        content: { 'application/json': { schema: z.union([ImageCreated, ImagesCreated]) } },
      },
    },
  },
);

const objectsRoute = defineRoute(
  { object: 'object', right: 'creation' },
  {
    method: 'post',
    path: '/objects',
    tags: ['Objects'],
    summary: 'Store an object of any content type, byte for byte',
    request: {
      body: {
        content: { ...anyObject },
        required: true,
      },
    },
    errors: ['StorageFailed'],
    responses: {
      201: { description: 'Stored', headers: location, content: { 'application/json': { schema: ObjectCreated } } },
    },
  },
);

/** The pictures of a multipart body. Throws `BadMultipart`, `TooManyPictures` and what `requirePicture` throws. */
function picturesOf(body: Uint8Array, contentType: string): { contentType: string; bytes: Uint8Array }[] {
  const parts = parseMultipart(body, contentType);
  if (parts.length > limits.picturesPerRequest) {
    throw lunaError('TooManyPictures', { count: parts.length, limit: limits.picturesPerRequest });
  }
  for (const part of parts) {
    if (part.contentType === '') throw lunaError('BadMultipart', { reason: `the part '${part.name}' is no picture` });
    requirePicture(part.contentType, part.bytes);
  }
  return parts;
}

/** `/samples`, `/images` and `/objects` (LP5 6). */
export function createImageStoreRoutes(deps: { images: ImageStore }): LunaRouter {
  const { images } = deps;
  const router = createRouter();
  addSampleRoutes(router, images, 'face');
  addSampleRoutes(router, images, 'body');
  router.openapi(imagesRoute, async (c) => {
    const { accountId } = callerOf(c);
    const header = c.req.header('content-type') ?? '';
    const contentType = mimeOf(header);
    const bytes = await bytesOf(c);
    const answerOf = (id: string) => ({ image_id: id, url: `/6/images/${id}` });
    if (contentType === 'multipart/form-data') {
      const ids = await images.storeAll(buckets.images, accountId, picturesOf(bytes, header));
      return c.json({ images: ids.map(answerOf) }, 201);
    }
    requirePicture(contentType, bytes);
    const answer = answerOf(await images.store(buckets.images, accountId, contentType, bytes));
    return c.json(answer, 201, { Location: answer.url });
  });
  router.openapi(objectsRoute, async (c) => {
    const contentType = c.req.header('content-type')?.trim() ?? '';
    if (!/^[\w.+-]+\/[\w.+-]+(\s*;[\x20-\x7e]{0,200})?$/.test(contentType) || /^multipart\//i.test(contentType)) {
      throw lunaError('BadContentType', { contentType, allowed: `${objectTypes.join(', ')} and other MIME types` });
    }
    const id = await images.store(buckets.objects, callerOf(c).accountId, contentType, await bytesOf(c));
    const url = `/6/objects/${id}`;
    return c.json({ object_id: id, url }, 201, { Location: url });
  });
  for (const resource of Object.values(resources)) addItemRoutes(router, images, resource);
  return router;
}
