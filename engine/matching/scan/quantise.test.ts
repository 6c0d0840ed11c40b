import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { exactScore } from '#domain/descriptor/similarity';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import type { Kernels } from './area.ts';
import {
  dropConstants,
  fromBf16,
  intervalOf,
  type QuantisedQuery,
  type QuantisedRow,
  quantiseCoarsely,
  quantiseQuery,
  quantiseRow,
  scaleWord,
} from './quantise.ts';

const bounds = suite('bounds of quantised scores');
let kernels: Kernels;
let memory: WebAssembly.Memory;

bounds.before(async () => {
  const path = await prepareKernels({ outDir: 'dist' });
  memory = new WebAssembly.Memory({ initial: 32, maximum: 32, shared: true });
  const module = new WebAssembly.Module(readFileSync(path));
  kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
});

type Metric = DescriptorVersion['metric'];
const versionOf = (metric: Metric, length: number): DescriptorVersion => ({
  version: 30000,
  name: 'test',
  length,
  metric,
  similarity: { slope: 1, offset: 0 },
});

function quantised(metric: Metric, vector: Float32Array): QuantisedRow {
  const row: QuantisedRow = { values: new Int8Array(vector.length), scale: 0, sum: 0, squares: 0, errorBits: 0 };
  quantiseRow(metric, vector, row);
  return row;
}

/**
 * Queries that make the bounds as tight as they can be: along what quantising took from the row (the inequality of
 * Cauchy and Schwarz becomes an equality), against it, the row itself, its int8 form, its opposite, and any other.
 */
function worstQueries(metric: Metric, x: Float32Array, other: Float32Array): Float32Array[] {
  const { values, scale } = quantised(metric, x);
  const unit = metric === 'cosine' ? 1 / Math.hypot(...x) : 1;
  const y = x.map((_, i) => (scale * (values[i] as number)) / unit);
  const rest = x.map((value, i) => value - (y[i] as number));
  const along = (step: number): Float32Array => x.map((value, i) => value + step * (rest[i] as number));
  const all = [rest, rest.map((v) => -v), along(1), along(30), along(-1), along(-30), x, y, x.map((v) => -v), other];
  return all.filter((query) => query.every(Number.isFinite) && query.some((value) => value !== 0));
}

interface Query {
  readonly fine: QuantisedQuery;
  readonly fineValues: Int16Array;
  readonly coarse: QuantisedQuery;
  readonly coarseValues: Uint8Array;
}

function queryOf(metric: Metric, vector: Float32Array): Query {
  const fineValues = new Int16Array(strideOf(vector));
  const coarseValues = new Uint8Array(strideOf(vector));
  const fine = quantiseQuery(metric, vector, fineValues);
  return { fine, fineValues, coarse: quantiseCoarsely(metric, vector, coarseValues), coarseValues };
}

const strideOf = (vector: { length: number }): number => Math.ceil(vector.length / 16) * 16;

/** Constants with which no row is dropped. */
const keepAll = (metric: Metric): [number, number, number] =>
  metric === 'cosine' ? [0, Number.NEGATIVE_INFINITY, 0] : [0, Number.POSITIVE_INFINITY, 0];

/**
 * Whether each kernel keeps the row at this threshold: alone, among its like (rows are judged by four), by id, and in batches of one
 * to four queries. `only`: the kernels that know coarse queries are left with that judgement alone.
 */
function keptBy(metric: Metric, row: QuantisedRow, query: Query, threshold: number, only?: 'coarse'): boolean[] {
  const stride = query.fineValues.length;
  const copies = 5;
  const place = (n: number): number => 65536 + n * 65536;
  const [rows, scales, squares, errors, ids, q] = [place(0), place(1), place(2), place(3), place(4), place(5)];
  const [coarse, packed, constants, numbers, out, counts] = [
    place(6),
    place(7),
    place(8),
    place(9),
    place(10),
    place(11),
  ];
  const { buffer } = memory;
  new Int8Array(buffer, rows, copies * stride).fill(0);
  for (let i = 0; i < copies; i++) new Int8Array(buffer, rows + i * stride, stride).set(row.values);
  new Uint32Array(buffer, scales, copies).fill(scaleWord(row));
  new Uint32Array(buffer, squares, copies).fill(row.squares);
  new Uint16Array(buffer, errors, copies).fill(row.errorBits);
  new Int32Array(buffer, ids, copies).set([0, 1, 2, 3, 4]);
  const fineConstants = dropConstants(query.fine, threshold);
  const coarseConstants = dropConstants(query.coarse, threshold);
  const second = only ? keepAll(metric) : fineConstants;
  for (let lane = 0; lane < 4; lane++) {
    new Int16Array(buffer, q + lane * stride * 2, stride).set(query.fineValues);
    new Uint8Array(buffer, coarse + lane * stride, stride).set(query.coarseValues);
  }
  const columns = [rows, stride, scales, squares, errors];
  const euclidean = metric === 'euclidean';
  const scan = euclidean ? kernels.scanEuclidean : kernels.scanCosine;
  const scanIds = euclidean ? kernels.scanIdsEuclidean : kernels.scanIdsCosine;
  const scanBatch = euclidean ? kernels.scanBatchEuclidean : kernels.scanBatchCosine;
  const all = (kept: number): boolean => {
    assert.ok(kept === 0 || kept === copies, `equal rows are judged unequally: ${kept} of ${copies}`);
    return kept > 0;
  };
  new Float32Array(buffer, constants, 6).set([...coarseConstants, ...second]);
  const alone = all(scan(...columns, 0, copies, q, coarse, constants, 0, out));
  const byId = all(scanIds(...columns, ids, copies, q, ...fineConstants, out));
  const floats = new Float32Array(buffer, constants, 24);
  for (let lane = 0; lane < 4; lane++) {
    for (const [i, constant] of coarseConstants.entries()) floats[i * 4 + lane] = constant;
    floats.set(second, 12 + lane * 3);
  }
  kernels.packFour(coarse, stride, packed);
  const batches = [0, ids].map((named) => {
    scanBatch(...columns, 0, copies, named, q, packed, constants, 1, 0, numbers, out, 64, counts);
    return Array.from(new Int32Array(buffer, counts, 4), all);
  });
  return [alone, ...batches.flat(), ...(only ? [] : [byId])];
}

const plain = fc.double({ min: -1, max: 1, noNaN: true });
const odd = fc.oneof(plain, fc.constantFrom(0, 1, -1, 0.5, 1e-7, 127, 1e-20, 1e20));
const vectorOf = (length: number) =>
  fc
    .tuple(
      fc.oneof(...[plain, plain, odd].map((value) => fc.array(value, { minLength: length, maxLength: length }))),
      fc.constantFrom(1, 1, 1, 1e-6, 1e6, 1e-18, 1e16),
    )
    .map(([values, factor]) => Float32Array.from(values, (x) => x * factor))
    .filter((vector) => vector.some((x) => x !== 0));
const lengths = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(16, 64, 100, 128) },
  { weight: 1, arbitrary: fc.constantFrom(512, 1024, 2048) },
);
const pair = lengths.chain((length) => fc.tuple(vectorOf(length), vectorOf(length)));

for (const metric of ['euclidean', 'cosine'] as const) {
  bounds(
    `${metric}: the exact score lies in the interval, and no kernel drops a row that reaches the threshold`,
    () => {
      let tight = 0;
      let checked = 0;
      fc.assert(
        fc.property(pair, ([x, other]) => {
          const row = quantised(metric, x);
          for (const q of worstQueries(metric, x, other)) {
            const query = queryOf(metric, q);
            const dot = x.reduce((sum, _, i) => sum + (query.fineValues[i] as number) * (row.values[i] as number), 0);
            const interval = { lower: 0, upper: 0 };
            const numbers = { scale: row.scale, squares: row.squares, error: fromBf16(row.errorBits) };
            intervalOf(query.fine, numbers, dot, interval);
            const score = exactScore(versionOf(metric, x.length), q, x);
            assert.ok(
              interval.lower <= score && score <= interval.upper,
              `${score} not in ${JSON.stringify(interval)}`,
            );
            const reached = Math.min(interval.upper - score, score - interval.lower);
            if (reached < 0.1 * (interval.upper - interval.lower)) tight += 1;
            checked += 1;
            const kept = keptBy(metric, row, query, score);
            assert.ok(kept.every(Boolean), `${kept} at ${score}`);
            // And the test is worth something: well above the upper bound the row is dropped.
            const width = interval.upper - interval.lower;
            const above = interval.upper + 2 * width;
            const apart = metric === 'cosine' || -above > 0.02 * (Math.hypot(...q) + Math.hypot(...x));
            if (Number.isFinite(width) && width > 0 && apart) {
              assert.not.ok(keptBy(metric, row, query, above).some(Boolean), `kept at ${above}`);
            }
          }
        }),
        { numRuns: 1000 },
      );
      assert.ok(tight > checked / 40, `only ${tight} of ${checked} queries come near a bound: they prove little`);
    },
  );
}

for (const metric of ['euclidean', 'cosine'] as const) {
  bounds(
    `${metric}: the coarse judgement alone drops no row that reaches the threshold, and drops those far below`,
    () => {
      let dropped = 0;
      fc.assert(
        fc.property(pair, ([x, other]) => {
          const row = quantised(metric, x);
          for (const q of worstQueries(metric, x, other)) {
            const query = queryOf(metric, q);
            const score = exactScore(versionOf(metric, x.length), q, x);
            const kept = keptBy(metric, row, query, score, 'coarse');
            assert.ok(kept.every(Boolean), `${kept} at ${score}`);
            const reach = metric === 'cosine' ? 1 : Math.hypot(...q) + Math.hypot(...x);
            const far = score + 0.3 * reach;
            const judged = Number.isFinite(query.coarse.error) && Number.isFinite(fromBf16(row.errorBits));
            if (judged && Math.abs(row.sum) <= 32767 && (metric === 'cosine' ? far < 1 : far < -0.1 * reach)) {
              assert.not.ok(keptBy(metric, row, query, far, 'coarse').some(Boolean), `kept at ${far}`);
              dropped += 1;
            }
          }
        }),
        { numRuns: 400 },
      );
      assert.ok(dropped > 300, `only ${dropped} rows were far below`);
    },
  );
}

bounds('rows whose sum leaves int16 are judged finely, never dropped coarsely', () => {
  for (const metric of ['euclidean', 'cosine'] as const) {
    for (const [length, sign] of [
      [270, 1],
      [2048, 1],
      [2048, -1],
    ] as const) {
      const x = new Float32Array(strideOf({ length })).fill(0).map((_, i) => (i < length ? sign : 0));
      const row = quantised(metric, x);
      assert.ok(Math.abs(row.sum) > 32767);
      assert.is(scaleWord(row) & 0xffff, 0x8000);
      // The opposite is as far as it can be; the coarse judgement alone must not drop the row all the same.
      const query = queryOf(
        metric,
        x.map((value) => -value),
      );
      const near = metric === 'cosine' ? 0.9 : -0.1;
      assert.ok(keptBy(metric, row, query, near, 'coarse').every(Boolean));
      assert.not.ok(keptBy(metric, row, query, near).some(Boolean));
    }
  }
});

bounds('the scale of a row is never below a 127th of its largest value, and the values stay within 127', () => {
  fc.assert(
    fc.property(vectorOf(16), (x) => {
      const row = quantised('euclidean', x);
      const most = Math.max(...x.map(Math.abs));
      if (row.scale > 0) assert.ok(row.scale >= most / 127 && row.scale < (most / 127) * 1.01);
      assert.ok(row.values.every((value) => Math.abs(value) <= 127));
      assert.is(
        row.values.reduce((sum, value) => sum + value, 0),
        row.sum,
      );
    }),
  );
});

bounds('the integer dot product stays in int32 at 2,048 values of the largest size', () => {
  const x = new Float32Array(2048).fill(3);
  const query = new Int16Array(2048);
  quantiseQuery('euclidean', x, query);
  const { values } = quantised('euclidean', x);
  const dot = values.reduce((sum, v, i) => sum + v * (query[i] as number), 0);
  assert.ok(dot < 2 ** 31 && dot > 2 ** 30.9, String(dot));
});

bounds.run();
