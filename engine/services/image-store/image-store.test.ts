import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buckets } from '#contract/established/names';
import { createLog } from '#kernel/log';
import { accountA, accountB, callerOfAccount, openRouteBench } from '../route-bench.ts';
import { createImageStoreRoutes } from './image-store.routes.ts';
import { createImageStore, type ImageStore } from './image-store.service.ts';

const filesDir = mkdtempSync(join(tmpdir(), 'perigee-image-store-'));
const made: ImageStore[] = [];
const bench = openRouteBench(
  (deps) => {
    const images = createImageStore({ ...deps, log: createLog('silent') });
    made.push(images);
    return [createImageStoreRoutes({ images })];
  },
  { filesDir },
);
const { call, storage } = bench;
const images = made[0] as ImageStore;
const b = callerOfAccount(accountB);
const unknown = '0195d8a2-6f0a-4c3e-9b1d-3f5a7c9e1b2d';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 120, b: 90 } } });
const jpeg250 = new Uint8Array(await picture(250, 250).jpeg().toBuffer());
const png250 = new Uint8Array(await picture(250, 250).png().toBuffer());

const filesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const rowCount = (): number => storage.images.usage().reduce((sum, { images: n }) => sum + n, 0);
const post = (path: string, type: string, body: Uint8Array | string) =>
  call('POST', path, { body, headers: type ? { 'Content-Type': type } : {} });

const store = suite('image store');
store.after(() => {
  bench.close();
  rmSync(filesDir, { recursive: true, force: true });
});

store('a JPEG face sample is kept byte for byte, under a predictable path', async () => {
  const created = await post('/samples/faces', 'image/jpeg', jpeg250);
  assert.is(created.status, 201);
  const id: string = created.body.sample_id;
  assert.equal(created.body, { sample_id: id, url: `/6/samples/faces/${id}` });
  assert.is(created.headers.get('location'), `/6/samples/faces/${id}`);
  const read = await call('GET', `/samples/faces/${id.toUpperCase()}`);
  assert.is(read.headers.get('content-type'), 'image/jpeg');
  assert.equal(read.bytes, jpeg250);
  assert.ok(filesIn(filesDir).includes(join(filesDir, buckets.faceSamples, id.slice(0, 3), id)));
  const head = await call('HEAD', `/samples/faces/${id}`);
  assert.equal([head.status, head.bytes.length], [200, 0]);
  assert.is(head.headers.get('content-length'), String(jpeg250.length));
});

store('a sample of another format becomes a JPEG', async () => {
  const ppm = Buffer.concat([Buffer.from('P6 250 250 255\n'), Buffer.alloc(250 * 250 * 3, 99)]);
  for (const [type, bytes] of [
    ['image/png', png250],
    ['image/x-portable-pixmap', ppm],
    ['image/tiff', await picture(250, 250).tiff().toBuffer()],
  ] as const) {
    const created = await post('/samples/faces', type, new Uint8Array(bytes));
    assert.is(created.status, 201, type);
    const { bytes: stored } = await call('GET', `/samples/faces/${created.body.sample_id}`);
    const { format, width, height } = await sharp(stored).metadata();
    assert.equal([format, width, height], ['jpeg', 250, 250], type);
  }
});

store('a body sample has 128x256 pixels', async () => {
  const body = new Uint8Array(await picture(128, 256).jpeg().toBuffer());
  const created = await post('/samples/bodies', 'image/jpeg', body);
  assert.is(created.status, 201);
  assert.is((await call('GET', `/samples/bodies/${created.body.sample_id}`)).status, 200);
  assert.is((await call('GET', `/samples/faces/${created.body.sample_id}`)).body.error_code, 13003);
  assert.is((await post('/samples/bodies', 'image/jpeg', jpeg250)).body.error_code, 11030);
});

const refused: readonly [what: string, path: string, type: string, body: Uint8Array, status: number, code: number][] = [
  ['251x250', '/samples/faces', 'image/png', new Uint8Array(await picture(251, 250).png().toBuffer()), 400, 11030],
  [
    'a huge sample',
    '/samples/faces',
    'image/png',
    new Uint8Array(await picture(5000, 4000).png().toBuffer()),
    400,
    11030,
  ],
  ['a tiny sample', '/samples/faces', 'image/png', new Uint8Array(await picture(3, 3).png().toBuffer()), 400, 11030],
  ['a truncated JPEG', '/samples/faces', 'image/jpeg', jpeg250.slice(0, jpeg250.length >> 1), 400, 18002],
  ['noise as JPEG', '/samples/faces', 'image/jpeg', new Uint8Array(5000).fill(77), 400, 18002],
  ['nothing as JPEG', '/samples/faces', 'image/jpeg', new Uint8Array(0), 400, 18002],
  ['a PNG that says JPEG', '/samples/faces', 'image/jpeg', png250, 400, 12025],
  ['a sample as text', '/samples/faces', 'text/plain', jpeg250, 400, 12017],
  ['an image that says JPEG and is PNG', '/images', 'image/jpeg', png250, 400, 12025],
  ['an image that is none', '/images', 'image/png', new Uint8Array(100), 400, 18002],
  ['an SVG', '/images', 'image/svg+xml', new TextEncoder().encode('<svg/>'), 400, 12017],
  ['an image without type', '/images', '', jpeg250, 400, 12017],
  ['an object without type', '/objects', '', jpeg250, 400, 12017],
  ['an object with a broken type', '/objects', 'text', jpeg250, 400, 12017],
];
for (const [what, path, type, body, status, code] of refused) {
  store(`${what} answers ${status} with ${code} and leaves neither row nor file`, async () => {
    const before = [rowCount(), filesIn(filesDir).length];
    const answer = await post(path, type, body);
    assert.equal([answer.status, answer.body.error_code], [status, code], answer.body.detail);
    assert.equal([rowCount(), filesIn(filesDir).length], before);
  });
}

store('images are stored as they are, several in multipart', async () => {
  const single = await post('/images', 'image/png', png250);
  assert.is(single.status, 201);
  const read = await call('GET', single.body.url.slice(2));
  assert.is(read.headers.get('content-type'), 'image/png');
  assert.equal(read.bytes, png250);
  const form = new FormData();
  form.append('one', new Blob([jpeg250], { type: 'image/jpeg' }), 'a.jpg');
  form.append('two', new Blob([png250], { type: 'image/png' }), '../../b.png');
  const several = await call('POST', '/images', { body: form });
  assert.is(several.status, 201, several.body.detail);
  assert.is(several.body.images.length, 2);
  assert.equal((await call('GET', several.body.images[1].url.slice(2))).bytes, png250);
});

store('one bad part of a multipart keeps all of them out', async () => {
  const before = rowCount();
  const form = new FormData();
  form.append('one', new Blob([jpeg250], { type: 'image/jpeg' }), 'a.jpg');
  form.append('two', new Blob([jpeg250], { type: 'image/png' }), 'b.png');
  assert.is((await call('POST', '/images', { body: form })).body.error_code, 12025);
  const many = new FormData();
  for (let i = 0; i < 31; i++) many.append(`p${i}`, new Blob([jpeg250], { type: 'image/jpeg' }), 'a.jpg');
  assert.is((await call('POST', '/images', { body: many })).status, 413);
  const broken = await post('/images', 'multipart/form-data; boundary=x', '--x\r\nbroken');
  assert.equal([broken.status, broken.body.error_code], [400, 11049]);
  assert.is(rowCount(), before);
});

store('objects of any type go round byte for byte and are downloaded, never shown', async () => {
  for (const [type, extension, body] of [
    ['application/json', 'json', new TextEncoder().encode('{"a": [1]}')],
    ['text/plain; charset=utf-8', 'txt', new TextEncoder().encode('Grüße')],
    ['application/zip', 'zip', Uint8Array.of(0x50, 0x4b, 5, 6, 0)],
    ['application/pdf', 'pdf', new TextEncoder().encode('%PDF-1.4')],
    ['text/html', 'bin', new TextEncoder().encode('<script>1</script>')],
    ['application/octet-stream', 'bin', new Uint8Array(2_500_000).map((_, i) => i * 7)],
    ['application/json', 'json', new Uint8Array(0)],
  ] as const) {
    const created = await post('/objects', type, body);
    assert.is(created.status, 201, `${type} ${created.body.detail}`);
    const id = created.body.object_id;
    const read = await call('GET', `/objects/${id}`);
    assert.is(read.headers.get('content-type'), type);
    assert.is(read.headers.get('content-disposition'), `attachment; filename=${id}.${extension}`);
    assert.is(read.headers.get('x-content-type-options'), 'nosniff');
    assert.ok(Buffer.from(read.bytes).equals(body), type);
  }
});

store('removing takes row and file; others cannot', async () => {
  for (const [path, type, key, code] of [
    ['/samples/faces', 'image/jpeg', 'sample_id', 13003],
    ['/images', 'image/jpeg', 'image_id', 13003],
    ['/objects', 'text/plain', 'object_id', 13007],
  ] as const) {
    const id = (await post(path, type, jpeg250)).body[key];
    const files = filesIn(filesDir).length;
    for (const [method, caller] of [
      ['GET', b],
      ['DELETE', b],
    ] as const) {
      const answer = await call(method, `${path}/${id}`, { caller });
      assert.equal([answer.status, answer.body.error_code], [404, code], path);
    }
    assert.is((await call('DELETE', `${path}/${id}`)).status, 204);
    assert.is(filesIn(filesDir).length, files - 1);
    for (const method of ['GET', 'DELETE']) {
      assert.is((await call(method, `${path}/${id}`)).body.error_code, code, method);
    }
    assert.is((await call('HEAD', `${path}/${unknown}`)).status, 404);
    assert.is((await call('GET', `${path}/..%2f..%2fetc%2fpasswd`)).body.error_code, 12001);
  }
});

store('a staged file is invisible until committed, and gone when discarded', async () => {
  const staged = await images.stage(buckets.faceSamples, accountA, 'image/jpeg', jpeg250);
  const path = `/samples/faces/${staged.row.image_id}`;
  assert.is((await call('GET', path)).status, 404);
  storage.atomically(() => images.commit(staged));
  assert.is((await call('GET', path)).status, 200);
  const other = await images.stage(buckets.faceSamples, accountA, 'image/jpeg', jpeg250);
  const before = filesIn(filesDir).length;
  await images.discard(other);
  assert.is(filesIn(filesDir).length, before - 1);
});

store('files without rows are removed after an hour, files with rows never', async () => {
  const kept = (await post('/images', 'image/jpeg', jpeg250)).body.url.slice(2);
  const orphan = await images.stage(buckets.objects, accountA, 'text/plain', jpeg250);
  const path = filesIn(filesDir).find((file) => file.endsWith(orphan.row.image_id)) ?? '';
  // The clock of this test stands in March 2026; the files bear the machine's time.
  const at = (ms: number): string => new Date(ms).toISOString();
  for (const file of filesIn(filesDir)) execFileSync('touch', ['-d', at(bench.clock.now() - 7_200_000), file]);
  execFileSync('touch', ['-d', at(bench.clock.now() - 3_000_000), path]);
  assert.is(await images.removeOrphans(), 0);
  bench.clock.advance(700_000);
  assert.is(await images.removeOrphans(), 1);
  assert.not(filesIn(filesDir).includes(path));
  assert.is((await call('GET', kept)).status, 200);
});

store('a row whose file is missing answers 404 instead of nothing', async () => {
  const id = (await post('/images', 'image/jpeg', jpeg250)).body.image_id;
  rmSync(join(filesDir, buckets.images, id.slice(0, 3), id));
  assert.is((await call('GET', `/images/${id}`)).body.error_code, 13003);
});

store.run();
