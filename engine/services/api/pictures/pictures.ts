import { base64ImageContentTypes, buckets, defaults, imageContentTypes, limits } from '#contract/established/names';
import { requireRight } from '#contract/http/authorize';
import { mimeOf } from '#contract/http/content-types';
import { callerOf, type LunaContext } from '#contract/http/http';
import { parseJsonBytes } from '#contract/http/json-body';
import { parseMultipart } from '#contract/http/multipart';
import { parseAs } from '#contract/http/parse-as';
import type { IncomingPicture } from '#contract/pictures/estimated-pictures';
import { Boxes, PicturesBody } from '#contract/pictures/pictures-body';
import { Meta } from '#contract/schemas';
import type { Caller } from '#domain/access';
import { lunaError } from '#kernel/errors';
import { blankPicture, checkedContent, placeBoxes, refuseBodyBoxes, requireCount } from './incoming-picture.ts';
import { createJsonPictures, type JsonPictureDeps } from './json-pictures.ts';
import { binaryContentType, decodeBase64 } from './picture-format.ts';

export interface IncomingPictures {
  pictures: IncomingPicture[];
  /** Policies of a dynamic handler as sent; undefined when none were. Not validated here. */
  policies: unknown;
  meta: unknown;
}

export interface PictureReadOptions {
  /** LP5 `image_type`. */
  imageType: 0 | 1 | 2;
  /** Whose stored pictures may be named; null for everybody's. */
  visibleTo: string | null;
}

/** Turns the body of a request into pictures, whichever of LP5's four ways it came (2.1). */
export interface Pictures {
  /**
   * Throws for what is wrong with the request as a whole: content type 12017, 11028, 11029; JSON 12002, 12005, 12022;
   * 11059 for stored pictures that the token may not look at; multipart 11049; base64 18001; more than 30 pictures 413; several boxes for a picture 11045. A picture that cannot be
   * had (3..22, 12025, 13003, 100022) is reported in its own place.
   */
  read(context: LunaContext, options: PictureReadOptions): Promise<IncomingPictures>;
}

/** Throws `TokenLacksRight` unless the caller may look at pictures of the bucket. */
const viewOf =
  (caller: Caller) =>
  (bucket: string): void =>
    requireRight(caller, { object: bucket === buckets.images ? 'image' : 'face_sample', right: 'view' });

const allTypes: readonly string[] = [...imageContentTypes, ...base64ImageContentTypes];
const base64Types: readonly string[] = base64ImageContentTypes;

export function createPictures(deps: JsonPictureDeps): Pictures {
  const readJson = createJsonPictures(deps);
  return {
    async read(context, { imageType: number, visibleTo }) {
      if (number === 2) throw lunaError('FeatureDisabled', { feature: 'image_type 2 (body warps)' });
      const imageType = number === 1 ? 'face_warp' : 'raw';
      const header = context.req.header('content-type') ?? '';
      const contentType = mimeOf(header);
      if (/^application\/([\w.-]+\+)?json$/.test(contentType)) {
        const body = parseAs(PicturesBody, parseJsonBytes(new Uint8Array(await context.req.arrayBuffer())));
        const hold = context.get('holdBytes') ?? (() => {});
        return {
          pictures: await readJson(body, { imageType, visibleTo, requireView: viewOf(callerOf(context)), hold }),
          policies: body.policies,
          meta: body.meta,
        };
      }
      if (contentType === 'multipart/form-data') {
        return fromMultipart(new Uint8Array(await context.req.arrayBuffer()), header, imageType);
      }
      if (!allTypes.includes(contentType)) {
        if (contentType.startsWith('image/')) throw lunaError('ImageContentType', { contentType });
        const allowed = `${allTypes.join(', ')}, multipart/form-data, application/json`;
        throw lunaError('BadContentType', { contentType, allowed });
      }
      const body = new Uint8Array(await context.req.arrayBuffer());
      return { pictures: [toPicture(body, contentType, imageType)], policies: undefined, meta: undefined };
    },
  };
}

function toPicture(
  bytes: Uint8Array,
  declared: string,
  imageType: IncomingPicture['imageType'],
  filename: string = defaults.rawImageName,
): IncomingPicture {
  const contentType = binaryContentType(declared);
  const binary = base64Types.includes(declared) ? decodeBase64(Buffer.from(bytes).toString('latin1')) : bytes;
  return { ...blankPicture, filename, contentType, imageType, content: checkedContent(binary, contentType) };
}

const jsonParts: readonly string[] = ['policies', 'meta', 'face_bounding_boxes', 'body_bounding_boxes'];

function fromMultipart(body: Uint8Array, header: string, imageType: IncomingPicture['imageType']): IncomingPictures {
  const json = new Map<string, unknown>();
  const pictures: IncomingPicture[] = [];
  for (const part of parseMultipart(body, header)) {
    if (jsonParts.includes(part.name) && !part.contentType.startsWith('image/')) {
      if (part.bytes.length > limits.jsonBody) throw lunaError('BodyTooLarge', { limitBytes: limits.jsonBody });
      json.set(part.name, parseJsonBytes(part.bytes));
    } else if (allTypes.includes(part.contentType)) {
      const filename = part.filename || part.name || defaults.rawImageName;
      pictures.push(toPicture(part.bytes, part.contentType, imageType, filename));
    } else {
      throw lunaError('ImagePartContentType', { part: part.name, contentType: part.contentType });
    }
  }
  if (pictures.length === 0) throw lunaError('BadMultipart', { reason: 'no part is a picture' });
  requireCount(pictures.length);
  refuseBodyBoxes(json.get('body_bounding_boxes'));
  placeBoxes(pictures, parseAs(Boxes.optional(), json.get('face_bounding_boxes'), ['face_bounding_boxes']));
  return { pictures, policies: json.get('policies'), meta: parseAs(Meta, json.get('meta'), ['meta']) };
}
