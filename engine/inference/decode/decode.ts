import sharp from 'sharp';
import type { PictureFormat } from '#domain/face/estimation';
import { formatOf } from '#domain/picture-format';
import { isLunaError, lunaError } from '#kernel/errors';
import { decodeBmp } from './bmp.ts';
import { type ExifTags, readExif } from './exif.ts';
import { decodeNetpbm, spreadGrey } from './netpbm.ts';
import { checkSize, type Pixels } from './pixels.ts';

export interface DecodedPicture extends Pixels {
  format: PictureFormat;
  exif: ExifTags | null;
}

export interface DecodeOptions {
  /** Turn the picture as its EXIF orientation says. */
  useExifInfo: boolean;
  /** Read the EXIF tags too. */
  exif: boolean;
  /** Checked from the header, before anything is decoded. */
  maxPixels: number;
  timeoutSeconds: number;
}

/** Pixels by libvips: JPEG, PNG, TIFF, WebP, GIF; the first frame of an animation; alpha dropped; sRGB, 8 bits. */
async function decodeByVips(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels & { exif: ExifTags | null }> {
  const input = { failOn: 'error', limitInputPixels: options.maxPixels, pages: 1, sequentialRead: true } as const;
  const { width = 0, height = 0, exif } = await sharp(bytes, { ...input, limitInputPixels: false }).metadata();
  checkSize(width, height, options.maxPixels);
  const source = sharp(bytes, input).timeout({ seconds: options.timeoutSeconds });
  const turned = options.useExifInfo ? source.autoOrient() : source;
  const { data, info } = await turned
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    data: info.channels === 1 ? spreadGrey(pixels) : pixels,
    width: info.width,
    height: info.height,
    exif: options.exif && exif ? readExif(exif) : null,
  };
}

/**
 * Bytes of a picture to pixels. Throws `ImageLoading` 100022 for bytes that are no picture of a known format,
 * `ImageSize` 100028 by the header, `RequestTimeout`, and `ImageConversion` 18002 for data that are truncated or broken.
 */
export async function decodePicture(bytes: Uint8Array, options: DecodeOptions): Promise<DecodedPicture> {
  const format = formatOf(bytes);
  if (format === null) throw lunaError('ImageLoading', { reason: 'not a picture of a known format' });
  if (format === 'ppm') return { ...decodeNetpbm(bytes, options.maxPixels), format, exif: null };
  if (format === 'bmp') return { ...decodeBmp(bytes, options.maxPixels), format, exif: null };
  try {
    return { ...(await decodeByVips(bytes, options)), format };
  } catch (error) {
    if (isLunaError(error)) throw error;
    const message = (error as Error).message.split('\n')[0] ?? '';
    if (/timeout/i.test(message)) throw lunaError('RequestTimeout', { what: 'decoding the picture' }, error);
    throw lunaError('ImageConversion', { reason: message }, error);
  }
}
