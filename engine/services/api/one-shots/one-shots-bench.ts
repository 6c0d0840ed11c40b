/** For tests: the one-shot resources over real storage; only the networks are canned. */
import { createLog } from '#kernel/log';
import { createAttributesRoutes } from '../../faces/attributes.routes.ts';
import { createAttributes } from '../../faces/attributes.service.ts';
import { createCannedInference, fakeJpeg, putPeople } from '../../handlers/handlers-bench.ts';
import { createImageStoreRoutes } from '../../image-store/image-store.routes.ts';
import { createImageStore, type ImageStore } from '../../image-store/image-store.service.ts';
import { openRouteBench } from '../../route-bench.ts';
import { createPictures } from '../pictures/pictures.ts';
import { createDetector } from './detector.ts';
import { createExtractor } from './extractor.ts';
import { createIso } from './iso.ts';
import { createOneShotRoutes } from './one-shots.routes.ts';
import { createSdk } from './sdk.ts';

/** `imagesOf` may put a failing image store in place of the real one. */
export function openOneShotsBench(imagesOf: (store: ImageStore) => ImageStore = (same) => same) {
  const inference = createCannedInference();
  putPeople(inference);
  const bench = openRouteBench(({ storage, clock, ids }) => {
    const images = imagesOf(createImageStore({ storage, clock, ids, log: createLog('silent') }));
    const externalAddress = () => 'http://box:5000';
    const attributes = createAttributes({ storage, clock, ids });
    const urlFetch = { fetch: async () => fakeJpeg('ann') };
    const iso = createIso({ inference });
    const detector = createDetector({ inference, images, storage });
    const extractor = createExtractor({ inference, images, attributes, externalAddress });
    const pictures = createPictures({ urlFetch, images, externalAddress });
    return [
      createOneShotRoutes({ pictures, detector, sdk: createSdk({ inference }), extractor, iso }),
      createImageStoreRoutes({ images }),
      createAttributesRoutes({ attributes, externalAddress }),
    ];
  });
  const jpeg = { 'Content-Type': 'image/jpeg' };
  const post = (path: string, word: string, headers: Record<string, string> = {}) =>
    bench.call('POST', path, { body: fakeJpeg(word), headers: { ...jpeg, ...headers } });
  return { ...bench, inference, post };
}
