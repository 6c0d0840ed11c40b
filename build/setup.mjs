// The one entry of `npm start`, `npm test` and their kin. Needs nothing but Node 20 and npm: it installs from the
// lockfile when that changed, hands over to the lockfile's own Node, prepares what is missing, and runs the command.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installArguments, installProblem, machineProblem, missingFiles, nodeFile } from './setup/checks.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** What each command runs with the lockfile's Node, after the preparation. */
const commands = {
  start: ['dist/daemon.js'],
  account: ['build/account.ts'],
  models: ['build/models/models.ts'],
  test: ['build/test.ts'],
  demo: ['build/demo/demo.ts'],
  bench: ['--expose-gc', 'build/bench/bench.ts'],
  check: ['build/check.ts'],
  format: ['build/check.ts', '--write'],
  docs: ['build/docs/docs.ts'],
  client: ['build/client/client.ts'],
  prepare: [],
};

/** Commands that run from the sources alone. */
const unprepared = new Set(['account', 'models', 'check', 'format']);

function step(text) {
  console.error(`perigee: ${text}`);
}

function fail(text) {
  console.error(`perigee: ${text}`);
  process.exit(1);
}

function checkMachine() {
  const isKnown = arch() === 'x64' && existsSync('/proc/cpuinfo');
  const flags = isKnown ? /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') : [];
  const problem = machineProblem({
    node: process.versions.node,
    platform: platform(),
    arch: arch(),
    glibc: Boolean(process.report?.getReport().header.glibcVersionRuntime),
    flags: flags ?? [],
  });
  if (problem) fail(problem);
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

function installPackages() {
  const stamp = 'node_modules/.perigee-installed';
  const wanted = sha256(readFileSync('package-lock.json'));
  const isStamped = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isStamped && missingFiles(arch(), existsSync).length === 0) return;
  step('installing packages (npm ci) ...');
  const npm = process.env.npm_execpath;
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...installArguments], { encoding: 'utf8' })
    : spawnSync('npm', installArguments, { encoding: 'utf8' });
  if (result.error) fail(`npm cannot be started: ${result.error.message}. Install npm, then try again.`);
  const output = `${result.stdout}${result.stderr}`.trimEnd();
  if (result.status !== 0) {
    console.error(output);
    fail(installProblem(result.status, output));
  }
  const missing = missingFiles(arch(), existsSync);
  if (missing.length > 0) {
    fail(`npm ci left out ${missing.join(', ')}. Check the settings of npm (npm config list), then try again.`);
  }
  writeFileSync(stamp, wanted);
}

function requireNode() {
  const node = join(root, nodeFile(arch()));
  if (!existsSync(node)) fail(`${node} is missing. Remove node_modules, then try again.`);
  const probe = spawnSync(node, ['-p', 'process.versions.napi'], { encoding: 'utf8' });
  if (probe.status !== 0) fail(`The lockfile's Node does not start on this machine: ${probe.stderr || probe.error}`);
  return node;
}

/** Size and time of every file that the preparation reads: unchanged means that there is nothing to prepare. */
function sourceFingerprint() {
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (!entry.name.endsWith('.test.ts')) {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path}\0${size}\0${mtimeMs}\0`);
      }
    }
  };
  for (const folder of ['appliance', 'engine', 'updater', 'build']) visit(folder);
  return hash.digest('hex');
}

function prepare(node) {
  const stamp = 'dist/.prepared';
  const wanted = sourceFingerprint();
  const shipped = ['dist/daemon.js', 'dist/networks/manifest.json', 'dist/kernels/matching.wasm'];
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && shipped.every((file) => existsSync(file))) return;
  const result = spawnSync(node, ['--disable-warning=ExperimentalWarning', 'build/prepare.ts'], { stdio: 'inherit' });
  if (result.status !== 0) fail('The preparation failed; the lines above say why.');
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, wanted);
}

/**
 * glibc's allocator keeps what threads free; with large blocks mapped by themselves and two arenas the daemon idles at
 * about 310 MB instead of 410 MB, at the same speed. Read at process start only, hence here.
 */
const allocator = { MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_ARENA_MAX: '2' };

/** What V8 compiled once is not compiled at the next start: a sixth of the main thread's part of it. */
const compileCache = { NODE_COMPILE_CACHE: join(root, 'dist', 'compile-cache') };

function run(node, args) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: 'inherit',
    env: { ...allocator, ...compileCache, ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm hands a signal to its shell, which ends without handing it on: then we have another parent all of a sudden.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500).unref();
  child.on('exit', (code, signal) => {
    process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
  });
}

const [command, ...rest] = process.argv.slice(2);
const script = commands[command];
if (!script) fail(`usage: node build/setup.mjs ${Object.keys(commands).join(' | ')}`);
checkMachine();
installPackages();
const node = requireNode();
if (!unprepared.has(command)) prepare(node);
if (script.length) run(node, [...script, ...rest]);
