import { pack } from 'msgpackr';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultDescriptorVersion, packSdkDescriptor } from '#domain/descriptor/descriptor';
import { isLunaError } from '#kernel/errors';
import { candidateTargets, checkTargets } from './candidate-targets.ts';
import { CandidateFilters, CandidateSet, Reference } from './candidates.ts';
import { type RawDescriptor, readRawDescriptor } from './raw-descriptors.ts';

const test = suite('candidates');
const listId = '0195D8A2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';

test('filters come nested as the matcher has them and flat as match policies have them', () => {
  const expected = { origin: 'faces', list_id: listId.toLowerCase() };
  assert.equal(CandidateFilters.parse({ origin: 'faces', list_id: listId }), expected);
  assert.equal(CandidateFilters.parse({ filters: { origin: 'faces', list_id: listId } }), expected);
  const nested = CandidateSet.parse({ filters: { origin: 'faces', list_id: listId }, limit: 7 });
  const flat = CandidateSet.parse({ origin: 'faces', list_id: listId, limit: 7 });
  assert.equal(nested, flat);
  assert.equal(nested, { filters: expected, limit: 7, threshold: 0 });
});

test('null is not given, but for events, where it could mean a missing value', () => {
  const filters = { origin: 'faces', list_id: null, external_ids: null };
  const expected = { filters: { origin: 'faces' }, limit: 3, threshold: 0 };
  assert.equal(CandidateSet.parse({ filters, limit: null, threshold: null }), expected);
  assert.equal(CandidateSet.parse({ ...filters, limit: null }), expected);
  assert.not(CandidateFilters.safeParse({ origin: 'events', gender: null }).success);
});

test('numbers and names of a closed set mean the same, a lone value is a list of one', () => {
  const byName = CandidateFilters.parse({
    origin: 'events',
    emotions: ['anger', 'surprise'],
    masks: 'missing',
    gender: 'male',
  });
  const byNumber = CandidateFilters.parse({ origin: 'events', emotions: [1, 7], masks: [1], gender: 1 });
  assert.equal(byName, byNumber);
});

test('relative times stay text', () => {
  const filters = CandidateFilters.parse({ origin: 'events', create_time__gte: 'now-3h' });
  assert.is(filters.origin === 'events' && filters.create_time__gte, 'now-3h');
});

test('what would silently widen a search is refused with its path', () => {
  const bad: [unknown, string][] = [
    [{ origin: 'faces', list_ids: [listId] }, ''],
    [{ origin: 'faces', face_ids: [] }, 'face_ids'],
    [{ origin: 'faces', list_id: 'x' }, 'list_id'],
    [{ origin: 'faces', handler_ids: [listId] }, ''],
    [{ origin: 'events', emotions: ['hungry'] }, 'emotions.0'],
    [{ origin: 'events', create_time__gte: 'yesterday' }, 'create_time__gte'],
    [{ origin: 'events', geo_position: { origin_longitude: 5 } }, 'geo_position.origin_latitude'],
    [{ origin: 'people' }, 'origin'],
    [{}, 'origin'],
    [null, ''],
  ];
  for (const [input, path] of bad) {
    const parsed = CandidateFilters.safeParse(input);
    assert.not(parsed.success, JSON.stringify(input));
    assert.is(parsed.error?.issues[0]?.path.join('.'), path, JSON.stringify(input));
  }
});

test('a million candidates are refused', () => {
  const parsed = CandidateSet.safeParse({ filters: { origin: 'faces' }, limit: 1_000_000 });
  assert.is(parsed.error?.issues[0]?.path.join('.'), 'limit');
});

test('targets belong to an origin', () => {
  for (const origin of ['faces', 'events', 'attributes'] as const) checkTargets(origin, candidateTargets[origin]);
  try {
    checkTargets('faces', ['face_id', 'handler_id']);
    assert.unreachable();
  } catch (error) {
    assert.ok(isLunaError(error, 'InvalidTarget'));
  }
});

test('references are told apart by their type', () => {
  assert.is(Reference.parse({ type: 'face', id: listId }).id, listId.toLowerCase());
  assert.is(Reference.parse({ type: 'face_external_id', id: 'Ann' }).id, 'Ann');
  assert.is(Reference.parse({ type: 'sdk_descriptor', data: 'AAAA' }).id, '');
  assert.not(Reference.safeParse({ type: 'face', id: 'Ann' }).success);
  assert.not(Reference.safeParse({ type: 'sdk_descriptor', id: 'a' }).success);
  assert.not(Reference.safeParse({ type: 'thought', id: 'a' }).success);
});

const vector = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i + 1));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const sdk = (version: number, values: Float32Array): RawDescriptor => ({
  type: 'sdk_descriptor',
  id: 'a',
  data: base64(packSdkDescriptor(version, values)),
});

test('a raw descriptor says the same in every form', () => {
  const bytes = new Uint8Array(vector.buffer);
  const forms: RawDescriptor[] = [
    sdk(defaultDescriptorVersion, vector),
    { type: 'raw_descriptor', id: 'c', data: base64(pack({ descriptor: bytes, version: defaultDescriptorVersion })) },
    { type: 'raw_descriptor', id: 'd', data: { descriptor: base64(bytes), version: defaultDescriptorVersion } },
  ];
  for (const form of forms) assert.equal(readRawDescriptor(form), { version: defaultDescriptorVersion, vector });
});

test('a descriptor that cannot be compared is refused with the code that says why', () => {
  const with_ = (value: number) => Float32Array.from(vector, (x, i) => (i === 5 ? value : x));
  const cases: [RawDescriptor, number][] = [
    [{ type: 'xpk_file', id: 'a', data: 'AAAA' }, 12026],
    [{ type: 'sdk_descriptor', id: 'a', data: '§' }, 12038],
    [{ type: 'sdk_descriptor', id: 'a', data: 'AAAA' }, 12038],
    [{ type: 'raw_descriptor', id: 'a', data: 'wQ==' }, 12038],
    [sdk(59, vector), 12036],
    [sdk(defaultDescriptorVersion, vector.subarray(1)), 12038],
    [sdk(defaultDescriptorVersion, new Float32Array(0)), 12038],
    [sdk(defaultDescriptorVersion, with_(Number.NaN)), 12038],
    [sdk(defaultDescriptorVersion, with_(Number.POSITIVE_INFINITY)), 12038],
    [sdk(defaultDescriptorVersion, new Float32Array(128)), 12038],
  ];
  for (const [descriptor, code] of cases) {
    try {
      readRawDescriptor(descriptor);
      assert.unreachable(JSON.stringify(descriptor));
    } catch (error) {
      assert.is(isLunaError(error) && error.code, code);
    }
  }
});

test.run();
