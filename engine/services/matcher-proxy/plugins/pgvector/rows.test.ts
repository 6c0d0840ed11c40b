import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { exactScore } from '#domain/descriptor/similarity';
import { createRandom } from '../../../matcher/matcher.fixture.ts';
import type { PluginFace } from '../../plugin.ts';
import { toHalf } from './half.ts';
import { digestOf, roundVector, toStoredText } from './rows.ts';
import { scoreBound } from './search.ts';

const test = suite('rows of faces in PostgreSQL');

/** The value of a binary16 by its bits (IEEE 754, 3.4). */
function halfOf(bits: number): number {
  const exponent = bits >> 10;
  const fraction = bits & 0x3ff;
  return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
}

test('a value is rounded to the nearest half, ties to even, and what is too large is cut off', () => {
  for (let bits = 0; bits < 0x7bff; bits += 7) {
    const [low, high] = [halfOf(bits), halfOf(bits + 1)];
    const middle = (low + high) / 2;
    const even = bits % 2 === 0 ? low : high;
    for (const [value, nearest] of [
      [low, low],
      [middle, even],
      [Math.fround(low * 0.51 + high * 0.49), low],
      [Math.fround(low * 0.49 + high * 0.51), high],
    ] as const) {
      assert.is(toHalf(value), nearest);
      assert.is(toHalf(-value), -nearest);
    }
  }
  for (const value of [65_504, 65_519, 65_520, 1e30, 3.4e38]) assert.is(toHalf(value), 65_504);
  assert.is(toHalf(1e-30), 0);
});

for (const metric of ['euclidean', 'cosine'] as const) {
  test(`no row left out can be nearer than the bound says: ${metric}`, () => {
    const version: DescriptorVersion = {
      version: 1,
      name: 'x',
      length: 24,
      metric,
      similarity: { slope: 1, offset: 0 },
    };
    const random = createRandom(metric.length);
    const kept = 10;
    let tight = 0;
    for (let round = 0; round < 60; round++) {
      const spread = 10 ** (-6 * random());
      const scale = 10 ** (10 * random() - 5);
      const centre = Array.from({ length: version.length }, () => random() - 0.5);
      const near = (): Float32Array => Float32Array.from(centre, (x) => (x + spread * (random() - 0.5)) * scale);
      const reference = near();
      const query = JSON.parse(roundVector(version, reference).text) as number[];
      const rows = Array.from({ length: 60 }, () => {
        const vector = near();
        const { text, rounding } = roundVector(version, vector);
        // pgvector adds up in f32.
        const half = Float32Array.from(JSON.parse(text) as number[]);
        return { vector, low: f32Distance(metric, Float32Array.from(query), half) - rounding };
      }).sort((a, b) => a.low - b.low);
      const bound = scoreBound(version, reference, rows[kept - 1]?.low ?? 0);
      const scores = rows.slice(kept).map(({ vector }) => exactScore(version, reference, vector));
      for (const score of scores) assert.ok(score <= bound, `${score} > ${bound}`);
      const best = Math.max(...rows.slice(0, kept).map(({ vector }) => exactScore(version, reference, vector)));
      if (best > bound) tight += 1;
    }
    assert.ok(tight > 5, 'a bound that never proves anything is of no use');
  });
}

function f32Distance(metric: DescriptorVersion['metric'], a: Float32Array, b: Float32Array): number {
  const f = Math.fround;
  let [dot, aa, bb, squares] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot = f(dot + f(x * y));
    aa = f(aa + f(x * x));
    bb = f(bb + f(y * y));
    squares = f(squares + f(f(x - y) * f(x - y)));
  }
  return metric === 'euclidean' ? Math.sqrt(squares) : 1 - Math.min(1, dot / Math.sqrt(aa * bb));
}

test('a digest tells every change of a face, and not the order of its lists', () => {
  const face: PluginFace = {
    key: 1,
    face_id: 'f',
    account_id: 'a',
    external_id: 'x',
    user_data: '',
    event_id: null,
    create_time: 5,
    lists: ['l', 'm'],
    descriptors: [],
  };
  const vector = Float32Array.of(1, 2);
  const same = digestOf(face, vector);
  assert.is(digestOf({ ...face, lists: ['m', 'l'] }, vector), same);
  const others = [
    digestOf(face, Float32Array.of(1, 3)),
    ...[
      { face_id: 'g' },
      { account_id: 'b' },
      { external_id: '', user_data: 'x' },
      { create_time: 6 },
      { lists: ['l'] },
    ].map((change) => digestOf({ ...face, ...change }, vector)),
  ];
  assert.is(new Set([same, ...others]).size, others.length + 1);
});

test('texts stay different', () => {
  const texts = ['', '0', '\0', '\\0', '\\\0', '\\\\0', 'a\0'];
  const stored = texts.map(toStoredText);
  assert.is(new Set(stored).size, texts.length);
  assert.not(stored.some((text) => text.includes('\0')));
});

test.run();
