import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters } from '#contract/matching/candidates';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import { lunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { accountA, picture } from '../../matcher/matcher.fixture.ts';
import { type PluginContext, type PluginFace, Rematch, type SubRequest } from '../plugin.ts';
import { createThinPlugin } from './thin.plugin.ts';

const test = suite('plugin thin');
const version = 20001;
const list = '00000000-0000-4000-8000-000000000001';
const idOf = (key: number): string => `00000000-0000-4000-9000-${String(key).padStart(12, '0')}`;

/** Faces of `who` 0..99, so that many are equally similar. */
const faceOf = (key: number): PluginFace => ({
  key,
  face_id: idOf(key),
  account_id: accountA,
  external_id: '',
  user_data: '',
  event_id: null,
  create_time: 0,
  lists: [list],
  descriptors: [{ version, vector: picture(key % 100) }],
});

function open(count: number, settings: Record<string, unknown> = {}) {
  const faces = new Map(Array.from({ length: count }, (_, key) => [key, faceOf(key)]));
  let tell = (_: readonly number[]): void => {};
  const context: PluginContext = {
    log: createLog('silent'),
    clock: { now: () => 0 } as PluginContext['clock'],
    settings: { list_ids: [list], max_faces: 100_000, ...settings },
    onFacesChanged(listener) {
      tell = listener;
      return () => {};
    },
    readFaces: (keys) => keys.flatMap((key) => faces.get(key) ?? []),
    faceKeys: (_, after, limit) => [...faces.keys()].filter((key) => key > after).slice(0, limit),
    similarity: () => Number.NaN,
    rematch: (reason) => new Rematch(reason),
    lunaError,
  };
  return { plugin: createThinPlugin(), context, faces, tell: (keys: readonly number[]) => tell(keys) };
}

const request = (limit: number, threshold = 0): SubRequest => ({
  reference: { type: 'raw_descriptor', id: '', version, vector: picture(7, 0.3) },
  filters: CandidateFilters.parse({ origin: 'faces', list_id: list }),
  limit,
  threshold,
  visibleTo: null,
});
const never = new AbortController().signal;

/** Turns of the event loop that others get meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

test('the best of many are found in order, equals by id, however many are asked for', async () => {
  const { plugin, context, faces } = open(2500);
  await plugin.init(context);
  const known = descriptorVersions.get(version);
  assert.ok(known);
  const all = [...faces.values()]
    .map((face) => ({ id: face.face_id, score: exactScore(known, picture(7, 0.3), picture(face.key % 100)) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .map(({ id, score }) => ({ id, similarity: similarityOf(known, score) }));
  for (const limit of [1, 24, 25, 26, 1000]) {
    assert.equal(await plugin.match(request(limit), never), all.slice(0, limit));
  }
  const threshold = all[30]?.similarity ?? 1;
  assert.equal(
    await plugin.match(request(100, threshold), never),
    all.filter(({ similarity }) => similarity >= threshold).slice(0, 100),
  );
});

test('others get their turns while a large list is loaded, and while it is compared', async () => {
  const { plugin, context } = open(6000);
  assert.ok((await turnsDuring(() => plugin.init(context))) >= 5);
  assert.ok((await turnsDuring(() => plugin.match(request(10), never))) >= 5);
});

test('changes that come while a list is loaded are not lost', async () => {
  const { plugin, context, faces, tell } = open(3000);
  const loading = plugin.init(context);
  await new Promise((resolve) => setImmediate(resolve));
  faces.delete(7);
  tell([7]);
  await loading;
  const found = await plugin.match(request(1000), never);
  assert.ok(Array.isArray(found));
  assert.not(found.some(({ id }) => id === idOf(7)));
  assert.ok(found.some(({ id }) => id === idOf(107)));
});

test('a list that grew too large between cost and answer is handed back', async () => {
  const { plugin, context, faces, tell } = open(3, { max_faces: 3 });
  await plugin.init(context);
  assert.is(plugin.cost(request(1)), 10);
  faces.set(3, faceOf(3));
  tell([3]);
  try {
    await plugin.match(request(1), never);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, Rematch);
  }
  assert.is(plugin.cost(request(1)), Number.POSITIVE_INFINITY);
});

test.run();
