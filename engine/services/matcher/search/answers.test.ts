import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { candidateTargets } from '#contract/matching/candidate-targets';
import { CandidateFilters, type CandidateSet } from '#contract/matching/candidates';
import type { Candidate } from '#contract/matching/matches';
import { readRawDescriptor } from '#contract/matching/raw-descriptors';
import { isLunaError } from '#kernel/errors';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, accountB, openWorld, picture, sdk, type World } from '../matcher.fixture.ts';

const kernels = await prepareKernels({ outDir: 'dist' });
const test = suite<{ world: World }>('answers of the matcher');
test.before.each(async (context) => {
  context.world = await openWorld({ kernels });
});
test.after.each(({ world }) => world.close());

function set(filters: Record<string, unknown>, more: Partial<CandidateSet> = {}): CandidateSet {
  return { filters: CandidateFilters.parse(filters), limit: 100, threshold: 0, ...more };
}

async function codeOf(work: () => Promise<unknown>): Promise<number | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return isLunaError(error) ? error.code : -1;
  }
}

async function match(world: World, candidates: CandidateSet, who = 1): Promise<Candidate[]> {
  const request = { references: [sdk(picture(who))], candidates: [candidates], visibleTo: accountA };
  const [answer] = await world.matcher.match(request);
  return answer?.matches[0]?.result ?? [];
}

test('what an event matched and its meta are told of a candidate when they are asked for by name only', async ({
  world,
}) => {
  const event_id = world.addEvent(picture(1));
  const [whole] = await match(world, set({ origin: 'events' }));
  const all = candidateTargets.events.filter((name) => name !== 'similarity');
  assert.equal(
    Object.keys(whole?.event ?? {}).sort(),
    all.filter((name) => name !== 'match_result' && name !== 'meta').sort(),
  );
  const asked = set({ origin: 'events' }, { targets: ['event_id', 'match_result', 'meta'] });
  const [some] = await match(world, asked);
  assert.equal(some?.event, { event_id, match_result: [], meta: null });
});

test('an answer holds so many candidates and no more, whoever multiplies references by sets by limits', async ({
  world,
}) => {
  const one = sdk(picture(1));
  const ask = (references: number, limits: readonly number[]) =>
    codeOf(() =>
      world.matcher.match({
        references: Array(references).fill(one),
        candidates: limits.map((limit) => set({ origin: 'faces' }, { limit })),
        visibleTo: accountA,
      }),
    );
  assert.is(await ask(1, Array(30).fill(1000)), undefined);
  assert.is(await ask(100, [100, 200]), undefined);
  assert.is(await ask(100, [100, 201]), 12022);
  assert.is(await ask(2, Array(30).fill(1000)), 12022);
});

test('a cross match that could answer too much is refused', async () => {
  const settings = { cross_match_candidate_limit: 6 };
  const world = await openWorld({ kernels, settings });
  for (const who of [1, 2, 3]) world.addFace(picture(who));
  const cross = (limit: number) =>
    codeOf(() => world.matcher.crossMatch({ origin: 'faces' }, set({ origin: 'faces' }, { limit }), accountA));
  assert.is(await cross(2), undefined);
  assert.is(await cross(3), 12022);
  await world.close();
});

test('of many temporary attributes each reference gets its own best, equals by id', async ({ world }) => {
  const vectors = Array.from({ length: 500 }, (_, i) => picture(i % 50, (i % 7) / 10, i));
  const ids = vectors.map((vector) => world.addAttribute(vector));
  world.addAttribute(picture(1), accountB);
  const references = [sdk(picture(1)), sdk(picture(49, 0.1, 49))];
  const candidates = [set({ origin: 'attributes' }, { limit: 7, threshold: 0.2, targets: ['attribute_id'] })];
  const answers = await world.matcher.match({ references, candidates, visibleTo: accountA });
  for (const [i, { data }] of references.entries()) {
    const { vector, version } = readRawDescriptor({ type: 'sdk_descriptor', id: '', data });
    const expected = vectors
      .map((other, n) => ({
        attribute: { attribute_id: ids[n] ?? '' },
        similarity: world.matcher.compare({ version, vector }, { version, vector: other }),
      }))
      .filter(({ similarity }) => similarity >= 0.2)
      .sort((a, b) => b.similarity - a.similarity || (a.attribute.attribute_id < b.attribute.attribute_id ? -1 : 1));
    assert.ok(expected.length > 7);
    assert.equal(answers[i]?.matches[0]?.result, expected.slice(0, 7));
  }
});

test.run();
