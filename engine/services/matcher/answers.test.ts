import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters, type CandidateSet, candidateTargets } from '#contract/candidates';
import type { Candidate } from '#contract/matches';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { accountA, openWorld, picture, sdk, type World } from './matcher.fixture.ts';

const kernels = await prepareKernels({ outDir: 'dist' });
const test = suite<{ world: World }>('answers of the matcher');
test.before.each(async (context) => {
  context.world = await openWorld({ kernels });
});
test.after.each(({ world }) => world.close());

function set(filters: Record<string, unknown>, more: Partial<CandidateSet> = {}): CandidateSet {
  return { filters: CandidateFilters.parse(filters), limit: 100, threshold: 0, ...more };
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

test.run();
