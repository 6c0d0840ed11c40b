import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTime, toTime } from './time-text.ts';

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

for (const [text, iso] of [
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2024-03-05T10:20', '2024-03-05T10:20:00.000Z'],
  ['2024-03-05 10:20:30', '2024-03-05T10:20:30.000Z'],
  ['2024-03-05t10:20:30.123456z', '2024-03-05T10:20:30.123Z'],
  ['2024-03-05T10:20:30+03:00', '2024-03-05T07:20:30.000Z'],
  ['2024-03-05T10:20:30.5-0330', '2024-03-05T13:50:30.500Z'],
] as const) {
  times(`'${text}' is read as ${iso}`, () => assert.is(parseTime(text), Date.parse(iso)));
}

for (const text of [
  '2024-02-31',
  '2023-02-29T10:00:00Z',
  '2024-04-31T10:00:00Z',
  '2024-13-01',
  '2024-00-10',
  '2024-01-00',
  '2024-03-05T25:00:00Z',
  '2024-03-05T10:61:00Z',
  '2024-03-05T10:20:61Z',
  '2024-03-05T10:20:30Z and more',
  '2024-03-05T10:20:30ZZ',
  '2024-03-05Z',
  '2024-03-05T10:20:30+99:00',
  ' 2024-03-05',
  '2024-3-5',
  '20240305',
  'yesterday',
  '',
]) {
  times(`'${text}' is no time`, () => assert.ok(Number.isNaN(parseTime(text)), text));
}

times.run();
