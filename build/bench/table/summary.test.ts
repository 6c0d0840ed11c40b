import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Sample } from '../definition.ts';
import { createCaseLines } from './case-lines.ts';
import { medianOf, summarize, tableOf } from './summary.ts';
import { judge } from './targets.ts';

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

summary('a case is told once, when the cases that it takes turns with have come round without it', () => {
  const lines = createCaseLines();
  const told: string[] = [];
  const of = (name: string): Sample => ({ ...round(1, 1), case: name });
  const tell = (cases: Sample[][]): void => {
    told.push(...cases.map((rounds) => `${rounds[0]?.case}${rounds.length}`));
  };
  for (const name of ['one', 'a', 'b', 'a', 'b', 'a', 'b', 'c', 'c', 'c', 'last']) {
    tell(lines.add(of(name)));
    if (name === 'last') assert.equal(told, ['one1', 'a3', 'b3']);
  }
  tell(lines.rest());
  assert.equal(told, ['one1', 'a3', 'b3', 'c3', 'last1']);
});

summary('a target stands beside the case that has one, of our value or of the ratio', () => {
  const result = (name: string, ours: number, peerValue: number | null) => {
    const [one] = summarize([{ ...round(ours, peerValue, 'lower'), case: name, unit: 'ms' }]);
    assert.ok(one);
    const { target, met } = judge('matching', one);
    return [target, met];
  };
  assert.equal(result('b1-1000000x512-exact/c-f32', 10, 26), ['>= 2.5x', true]);
  assert.equal(result('b1-1000000x512-exact/c-f32', 10, 24), ['>= 2.5x', false]);
  assert.equal(result('main-thread-delay-p99-10000x128', 11, null), ['<= 10 ms', false]);
  assert.equal(result('load-10000x128', 1, null), [null, null]);
  const [judged] = summarize([{ ...round(10, 26, 'lower'), case: 'b1-x/c-f32' }]).map((one) => judge('matching', one));
  assert.match(tableOf(judged ? [judged] : []), />= 2.5x met/);
});

summary.run();
