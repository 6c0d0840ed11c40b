import { lunaError } from '#kernel/errors';
import { checkSize, type Pixels } from './pixels.ts';

/** Reader of the header and of plain numbers: white space between tokens, `#` comments to the end of the line. */
function createScanner(bytes: Uint8Array): { number(): number; digit(): number; skipOne(): void; position(): number } {
  let at = 2;
  const skipBlank = (): void => {
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at++;
      else if (byte > 0x20) return;
    }
  };
  const fail = (): never => {
    throw lunaError('ImageConversion', { reason: 'the PPM data are broken' });
  };
  return {
    number() {
      skipBlank();
      const start = at;
      let value = 0;
      for (; at < bytes.length && at - start < 9; at++) {
        const digit = (bytes[at] as number) - 0x30;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      return at === start ? fail() : value;
    },
    digit() {
      skipBlank();
      const value = (bytes[at++] ?? 0) - 0x30;
      return value === 0 || value === 1 ? value : fail();
    },
    skipOne() {
      at += 1;
    },
    position: () => at,
  };
}

/**
 * Decodes P1 to P6 (bitmap, grey and colour; plain and raw; up to 16 bits) to RGB. Format: netpbm's pbm(5), pgm(5),
 * ppm(5). Throws `ImageSize` for its sides and `ImageConversion` for anything that is not such a file.
 */
export function decodeNetpbm(bytes: Uint8Array, maxPixels: number): Pixels {
  const kind = (bytes[1] ?? 0) - 0x30;
  const scanner = createScanner(bytes);
  const [width, height] = [scanner.number(), scanner.number()];
  checkSize(width, height, maxPixels);
  const isBitmap = kind === 1 || kind === 4;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const maxValue = isBitmap ? 1 : scanner.number();
  if (maxValue < 1 || maxValue > 65_535) throw lunaError('ImageConversion', { reason: `PPM maximum ${maxValue}` });
  const samples = new Uint8Array(width * height * channels);
  if (kind <= 3) {
    for (let i = 0; i < samples.length; i++) {
      const value = isBitmap ? 1 - scanner.digit() : scanner.number();
      samples[i] = (Math.min(value, maxValue) * 255) / maxValue;
    }
  } else {
    scanner.skipOne();
    const start = scanner.position();
    const rowBytes = isBitmap ? Math.ceil(width / 8) : width * channels * (maxValue > 255 ? 2 : 1);
    if (bytes.length - start < rowBytes * height) {
      throw lunaError('ImageConversion', { reason: 'the PPM data end early' });
    }
    for (let i = 0; i < samples.length; i++) {
      if (isBitmap) {
        const [x, y] = [i % width, Math.floor(i / width)];
        const byte = bytes[start + y * rowBytes + (x >> 3)] as number;
        samples[i] = (byte >> (7 - (x & 7))) & 1 ? 0 : 255;
      } else if (maxValue > 255) {
        const value = ((bytes[start + 2 * i] as number) << 8) | (bytes[start + 2 * i + 1] as number);
        samples[i] = (Math.min(value, maxValue) * 255) / maxValue;
      } else {
        samples[i] = (Math.min(bytes[start + i] as number, maxValue) * 255) / maxValue;
      }
    }
  }
  return { data: channels === 3 ? samples : spreadGrey(samples), width, height };
}

/** One channel to three equal ones. */
export function spreadGrey(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(grey.length * 3);
  for (let i = 0, o = 0; i < grey.length; i++, o += 3) {
    const value = grey[i] as number;
    data[o] = value;
    data[o + 1] = value;
    data[o + 2] = value;
  }
  return data;
}
