import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters } from '#contract/matching/candidates';
import { defaultDescriptorVersion } from '#domain/descriptor/descriptor';
import { descriptorVersions } from '#domain/descriptor/similarity';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { accountA, openWorld, picture, sdk, type World } from '../matcher.fixture.ts';
import { MatcherSettings } from '../matcher.settings.ts';

const test = suite('approximate search by setting');
const version = descriptorVersions.get(defaultDescriptorVersion);
const faces = 1100;

async function withFaces(settings: Partial<MatcherSettings>, use: (world: World, list: string) => Promise<void>) {
  const world = await openWorld({ kernels: await prepareKernels({ outDir: 'dist' }), settings });
  try {
    const list = world.addList();
    world.storage.atomically(() => {
      for (let i = 0; i < faces; i++) world.addFace(picture(i), {}, i < 20 ? [list] : []);
    });
    await world.matcher.catchUp();
    if (version) await world.engine.gallery('faces', version).buildCells();
    await use(world, list);
  } finally {
    await world.close();
  }
}

async function best(world: World, filters: Record<string, unknown> = {}): Promise<unknown[]> {
  const candidates = { filters: CandidateFilters.parse({ origin: 'faces', ...filters }), limit: 5, threshold: 0 };
  const request = { references: [sdk(picture(7))], candidates: [candidates], visibleTo: accountA };
  const [answer] = await world.matcher.match(request);
  return answer?.matches[0]?.result.map(({ face }) => face?.['face_id']) ?? [];
}

test('it is off by default, and for fewer faces than the setting says', async () => {
  assert.equal(MatcherSettings.parse(undefined).ivf, { enabled: false, min_rows: 2_000_000, probes: 32 });
  for (const ivf of [
    { enabled: false, min_rows: 1000, probes: 1 },
    { enabled: true, min_rows: faces + 1, probes: 1 },
  ]) {
    await withFaces({ ivf }, async (world) => {
      assert.is((await best(world)).length, 5);
      assert.is(world.engine.stats().approximate, 0);
    });
  }
});

test('where it is on, a whole gallery is searched by cells, and a short list or another filter exactly', async () => {
  await withFaces({ ivf: { enabled: true, min_rows: 1000, probes: 2 } }, async (world, list) => {
    const approximate = () => world.engine.stats().approximate;
    const [first] = await best(world);
    assert.is(approximate(), 1);
    assert.is((await best(world, { list_id: list }))[0], first);
    assert.is((await best(world, { face_ids: [first] }))[0], first);
    assert.is(approximate(), 1);
    const late = world.addFace(picture(7));
    assert.ok((await best(world)).slice(0, 2).includes(late), 'a face is found right after it was written');
    assert.is(approximate(), 2);
  });
});

test('a search with any filter but a list stays exact, also where labels of the rows answer the filter', async () => {
  await withFaces({ ivf: { enabled: true, min_rows: 1000, probes: 1 } }, async (world) => {
    const filters: Record<string, unknown>[] = [
      { create_time__gte: '2020-01-01T00:00:00Z' },
      { create_time__lt: '2040-01-01T00:00:00Z' },
      { create_time__gte: '2020-01-01T00:00:00Z', create_time__lt: '2040-01-01T00:00:00Z' },
      { account_id: accountA },
      { user_data: '' },
    ];
    for (const one of filters) {
      assert.is((await best(world, one)).length, 5);
      assert.is(world.engine.stats().approximate, 0, JSON.stringify(one));
    }
    await best(world);
    assert.is(world.engine.stats().approximate, 1);
  });
});

test('a list of enough faces is searched by cells too', async () => {
  await withFaces({ ivf: { enabled: true, min_rows: 1000, probes: 2 } }, async (world) => {
    const list = world.addList();
    for (let after = -1; ; ) {
      const keys = world.storage.matchFeed.faceKeys(after, 500);
      if (keys.length === 0) break;
      world.storage.faces.link(list, keys);
      after = keys.at(-1) ?? after;
    }
    await best(world, { list_id: list });
    assert.is(world.engine.stats().approximate, 1);
  });
});

test.run();
