import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'bmp-ts';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLunaError } from '#kernel/errors';
import { type DecodedPicture, decodePicture } from './decode.ts';

const options = { useExifInfo: true, exif: false, maxPixels: 64_000_000, timeoutSeconds: 10 };
const photo = readFileSync('node_modules/@vladmandic/face-api/demo/sample1.jpg');
const small = sharp(photo).resize(160, 120, { fit: 'fill' });
const expected = await decodePicture(await small.clone().png().toBuffer(), options);

/** Mean absolute difference of the channels, 0..255. */
function difference(a: DecodedPicture, b: DecodedPicture): number {
  assert.is(a.width, b.width);
  assert.is(a.height, b.height);
  assert.is(a.data.length, b.data.length);
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] as number)), 0) / a.data.length;
}

function netpbm(header: string, samples: Iterable<number>): Buffer {
  return Buffer.concat([Buffer.from(header), Uint8Array.from(samples)]);
}

const decoding = suite('decoding pictures');
const rgb = [...expected.data];
const rgba = await small.clone().ensureAlpha().raw().toBuffer();

const forms: readonly [name: string, bytes: () => Promise<Buffer> | Buffer, tolerance: number][] = [
  ['JPEG', () => small.clone().jpeg({ quality: 95 }).toBuffer(), 4],
  ['progressive JPEG', () => small.clone().jpeg({ quality: 95, progressive: true }).toBuffer(), 4],
  ['CMYK JPEG', () => small.clone().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 12],
  ['16-bit PNG', () => small.clone().toColourspace('rgb16').png().toBuffer(), 1],
  ['palette PNG', () => small.clone().png({ palette: true, colours: 256 }).toBuffer(), 12],
  ['PNG with alpha', () => small.clone().ensureAlpha().png().toBuffer(), 0],
  ['TIFF', () => small.clone().tiff({ compression: 'lzw' }).toBuffer(), 0],
  ['WebP', () => small.clone().webp({ lossless: true }).toBuffer(), 0],
  ['GIF', () => small.clone().gif().toBuffer(), 14],
  [
    'BMP',
    () =>
      Buffer.from(
        encode({ data: bgraOf(rgba), width: 160, height: 120, bitPP: 24 } as unknown as Parameters<typeof encode>[0])
          .data,
      ),
    0,
  ],
  ['raw PPM', () => netpbm('P6\n# a comment\n160 120\n255\n', rgb), 0],
  ['plain PPM', () => Buffer.from(`P3 160 120 255 ${rgb.join(' ')}\n`), 0],
  [
    '16-bit PPM',
    () =>
      netpbm(
        'P6 160 120 65535\n',
        rgb.flatMap((value) => [value, value]),
      ),
    0,
  ],
];

/** bmp-ts takes pixels as alpha, blue, green, red. */
function bgraOf(pixels: Buffer): Buffer {
  const swapped = Buffer.alloc(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    swapped[i] = 255;
    swapped[i + 1] = pixels[i + 2] as number;
    swapped[i + 2] = pixels[i + 1] as number;
    swapped[i + 3] = pixels[i] as number;
  }
  return swapped;
}

for (const [name, bytes, tolerance] of forms) {
  decoding(`${name} gives the same pixels`, async () => {
    assert.ok(difference(await decodePicture(await bytes(), options), expected) <= tolerance);
  });
}

decoding('grey pictures have three equal channels', async () => {
  const grey = await decodePicture(await small.clone().greyscale().jpeg().toBuffer(), options);
  assert.is(grey.data.length, 160 * 120 * 3);
  assert.is(grey.data[0], grey.data[1]);
  const pgm = await decodePicture(netpbm('P5 160 120 255\n', rgb.slice(0, 160 * 120)), options);
  assert.is(pgm.data[3 * 17], pgm.data[3 * 17 + 2]);
});

decoding('a bitmap of ones and zeroes is black and white', async () => {
  const pbm = await decodePicture(
    netpbm(
      'P4 16 16\n',
      Array.from({ length: 32 }, (_, i) => (i % 2 ? 0xff : 0)),
    ),
    options,
  );
  assert.equal([...pbm.data.slice(0, 3), ...pbm.data.slice(24, 27)], [255, 255, 255, 0, 0, 0]);
});

decoding('an animation gives its first frame', async () => {
  const frames = await sharp([await small.clone().png().toBuffer(), await small.clone().negate().png().toBuffer()], {
    join: { animated: true },
  })
    .gif()
    .toBuffer();
  const first = await decodePicture(frames, options);
  assert.equal([first.width, first.height], [160, 120]);
  assert.ok(difference(first, expected) < 14);
});

decoding('the EXIF turn is followed or not, as asked', async () => {
  const turned = await small.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const followed = await decodePicture(turned, options);
  assert.equal([followed.width, followed.height], [120, 160]);
  const ignored = await decodePicture(turned, { ...options, useExifInfo: false });
  assert.equal([ignored.width, ignored.height], [160, 120]);
});

decoding('EXIF tags are read on demand', async () => {
  const tagged = await small
    .clone()
    .withExif({ IFD0: { Make: 'Camera', Model: 'Gate 1' } })
    .jpeg()
    .toBuffer();
  assert.is((await decodePicture(tagged, { ...options, exif: true })).exif?.['Make'], 'Camera');
  assert.is((await decodePicture(tagged, options)).exif, null);
  assert.is((await decodePicture(jpeg, { ...options, exif: true })).exif, null);
});

function chunk(type: string, data: Uint8Array): Buffer {
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length);
  whole.write(type, 4);
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), data.length + 8);
  return whole;
}
/** A well-formed PNG of a few bytes that says it has these sides. */
function pngBomb(width: number, height: number): Buffer {
  const header = Buffer.from('00000000000000000802000000', 'hex');
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
function bmpHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(24, 28);
  return header;
}

const jpeg = await small.clone().jpeg().toBuffer();
const bad: readonly [name: string, bytes: Uint8Array, error: Parameters<typeof isLunaError>[1] & string][] = [
  ['no bytes', new Uint8Array(), 'ImageLoading'],
  ['text', Buffer.from('hello'), 'ImageLoading'],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'), 'ImageLoading'],
  ['a truncated JPEG', jpeg.subarray(0, jpeg.length / 2), 'ImageConversion'],
  ['only the start of a JPEG', jpeg.subarray(0, 20), 'ImageConversion'],
  ['a JPEG of noise', Buffer.concat([jpeg.subarray(0, 4), Buffer.alloc(5000, 0x5a)]), 'ImageConversion'],
  ['a PNG that promises 65535x65535', pngBomb(65_535, 65_535), 'ImageSize'],
  ['a BMP that promises 65535x65535', bmpHeader(65_535, 65_535), 'ImageSize'],
  ['a BMP without its pixels', bmpHeader(100, 100), 'ImageConversion'],
  ['a PPM that promises 65535x65535', Buffer.from('P6 65535 65535 255\n'), 'ImageSize'],
  ['a PPM that ends early', Buffer.from('P6 100 100 255\nabc'), 'ImageConversion'],
  ['a PPM of words', Buffer.from('P3 wide high 255\n'), 'ImageConversion'],
  [
    'a picture of one pixel',
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
    'ImageSize',
  ],
];
for (const [name, bytes, error] of bad) {
  decoding(`${name} is refused`, async () => {
    let thrown: unknown;
    await decodePicture(bytes, options).catch((e: unknown) => {
      thrown = e;
    });
    assert.ok(isLunaError(thrown, error), String(thrown));
  });
}

decoding('a real picture over the pixel limit is refused by its header', async () => {
  let thrown: unknown;
  await decodePicture(photo, { ...options, maxPixels: 10_000 }).catch((e: unknown) => {
    thrown = e;
  });
  assert.ok(isLunaError(thrown, 'ImageSize'), String(thrown));
});

decoding.run();
