import type { PictureFormat } from './face/estimation.ts';

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, Math.min(text.length, bytes.length - at))).toString(
    'latin1',
  ) === text;

/** What the first bytes say a file is; null for anything else than a picture format we know. */
export function formatOf(bytes: Uint8Array): PictureFormat | null {
  if (startsWith(bytes, '\xff\xd8\xff')) return 'jpeg';
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'png';
  if (startsWith(bytes, 'BM')) return 'bmp';
  if (startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*')) return 'tiff';
  if (/^P[1-6]\s/.test(Buffer.from(bytes.subarray(0, 3)).toString('latin1'))) return 'ppm';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'webp';
  if (startsWith(bytes, 'GIF8')) return 'gif';
  return null;
}
