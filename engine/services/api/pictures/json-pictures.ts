import { buckets, defaults, limits } from '#contract/established/names';
import { validationError } from '#contract/http/http';
import type { IncomingPicture } from '#contract/pictures/estimated-pictures';
import type { PicturesBody } from '#contract/pictures/pictures-body';
import { isLunaError, type LunaError, lunaError } from '#kernel/errors';
import {
  blankPicture,
  checkedContent,
  onlyBox,
  placeBoxes,
  refuseBodyBoxes,
  requireCount,
} from './incoming-picture.ts';
import { binaryContentType, checkFormat, decodeBase64 } from './picture-format.ts';
import type { UrlFetch } from './url-fetch.ts';

/** Where stored pictures are read: the Image Store. Throws `ImageNotFound` 13003 for what the account does not see. */
export interface StoredPictures {
  read(bucket: string, id: string, accountId: string | null): Promise<{ bytes: Uint8Array }>;
}

export interface JsonPictureDeps {
  urlFetch: Pick<UrlFetch, 'fetch'>;
  images: StoredPictures;
  /** `http://host:port` under which clients know this appliance; null when not set. */
  externalAddress: () => string | null;
}

async function settle(work: () => Promise<Uint8Array>): Promise<Uint8Array | LunaError> {
  try {
    return await work();
  } catch (error) {
    // A full queue is the appliance's trouble, not the picture's: the client shall come again.
    if (isLunaError(error) && !isLunaError(error, 'ServiceBusy')) return error;
    throw error;
  }
}

function timesOf(entry: {
  detect_time?: number | undefined;
  detect_ts?: number | undefined;
  image_origin?: string | undefined;
}): Pick<IncomingPicture, 'detectTimeMs' | 'detectTs' | 'origin'> {
  const { detect_time, detect_ts, image_origin } = entry;
  return { detectTimeMs: detect_time ?? null, detectTs: detect_ts ?? null, origin: image_origin ?? null };
}

/** The bucket and id that a url of our own names; null for any other url. */
function findStored(url: string, own: string | null): { bucket: string; id: string; path: string } | null {
  const path = own !== null && url.startsWith(`${own}/`) ? url.slice(own.length) : url;
  const match = /^\/6\/(images|samples\/faces)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(path);
  const id = match?.[2]?.toLowerCase();
  if (!match || !id) return null;
  const bucket = match[1] === 'images' ? buckets.images : buckets.faceSamples;
  return { bucket, id, path };
}

/** Reads pictures named by a JSON body: by url, as base64, or as stored samples. Urls of our own never leave the box. */
export function createJsonPictures(deps: JsonPictureDeps) {
  const { urlFetch, images, externalAddress } = deps;

  return async (
    body: PicturesBody,
    options: {
      imageType: IncomingPicture['imageType'];
      visibleTo: string | null;
      /** Throws when pictures of this bucket may not be looked at. */
      requireView: (bucket: string) => void;
      /** Counts bytes against what all requests may have in memory. Throws `ServiceBusy`. */
      hold: (bytes: number) => void;
    },
  ): Promise<IncomingPicture[]> => {
    const { imageType, visibleTo, requireView, hold } = options;
    refuseBodyBoxes(body.body_bounding_boxes);
    const urls = (body.urls ?? []).map((entry) => (typeof entry === 'string' ? { url: entry } : entry));
    const samples = [...(body.samples ?? []), ...(body.sample_ids ?? [])];
    const count = urls.length + samples.length + (body.image === undefined ? 0 : 1);
    if (count === 0) {
      throw validationError('json', [{ path: [], message: "one of 'urls', 'image', 'samples' is required" }]);
    }
    requireCount(count);
    const pictures: Promise<IncomingPicture>[] = [];
    if (body.image !== undefined) {
      if (body.mimetype === undefined) throw validationError('json', [{ path: ['mimetype'], message: 'is required' }]);
      const contentType = binaryContentType(body.mimetype);
      const content = checkedContent(decodeBase64(body.image), contentType);
      const filename = body.filename ?? defaults.rawImageName;
      pictures.push(Promise.resolve({ ...blankPicture, ...timesOf(body), imageType, filename, contentType, content }));
    }
    // All that a request names elsewhere may together bring no more than a body may.
    let bytesLeft: number = limits.requestBody;
    const take = (bytes: number): void => {
      bytesLeft -= bytes;
      if (bytesLeft < 0) throw lunaError('BodyTooLarge', { limitBytes: limits.requestBody });
      hold(bytes);
    };
    // One after the other: how large a file is, is known when it is in memory.
    let lastRead: Promise<unknown> = Promise.resolve();
    const readStored = (bucket: string, id: string): Promise<Uint8Array> => {
      const read = lastRead.then(async () => {
        if (bytesLeft <= 0) take(1);
        const { bytes } = await images.read(bucket, id, visibleTo);
        take(bytes.length);
        return bytes;
      });
      lastRead = read.catch(() => {});
      return read;
    };
    if (samples.length > 0) requireView(buckets.faceSamples);
    const boxed = urls.map((entry) => ({
      entry,
      stored: findStored(entry.url, externalAddress()),
      boundingBox: onlyBox(entry.filename ?? entry.url, entry.face_bounding_boxes),
    }));
    for (const { stored } of boxed) if (stored) requireView(stored.bucket);
    for (const { entry, stored, boundingBox } of boxed) {
      const content = settle(async () => {
        const bytes = stored ? await readStored(stored.bucket, stored.id) : await urlFetch.fetch(entry.url, take);
        checkFormat(bytes, null);
        return bytes;
      });
      const times = timesOf(entry);
      pictures.push(
        content.then((loaded) => ({
          ...blankPicture,
          ...times,
          imageType,
          boundingBox,
          filename: entry.filename ?? entry.url,
          content: loaded,
          origin: times.origin ?? stored?.path ?? entry.url,
          sampleId: stored?.bucket === buckets.faceSamples && imageType === 'face_warp' ? stored.id : null,
        })),
      );
    }
    for (const id of samples) {
      const content = settle(() => readStored(buckets.faceSamples, id));
      pictures.push(
        content.then((loaded) => ({
          ...blankPicture,
          imageType: 'face_warp',
          filename: id,
          content: loaded,
          sampleId: id,
        })),
      );
    }
    const read = await Promise.all(pictures);
    placeBoxes(read, body.face_bounding_boxes);
    return read;
  };
}
