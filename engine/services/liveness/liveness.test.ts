import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaceEstimate, Liveness } from '#domain/face/estimation';
import { undeterminedLiveness } from '#domain/face/liveness';
import { createPictures } from '../api/pictures/pictures.ts';
import { createCannedInference, faceOf, fakeJpeg } from '../handlers/handlers-bench.ts';
import { openRouteBench } from '../route-bench.ts';
import { createLivenessRoutes } from './liveness.routes.ts';
import { createLiveness } from './liveness.service.ts';

const inference = createCannedInference();
const withLiveness = (prediction: Liveness['prediction'], probability: number | null, quality: number | null) =>
  faceOf(1, { liveness: { prediction, probability, quality } });
const put = (word: string, ...faces: FaceEstimate[]): void => inference.put(word, ...faces);
put('live', withLiveness('real', 0.97, 0.9));
put('attack', withLiveness('spoof', 0.04, 0.8));
put('poor', withLiveness('real', 0.97, 0.3));
put('undecided', withLiveness('unknown', 0.55, 0.9));
put('tight', faceOf(1, { liveness: undeterminedLiveness }));
put('no pack', faceOf(1));
put('turned', faceOf(1, { liveness: undeterminedLiveness, headPose: { yaw: 50, pitch: 0, roll: 0 } }));
put('two', withLiveness('real', 0.97, 0.9), withLiveness('spoof', 0.1, 0.9));

const bench = openRouteBench(() => {
  const images = {
    read: async () => {
      throw new Error('no stored pictures here');
    },
  };
  const urlFetch = { fetch: async (url: string) => fakeJpeg(new URL(url).pathname.slice(1)) };
  const pictures = createPictures({ urlFetch, images, externalAddress: () => null });
  return [createLivenessRoutes({ pictures, liveness: createLiveness({ inference }) })];
});

function post(word: string, query = '') {
  return bench.call('POST', `/liveness${query}`, {
    body: fakeJpeg(word),
    headers: { 'Content-Type': 'image/jpeg' },
  });
}

function postAll(words: readonly string[], query = '') {
  const form = new FormData();
  for (const word of words) {
    form.append('image', new File([fakeJpeg(word) as Uint8Array<ArrayBuffer>], word, { type: 'image/jpeg' }));
  }
  form.append('meta', new Blob([JSON.stringify({ device: 'phone' })], { type: 'application/json' }));
  return bench.call('POST', `/liveness${query}`, { body: form });
}

/** `[prediction, probability, quality]` of every picture; the error number of one that failed. */
const resultsOf = (body: {
  images: { error: { error_code: number }; liveness: { prediction: number; estimations: Liveness } | null }[];
}) =>
  body.images.map(({ liveness, error }) =>
    liveness ? [liveness.prediction, liveness.estimations.probability, liveness.estimations.quality] : error.error_code,
  );

const liveness = suite('liveness');
liveness.after(() => bench.close());

liveness('a living face is 1, an attack 0, each with its numbers', async () => {
  const { status, body } = await post('live');
  assert.is(status, 200);
  assert.equal(body, {
    images: [
      {
        filename: 'raw image',
        status: 1,
        error: body.images[0].error,
        liveness: { prediction: 1, estimations: { probability: 0.97, quality: 0.9 } },
      },
    ],
    aggregate_estimations: null,
  });
  assert.is(body.images[0].error.error_code, 0);
  assert.equal(resultsOf((await post('attack')).body), [[0, 0.04, 0.8]]);
});

liveness('without a liveness network the answer is unknown, without numbers', async () => {
  assert.equal(resultsOf((await post('no pack')).body), [[2, null, null]]);
});

liveness('what the network cannot tell is unknown whatever the thresholds', async () => {
  for (const query of ['', '?liveness_threshold=0', '?liveness_threshold=0&quality_threshold=0']) {
    assert.equal(resultsOf((await post('tight', query)).body), [[2, null, null]]);
    assert.equal(resultsOf((await post('undecided', query)).body), [[2, 0.55, 0.9]]);
  }
});

liveness('thresholds decide: quality below its own is unknown, probability from its own on is real', async () => {
  assert.equal(resultsOf((await post('poor')).body), [[2, 0.97, 0.3]]);
  assert.equal(resultsOf((await post('poor', '?quality_threshold=0.3')).body), [[1, 0.97, 0.3]]);
  assert.equal(resultsOf((await post('live', '?liveness_threshold=0.98')).body), [[0, 0.97, 0.9]]);
  assert.equal(resultsOf((await post('live', '?liveness_threshold=0.97')).body), [[1, 0.97, 0.9]]);
});

liveness('a face turned beyond the wanted angle is unknown', async () => {
  assert.equal(resultsOf((await post('turned', '?yaw_threshold=30')).body), [[2, null, null]]);
});

liveness('what is wrong with one picture is told in its place, the others are answered', async () => {
  const { status, body } = await postAll(['live', 'broken', 'empty', 'two', 'attack']);
  assert.is(status, 200);
  assert.equal(resultsOf(body), [[1, 0.97, 0.9], 18002, 32018, 11038, [0, 0.04, 0.8]]);
  assert.equal(
    body.images.map(({ filename, status }: { filename: string; status: number }) => [filename, status]),
    [
      ['live', 1],
      ['broken', 0],
      ['empty', 0],
      ['two', 0],
      ['attack', 1],
    ],
  );
});

liveness('of several faces the best one is taken when that is asked for', async () => {
  assert.equal(resultsOf((await post('two', '?multiface_policy=2')).body), [[1, 0.97, 0.9]]);
});

liveness('the aggregate is the mean of what could be estimated, and undecided where that is', async () => {
  const aggregateOf = async (...words: string[]) => {
    const { aggregate_estimations: whole } = (await postAll(words, '?aggregate=1')).body;
    return whole && [whole.liveness.prediction, ...Object.values(whole.liveness.estimations)];
  };
  assert.equal(await aggregateOf('live', 'live', 'attack', 'tight', 'poor'), [1, 0.66, 0.8667]);
  assert.equal(await aggregateOf('live', 'attack'), [2, 0.505, 0.85]);
  assert.equal(await aggregateOf('live', 'attack', 'attack'), [0, 0.35, 0.8333]);
  assert.equal(await aggregateOf('undecided'), [2, 0.55, 0.9]);
  assert.equal(await aggregateOf('tight', 'no pack'), [2, null, null]);
  assert.is(await aggregateOf('empty', 'broken'), null);
});

liveness('pictures come by url too', async () => {
  const { body } = await bench.call('POST', '/liveness', {
    body: { urls: ['http://camera/live', 'http://camera/attack'] },
  });
  assert.equal(resultsOf(body), [
    [1, 0.97, 0.9],
    [0, 0.04, 0.8],
  ]);
});

liveness('bad requests are refused', async () => {
  for (const query of ['?aggregate=2', '?liveness_threshold=1.1', '?multiface_policy=3', '?image_type=9']) {
    assert.equal([(await post('live', query)).status, (await post('live', query)).body.error_code], [400, 12012]);
  }
  assert.is((await post('live', '?image_type=2')).status, 403);
  assert.is(
    (await bench.call('POST', '/liveness', { body: 'x', headers: { 'Content-Type': 'text/plain' } })).status,
    400,
  );
  assert.is((await bench.call('POST', '/liveness', { caller: null, body: fakeJpeg('live') })).status, 401);
});

liveness.run();
