import { decode } from 'bmp-ts';
import { lunaError } from '#kernel/errors';
import { checkSize, type Pixels } from './pixels.ts';

/** Decodes a Windows bitmap to RGB. Throws `ImageSize` for its sides and `ImageConversion` for broken data. */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Pixels {
  if (bytes.length < 26) throw lunaError('ImageConversion', { reason: 'the BMP data end early' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // BITMAPCOREHEADER (12 bytes) holds 16-bit sides; all later headers 32-bit ones, height negative for top-down.
  const old = view.getUint32(14, true) === 12;
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = Math.abs(old ? view.getUint16(20, true) : view.getInt32(22, true));
  checkSize(width, height, maxPixels);
  try {
    const decoded = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { toRGBA: true });
    if (decoded.data.length < width * height * 4) throw new Error('the data end early');
    const data = new Uint8Array(width * height * 3);
    for (let i = 0, o = 0; o < data.length; i += 4, o += 3) {
      data[o] = decoded.data[i] as number;
      data[o + 1] = decoded.data[i + 1] as number;
      data[o + 2] = decoded.data[i + 2] as number;
    }
    return { data, width, height };
  } catch (error) {
    throw lunaError('ImageConversion', { reason: `BMP: ${(error as Error).message}` }, error);
  }
}
