import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters } from '#contract/matching/candidates';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, accountB, openWorld, picture, startMs } from '../matcher.fixture.ts';

const world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const hour = 3_600_000;

const columns = {
  handler_id: id(1),
  create_time: startMs - hour,
  end_time: startMs - hour / 2,
  external_id: 'badge',
  user_data: 'Ann',
  source: 'gate',
  track_id: 'track',
  face_id: id(2),
  gender: 0,
  age: 30,
  emotion: 4,
  ethnic_group: 3,
  mask: 2,
  liveness: 1,
  top_label: 'staff',
  top_similarity: 0.8,
  top_object_id: id(3),
  top_object_type: 'face',
  city: 'Bonn',
  area: 'north',
  district: 'first',
  street: 'Long',
  house_number: '7b',
  longitude: 7,
  latitude: 50,
} as const;
/** The one that filters look for, one that differs everywhere, and one of which nothing is known. */
const wanted = world.addEvent(picture(1), { ...columns, tags: ['vip', 'day'] });
const different = world.addEvent(picture(1), {
  handler_id: id(11),
  create_time: startMs - 100 * hour,
  end_time: startMs - 90 * hour,
  external_id: 'other',
  user_data: 'Bob',
  source: 'lift',
  track_id: 'way',
  face_id: id(12),
  gender: 1,
  age: 60,
  emotion: 5,
  ethnic_group: 4,
  mask: 1,
  liveness: 0,
  top_label: 'guests',
  top_similarity: 0.4,
  top_object_id: id(13),
  top_object_type: 'event',
  city: 'Kiel',
  area: 'south',
  district: 'second',
  street: 'Short',
  house_number: '8',
  longitude: 10,
  latitude: 54,
  tags: ['day'],
});
const bare = world.addEvent(picture(1), { create_time: startMs - 50 * hour, end_time: startMs - 50 * hour });
world.addEvent(picture(1), { ...columns, account_id: accountB });

const event = id(20);
const face = world.addFace(picture(1), {
  event_id: event,
  external_id: 'badge',
  user_data: 'Ann',
  create_time: startMs - hour,
});
const otherFace = world.addFace(picture(1), {
  event_id: id(21),
  external_id: 'other',
  user_data: 'Bob',
  create_time: startMs - 100 * hour,
});

const filters = suite('filters of candidates');
filters.after(() => world.close());

async function found(origin: 'events' | 'faces', given: Record<string, unknown>): Promise<unknown[]> {
  const set = { filters: CandidateFilters.parse({ origin, ...given }), limit: 10, threshold: 0, targets: undefined };
  const result = await world.matcher.matchVector({ version: 20001, vector: picture(1) }, set, accountA);
  return result.map((one) => one.event?.['event_id'] ?? one.face?.['face_id']);
}

/** What finds the wanted one alone, and what finds the one that differs alone. */
const ofEvents: readonly [name: string, wanted: unknown, different: unknown][] = [
  ['event_ids', [wanted], [different]],
  ['handler_ids', [id(1)], id(11)],
  ['face_ids', [id(2), id(99)], [id(12)]],
  ['sources', ['gate'], ['lift']],
  ['external_ids', ['badge', 'nobody'], 'other'],
  ['track_ids', ['track'], ['way']],
  ['user_data', 'Ann', 'Bob'],
  ['gender', 'female', 1],
  ['emotions', ['happiness'], [5]],
  ['ethnic_groups', ['asian'], [4]],
  ['masks', ['medical_mask'], [1]],
  ['liveness', ['real'], ['spoof']],
  ['top_matching_candidates_label', 'staff', 'guests'],
  ['top_similar_object_ids', [id(3)], [id(13)]],
  ['cities', ['Bonn'], ['Kiel']],
  ['areas', ['north'], ['south']],
  ['districts', ['first'], ['second']],
  ['streets', ['Long'], ['Short']],
  ['house_numbers', ['7b'], ['8']],
  [
    'geo_position',
    { origin_longitude: 7.005, origin_latitude: 50 },
    { origin_longitude: 9, origin_latitude: 53, longitude_delta: 1, latitude_delta: 1 },
  ],
];
for (const [name, one, other] of ofEvents) {
  filters(`events by ${name}`, async () => {
    assert.equal(await found('events', { [name]: one }), [wanted]);
    assert.equal(await found('events', { [name]: other }), [different]);
  });
}

const ranges: readonly [given: Record<string, unknown>, expected: string[]][] = [
  [{ tags: ['vip'] }, [wanted]],
  [{ tags: ['vip', 'day'] }, [wanted]],
  [{ tags: ['vip', 'night'] }, []],
  [{ create_time__gte: 'now-2h' }, [wanted]],
  [{ create_time__lt: 'now-60h' }, [different]],
  [{ end_time__gte: new Date(startMs - hour / 2).toISOString() }, [wanted]],
  [{ end_time__gte: new Date(startMs - hour / 2 + 1).toISOString() }, []],
  [{ end_time__lt: new Date(startMs - 90 * hour + 1).toISOString() }, [different]],
  [{ end_time__lt: new Date(startMs - 90 * hour).toISOString() }, []],
  [{ age__gte: 60 }, [different]],
  [{ age__gte: 61 }, []],
  [{ age__lt: 31 }, [wanted]],
  [{ age__lt: 30 }, []],
  [{ top_similar_object_similarity__gte: 0.8 }, [wanted]],
  [{ top_similar_object_similarity__gte: 0.81 }, []],
  [{ top_similar_object_similarity__lt: 0.41 }, [different]],
  [{ top_similar_object_similarity__lt: 0.4 }, []],
  [{ sources: ['gate'], gender: 1 }, []],
  [{}, [wanted, different, bare]],
];
for (const [given, expected] of ranges) {
  filters(`events with ${JSON.stringify(given)}`, async () => {
    assert.equal((await found('events', given)).sort(), [...expected].sort());
  });
}

for (const given of [
  { apparent_gender: 1 },
  { apparent_age__gte: 0 },
  { apparent_age__lt: 1000 },
  { headwear_states: [0, 1, 2] },
  { sleeve_lengths: ['short'] },
  { upper_clothing_colors: ['red'] },
  { backpack_states: [0, 1, 2] },
  { lower_garment_types: ['skirt'] },
  { lower_garment_colors: ['red'] },
  { shoes_apparent_colors: ['white'] },
  { headwear_apparent_color: ['white'] },
]) {
  filters(`no event has a body: ${JSON.stringify(given)}`, async () => assert.equal(await found('events', given), []));
}

for (const [name, one, other] of [
  ['event_id', event, id(21)],
  ['face_ids', [face], [otherFace]],
  ['external_ids', ['badge'], ['other']],
  ['user_data', 'Ann', 'Bob'],
] as const) {
  filters(`faces by ${name}`, async () => {
    assert.equal(await found('faces', { [name]: one }), [face]);
    assert.equal(await found('faces', { [name]: other }), [otherFace]);
  });
}
filters('faces by their time', async () => {
  assert.equal(await found('faces', { create_time__gte: 'now-2h' }), [face]);
  assert.equal(await found('faces', { create_time__lt: 'now-2h' }), [otherFace]);
});

filters.run();
