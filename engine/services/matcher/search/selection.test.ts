import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters, type FaceFilters } from '#contract/matching/candidates';
import type { Candidate } from '#contract/matching/matches';
import { defaultLimits } from '#matching/limits';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { dayMs } from '../galleries/labels.ts';
import { accountA, accountB, openWorld, picture, sdk, startMs, type World } from '../matcher.fixture.ts';
import { planSelection, selectRows } from './selection.ts';

const test = suite<{ world: World }>('selection');
test.before(async (context) => {
  context.world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
});
test.after(({ world }) => world.close());

const everybody = { limit: 1000, threshold: 0 };
async function idsOf(world: World, filters: unknown, visibleTo: string | null): Promise<unknown[]> {
  const set = { ...everybody, filters: CandidateFilters.parse(filters) };
  const result: Candidate[] = await world.matcher.matchVector(
    world.matcher.vectorOf(sdk(picture(1)), null),
    set,
    visibleTo,
  );
  return result.map(({ face, event }) => face?.['face_id'] ?? event?.['event_id']).sort();
}

/** Times around midnights, so that bounds fall on, before and behind them. */
const time = fc
  .tuple(fc.integer({ min: -3, max: 1 }), fc.constantFrom(0, 1, dayMs / 2, dayMs - 1))
  .map(([day, offset]) => (Math.floor(startMs / dayMs) + day) * dayMs + offset);
const bound = fc.option(
  time.map((ms) => new Date(ms).toISOString()),
  { nil: undefined },
);
const account = fc.constantFrom(accountA, accountB);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const some = (...words: string[]) => maybe(fc.subarray(words, { minLength: 1 }));
const given = (filters: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));

test('filters of faces select exactly the faces that meet them', async ({ world }) => {
  const lists = [world.addList(), world.addList()];
  const random = fc.sample(
    fc.record({
      account_id: account,
      create_time: time,
      external_id: fc.constantFrom('', 'a', 'b'),
      user_data: fc.constantFrom('', 'u'),
      lists: fc.subarray(lists),
      bare: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { numRuns: 300, seed: 7 },
  );
  const faces = random.map(({ lists: of, bare, ...row }, i) => ({
    ...row,
    lists: of,
    bare,
    id: world.addFace(bare ? null : picture(i), row, of),
  }));
  const filters = fc.record({
    account_id: maybe(account),
    list_id: maybe(fc.constantFrom(...lists, world.ids.next())),
    external_ids: some('a', 'b', 'none'),
    user_data: maybe(fc.constantFrom('u', 'none')),
    face_ids: maybe(
      fc.subarray(
        faces.slice(0, 60).map(({ id }) => id),
        { minLength: 1 },
      ),
    ),
    create_time__gte: bound,
    create_time__lt: bound,
  });
  await fc.assert(
    fc.asyncProperty(filters, maybe(account), async (asked, visibleTo) => {
      const fits = (face: (typeof faces)[number]): boolean =>
        !face.bare &&
        (visibleTo === undefined || face.account_id === visibleTo) &&
        (asked.account_id === undefined || face.account_id === asked.account_id) &&
        (asked.list_id === undefined || face.lists.includes(asked.list_id)) &&
        (asked.external_ids === undefined || asked.external_ids.includes(face.external_id)) &&
        (asked.user_data === undefined || face.user_data === asked.user_data) &&
        (asked.face_ids === undefined || asked.face_ids.includes(face.id)) &&
        (asked.create_time__gte === undefined || face.create_time >= Date.parse(asked.create_time__gte)) &&
        (asked.create_time__lt === undefined || face.create_time < Date.parse(asked.create_time__lt));
      const expected = faces.filter(fits).map(({ id }) => id);
      assert.equal(await idsOf(world, { origin: 'faces', ...given(asked) }, visibleTo ?? null), expected.sort());
    }),
    { numRuns: 150, seed: 1 },
  );
});

test('filters of events select exactly the events that meet them', async ({ world }) => {
  const random = fc.sample(
    fc.record({
      account_id: account,
      create_time: time,
      source: fc.constantFrom(null, 'gate', 'door'),
      gender: fc.constantFrom(null, 0, 1),
      age: fc.constantFrom(null, 20, 40),
      emotion: fc.constantFrom(null, 1, 4),
      city: fc.constantFrom(null, 'Oslo', 'Rome'),
      longitude: fc.constantFrom(10, 10.4, 30),
      tags: fc.subarray(['vip', 'late']),
    }),
    { numRuns: 300, seed: 8 },
  );
  const events = random.map((row, i) => ({ ...row, id: world.addEvent(picture(i), { ...row, latitude: 59 }) }));
  const filters = fc.record({
    account_id: maybe(account),
    sources: some('gate', 'door', 'none'),
    gender: maybe(fc.constantFrom(0, 1)),
    age__gte: maybe(fc.constantFrom(20, 21)),
    emotions: maybe(fc.constantFrom<number[]>([1], [1, 4], [7])),
    cities: some('Oslo', 'Rome'),
    tags: some('vip', 'late'),
    geo_position: maybe(fc.constant({ origin_longitude: 10.2, origin_latitude: 59, longitude_delta: 0.3 })),
    apparent_gender: maybe(fc.constant(1)),
    create_time__gte: bound,
    create_time__lt: bound,
  });
  await fc.assert(
    fc.asyncProperty(filters, maybe(account), async (asked, visibleTo) => {
      const fits = (event: (typeof events)[number]): boolean =>
        asked.apparent_gender === undefined &&
        (visibleTo === undefined || event.account_id === visibleTo) &&
        (asked.account_id === undefined || event.account_id === asked.account_id) &&
        (asked.sources === undefined || asked.sources.includes(event.source ?? '')) &&
        (asked.gender === undefined || event.gender === asked.gender) &&
        (asked.age__gte === undefined || (event.age !== null && event.age >= asked.age__gte)) &&
        (asked.emotions === undefined || asked.emotions.includes(event.emotion ?? -1)) &&
        (asked.cities === undefined || asked.cities.includes(event.city ?? '')) &&
        (asked.tags === undefined || asked.tags.every((tag) => event.tags.includes(tag))) &&
        (asked.geo_position === undefined || Math.abs(event.longitude - 10.2) <= 0.3) &&
        (asked.create_time__gte === undefined || event.create_time >= Date.parse(asked.create_time__gte)) &&
        (asked.create_time__lt === undefined || event.create_time < Date.parse(asked.create_time__lt));
      const expected = events.filter(fits).map(({ id }) => id);
      assert.equal(await idsOf(world, { origin: 'events', ...given(asked) }, visibleTo ?? null), expected.sort());
    }),
    { numRuns: 150, seed: 2 },
  );
});

test('account, lists and whole days need no keys; only broken days do', () => {
  const accountCondition = { column: 'account_id', oneOf: [accountA] };
  const listCondition = { column: 'list_id', oneOf: ['l'] };
  const from = (ms: number) => ({ column: 'create_time', atLeast: ms });
  const below = (ms: number) => ({ column: 'create_time', below: ms });
  const groups = [
    { kind: 'account', ids: [accountA] },
    { kind: 'list', ids: ['l'] },
  ];
  assert.equal(planSelection([accountCondition, listCondition]), { groups, days: 'everything', keysOf: [] });
  assert.equal(planSelection([from(10 * dayMs), below(12 * dayMs)]), {
    groups: [],
    days: { first: 10, last: 11 },
    keysOf: [],
  });
  assert.equal(planSelection([from(10 * dayMs - 1), below(12 * dayMs + 5)]), {
    groups: [],
    days: { first: 10, last: 11 },
    keysOf: [
      [from(10 * dayMs - 1), below(10 * dayMs)],
      [from(12 * dayMs), below(12 * dayMs + 5)],
    ],
  });
  const withinADay = [from(10 * dayMs + 1), below(10 * dayMs + 2)];
  assert.equal(planSelection(withinADay), { groups: [], days: null, keysOf: [withinADay] });
  assert.is(planSelection([from(5), below(5)]), null);
  assert.is(planSelection([{ never: true }]), null);
});

test('more keys than the engine takes at once become several selections that lose and repeat none', async () => {
  const total = 1_234_567;
  const faces = {
    async *matchingKeys() {
      for (let from = 0; from < total; from += 5000) {
        yield Array.from({ length: Math.min(5000, total - from) }, (_, i) => from + i);
      }
    },
  };
  const labels = { find: () => undefined };
  const filters = CandidateFilters.parse({ origin: 'faces', user_data: 'everybody' }) as FaceFilters;
  const selections = await selectRows({ storage: { faces }, labels } as never, filters, null, startMs);
  const seen = new Uint8Array(total);
  for (const { allOf, keys = [] } of selections) {
    assert.equal(allOf, []);
    assert.ok(keys.length > 0 && keys.length <= defaultLimits.maxKeys);
    for (const key of keys) seen[key] = (seen[key] ?? 0) + 1;
  }
  assert.ok(selections.length >= 2);
  assert.ok(seen.every((times) => times === 1));
});

test.run();
