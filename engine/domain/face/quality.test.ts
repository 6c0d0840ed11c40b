import sharp, { type Sharp } from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blurrinessOf, qualityOf } from './quality.ts';

const size = 150;
/** A face of the demonstration set, about as the descriptor network sees it. */
const face = sharp('node_modules/@vladmandic/face-api/demo/sample6.jpg');
const pixelsOf = async (picture: Sharp): Promise<Uint8Array> => picture.removeAlpha().raw().toBuffer();
const chip = face.clone().extract({ left: 230, top: 530, width: 230, height: 230 }).resize(size, size);
const whole = qualityOf(await pixelsOf(chip), size);

const quality = suite('face quality');

quality('every member of a photograph is between 0 and 1', () => {
  for (const [name, value] of Object.entries(whole)) assert.ok(value >= 0 && value <= 1, `${name} ${value}`);
});

const worse: readonly [member: keyof typeof whole, what: string, spoil: () => Sharp][] = [
  ['blurriness', 'a blurred picture', () => chip.clone().blur(3)],
  ['dark', 'a picture that is too dark', () => chip.clone().linear(0.15, 0)],
  ['light', 'a picture that is too light', () => chip.clone().linear(3, 60)],
  ['specularity', 'a picture with a flash on it', () => chip.clone().linear(2, 60).greyscale().toColourspace('srgb')],
];
for (const [member, what, spoil] of worse) {
  quality(`${what} has a lower ${member}`, async () => {
    const spoilt = spoil().png();
    const pixels = await sharp(await spoilt.toBuffer())
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const rgb =
      pixels.info.channels === 3
        ? pixels.data
        : Uint8Array.from({ length: size * size * 3 }, (_, i) => pixels.data[Math.floor(i / 3)] as number);
    const result = qualityOf(rgb, size);
    assert.ok(result[member] < whole[member] - 0.1, `${result[member]} after ${whole[member]}`);
  });
}

quality('a face lit from one side has a lower illumination than one lit evenly', () => {
  const lit = (left: number, right: number) =>
    Uint8Array.from({ length: size * size * 3 }, (_, i) => (Math.floor(i / 3) % size < size / 2 ? left : right));
  assert.is(qualityOf(lit(120, 120), size).illumination, 1);
  assert.is(qualityOf(lit(200, 60), size).illumination, 0);
});

quality('a flat surface has no sharpness at all', () => {
  assert.is(qualityOf(new Uint8Array(size * size * 3).fill(128), size).blurriness, 0);
});

quality('blurriness alone is the same value', async () => {
  assert.is(blurrinessOf(await pixelsOf(chip), size), whole.blurriness);
});

quality.run();
