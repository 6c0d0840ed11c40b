import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { picture, sdk } from '../matcher.fixture.ts';
import { matchRaw } from './raw-match.ts';

const test = suite('raw matching');

test('other work goes on while many descriptors are compared', async () => {
  const references = Array.from({ length: 3 }, (_, who) => ({ ...sdk(picture(who)), id: `${who}` }) as const);
  const candidates = Array.from({ length: 1000 }, (_, who) => ({ ...sdk(picture(who)), id: `${who}` }) as const);
  let isDone = false;
  let turns = 0;
  const count = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  let compared = 0;
  let mostInTurn = 0;
  let lastTurn = -1;
  let inTurn = 0;
  const compare: Parameters<typeof matchRaw>[0]['compare'] = (a, b) => {
    compared += 1;
    inTurn = turns === lastTurn ? inTurn + 1 : 1;
    lastTurn = turns;
    mostInTurn = Math.max(mostInTurn, inTurn);
    const squared = a.vector.reduce((sum, x, i) => sum + (x - (b.vector[i] ?? 0)) ** 2, 0);
    return 1 / (1 + squared);
  };
  const { matches } = await matchRaw({ compare, referenceLimit: 3 }, references as never, candidates as never);
  isDone = true;
  assert.is(compared, 3000);
  assert.ok(mostInTurn <= 500, `${mostInTurn} in one turn`);
  assert.equal(
    matches.map(({ reference, matches: [best] }) => [reference.id, best?.candidate.id, best?.similarity]),
    ['0', '1', '2'].map((id) => [id, id, 1]),
  );
});

test.run();
