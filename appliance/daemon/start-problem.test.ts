import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BootSettings } from '#contract/settings/boot-settings';
import { startProblem } from './daemon.ts';
import { directoryProblem } from './data-lock.ts';

const settings = BootSettings.parse({ data_dir: '/data' });
const failure = (code: string, more: object = {}): Error => Object.assign(new Error(code), { code, ...more });

const problems = suite('why a start failed');

for (const [code, says] of [
  ['EACCES', /cannot be written/],
  ['SQLITE_CANTOPEN', /cannot be written/],
  ['ENOTDIR', /cannot be made there/],
  ['ENOSPC', /No space is left/],
] as const) {
  problems(`${code} of the data directory is told as its own`, () => {
    assert.match(startProblem(directoryProblem('/data', failure(code)), settings) ?? '', says);
  });
}

problems('a file that is missing elsewhere is not blamed on the data directory', () => {
  for (const code of ['ENOENT', 'EACCES']) {
    assert.is(startProblem(failure(code, { path: 'dist/kernels/matching.wasm' }), settings), undefined);
  }
});

problems('a port that is taken names its setting', () => {
  const taken = failure('EADDRINUSE', { port: 1883, address: '0.0.0.0' });
  assert.match(startProblem(taken, settings) ?? '', /Port 1883 .*PERIGEE_MQTT_PORT/);
});

problems.run();
