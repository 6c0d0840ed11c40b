import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters } from '#contract/matching/candidates';
import { type DescriptorVersion, defaultDescriptorVersion } from '#domain/descriptor/descriptor';
import { knowDescriptorVersion } from '#domain/descriptor/similarity';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { openWorld, picture, type World } from '../matcher.fixture.ts';

const test = suite<{ dir: string; open: () => Promise<World> }>(
  'a descriptor version that becomes known while the matcher runs',
);
let inUse = defaultDescriptorVersion;

test.before.each((context) => {
  inUse = defaultDescriptorVersion;
  context.dir = mkdtempSync(join(tmpdir(), 'versions-'));
  context.open = async () =>
    openWorld({
      kernels: await prepareKernels({ outDir: 'dist' }),
      dir: context.dir,
      file: join(context.dir, 'luna.db'),
      versionInUse: () => inUse,
    });
});
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }));

const versionOf = (version: number, length = 48): DescriptorVersion => ({
  version,
  name: `pack-${version}`,
  length,
  metric: 'cosine',
  similarity: { slope: 10, offset: -3 },
});
const short = (who: number): Float32Array => picture(who).slice(0, 48);
const facesOf = { filters: CandidateFilters.parse({ origin: 'faces' }), limit: 5, threshold: 0.9 };

async function search(world: World, version: number, vector: Float32Array): Promise<unknown[]> {
  return (await world.matcher.matchVector({ version, vector }, facesOf, null)).map(({ face }) => face?.['face_id']);
}

test('what is stored of it before and after is found at once; the other versions go on', async ({ open }) => {
  const world = await open();
  const [old = '', both = ''] = [1, 2].map((who) => world.addFace(picture(who)));
  world.describeFace(both, 20_901, short(2));
  assert.equal(await search(world, 20_901, short(2)), []);
  knowDescriptorVersion(versionOf(20_901));
  assert.equal(await search(world, 20_901, short(2)), [both]);
  const late = world.addFace(null);
  world.describeFace(late, 20_901, short(3));
  assert.equal(await search(world, 20_901, short(3)), [late]);
  assert.equal(await search(world, 20_901, short(1)), []);
  assert.equal(await search(world, defaultDescriptorVersion, picture(1)), [old]);
  await world.close();
});

test('a face is asked with its descriptor of the version in use, else with the one it has; never across', async ({
  open,
}) => {
  const world = await open();
  knowDescriptorVersion(versionOf(20_902));
  const [old = '', both = ''] = [1, 2].map((who) => world.addFace(picture(who)));
  world.describeFace(both, 20_902, short(2));
  const versionsOf = () => [old, both].map((id) => world.matcher.vectorOf({ type: 'face', id }, null).version);
  assert.equal(versionsOf(), [20_001, 20_001]);
  inUse = 20_902;
  assert.equal(versionsOf(), [20_001, 20_902]);
  const [ofOld, ofBoth] = [old, both].map((id) => world.matcher.vectorOf({ type: 'face', id }, null));
  if (!ofOld || !ofBoth) throw new Error('no vectors');
  assert.throws(() => world.matcher.compare(ofOld, ofBoth), /version 20001 cannot be compared with version 20902/);
  await world.close();
});

test('changes that come while its galleries are filled are in them, and its snapshot serves the next start', async ({
  open,
}) => {
  const world = await open();
  const faces = Array.from({ length: 600 }, () => world.addFace(null));
  for (const [who, face] of faces.entries()) world.describeFace(face, 20_903, short(who));
  knowDescriptorVersion(versionOf(20_903));
  const searching = search(world, 20_903, short(7));
  world.storage.faces.remove(world.faceKey(faces[8] ?? ''));
  world.describeFace(faces[9] ?? '', 20_903, short(1009));
  assert.equal(await searching, [faces[7]]);
  assert.equal(await search(world, 20_903, short(8)), []);
  assert.equal(await search(world, 20_903, short(1009)), [faces[9]]);
  await world.close(true);
  const next = await open();
  assert.equal(await search(next, 20_903, short(1009)), [faces[9]]);
  await next.close();
});

test('a snapshot from before its version was unknown for a time is not believed', async ({ dir, open }) => {
  knowDescriptorVersion(versionOf(20_904));
  const first = await open();
  const [face = '', other = ''] = [1, 2].map((who) => first.addFace(picture(who)));
  first.describeFace(face, 20_904, short(1));
  await first.close(true);
  const away = join(dir, 'away');
  const key = 'matcher.snapshot.faces/20904';
  cpSync(join(dir, 'galleries'), away, { recursive: true });
  // While the pack is away, the others go on: what their snapshots contain is forgotten.
  const second = await open();
  const generations = second.storage.meta.get(key) ?? '';
  assert.match(generations, /:/);
  second.describeFace(other, 20_904, short(2));
  await second.close(true);
  const third = await open();
  third.storage.meta.set(key, generations);
  await third.engine.stop();
  third.storage.close();
  for (const name of readdirSync(away)) {
    if (name.startsWith('faces') && name.includes('20904')) cpSync(join(away, name), join(dir, 'galleries', name));
  }
  const fourth = await open();
  assert.equal(await search(fourth, 20_904, short(2)), [other]);
  await fourth.close();
});

test.run();
