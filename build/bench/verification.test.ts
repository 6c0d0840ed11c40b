import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { equalErrorRate, trueAcceptRate } from './verification.ts';

const verification = suite('verification rates');

verification('separated scores have no error', () => {
  const scores = { same: [0.9, 0.8, 0.7], different: [0.1, 0.2, 0.3] };
  assert.is(equalErrorRate(scores), 0);
  assert.is(trueAcceptRate(scores, 0.001).rate, 1);
});

verification('one swapped pair of four costs a quarter on both sides', () => {
  const scores = { same: [0.9, 0.8, 0.7, 0.2], different: [0.1, 0.15, 0.3, 0.1] };
  assert.is(equalErrorRate(scores), 0.25);
  assert.is(trueAcceptRate(scores, 0).rate, 0.75);
  assert.is(trueAcceptRate(scores, 0.25).rate, 1);
});

verification('scores that tell nothing have an equal error rate of a half', () => {
  assert.is(equalErrorRate({ same: [1, 2, 3, 4], different: [1, 2, 3, 4] }), 0.5);
});

verification.run();
