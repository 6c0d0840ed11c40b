import sharp from 'sharp';
import { imageContentTypes } from '#contract/established/names';
import { formatOfContentType } from '#contract/http/content-types';
import { formatOf } from '#domain/picture-format';
import { decodePicture } from '#inference/decode/decode';
import { isLunaError, type LunaError, lunaError } from '#kernel/errors';

const allowed: readonly string[] = imageContentTypes;

/**
 * Throws `BadContentType` 12017 for a type that no picture has, `ImageConversion` 18002 for bytes that are no picture,
 * `ContentTypeMismatch` 12025 when they are one of another format.
 */
export function requirePicture(contentType: string, bytes: Uint8Array): void {
  const declared = formatOfContentType(contentType);
  if (!declared || !allowed.includes(contentType))
    throw lunaError('BadContentType', { contentType, allowed: allowed.join(', ') });
  const actual = formatOf(bytes);
  if (actual === null) throw lunaError('ImageConversion', { reason: 'not a picture of a known format' });
  if (actual !== declared) throw lunaError('ContentTypeMismatch', { declared: contentType, actual });
}

/** Pixels of a sample, width x height (LP5 6.1). */
const sampleSizes = { face: [250, 250], body: [128, 256] } as const;
export type SampleKind = keyof typeof sampleSizes;

const jpegQuality = 95;
/** A sample has 62,500 pixels; what is far from that is refused by its header. */
const maxPixels = 1_000_000;

function sizeError(kind: SampleKind, width: number, height: number): LunaError {
  return lunaError(kind === 'face' ? 'FaceWarpSize' : 'BodyWarpSize', { width, height });
}

/**
 * A sample as it is stored: JPEG. A JPEG that decodes is kept byte for byte. Throws what `requirePicture` throws,
 * `ImageConversion` 18002 for broken data, `FaceWarpSize` or `BodyWarpSize` 11030.
 */
export async function toSampleJpeg(kind: SampleKind, contentType: string, bytes: Uint8Array): Promise<Uint8Array> {
  requirePicture(contentType, bytes);
  const [width, height] = sampleSizes[kind];
  const options = { useExifInfo: false, exif: false, maxPixels, timeoutSeconds: 10 };
  const picture = await decodePicture(bytes, options).catch((error: unknown) => {
    if (!isLunaError(error, 'ImageSize')) throw error;
    // The decoder's own error names the size that its header check found.
    const [, foundWidth = 0, foundHeight = 0] = /(\d+)x(\d+)/.exec(error.message) ?? [];
    throw sizeError(kind, Number(foundWidth), Number(foundHeight));
  });
  if (picture.width !== width || picture.height !== height) throw sizeError(kind, picture.width, picture.height);
  if (picture.format === 'jpeg') return bytes;
  return sharp(picture.data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: jpegQuality, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
