/** JSON bodies that carry pictures (LP5 2.1): by url, as base64, or as ids of stored samples. */
import * as z from 'zod';
import { base64ImageContentTypes, imageContentTypes, limits } from '../established/names.ts';
import { Link, Meta, Time, Uuid } from '../schemas.ts';

/** More than any limit of pictures, so that the right error can be told; far less than would cost time. */
const maxItems = 1000;
const maxUrlLength = 2048;

export const BoundingBox = z
  .object({
    x: z.int().min(-65_536).max(65_536),
    y: z.int().min(-65_536).max(65_536),
    width: z.int().min(1).max(65_536),
    height: z.int().min(1).max(65_536),
  })
  .meta({ id: 'BoundingBox', description: 'Pixels of the picture after its EXIF turn.' });

/** What goes with one picture. `detect_ts`: seconds or frame time of the client's own, kept and given back. */
const perPicture = {
  face_bounding_boxes: z.array(BoundingBox).max(maxItems).optional(),
  detect_time: Time.optional(),
  detect_ts: z.number().optional(),
  image_origin: Link.max(maxUrlLength).optional(),
};

const UrlPicture = z.object({
  url: z.string().min(1).max(maxUrlLength),
  filename: z.string().max(255).optional(),
  ...perPicture,
});

/** `[{"filename", "face_bounding_boxes"}]`: boxes of one picture among several, by its file name or url. */
export const NamedBoxes = z.object({
  filename: z.string().max(maxUrlLength),
  face_bounding_boxes: z.array(BoundingBox),
});
export const Boxes = z.array(z.union([BoundingBox, NamedBoxes])).max(maxItems);
export type Boxes = z.infer<typeof Boxes>;

/** 16x16 grey pixels. */
const examplePng =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAAA1BMVEWIiIhYZW6zAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADElEQVQI12NgIA0AAAAwAAHHqoWOAAAAAElFTkSuQmCC';

export const PicturesBody = z
  .object({
    urls: z
      .array(z.union([z.string().min(1).max(maxUrlLength), UrlPicture]))
      .min(1)
      .max(maxItems)
      .optional(),
    image: z.string().min(1).optional().meta({ format: 'byte', description: 'base64' }),
    mimetype: z.enum([...imageContentTypes, ...base64ImageContentTypes]).optional(),
    filename: z.string().max(255).optional(),
    samples: z.array(Uuid).min(1).max(maxItems).optional(),
    sample_ids: z.array(Uuid).min(1).max(maxItems).optional(),
    body_bounding_boxes: z.array(z.unknown()).max(maxItems).optional(),
    policies: z.unknown().optional(),
    meta: Meta.optional(),
    ...perPicture,
    face_bounding_boxes: Boxes.optional(),
  })
  .meta({
    id: 'PicturesBody',
    example: { image: examplePng, mimetype: 'image/png', filename: 'grey.png' },
    description:
      'Pictures by `urls` (http and https; `/6/images/{id}` and `/6/samples/faces/{id}` are read from the store), as ' +
      `\`image\` with \`mimetype\`, or stored face \`samples\`. At most ${limits.picturesPerRequest} together. ` +
      '`policies` belong to dynamic handlers.',
  });
export type PicturesBody = z.infer<typeof PicturesBody>;

const binary = { schema: { type: 'string' as const, format: 'binary' } };
const base64 = { schema: { type: 'string' as const, format: 'byte' } };

/**
 * `request.body` of a route that takes pictures. The schemas are for the document only: the body is read by
 * `Pictures.read`, once, whatever its type. The router registers `PicturesBody`.
 */
export const picturesRequestBody = {
  required: true,
  content: {
    ...Object.fromEntries(imageContentTypes.map((type) => [type, binary])),
    ...Object.fromEntries(base64ImageContentTypes.map((type) => [type, base64])),
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        description:
          'One part per picture with an image content type; its file name is reported. JSON parts by name: `policies`, ' +
          '`meta`, `face_bounding_boxes`.',
        additionalProperties: true,
      },
    },
    'application/json': { schema: { $ref: '#/components/schemas/PicturesBody' } },
  },
};

/** What a token needs to name stored pictures in a body: by their own url, or samples by their ids. */
export const storedPictureRights = [
  { object: 'image', right: 'view' },
  { object: 'face_sample', right: 'view' },
] as const;
