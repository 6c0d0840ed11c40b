/** The test runner over small test files of its own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const runner = suite('test runner');

/** Runs `npm test`'s runner where `source` is the only test file. */
function run(source: string): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-runner-'));
  try {
    mkdirSync(join(folder, 'build'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'build/small.test.ts'), `import { suite } from 'uvu';\n${source}`);
    const args = ['--disable-warning=ExperimentalWarning', resolve('build/test.ts')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

runner('what before throws fails every test of the suite, with its reason', () => {
  const { status, output } = run(`
    const one = suite('one');
    one.before(() => { throw new Error('no such port'); });
    one.after(({ server }) => server.close());
    one('a', () => {});
    one('b', () => {});
    one.run();`);
  assert.is(status, 1);
  assert.is(output.match(/no such port/g)?.length, 2, output);
  assert.match(output, '0 passed, 2 failed');
});

runner('the reason of a skipped test stands with the sum; without a reason nothing is skipped', () => {
  const skipping = (more: string) => `
    const one = suite('one');
    one('a', () => {});
    one.skip('b'${more});
    one.run();`;
  const told = run(skipping(`, 'no mosquitto'`));
  assert.is(told.status, 0, told.output);
  assert.match(told.output, /small\.test\.ts: skipped: b: no mosquitto\n1 passed, 0 failed, 1 skipped/);
  const silent = run(skipping(''));
  assert.is(silent.status, 1);
  assert.match(silent.output, `'b' is skipped without a reason`);
});

runner('a suite that is not run fails the file, also beside one that is', () => {
  const { status, output } = run(`
    const one = suite('one');
    one('a', () => {});
    one.run();
    const other = suite('other');
    other('b', () => {});`);
  assert.is(status, 1);
  assert.match(output, `suite 'other' has 1 tests and no .run()`);
});

runner('a failed test is told and counted', () => {
  const { status, output } = run(`
    const one = suite('one');
    one('a', () => { throw new Error('wrong'); });
    one('b', () => {});
    one.run();`);
  assert.is(status, 1);
  assert.match(output, 'wrong');
  assert.match(output, '1 passed, 1 failed');
});

runner.run();
