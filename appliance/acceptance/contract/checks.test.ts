import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** How many checks the contract has. */
const count = 22;

const rows = readFileSync(new URL('CHECKS.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [, number = '', , file = '', test = ''] = line.split('|').map((cell) => cell.trim());
    return { number: Number(number), file, test };
  });

const checks = suite('table of acceptance checks');

checks('every check of the contract has a test', () => {
  assert.equal(
    [...new Set(rows.map(({ number }) => number))],
    Array.from({ length: count }, (_, i) => i + 1),
  );
});

checks('every test that it names is there', () => {
  const missing = rows.filter(({ file, test }) => !readFileSync(file, 'utf8').includes(`'${test}'`));
  assert.equal(missing, []);
});

checks.run();
