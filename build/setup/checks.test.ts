import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { installArguments, installProblem, machineProblem, missingFiles, nodeFile } from './checks.mjs';

const good = { node: '20.1.0', platform: 'linux', arch: 'x64', glibc: true, flags: ['sse4_2'] };

const setup = suite('setup');

for (const [what, machine, says] of [
  ['an old Node', { node: '18.20.1' }, /Node 18\.20\.1 is too old/],
  ['another system', { platform: 'darwin' }, /runs on Linux, this is darwin/],
  ['another processor', { arch: 'ia32' }, /x64 and arm64 processors, this is ia32/],
  ['musl', { glibc: false }, /glibc.*Alpine/],
  ['an old processor', { flags: ['sse2'] }, /SSE4\.2/],
] as const) {
  setup(`${what} is named`, () => {
    assert.match(machineProblem({ ...good, ...machine }) ?? '', says);
  });
}

setup('a machine that does is let in, also when it does not tell its flags or has others', () => {
  assert.is(machineProblem(good), null);
  assert.is(machineProblem({ ...good, flags: [] }), null);
  assert.is(machineProblem({ ...good, arch: 'arm64', flags: ['asimd'] }), null);
});

setup('an installation that lacks one kind of dependency is none', () => {
  assert.equal(missingFiles(process.arch, existsSync), []);
  assert.equal(
    missingFiles('arm64', (path) => !path.includes('node-linux')),
    [nodeFile('arm64')],
  );
  const withoutDev = (path: string): boolean => !/esbuild|vladmandic/.test(path);
  assert.is(missingFiles('x64', withoutDev).length, 3);
});

setup('why an installation failed is told', () => {
  assert.match(installProblem(1, 'npm error network getaddrinfo ENOTFOUND registry'), /registry cannot be reached/);
  assert.match(installProblem(1, 'npm error code ECONNREFUSED'), /registry cannot be reached/);
  assert.match(installProblem(228, 'npm error ENOSPC: no space left'), /disk is full/);
  assert.is(installProblem(7, 'npm error something'), 'npm ci ended with code 7.');
});

setup('development and optional dependencies come, whatever the settings of npm leave out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perigee-setup-'));
  const local = (name: string): string => `file:${name}`;
  for (const name of ['dev', 'optional']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'package.json'), JSON.stringify({ name: `of-${name}`, version: '1.0.0' }));
  }
  const manifest = {
    name: 'x',
    version: '1.0.0',
    devDependencies: { 'of-dev': local('dev') },
    optionalDependencies: { 'of-optional': local('optional') },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const env = { ...process.env, npm_config_offline: 'true', npm_config_cache: join(folder, 'cache') };
  execFileSync('npm', ['install', '--package-lock-only'], { cwd: folder, env, stdio: 'ignore' });
  writeFileSync(join(folder, '.npmrc'), 'omit[]=dev\nomit[]=optional\n');
  const result = spawnSync('npm', installArguments, {
    cwd: folder,
    env: { ...env, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  assert.is(result.status, 0, result.stderr);
  for (const name of ['of-dev', 'of-optional']) assert.ok(existsSync(join(folder, 'node_modules', name)), name);
  rmSync(folder, { recursive: true });
});

setup.run();
