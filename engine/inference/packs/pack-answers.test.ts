import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PackDescription } from '../../../build/models/write-pack.ts';
import { workerUrl } from '../inference.ts';
import { createPackStore } from './pack-store.ts';
import { createNetworkCheck } from './run-check.ts';
import { tinyAttributes } from './tiny-attributes.fixture.ts';
import { tinyDetector } from './tiny-detector.fixture.ts';
import { createMaker, tinyContents, tinyDescription, writeTinyPack } from './tiny-pack.fixture.ts';

/** What the networks of a pack may answer: by its golden vectors, and by what they really give. */
const maker = createMaker();
const folder = mkdtempSync(join(tmpdir(), 'perigee-pack-answers-'));
const store = createPackStore({
  dir: join(folder, 'installed'),
  trust: () => ({ keys: [maker.trusted], allowUnsigned: false }),
  check: createNetworkCheck(workerUrl),
});

type Pack = { description: PackDescription; contents: Record<string, Uint8Array> };

async function refusalOf({ description, contents }: Pack): Promise<string> {
  return store.verify(writeTinyPack(maker, description, contents)).then(
    () => 'not refused',
    (error: Error) => error.message,
  );
}

/** The same pack, whose golden vectors say that the output has these values. */
function claiming(
  { description, contents }: Pack,
  output: string,
  values: readonly number[],
  indices?: number[],
): Pack {
  const golden = description.golden.map((one) => ({
    ...one,
    outputs: { ...one.outputs, [output]: { values: [...values], ...(indices ? { indices } : {}) } },
  }));
  return { description: { ...description, golden }, contents };
}

const answers = suite('answers of model packs');
answers.after(() => rmSync(folder, { recursive: true }));

answers('packs of every kind whose networks do what they say are sound', async () => {
  const face = { x: 1, y: 1, width: 2, height: 2 };
  const liveness = { description: tinyDescription(), contents: tinyContents() };
  for (const pack of [liveness, tinyAttributes(), tinyDetector(face)]) assert.is(await refusalOf(pack), 'not refused');
});

answers('golden values that are no probabilities are refused where a liveness pack must have some', async () => {
  const pack = { description: tinyDescription(), contents: tinyContents() };
  for (const values of [
    [0.2, 3.1, -2],
    [0.2, 0.5, 0.2],
    [0.5, 0.5, 0.5],
    [1.2, -0.1, -0.1],
  ]) {
    const reason = `golden: network 'tiny': 'probabilities' is not probabilities (each 0..1, together 1), but ${values}`;
    assert.is(await refusalOf(claiming(pack, 'probabilities', values)), `manifest.json: ${reason}`);
  }
  assert.match(await refusalOf(claiming(pack, 'probabilities', [1.5], [1])), /not probabilities .*but 1.5/);
});

answers('a liveness network that gives logits is refused, whatever its golden vectors say', async () => {
  const pack = { description: tinyDescription(), contents: tinyContents('logits') };
  const whole = await refusalOf(claiming(pack, 'probabilities', [0.1, 0.8, 0.1]));
  assert.match(whole, /^network 'tiny': 'probabilities' is not probabilities .*\(golden picture of seed 1\)$/);
  assert.match(await refusalOf(claiming(pack, 'probabilities', [0.8], [1])), /^network 'tiny': .*not probabilities/);
});

answers('an attributes network that gives logits for the gender is refused; ages are no probabilities', async () => {
  const logits = tinyAttributes('logits');
  assert.match(await refusalOf(claiming(logits, 'gender', [0.3, 0.7])), /^network 'colours': 'gender' is not prob/);
  assert.match(await refusalOf(claiming(logits, 'gender', [-2, 2])), /golden: network 'colours': 'gender' is not prob/);
  assert.ok(tinyAttributes().description.golden.some(({ outputs }) => Math.abs(outputs['age']?.values[0] ?? 0) > 1));
});

answers.run();
