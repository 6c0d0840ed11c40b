import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CandidateFilters } from '#contract/matching/candidates';
import { defaultLimits } from '#matching/limits';
import { prepareKernels } from '../../../../build/kernels/compile.ts';
import { openWorld, picture, type World } from '../matcher.fixture.ts';

const test = suite<{ dir: string; open: (options?: { maxRows?: number }) => Promise<World> }>(
  'galleries over a restart',
);
test.before.each((context) => {
  const dir = mkdtempSync(join(tmpdir(), 'feed-'));
  context.dir = dir;
  context.open = async (options = {}) =>
    openWorld({ ...options, kernels: await prepareKernels({ outDir: 'dist' }), dir, file: join(dir, 'luna.db') });
});
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }));

async function search(world: World, who: number): Promise<unknown[]> {
  const set = { filters: CandidateFilters.parse({ origin: 'faces' }), limit: 2, threshold: 0.99 };
  const result = await world.matcher.matchVector({ version: 20001, vector: picture(who) }, set, null);
  return result.map(({ face }) => face?.['face_id']);
}
function flipByte(path: string, at: number): void {
  const handle = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  assert.is(readSync(handle, byte, 0, 1, at), 1);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(handle, byte, 0, 1, at);
  closeSync(handle);
}
const waitingChanges = (world: World) => world.storage.matchChanges.after(0, 10_000).length;

test('a snapshot and the changes since make the same gallery; changes in it are forgotten', async ({ open }) => {
  const first = await open();
  const faces = Array.from({ length: 300 }, (_, i) => first.addFace(picture(i)));
  await first.matcher.snapshot();
  assert.is(waitingChanges(first), 0);
  const late = first.addFace(picture(1000));
  first.storage.faces.remove(first.faceKey(faces[7] ?? ''));
  // As after a crash: no snapshot at the end.
  await first.engine.stop();
  first.storage.close();

  const second = await open();
  assert.ok(waitingChanges(second) > 0);
  assert.equal(await search(second, 5), [faces[5]]);
  assert.equal(await search(second, 7), []);
  assert.equal(await search(second, 1000), [late]);
  await second.close(true);
});

test('a stop leaves a snapshot', async ({ open }) => {
  const first = await open();
  const face = first.addFace(picture(1));
  await first.close(true);
  const second = await open();
  assert.is(waitingChanges(second), 0);
  assert.equal(await search(second, 1), [face]);
  await second.close(true);
});

test('a snapshot with a flipped byte is rebuilt from the database', async ({ dir, open }) => {
  const first = await open();
  const face = first.addFace(picture(1));
  await first.close(true);
  const folder = join(dir, 'galleries');
  const name = readdirSync(folder).find((file) => file.startsWith('faces') && file.endsWith('.snapshot')) ?? '';
  const path = join(folder, name);
  // The key of the row: without the checksum nobody would be found.
  const headerBytes = readFileSync(path).readUInt32LE(8);
  flipByte(path, 16 + headerBytes + defaultLimits.blockRows * 128 + 3);
  const second = await open();
  assert.equal(await search(second, 1), [face]);
  await second.close(true);
});

test('a flipped byte, or a cut, in the file of vectors costs no answer, at once and after a restart', async ({
  dir,
  open,
}) => {
  const first = await open();
  const face = first.addFace(picture(1));
  assert.equal(await search(first, 1), [face]);
  const folder = join(dir, 'galleries');
  const vectorsPath = (): string =>
    join(folder, readdirSync(folder).find((file) => file.startsWith('faces') && file.endsWith('.f32')) ?? '');
  flipByte(vectorsPath(), 100);
  assert.equal(await search(first, 1), [face]);
  await first.close(true);
  for (const slot of [0, 1]) {
    const size = 16 + 128 * 4;
    if (statSync(vectorsPath()).size > slot * size) flipByte(vectorsPath(), slot * size + 100);
  }
  const second = await open();
  assert.equal(await search(second, 1), [face]);
  await second.close(true);
  truncateSync(vectorsPath(), 100);
  const third = await open();
  assert.equal(await search(third, 1), [face]);
  await third.close(true);
});

test('a full gallery leaves out what comes last; nothing else suffers, also at the next start', async ({ open }) => {
  const first = await open({ maxRows: 2 });
  const faces = [1, 2, 3].map((who) => first.addFace(picture(who)));
  const event = first.addEvent(picture(9));
  const findEvent = async (world: World): Promise<unknown[]> => {
    const set = { filters: CandidateFilters.parse({ origin: 'events' }), limit: 2, threshold: 0.99 };
    const result = await world.matcher.matchVector({ version: 20001, vector: picture(9) }, set, null);
    return result.map(({ event }) => event?.['event_id']);
  };
  assert.equal([await search(first, 1), await search(first, 2)], [[faces[0]], [faces[1]]]);
  assert.equal(await search(first, 3), []);
  assert.equal(await findEvent(first), [event]);
  assert.is(waitingChanges(first), 4);
  await first.close(true);
  const second = await open({ maxRows: 2 });
  assert.equal([await search(second, 1), await search(second, 2)], [[faces[0]], [faces[1]]]);
  assert.equal(await findEvent(second), [event]);
  // Room is made: what comes then is searched.
  second.storage.faces.remove(second.faceKey(faces[0] ?? ''));
  const late = second.addFace(picture(4));
  assert.equal(await search(second, 4), [late]);
  await second.close(true);
});

test('a gallery rebuilt from the database has its snapshot at once, though nothing changed since', async ({
  dir,
  open,
}) => {
  const first = await open();
  const face = first.addFace(picture(1));
  await first.close(true);
  const folder = join(dir, 'galleries');
  const snapshots = () => readdirSync(folder).filter((file) => file.startsWith('faces') && file.endsWith('.snapshot'));
  assert.is(snapshots().length, 1);
  rmSync(folder, { recursive: true });
  const second = await open();
  assert.equal(await search(second, 1), [face]);
  await second.close(true);
  assert.is(snapshots().length, 1);
  const third = await open();
  assert.equal(await search(third, 1), [face]);
  await third.close(true);
});

test('a snapshot that the database does not name is not believed', async ({ open }) => {
  const first = await open();
  first.addFace(picture(1));
  await first.close(true);
  // As if the database had been restored from a copy made before the snapshot.
  const second = await open();
  for (const origin of ['faces', 'events']) second.storage.meta.remove(`matcher.snapshot.${origin}/20001`);
  const key = second.faceKey((await search(second, 1))[0] as string);
  await second.engine.stop();
  second.storage.faces.remove(key);
  second.storage.matchChanges.trim(second.storage.matchChanges.lastSeq(), 1000);
  second.storage.close();
  const third = await open();
  assert.equal(await search(third, 1), []);
  await third.close(true);
});

test('a stored descriptor that cannot be compared is left out, whether read again or all together', async ({
  dir,
  open,
}) => {
  const first = await open();
  const good = [1, 2].map((who) => first.addFace(picture(who)));
  first.addFace(picture(3).fill(Number.NaN));
  first.addFace(picture(4).subarray(0, 100));
  const late = first.addFace(picture(5));
  assert.equal([await search(first, 1), await search(first, 5)], [[good[0]], [late]]);
  await first.engine.stop();
  first.storage.close();
  rmSync(join(dir, 'galleries'), { recursive: true });

  const second = await open();
  assert.equal([await search(second, 2), await search(second, 5)], [[good[1]], [late]]);
  assert.is(second.engine.stats().galleries[0]?.rows, 3);
  await second.close(true);
});

test.run();
