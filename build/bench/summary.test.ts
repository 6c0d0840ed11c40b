import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Sample } from './definition.ts';
import { medianOf, summarize, tableOf } from './summary.ts';

const summary = suite('bench summary');

function round(ours: number, peerValue: number | null, better: Sample['better'] = 'higher'): Sample {
  return { case: 'scan', unit: 'x/s', better, ours, peer: peerValue === null ? null : 'theirs', peerValue };
}

summary('the median of an even count is the mean of the middle two', () => {
  assert.is(medianOf([4, 1, 3, 2]), 2.5);
  assert.is(medianOf([5, 1, 3]), 3);
});

summary('the ratio is the median of the rounds and above 1 when ours is better, whichever way the unit counts', () => {
  const [faster] = summarize([round(20, 10), round(30, 10), round(10, 10)]);
  assert.is(faster?.ratio, 2);
  assert.equal(faster?.spread, [1, 3]);
  assert.is(faster?.runs, 3);
  const [shorter] = summarize([round(5, 10, 'lower')]);
  assert.is(shorter?.ratio, 2);
});

summary('a case without a peer has no ratio and spreads over its own value', () => {
  const [alone] = summarize([round(7, null), round(9, null)]);
  assert.is(alone?.ratio, null);
  assert.is(alone?.peer_value, null);
  assert.equal(alone?.spread, [7, 9]);
});

summary('the table has a line per case', () => {
  const table = tableOf(summarize([round(20, 10), { ...round(1, 2), case: 'other' }]));
  assert.is(table.split('\n').length, 3);
  assert.match(table, /scan +x\/s +20\.0 +10\.0 +2\.00/);
});

summary.run();
