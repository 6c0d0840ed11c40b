/**
 * Runs every `*.test.ts` with uvu, one process per file, as many at a time as there are cores.
 * A file that runs no test fails; a test file that outlives its time-out is ended and fails; the last line is the sum, and
 * above it stands why tests were skipped.
 *
 * usage: test.ts [--jobs N] [--timeout SECONDS] [words that the file's path must contain ...]
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

interface Outcome {
  file: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  output: string;
  problem?: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    // One more than cores: many files wait for processes and timers of theirs.
    jobs: { type: 'string', default: String(availableParallelism() + 1) },
    timeout: { type: 'string', default: '280' },
  },
});

/** Every file loads much of the same: its types are stripped and it is compiled once. */
const compileCache = resolvePath('dist/compile-cache');
const runFilePath = fileURLToPath(new URL('testing/run-file.ts', import.meta.url));

const files = globSync('{appliance,engine,updater,images,build}/**/*.test.ts')
  .filter((file) => positionals.every((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches: ${positionals.join(' ')}`);
  process.exit(1);
}

/** What is worth knowing of a file that passed: what served its tests, and which could not run. */
const notesOf = (output: string): string[] => output.match(/\b(note: served by|cannot run: ).*$/gm) ?? [];

function countOf(output: string, word: string): number {
  const matches = [...output.matchAll(new RegExp(`^  ${word}:\\s+(\\d+)`, 'gm'))];
  return matches.length ? Number(matches[matches.length - 1]?.[1]) : 0;
}

/** Ends whatever is left of a test file's process group: a test that started a daemon must not leave it behind. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left: the usual case.
  }
}

function runFile(file: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', runFilePath, file], {
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', NODE_COMPILE_CACHE: compileCache },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, Number(values.timeout) * 1000);
    child.on('close', (code) => {
      clearTimeout(timer);
      endGroup(child.pid);
      const passed = countOf(output, 'Passed');
      const total = countOf(output, 'Total');
      const skipped = countOf(output, 'Skipped');
      const outcome: Outcome = {
        file,
        passed,
        failed: Math.max(0, total - passed),
        skipped,
        seconds: (performance.now() - startedAt) / 1000,
        output,
      };
      if (timedOut) outcome.problem = `still running after ${values.timeout} s`;
      else if (code !== 0 && outcome.failed === 0) outcome.problem = `ended with code ${code}`;
      else if (total === 0) outcome.problem = 'runs no test (is `.run()` missing?)';
      if (outcome.problem) outcome.failed = Math.max(1, outcome.failed);
      resolve(outcome);
    });
  });
}

const queue = [...files];
const outcomes: Outcome[] = [];
const startedAt = performance.now();
await Promise.all(
  Array.from({ length: Math.max(1, Number(values.jobs)) }, async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const outcome = await runFile(file);
      outcomes.push(outcome);
      const verdict = outcome.failed ? 'FAIL' : 'ok  ';
      console.log(`${verdict} ${outcome.file}  ${outcome.passed} passed  ${outcome.seconds.toFixed(1)} s`);
      if (!outcome.failed) for (const note of notesOf(outcome.output)) console.log(`     ${note}`);
      if (outcome.failed) {
        console.log(outcome.output.trimEnd());
        if (outcome.problem) console.log(`${outcome.file}: ${outcome.problem}`);
      }
    }
  }),
);

const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, o) => total + pick(o), 0);
const failed = sum((o) => o.failed);
const skipped = sum((o) => o.skipped);
console.log(`\n${outcomes.length} files, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
for (const { file, output } of outcomes) {
  for (const [line] of output.matchAll(/^skipped: .*$/gm)) console.log(`${file}: ${line}`);
}
for (const outcome of outcomes.filter((o) => o.failed)) console.log(`failed: ${outcome.file}`);
console.log(`${sum((o) => o.passed)} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed ? 1 : 0);
