/** For tests: the Handlers service over real storage and a real matcher; only the networks are canned. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BusMessages } from '#contract/events/bus';
import { defaultDescriptorVersion } from '#domain/descriptor/descriptor';
import type { EstimationRequest, FaceEstimate, PictureEstimate } from '#domain/face/estimation';
import { createBus } from '#kernel/bus';
import { lunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { createMatching } from '#matching/matching';
import type { Storage } from '#storage/storage';
import { createPictures } from '../api/pictures/pictures.ts';
import { createAttributesRoutes } from '../faces/attributes.routes.ts';
import { createAttributes } from '../faces/attributes.service.ts';
import { createFacesRoutes } from '../faces/faces.routes.ts';
import { createFaces } from '../faces/faces.service.ts';
import { createListsRoutes } from '../faces/lists.routes.ts';
import { createLists } from '../faces/lists.service.ts';
import { createImageStoreRoutes } from '../image-store/image-store.routes.ts';
import { createImageStore } from '../image-store/image-store.service.ts';
import { createMatcher } from '../matcher/matcher.service.ts';
import { MatcherSettings } from '../matcher/matcher.settings.ts';
import { openRouteBench, type RouteBench } from '../route-bench.ts';
import { createSender } from '../sender/sender.service.ts';
import { createEventGenerationRoutes } from './events/events.routes.ts';
import { createHandlerBook } from './handler-book.ts';
import { createHandlersRoutes } from './handlers.routes.ts';
import { createHandlers } from './handlers.service.ts';
import { createRawEventsRoutes } from './raw-events/raw-events.routes.ts';
import { createRawEvents } from './raw-events/raw-events.service.ts';
import { createVerifierBook } from './verifiers/verifier-book.ts';
import { createVerifiersRoutes } from './verifiers/verifiers.routes.ts';
import { createVerifiers } from './verifiers/verifiers.service.ts';

/** First bytes of a JPEG, and enough behind them to tell pictures apart. */
export function fakeJpeg(word = ''): Uint8Array {
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(word)]);
}

/** Person `who` as a descriptor: pictures of one person are near each other, those of two people far apart. */
export function descriptorOf(who: number, blur = 0): Float32Array {
  return Float32Array.from(
    { length: 128 },
    (_, i) => 0.15 * Math.sin((i + 1) * (who + 1) * 1.7) + blur * 0.001 * (i % 3),
  );
}

/** One face with everything estimated. */
export function faceOf(who: number, more: Partial<FaceEstimate> = {}): FaceEstimate {
  return {
    rect: { x: 100, y: 80, width: 160, height: 200 },
    detectionScore: 0.97,
    landmarks5: [
      [140, 150],
      [220, 151],
      [181, 190],
      [150, 235],
      [212, 236],
    ],
    landmarks68: null,
    headPose: { yaw: 2, pitch: -3, roll: 1 },
    emotions: { anger: 0, disgust: 0, fear: 0, happiness: 0.8, neutral: 0.2, sadness: 0, surprise: 0 },
    gaze: null,
    eyes: null,
    mouth: null,
    quality: { light: 1, dark: 0.9, blurriness: 0.8, illumination: 0.7, specularity: 0.6 },
    portrait: {
      dynamicRange: 0.8,
      colorType: 'color',
      naturalLight: 1,
      backgroundUniformity: 0.9,
      backgroundLightness: 0.7,
      redEyes: null,
    },
    basicAttributes: { age: 31, gender: 1, maleProbability: 0.9 },
    liveness: null,
    descriptor: { version: defaultDescriptorVersion, vector: descriptorOf(who), score: 0.9 },
    warpJpeg: fakeJpeg(`warp of ${who}`),
    ...more,
  };
}

/** Gives canned faces by the bytes of the picture, and null for what was not asked for. */
export function createCannedInference() {
  const faces = new Map<string, FaceEstimate[]>();
  const asked: EstimationRequest[] = [];
  let exif: PictureEstimate['exif'] = null;
  const trim = (face: FaceEstimate, request: EstimationRequest): FaceEstimate => ({
    ...face,
    headPose: request.headPose && request.imageType === 'raw' ? face.headPose : null,
    emotions: request.emotions ? face.emotions : null,
    quality: request.quality ? face.quality : null,
    portrait: request.portrait ? face.portrait : null,
    basicAttributes: request.basicAttributes ? face.basicAttributes : null,
    liveness: request.liveness ? face.liveness : null,
    descriptor: request.descriptor ? face.descriptor : null,
    warpJpeg: request.warp ? face.warpJpeg : null,
  });
  return {
    asked,
    /** The tags that every picture shall have from now on. */
    putExif(tags: PictureEstimate['exif']): void {
      exif = tags;
    },
    /** What the networks shall find in pictures that end with `word`. */
    put: (word: string, ...found: FaceEstimate[]): void => void faces.set(word, found),
    async estimate(picture: Uint8Array, request: EstimationRequest): Promise<PictureEstimate> {
      asked.push(request);
      const word = Buffer.from(picture.subarray(4)).toString();
      if (word === 'broken') throw lunaError('ImageConversion', { reason: 'broken on purpose' });
      const found = (faces.get(word) ?? []).map((face) => trim(face, request));
      const tags = request.exif ? exif : null;
      return { width: 640, height: 480, format: 'jpeg', exif: tags, faces: found, stagesMs: {} };
    },
  };
}

/** `kernels`: of `prepareKernels`. `storageOf` may put a failing storage in place of the real one. */
export async function openHandlersBench(
  kernels: string,
  storageOf: (storage: Storage) => Storage = (same) => same,
  settings = MatcherSettings.parse(undefined),
) {
  const dir = mkdtempSync(join(tmpdir(), 'perigee-handlers-'));
  const log = createLog('silent');
  const inference = createCannedInference();
  putPeople(inference);
  const bus = createBus<BusMessages>((_, error) => {
    throw error;
  });
  const engine = createMatching({ kernels, log, dir: join(dir, 'galleries'), rerank: 'file', workers: 1 });
  const parts: { matcher?: ReturnType<typeof createMatcher> } = {};
  const bench = openRouteBench(({ storage: real, clock, ids }) => {
    const storage = storageOf(real);
    const matcher = createMatcher({
      storage: real,
      engine,
      settings,
      ids,
      clock,
      log,
    });
    const images = createImageStore({ storage, clock, ids, log });
    const device = { deviceId: 'box', boot: 1 };
    const sender = createSender({ clock, ids, device, clockState: () => 'ntp' });
    const externalAddress = () => 'http://box:5000';
    const urlFetch = { fetch: async (url: string) => fakeJpeg(new URL(url).pathname.slice(1)) };
    const pictures = createPictures({ urlFetch, images, externalAddress });
    const book = createHandlerBook({ storage, clock, ids, matchLimits: settings });
    const shared = { storage, images, sender, bus, clock, ids };
    const handlers = createHandlers({ ...shared, book, inference, matching: matcher, detector: () => 'canned' });
    const rawEvents = createRawEvents({ ...shared, book });
    const verifierBook = createVerifierBook({ storage, clock, ids });
    const verifiers = createVerifiers({ ...shared, book: verifierBook, inference, matching: matcher });
    parts.matcher = matcher;
    return [
      createHandlersRoutes({ book }),
      createEventGenerationRoutes({ handlers, pictures, clock }),
      createRawEventsRoutes({ rawEvents }),
      createVerifiersRoutes({ book: verifierBook, verifiers, pictures }),
      createFacesRoutes({ faces: createFaces({ storage, clock, ids }), clock, externalAddress }),
      createListsRoutes({ lists: createLists({ storage, clock, ids }), externalAddress }),
      createAttributesRoutes({ attributes: createAttributes({ storage, clock, ids }), externalAddress }),
      createImageStoreRoutes({ images }),
    ];
  });
  await engine.start();
  await parts.matcher?.start();
  return {
    ...bench,
    bus,
    inference,
    async close() {
      await parts.matcher?.stop();
      await engine.stop();
      bench.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Pictures by the word they end with, see `fakeJpeg`. */
export function putPeople(inference: ReturnType<typeof createCannedInference>): void {
  inference.put('ann', faceOf(1));
  inference.put('ann again', faceOf(1, { descriptor: { version: 20001, vector: descriptorOf(1, 1), score: 0.5 } }));
  inference.put('bob', faceOf(2, { basicAttributes: { age: 60, gender: 0, maleProbability: 0.1 } }));
  inference.put('both', faceOf(1), faceOf(2, { rect: { x: 0, y: 0, width: 60, height: 70 } }));
  inference.put('turned', faceOf(3, { headPose: { yaw: 62.1, pitch: 0, roll: 0 } }));
  inference.put('thirty', ...Array.from({ length: 30 }, (_, i) => faceOf(i + 10)));
}

/** The calls that tests of event generation make again and again. */
export function eventCalls({ call }: Pick<RouteBench, 'call'>) {
  const jpeg = { 'Content-Type': 'image/jpeg' };
  return {
    jpeg,
    makeHandler: async (policies: object | undefined, more: object = {}): Promise<string> =>
      (await call('POST', '/handlers', { body: { policies, ...more } })).body.handler_id,
    makeList: async (userData = ''): Promise<string> =>
      (await call('POST', '/lists', { body: { user_data: userData } })).body.list_id,
    send: (handlerId: string, word: string, query = '', headers: Record<string, string> = {}) =>
      call('POST', `/handlers/${handlerId}/events${query}`, { body: fakeJpeg(word), headers: { ...jpeg, ...headers } }),
    form(...parts: [name: string, content: Uint8Array | string, type: string, filename?: string][]): FormData {
      const data = new FormData();
      for (const [name, content, type, filename] of parts) {
        data.append(name, new Blob([content as Uint8Array<ArrayBuffer>], { type }), filename ?? name);
      }
      return data;
    },
  };
}
