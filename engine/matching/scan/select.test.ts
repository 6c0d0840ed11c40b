import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareKernels } from '../../../build/kernels/compile.ts';
import { type Area, openAreas } from './area.ts';

const selecting = suite('rows by labels and keys');
/** Byte addresses of the columns. */
const at = { labels: 65_536, keys: 131_072, allow: 262_144, only: 270_000 & ~63, mask: 280_000 & ~63, ids: 300_032 };
let area: Area;

selecting.before(async () => {
  const module = new WebAssembly.Module(readFileSync(await prepareKernels({ outDir: 'dist' })));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16, shared: true });
  [area] = openAreas([memory], module) as [Area];
});

const word = fc.integer({ min: 0, max: 0xffffffff });
const asked = fc.record({
  rows: fc.array(fc.record({ label: fc.nat({ max: 299 }), key: fc.integer({ min: -50, max: 50 }) }), {
    minLength: 1,
    maxLength: 200,
  }),
  sets: fc.constantFrom(1, 31, 32, 127, 128, 129, 300),
  allow: fc.option(fc.array(word, { minLength: 10, maxLength: 10 })),
  only: fc.option(fc.array(word, { minLength: 8, maxLength: 8 })),
  keys: fc.option(fc.tuple(fc.integer({ min: -60, max: 60 }), fc.integer({ min: -60, max: 60 }))),
});

selecting('every combination of conditions names the rows that a plain loop names', () => {
  fc.assert(
    fc.property(asked, ({ rows, sets, allow, only, keys }) => {
      area.u32.fill(0xffffffff, at.labels / 4, at.ids / 4);
      const labels = rows.map(({ label }) => label % sets);
      area.u32.set(labels, at.labels / 4);
      area.f64.set(
        rows.map(({ key }) => key),
        at.keys / 8,
      );
      if (allow) area.u32.set(allow, at.allow / 4);
      if (only) area.u32.set(only, at.only / 4);
      const [minKey, maxKey] = keys ?? [0, 0];
      const isSet = (bits: number[], n: number): boolean => (((bits[n >> 5] as number) >>> (n & 31)) & 1) === 1;
      const wanted = rows.flatMap(({ key }, i) => {
        const allowed = !allow || isSet(allow, labels[i] as number);
        return allowed && (!only || isSet(only, i)) && (!keys || (key >= minKey && key <= maxKey)) ? [i] : [];
      });
      const few = sets <= 128 ? 1 : 0;
      const count = area.kernels.select(
        ...[at.labels, keys ? at.keys : 0, rows.length, allow ? at.allow : 0, allow ? few : 0],
        ...[minKey, maxKey, only ? at.only : 0, at.mask],
      );
      area.kernels.listBits(at.mask, rows.length, at.ids);
      assert.is(count, wanted.length);
      assert.equal([...area.i32.subarray(at.ids / 4, at.ids / 4 + count)], wanted);
    }),
    { numRuns: 500 },
  );
});

selecting.run();
