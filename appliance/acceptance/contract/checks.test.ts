import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namedTests, namedTestsOf } from './named-tests.ts';

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

checks('every test that it names is run', () => {
  const missing = rows.filter(({ file, test }) => !namedTestsOf(file).includes(test));
  assert.equal(missing, []);
});

checks('a test that is commented out, skipped, beside another one alone, never run or not there is none', () => {
  const head = "import { suite } from 'uvu';\nconst s = suite('x');\n";
  assert.equal(namedTests(`${head}s('a', () => {});\ns.run();`), ['a']);
  assert.equal(namedTests(`${head}for (const n of [1, 2]) { s(\`a \${n} b\`, () => {}); }\ns.run();`), ['a … b']);
  for (const source of [
    "// s('a', () => {});\ns.run();",
    "/* s('a', () => {}); */ s.run();",
    "s.skip('a', () => {});\ns.run();",
    "if (process.env.X) s('a', () => {});\ns.run();",
    "function later() { s('a', () => {}); }\ns.run();",
    "s('a', () => {});\ns.only('b', () => {});\ns.run();",
    "s('a', () => {});",
    "const title = 'a';\ns.run();",
  ]) {
    assert.equal(namedTests(head + source), [], source);
  }
});

checks.run();
