import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters, type CandidateSet, type Reference } from '#contract/matching/candidates';
import type { Candidate } from '#contract/matching/matches';
import { defaultDescriptorVersion } from '#domain/descriptor/descriptor';
import { isLunaError } from '#kernel/errors';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { accountA, accountB, openWorld, picture, sameSimilarity, sdk, startMs, type World } from './matcher.fixture.ts';

const test = suite<{ world: World }>('matcher');
test.before.each(async (context) => {
  context.world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }) });
});
test.after.each(({ world }) => world.close());

function set(filters: Record<string, unknown>, more: Partial<CandidateSet> = {}): CandidateSet {
  return { filters: CandidateFilters.parse(filters), limit: 100, threshold: 0, ...more };
}
async function match(
  world: World,
  reference: Reference,
  candidates: CandidateSet,
  visibleTo: string | null = accountA,
): Promise<Candidate[]> {
  const [answer] = await world.matcher.match({ references: [reference], candidates: [candidates], visibleTo });
  return answer?.matches[0]?.result ?? [];
}
const faceIds = (result: readonly Candidate[]) => result.map(({ face }) => face?.['face_id']);
const eventIds = (result: readonly Candidate[]) => result.map(({ event }) => event?.['event_id']);
async function codeOf(work: () => unknown): Promise<number | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return isLunaError(error) ? error.code : -1;
  }
}

test('face, event, attribute and descriptor of one picture find a face of a list with the same similarity', async ({
  world,
}) => {
  const list = world.addList();
  const vector = picture(1, 0.3);
  const face = world.addFace(picture(1), {}, [list]);
  world.addFace(picture(2), {}, [list]);
  const twin = world.addFace(vector, { external_id: 'twin' });
  const event = world.addEvent(vector, { external_id: 'seen', track_id: 'track-1' });
  const attribute = world.addAttribute(vector);
  const references: Reference[] = [
    { type: 'face', id: twin },
    { type: 'face_external_id', id: 'twin' },
    { type: 'event', id: event },
    { type: 'event_external_id', id: 'seen' },
    { type: 'event_track_id', id: 'track-1' },
    { type: 'attribute', id: attribute },
    sdk(vector),
  ];
  const candidates = [set({ origin: 'faces', list_id: list }, { limit: 1, threshold: 0.5 })];
  const answers = await world.matcher.match({ references, candidates, visibleTo: accountA });
  assert.is(answers.length, references.length);
  const similarities = answers.map((answer, i) => {
    assert.equal(answer.reference, { type: references[i]?.type, id: references[i]?.id });
    const [best] = answer.matches[0]?.result ?? [];
    assert.is(best?.face?.['face_id'], face);
    return best?.similarity ?? 0;
  });
  assert.ok(similarities.every((one) => one === similarities[0] && one > 0.5));
});

test('limit, threshold and targets hold; the answer echoes the candidate set', async ({ world }) => {
  for (let i = 0; i < 20; i++) world.addFace(picture(1, i / 20, i), { user_data: `${i}` });
  const all = await match(world, sdk(picture(1)), set({ origin: 'faces' }));
  assert.is(all.length, 20);
  const sorted = all.map(({ similarity }) => similarity);
  assert.equal(
    sorted,
    [...sorted].sort((a, b) => b - a),
  );
  const middle = all[9]?.similarity ?? 0;
  const some = await match(world, sdk(picture(1)), set({ origin: 'faces' }, { threshold: middle }));
  assert.equal(some, all.slice(0, 10));
  const three = await match(world, sdk(picture(1)), set({ origin: 'faces' }, { limit: 3, targets: ['user_data'] }));
  assert.equal(
    three,
    all.slice(0, 3).map(({ face, similarity }) => ({ face: { user_data: face?.['user_data'] }, similarity })),
  );
  const candidates = [set({ origin: 'faces' }, { limit: 2, threshold: 0.9 })];
  const [answer] = await world.matcher.match({ references: [sdk(picture(5))], candidates, visibleTo: null });
  assert.equal(answer?.matches, [{ filters: { origin: 'faces' }, limit: 2, threshold: 0.9, result: [] }]);
});

test('a face is found with all its members, and itself at a threshold of its own similarity', async ({ world }) => {
  const list = world.addList();
  const event_id = world.ids.next();
  const face_id = world.addFace(picture(1), { user_data: 'Ann', external_id: 'x', avatar: '/a', event_id }, [list]);
  const result = await match(
    world,
    { type: 'face', id: face_id },
    set({ origin: 'faces' }, { threshold: sameSimilarity }),
  );
  assert.equal(result, [
    {
      face: {
        face_id,
        account_id: accountA,
        event_id,
        user_data: 'Ann',
        create_time: '2026-03-05T10:20:30.000Z',
        external_id: 'x',
        avatar: '/a',
        lists: [list],
      },
      similarity: sameSimilarity,
    },
  ]);
});

test('every write that was acknowledged is seen by the next search', async ({ world }) => {
  const list = world.addList();
  const find = () => match(world, sdk(picture(1)), set({ origin: 'faces', list_id: list })).then(faceIds);
  assert.equal(await find(), []);
  const face = world.addFace(picture(1));
  assert.equal(await find(), [], 'not in the list yet');
  world.storage.faces.link(list, [world.faceKey(face)]);
  assert.equal(await find(), [face]);
  world.storage.faces.setAttribute(
    world.faceKey(face),
    {
      age: null,
      gender: null,
      ethnic_group: null,
      basic_attributes_samples: [],
      face_descriptor_samples: [],
      descriptors: [{ version: defaultDescriptorVersion, score: 1, vector: new Uint8Array(picture(2).buffer) }],
    },
    startMs,
  );
  const [moved] = await match(world, sdk(picture(2)), set({ origin: 'faces', list_id: list }));
  assert.is(moved?.similarity, sameSimilarity);
  world.storage.faces.unlink(list, [world.faceKey(face)]);
  assert.equal(await find(), []);
  world.storage.faces.link(list, [world.faceKey(face)]);
  assert.equal(await find(), [face]);
  world.storage.faces.remove(world.faceKey(face));
  assert.equal(await find(), []);
  assert.equal(faceIds(await match(world, sdk(picture(2)), set({ origin: 'faces' }))), []);
});

test('many writes at once are seen at once', async ({ world }) => {
  world.storage.atomically(() => {
    for (let i = 0; i < 2000; i++) world.addFace(picture(i), { user_data: `${i}` });
  });
  const [best] = await match(world, sdk(picture(1999)), set({ origin: 'faces' }, { limit: 1 }));
  assert.is(best?.face?.['user_data'], '1999');
});

test('equal similarities are ordered by id, also where the limit cuts', async ({ world }) => {
  const ids = Array.from({ length: 50 }, () => world.ids.random());
  for (const face_id of ids) world.addFace(picture(3), { face_id });
  const sorted = [...ids].sort();
  for (const limit of [1, 7, 49, 50, 100]) {
    const result = await match(world, sdk(picture(3)), set({ origin: 'faces' }, { limit }));
    assert.equal(faceIds(result), sorted.slice(0, limit), `limit ${limit}`);
  }
});

test('an account finds and names its own objects only; who sees all accounts may ask for one', async ({ world }) => {
  const own = world.addFace(picture(1));
  const foreign = world.addFace(picture(1), { account_id: accountB });
  const foreignEvent = world.addEvent(picture(1), { account_id: accountB });
  const faces = { origin: 'faces' };
  assert.equal(faceIds(await match(world, sdk(picture(1)), set(faces))), [own]);
  assert.equal(faceIds(await match(world, sdk(picture(1)), set(faces), accountB)), [foreign]);
  assert.equal(faceIds(await match(world, sdk(picture(1)), set(faces), null)), [own, foreign]);
  assert.equal(faceIds(await match(world, sdk(picture(1)), set({ ...faces, account_id: accountB }), null)), [foreign]);
  assert.equal(faceIds(await match(world, sdk(picture(1)), set({ ...faces, account_id: accountB }))), []);
  assert.equal(faceIds(await match(world, sdk(picture(1)), set({ ...faces, face_ids: [own, foreign] }))), [own]);
  assert.is(await codeOf(() => match(world, { type: 'face', id: foreign }, set(faces))), 22002);
  assert.is(await codeOf(() => match(world, { type: 'event', id: foreignEvent }, set(faces))), 23001);
});

test('"has this face been here before?": one call over events of a time', async ({ world }) => {
  const hour = 3_600_000;
  const at = (hoursAgo: number, who: number) =>
    world.addEvent(picture(who, 0.2, hoursAgo), { create_time: startMs - hoursAgo * hour });
  const visits = [1, 5, 30, 24 * 10].map((hours) => at(hours, 1));
  at(2, 2);
  const seen = (filters: Record<string, unknown>) =>
    match(world, sdk(picture(1)), set({ origin: 'events', ...filters }, { threshold: 0.8 })).then((r) =>
      eventIds(r).sort(),
    );
  assert.equal(await seen({}), visits);
  assert.equal(await seen({ create_time__gte: 'now-3h' }), visits.slice(0, 1));
  assert.equal(await seen({ create_time__gte: 'now-2d' }), visits.slice(0, 3));
  assert.equal(await seen({ create_time__lt: 'now-1d' }), visits.slice(2));
  assert.equal(await seen({ create_time__gte: 'now-3h', create_time__lt: 'now-5h' }), []);
});

test('temporary attributes are candidates until their time is over', async ({ world }) => {
  const first = world.addAttribute(picture(1));
  const second = world.addAttribute(picture(1, 0.5), accountA, 600_000);
  world.addAttribute(picture(1), accountB);
  world.addAttribute(null);
  const find = (filters = {}) => match(world, sdk(picture(1)), set({ origin: 'attributes', ...filters }));
  const ids = (result: readonly Candidate[]) => result.map(({ attribute }) => attribute?.['attribute_id']);
  assert.equal(ids(await find()), [first, second]);
  assert.equal(ids(await find({ attribute_ids: [second, second] })), [second]);
  world.clock.advance(400_000);
  assert.equal(ids(await find()), [second]);
});

test('references that cannot be used are refused with the code that says why', async ({ world }) => {
  const none = '00000000-0000-4000-8000-000000000000';
  const bare = world.addFace(null, { external_id: 'bare' });
  const bareEvent = world.addEvent(null, { track_id: 'bare' });
  const bareAttribute = world.addAttribute(null);
  const cases: [Reference, number][] = [
    [{ type: 'face', id: none }, 22002],
    [{ type: 'face', id: bare }, 11032],
    [{ type: 'face_external_id', id: 'nobody' }, 11041],
    [{ type: 'face_external_id', id: 'bare' }, 11032],
    [{ type: 'event', id: none }, 23001],
    [{ type: 'event', id: bareEvent }, 12038],
    [{ type: 'event_track_id', id: 'bare' }, 12038],
    [{ type: 'event_track_id', id: 'none' }, 23001],
    [{ type: 'event_external_id', id: 'none' }, 23001],
    [{ type: 'attribute', id: none }, 22011],
    [{ type: 'attribute', id: bareAttribute }, 12038],
    [{ type: 'xpk_file', id: 'x', data: 'AAAA' }, 12026],
    [{ type: 'raw_descriptor', id: 'x', data: { descriptor: 'AAAA', version: 59 } }, 12036],
    [{ type: 'raw_descriptor', id: 'x', data: { descriptor: 'AAAA', version: defaultDescriptorVersion } }, 12038],
  ];
  for (const [reference, code] of cases) {
    assert.is(await codeOf(() => match(world, reference, set({ origin: 'faces' }))), code, JSON.stringify(reference));
  }
});

test('an external id stands for its newest face that has a descriptor', async ({ world }) => {
  world.addFace(picture(1), { external_id: 'x', create_time: 1000 });
  world.addFace(picture(2), { external_id: 'x', create_time: 2000 });
  world.addFace(null, { external_id: 'x', create_time: 3000 });
  const { vector } = world.matcher.vectorOf({ type: 'face_external_id', id: 'x' }, accountA);
  assert.equal(vector, picture(2));
});

test('limits of the platform', async ({ world }) => {
  const one = sdk(picture(1));
  const faces = set({ origin: 'faces' });
  const ask = (references: Reference[], candidates: CandidateSet[]) => () =>
    world.matcher.match({ references, candidates, visibleTo: null });
  assert.is(await codeOf(ask(Array(100).fill(one), [faces])), undefined);
  assert.is(await codeOf(ask(Array(101).fill(one), [faces])), 31007);
  assert.is(await codeOf(ask([one], Array(31).fill(faces))), 12022);
  assert.is(await codeOf(ask([one], [{ ...faces, limit: 1001 }])), 12022);
  assert.is(await codeOf(ask([one], [{ ...faces, targets: ['handler_id'] }])), 22016);
});

test('vectors of different versions are not compared', ({ world }) => {
  const vector = picture(1);
  assert.is(world.matcher.compare({ version: 20001, vector }, { version: 20001, vector }), sameSimilarity);
  assert.throws(
    () => world.matcher.compare({ version: 20001, vector }, { version: 20002, vector }),
    /cannot be compared/,
  );
});

test.run();
