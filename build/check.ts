/** Types, lint and format of the whole tree. With `--write`, format and safe fixes are applied. */
import { spawnSync } from 'node:child_process';

const write = process.argv.includes('--write');
const steps = [
  ['node_modules/.bin/tsc', '-p', '.'],
  ['node_modules/.bin/biome', 'check', '--error-on-warnings', ...(write ? ['--write'] : []), '.'],
];
let failed = false;
for (const [command = '', ...args] of steps) {
  const result = spawnSync(command, args, { stdio: 'inherit' });
  failed ||= result.status !== 0;
}
process.exit(failed ? 1 : 0);
