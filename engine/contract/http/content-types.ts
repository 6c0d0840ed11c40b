import type { PictureFormat } from '#domain/face/estimation';

/** What each picture format is called as a content type. */
export const contentTypeOfFormat: Readonly<Record<PictureFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  ppm: 'image/x-portable-pixmap',
  webp: 'image/webp',
  gif: 'image/gif',
};

const formats = Object.keys(contentTypeOfFormat) as PictureFormat[];

/** The format that a content type without parameters declares; undefined for what is no picture. */
export function formatOfContentType(contentType: string): PictureFormat | undefined {
  return formats.find((format) => contentTypeOfFormat[format] === contentType);
}

/** `type/subtype` in lower case, without parameters; empty when there is none. */
export function mimeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
