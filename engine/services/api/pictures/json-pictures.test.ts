import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '#contract/established/names';
import { isLunaError, lunaError } from '#kernel/errors';
import { createJsonPictures } from './json-pictures.ts';

const mebi = 1024 * 1024;
const jpegOf = (bytes: number): Uint8Array => {
  const picture = new Uint8Array(bytes);
  picture.set([0xff, 0xd8, 0xff, 0xe0]);
  return picture;
};
const id = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const options = { imageType: 'raw', visibleTo: null, requireView: () => {}, hold: () => {} } as const;

/** Reads pictures whose urls and ids all bring `bytes`. `reading` counts the most stored ones at once. */
function readerOf(bytes: number) {
  const seen = { reading: 0, most: 0, read: 0 };
  const read = createJsonPictures({
    externalAddress: () => null,
    urlFetch: {
      async fetch(_url, count = () => {}) {
        for (let left = bytes; left > 0; left -= mebi) {
          await new Promise(setImmediate);
          count(Math.min(left, mebi));
        }
        seen.read += 1;
        return jpegOf(bytes);
      },
    },
    images: {
      async read() {
        seen.reading += 1;
        seen.most = Math.max(seen.most, seen.reading);
        await new Promise(setImmediate);
        seen.reading -= 1;
        seen.read += 1;
        return { bytes: jpegOf(bytes) };
      },
    },
  });
  return { read, seen };
}

const pictures = suite('pictures named in JSON');

pictures('all urls of a request together bring no more than a body may', async () => {
  const { read, seen } = readerOf(20 * mebi);
  const urls = Array.from({ length: 30 }, (_, i) => `http://camera/${i}`);
  const found = await read({ urls }, options);
  const refused = found.filter(({ content }) => isLunaError(content, 'BodyTooLarge')).length;
  assert.is(refused, 30 - seen.read);
  assert.ok(seen.read * 20 * mebi <= limits.requestBody, `${seen.read} were read`);
});

pictures('stored pictures are read one after the other, up to the same limit', async () => {
  const { read, seen } = readerOf(30 * mebi);
  const found = await read({ samples: Array.from({ length: 30 }, () => id) }, options);
  assert.is(seen.most, 1);
  assert.is(found.filter(({ content }) => content instanceof Uint8Array).length, 3);
  assert.is(seen.read, 4, 'once the limit is passed nothing more is read');
});

pictures(
  'what they bring counts against the memory of all requests, and a full one is no fault of theirs',
  async () => {
    let held = 0;
    const hold = (bytes: number): void => {
      held += bytes;
      if (held > 3 * mebi) throw lunaError('ServiceBusy', { queue: 'request bodies' });
    };
    await readerOf(mebi).read({ urls: ['http://camera/1'], samples: [id] }, { ...options, hold });
    assert.is(held, 2 * mebi);
    try {
      await readerOf(mebi).read({ urls: ['http://camera/1', `/6/images/${id}`] }, { ...options, hold });
      assert.unreachable();
    } catch (error) {
      assert.ok(isLunaError(error, 'ServiceBusy'));
    }
  },
);

pictures.run();
