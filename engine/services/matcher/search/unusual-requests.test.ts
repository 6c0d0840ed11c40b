import * as assert from 'uvu/assert';
import { defaultDescriptorVersion, vectorBytes } from '#domain/descriptor/descriptor';
import { picture, sdk } from '../matcher.fixture.ts';
import { routesSuite, send } from '../routes.fixture.ts';

const test = routesSuite('requests that nobody should send, or that find nobody');

const rawBytes = (bytes: Uint8Array, version = defaultDescriptorVersion) => ({
  type: 'raw_descriptor',
  id: 'x',
  data: { descriptor: Buffer.from(bytes).toString('base64'), version },
});
const valuesOf = (...values: number[]): Uint8Array =>
  vectorBytes(Float32Array.from({ length: 128 }, (_, i) => values[i] ?? 0));
const unusable: readonly [what: string, descriptor: unknown, code: number][] = [
  ['NaN', rawBytes(valuesOf(1, Number.NaN)), 12038],
  ['infinity', rawBytes(valuesOf(1, Number.POSITIVE_INFINITY)), 12038],
  ['minus infinity', rawBytes(valuesOf(Number.NEGATIVE_INFINITY)), 12038],
  ['nothing but zeros', rawBytes(valuesOf()), 12038],
  ['a value too few', rawBytes(valuesOf(1).subarray(4)), 12038],
  ['a byte too much', rawBytes(new Uint8Array([...valuesOf(1), 0])), 12038],
  ['no value at all', { ...rawBytes(valuesOf(1)), data: { descriptor: '', version: defaultDescriptorVersion } }, 12022],
  ['a version of another vendor', rawBytes(new Uint8Array(512).fill(1), 59), 12036],
  ['a version of nobody', rawBytes(valuesOf(1), 4_294_967_295), 12036],
  ['a version that is none', rawBytes(valuesOf(1), -1), 12022],
  ['a container of NaN', sdk(Float32Array.of(Number.NaN, ...new Float32Array(127).fill(1))), 12038],
  ['a container cut short', { ...sdk(picture(1)), data: sdk(picture(1)).data.slice(0, 100) }, 12038],
];
test('descriptors that cannot be compared are refused by name, as reference and as candidate', async ({ app }) => {
  const good = sdk(picture(1));
  const faces = [{ filters: { origin: 'faces' } }];
  for (const [what, bad, code] of unusable) {
    for (const [path, body] of [
      ['/matcher/faces', { references: [good, bad], candidates: faces }],
      ['/matcher/raw', { references: [bad], candidates: [good] }],
      ['/matcher/raw', { references: [good], candidates: [good, bad] }],
    ] as const) {
      const { status, body: answer } = await send(app, 'POST', path, body);
      assert.equal([status, answer.error_code], [400, code], `${what}: ${path}`);
    }
  }
});

test('raw matching takes a thousand candidates and no more', async ({ app }) => {
  const good = sdk(picture(1));
  const raw = (candidates: number) =>
    send(app, 'POST', '/matcher/raw', { references: [good], candidates: Array(candidates).fill(good) });
  const { status, body } = await raw(1000);
  assert.equal([status, body.matches[0].matches.length], [200, 1000]);
  assert.is((await raw(1001)).body.error_code, 12022);
});

test('filters that nobody meets answer an empty result', async ({ world, app }) => {
  const list = world.addList();
  world.addFace(picture(1), { user_data: 'Ann' });
  world.addEvent(picture(1));
  const nobody = '00000000-0000-4000-8000-000000000000';
  const filters = [
    { origin: 'faces', list_id: list },
    { origin: 'faces', list_id: nobody },
    { origin: 'faces', face_ids: [nobody] },
    { origin: 'faces', account_id: nobody },
    { origin: 'faces', user_data: 'Bob' },
    { origin: 'faces', create_time__lt: '1971-01-01T00:00:00Z' },
    { origin: 'events', create_time__gte: 'now-1h', create_time__lt: 'now-2h' },
    { origin: 'events', sources: ['nowhere'] },
    { origin: 'attributes', attribute_ids: [nobody] },
  ];
  const request = { references: [sdk(picture(1))], candidates: filters.map((one) => ({ filters: one })) };
  const { status, body } = await send(app, 'POST', '/matcher/faces', request);
  assert.is(status, 200);
  for (const [i, { result }] of body[0].matches.entries()) assert.equal(result, [], JSON.stringify(filters[i]));
});

test.run();
