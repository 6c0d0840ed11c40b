import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faceOf } from '../../handlers/handlers-bench.ts';
import { openOneShotsBench } from './one-shots-bench.ts';

/** What each switch of `/sdk` and `/detector` does to the answer. */
const bench = openOneShotsBench();
const { inference, post } = bench;
const alive = (prediction: 'real' | 'spoof', probability: number, quality: number) =>
  faceOf(1, { liveness: { prediction, probability, quality } });
inference.put('living', alive('real', 0.8, 0.6));
inference.put('attack', alive('spoof', 0.1, 0.6));
inference.put('bent', faceOf(1, { headPose: { yaw: 0, pitch: 31, roll: -42 } }));

interface Shown {
  faces: { attributes: { liveness: { prediction: string } | null }; landmarks5: unknown[] | null; rect: object }[];
  filtered: { filter_name: string; object_value: number | string; threshold_value: number }[];
}

/** The faces that a route shows of a picture, and why others were left out. Both routes tell the same. */
async function shownBy(query: string, word: string): Promise<Shown> {
  const sdk = (await post(`/sdk?${query}`, word)).body.images_estimations[0];
  const detector = (await post(`/detector?${query}`, word)).body.images[0];
  const shown = {
    faces: sdk.estimations.map(({ face }: { face: { detection: object } }) => face.detection),
    filtered: sdk.filtered_detections.face_detections.flatMap(
      (one: { filter_reasons: object[] }) => one.filter_reasons,
    ),
  };
  const { samples, filtered_detections } = detector.detections;
  assert.equal(
    samples.map(({ face }: { face: { detection: { landmarks5: unknown } } }) => face.detection.landmarks5),
    shown.faces.map(({ landmarks5 }: { landmarks5: unknown }) => landmarks5),
  );
  assert.equal(filtered_detections, sdk.filtered_detections);
  return shown;
}

const predictionOf = async (query: string, word: string): Promise<string | undefined> =>
  (await shownBy(query, word)).faces[0]?.attributes.liveness?.prediction;

const switches = suite('switches of one-shots');
switches.after(() => bench.close());

switches('liveness_threshold and quality_threshold judge the estimate', async () => {
  assert.is(await predictionOf('estimate_liveness=1', 'living'), 'real');
  assert.is(await predictionOf('estimate_liveness=1', 'attack'), 'spoof');
  assert.is(await predictionOf('estimate_liveness=1&liveness_threshold=0.81', 'living'), 'spoof');
  assert.is(await predictionOf('estimate_liveness=1&quality_threshold=0.61', 'living'), 'unknown');
  assert.is(await predictionOf('liveness_threshold=0.5', 'living'), undefined);
});

switches('liveness_states leaves out faces with other predictions, and has liveness estimated', async () => {
  assert.is((await shownBy('liveness_states=1', 'living')).faces.length, 1);
  assert.is((await shownBy('liveness_states=0,2', 'attack')).faces.length, 1);
  const { faces, filtered } = await shownBy('liveness_states=1,2', 'attack');
  assert.equal(faces, []);
  assert.equal(filtered, [{ filter_name: 'liveness_states', object_value: 'spoof', threshold_value: [1, 2] }]);
  assert.is((await shownBy('liveness_states=2', 'ann')).faces.length, 1, 'without a network it is unknown');
});

switches('pitch_threshold and roll_threshold leave out faces that are turned further', async () => {
  assert.is((await shownBy('pitch_threshold=31&roll_threshold=42', 'bent')).faces.length, 1);
  assert.equal((await shownBy('pitch_threshold=30', 'bent')).filtered, [
    { filter_name: 'pitch_threshold', object_value: 31, threshold_value: 30 },
  ]);
  assert.equal((await shownBy('roll_threshold=41', 'bent')).filtered, [
    { filter_name: 'roll_threshold', object_value: -42, threshold_value: 41 },
  ]);
});

switches('fd_score_threshold leaves out faces, without showing the descriptor that it needs', async () => {
  const answerOf = async (query: string) => (await post(`/sdk?${query}`, 'ann')).body.images_estimations[0];
  const [{ face }] = (await answerOf('fd_score_threshold=0.9')).estimations;
  assert.is(face.attributes.descriptor, null);
  const { estimations, filtered_detections } = await answerOf('fd_score_threshold=0.91');
  assert.equal(estimations, []);
  assert.equal(filtered_detections.face_detections[0].filter_reasons, [
    { filter_name: 'fd_score_threshold', object_value: 0.9, threshold_value: 0.91 },
  ]);
});

switches('score_threshold and use_exif_info reach the networks', async () => {
  await post('/sdk', 'ann');
  assert.equal([inference.asked.at(-1)?.scoreThreshold, inference.asked.at(-1)?.useExifInfo], [undefined, true]);
  for (const path of ['/sdk', '/detector']) {
    await post(`${path}?score_threshold=0.77&use_exif_info=0`, 'ann');
    assert.equal([inference.asked.at(-1)?.scoreThreshold, inference.asked.at(-1)?.useExifInfo], [0.77, false]);
  }
});

switches('image_type 1, or warped_image, takes the picture for a face sample; image_type decides', async () => {
  for (const [query, type] of [
    ['', 'raw'],
    ['warped_image=0', 'raw'],
    ['warped_image=1', 'face_warp'],
    ['image_type=1', 'face_warp'],
    ['image_type=0&warped_image=1', 'raw'],
  ]) {
    await shownBy(query ?? '', 'ann');
    assert.equal(
      inference.asked.slice(-2).map(({ imageType }) => imageType),
      [type, type],
      query,
    );
  }
});

switches('detect_landmarks5=0 answers no points, not of the faces that were left out either', async () => {
  assert.is((await shownBy('', 'ann')).faces[0]?.landmarks5?.length, 5);
  assert.is((await shownBy('detect_landmarks5=0', 'ann')).faces[0]?.landmarks5, null);
  const answer = await post('/sdk?detect_landmarks5=0&pitch_threshold=1', 'bent');
  const [left] = answer.body.images_estimations[0].filtered_detections.face_detections;
  assert.is(left.detection.sample.detection.landmarks5, null);
});

switches('detect_face=0 shows, stores and counts no face', async () => {
  const stored = bench.storage.images.usage();
  assert.equal(await shownBy('detect_face=0', 'ann'), { faces: [], filtered: [] });
  assert.equal(await shownBy('detect_face=0&pitch_threshold=1', 'bent'), { faces: [], filtered: [] });
  const crowd = await post('/sdk?detect_face=0&multiface_policy=0', 'both');
  assert.is(crowd.body.images_estimations[0].error.error_code, 0, 'faces that nobody asked for are not too many');
  assert.equal(bench.storage.images.usage(), stored);
});

switches('extract_exif answers the tags of each picture', async () => {
  const tags = { Make: 'Camera', Orientation: 1 };
  inference.putExif(tags);
  for (const [query, exif] of [
    ['extract_exif=1', tags],
    ['extract_exif=0', null],
  ] as const) {
    assert.equal((await post(`/sdk?${query}`, 'ann')).body.images_estimations[0].image_estimations.exif, exif);
    assert.equal((await post(`/detector?${query}`, 'ann')).body.images[0].exif, exif);
  }
});

switches.run();
