import { setTimeout } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { descriptorOf, faceOf } from '../../handlers/handlers-bench.ts';
import { openOneShotsBench } from './one-shots-bench.ts';

const bench = openOneShotsBench();
const { call, inference, post } = bench;
const described = (who: number, score: number) => ({ version: 20_001, vector: descriptorOf(who), score });
inference.put('warp of 1', faceOf(1, { descriptor: described(1, 0.9) }));
inference.put(
  'warp of 2',
  faceOf(2, { descriptor: described(2, 0.5), basicAttributes: { age: 60, gender: 0, maleProbability: 0.1 } }),
);
for (let who = 10; who < 40; who++) inference.put(`warp of ${who}`, faceOf(who));

/** Ids of the samples of everybody in a picture. */
async function samplesOf(word: string): Promise<string[]> {
  const { samples } = (await post('/detector', word)).body.images[0].detections;
  return samples.map(({ face }: { face: { sample_id: string } }) => face.sample_id);
}

async function extract(query: string, samples: readonly string[]) {
  const { status, body } = await call('POST', `/extractor?${query}`, { body: samples });
  assert.is(status, 201);
  return body;
}

/** What is stored of an attribute. */
const storedOf = async ({ url }: { url: string }) => (await call('GET', url.replace('/6', ''))).body;

const extractor = suite('extractor');
extractor.after(() => bench.close());

extractor('several samples of one person make one attribute, on request', async () => {
  const samples = [...(await samplesOf('ann')), ...(await samplesOf('bob'))];
  const apart = await extract('extract_basic_attributes=1', samples);
  assert.equal(
    apart.map(({ samples, score }: { samples: string[]; score: number }) => [samples, score]),
    [
      [[samples[0]], 0.9],
      [[samples[1]], 0.5],
    ],
  );
  const [whole, ...others] = await extract('extract_basic_attributes=1&aggregate_attributes=1', samples);
  assert.equal([whole.samples, whole.score, others], [samples, 0.7, []]);
  assert.equal(whole.basic_attributes, { age: 46, gender: 0, ethnicities: null });
  const stored = await storedOf(whole);
  assert.equal(stored.basic_attributes, whole.basic_attributes);
  const data = Buffer.from(stored.face_descriptor?.sdk_descriptor ?? '', 'base64');
  const mean = descriptorOf(1).map((value, i) => (value + (descriptorOf(2)[i] as number)) / 2);
  assert.ok(Math.abs(data.readFloatLE(data.length - 4) - (mean.at(-1) as number)) < 1e-6);
});

extractor('samples whose descriptor scores too low make no attribute, apart or together', async () => {
  const samples = [...(await samplesOf('ann')), ...(await samplesOf('bob'))];
  const samplesIn = (made: { samples: string[] }[]) => made.map((one) => one.samples);
  assert.equal(samplesIn(await extract('fd_score_threshold=0.5', samples)), [[samples[0]], [samples[1]]]);
  assert.equal(samplesIn(await extract('fd_score_threshold=0.51', samples)), [[samples[0]]]);
  assert.equal(samplesIn(await extract('fd_score_threshold=0.51&aggregate_attributes=1', samples)), [[samples[0]]]);
  assert.equal(await extract('fd_score_threshold=0.95&aggregate_attributes=1', samples), []);
});

extractor('the threshold needs descriptors that nobody wants to keep: they are made and not stored', async () => {
  const samples = [...(await samplesOf('ann')), ...(await samplesOf('bob'))];
  const query = 'extract_descriptor=0&extract_basic_attributes=1';
  assert.is((await extract(query, samples)).length, 2);
  assert.is(inference.asked.at(-1)?.descriptor, false);
  const [only, ...others] = await extract(`${query}&fd_score_threshold=0.9`, samples);
  assert.equal([only.samples, only.score, others], [[samples[0]], null, []]);
  assert.is(only.basic_attributes.age, 31);
  const stored = await storedOf(only);
  assert.equal([stored.basic_attributes.age, stored.face_descriptor ?? null], [31, null]);
});

extractor('a request with many samples leaves room for others: four are estimated at a time', async () => {
  const samples = await samplesOf('thirty');
  assert.is(samples.length, 30);
  const { estimate } = inference;
  let [running, most] = [0, 0];
  inference.estimate = async (...args) => {
    running += 1;
    most = Math.max(most, running);
    // Long enough for a fifth one to come, if it may.
    for (let turn = 0; turn < 20 && most < 5; turn++) await setTimeout(2);
    running -= 1;
    return estimate(...args);
  };
  const made = await extract('', samples);
  inference.estimate = estimate;
  assert.equal(
    made.map((one: { samples: string[] }) => one.samples[0]),
    samples,
    'in the order of the samples',
  );
  assert.is(most, 4);
});

extractor.run();
