import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toTime } from './time-text.ts';

const times = suite('times as text');

times('any moment is written as Date writes it', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (ms) => {
      assert.is(toTime(ms), new Date(ms).toISOString());
    }),
    { numRuns: 5000 },
  );
});

for (const ms of [0, -1, 999, 951_782_400_000, 253_402_300_799_999, 253_402_300_800_000, -62_167_219_200_001]) {
  times(`${ms} ms are written as Date writes them`, () => {
    assert.is(toTime(ms), new Date(ms).toISOString());
  });
}

times('what is no time throws', () => {
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1]) {
    assert.throws(() => toTime(ms), /Invalid time/);
  }
});

times.run();
