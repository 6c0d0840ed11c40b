import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DescriptorVersion } from '#domain/descriptor';
import { exactScore } from '#domain/similarity';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import type { Kernels } from './area.ts';
import { dropConstants, fromBf16, intervalOf, type QuantisedRow, quantiseQuery, quantiseRow } from './quantise.ts';

const bounds = suite('bounds of quantised scores');
let kernels: Kernels;
let memory: WebAssembly.Memory;

bounds.before(async () => {
  const path = await prepareKernels({ outDir: 'dist' });
  memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
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
  const row: QuantisedRow = { values: new Int8Array(vector.length), scale: 0, squares: 0, errorBits: 0 };
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

/** Whether each kernel keeps the row at this threshold: alone, by id, and in a batch of four. */
function keptBy(metric: Metric, row: QuantisedRow, query: Int16Array, constants: [number, number, number]): boolean[] {
  const stride = row.values.length;
  const [rows, scales, squares, errors, ids, q, out, wide, numbers, four, counts, packed] = Array.from(
    { length: 12 },
    (_, i) => 65536 + i * 32768,
  ) as [number, number, number, number, number, number, number, number, number, number, number, number];
  const { buffer } = memory;
  new Int8Array(buffer, rows, stride).set(row.values);
  new Float32Array(buffer, scales, 1)[0] = row.scale;
  new Uint32Array(buffer, squares, 1)[0] = row.squares;
  new Uint16Array(buffer, errors, 1)[0] = row.errorBits;
  new Int32Array(buffer, ids, 1)[0] = 0;
  for (let lane = 0; lane < 4; lane++) {
    new Int16Array(buffer, q + lane * stride * 2, stride).set(query);
    for (const [i, constant] of constants.entries()) new Float32Array(buffer, four, 12)[i * 4 + lane] = constant;
  }
  const columns = [rows, stride, scales, squares, errors];
  const euclidean = metric === 'euclidean';
  const scan = euclidean ? kernels.scanEuclidean : kernels.scanCosine;
  const scanIds = euclidean ? kernels.scanIdsEuclidean : kernels.scanIdsCosine;
  const scanFour = euclidean ? kernels.scanFourEuclidean : kernels.scanFourCosine;
  const alone = scan(...columns, 0, 1, q, ...constants, 0, out);
  const byId = scanIds(...columns, ids, 1, q, ...constants, out);
  kernels.widen(...columns, 0, 1, 0, wide, numbers);
  kernels.packFour(q, stride, packed);
  scanFour(wide, numbers, stride, 0, 1, 0, packed, four, 0, out, 64, counts);
  return [alone === 1, byId === 1, ...Array.from(new Int32Array(buffer, counts, 4), (count) => count === 1)];
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
const pair = fc.constantFrom(16, 64, 128).chain((length) => fc.tuple(vectorOf(length), vectorOf(length)));

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
            const values = new Int16Array(x.length);
            const query = quantiseQuery(metric, q, values);
            const dot = values.reduce((sum, u, i) => sum + u * (row.values[i] as number), 0);
            const interval = { lower: 0, upper: 0 };
            const numbers = { scale: row.scale, squares: row.squares, error: fromBf16(row.errorBits) };
            intervalOf(query, numbers, dot, interval);
            const score = exactScore(versionOf(metric, x.length), q, x);
            assert.ok(
              interval.lower <= score && score <= interval.upper,
              `${score} not in ${JSON.stringify(interval)}`,
            );
            const reached = Math.min(interval.upper - score, score - interval.lower);
            if (reached < 0.1 * (interval.upper - interval.lower)) tight += 1;
            checked += 1;
            const kept = keptBy(metric, row, values, dropConstants(query, score));
            assert.ok(kept.every(Boolean), `${kept} at ${score}`);
            // And the test is worth something: well above the upper bound the row is dropped.
            const width = interval.upper - interval.lower;
            const above = interval.upper + 2 * width;
            const apart = metric === 'cosine' || -above > 0.02 * (Math.hypot(...q) + Math.hypot(...x));
            if (Number.isFinite(width) && width > 0 && apart) {
              assert.not.ok(keptBy(metric, row, values, dropConstants(query, above)).some(Boolean), `kept at ${above}`);
            }
          }
        }),
        { numRuns: 1500 },
      );
      assert.ok(tight > checked / 40, `only ${tight} of ${checked} queries come near a bound: they prove little`);
    },
  );
}

bounds('the integer dot product stays in int32 at 2,048 values of the largest size', () => {
  const x = new Float32Array(2048).fill(3);
  const query = new Int16Array(2048);
  quantiseQuery('euclidean', x, query);
  const { values } = quantised('euclidean', x);
  const dot = values.reduce((sum, v, i) => sum + v * (query[i] as number), 0);
  assert.ok(dot < 2 ** 31 && dot > 2 ** 30.9, String(dot));
});

bounds.run();
