/**
 * Runs one benchmark and prints its table; with `--json` (instead) or `--json=FILE` (beside it) the same as
 * `{bench, machine, results: [{case, unit, ours, peer, peer_value, ratio, runs, spread, target, met}]}`. Ratio > 1: ours is
 * better. While it runs, a line is printed for every case that is over.
 *
 * usage: npm run bench -- NAME [FOLDER] [MODELS] [--quick] [--json[=FILE]] [--peers] [--only WORD]
 */
import { globSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type BenchContext, type BenchDefinition, BenchFailure, type Sample } from './definition.ts';
import { createCaseLines } from './table/case-lines.ts';
import { summarize, tableOf } from './table/summary.ts';
import { judge } from './table/targets.ts';

const names = globSync('build/bench/*.bench.ts')
  .map((file) => basename(file, '.bench.ts'))
  .sort();

function fail(text: string): never {
  console.error(`perigee: ${text}`);
  process.exit(1);
}

/** `--json` alone writes to standard output. */
const standardOutput = '-';

function readArguments() {
  try {
    return parseArgs({
      args: process.argv.slice(2).map((word) => (word === '--json' ? `--json=${standardOutput}` : word)),
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        peers: { type: 'boolean', default: false },
        only: { type: 'string' },
      },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** What a figure is worth depends on this; the load tells whether the machine was quiet. */
function describeMachine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    arch: arch(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    load_1min: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

async function loadBench(name: string): Promise<BenchDefinition> {
  const file = resolve(`build/bench/${name}.bench.ts`);
  const { bench } = (await import(pathToFileURL(file).href)) as { bench?: BenchDefinition };
  if (bench?.name !== name) fail(`${file} does not export a bench named '${name}'`);
  return bench;
}

const { values, positionals } = readArguments();
const [name, folder, models] = positionals;
if (!name || positionals.length > 3 || !names.includes(name)) {
  fail(
    `usage: npm run bench -- NAME [FOLDER] [MODELS] [--quick] [--json[=FILE]] [--peers] [--only WORD]\nnames: ${names.join(', ')}`,
  );
}
const definition = await loadBench(name);
const machine = describeMachine();
console.error(`${definition.description}\n${JSON.stringify(machine)}`);
const context: BenchContext = {
  quick: values.quick,
  dataDir: folder,
  modelsDir: models,
  installPeers: values.peers,
  only: values.only,
  progress: (text) => console.error(`  ${text}`),
  record(name, value) {
    if (machine[name] === value) return;
    machine[name] = value;
    console.error(`  ${name}: ${value}`);
  },
};
const samples: Sample[] = [];
const lines = createCaseLines();
const tell = (rounds: readonly Sample[]): void => {
  const [result] = summarize(rounds);
  if (!result) return;
  const { peer, peer_value, ratio, target, met } = judge(definition.name, result);
  const against = peer === null ? '' : `, ${peer} ${peer_value?.toPrecision(4)}`;
  const times = ratio === null ? '' : ` (x${ratio.toFixed(2)})`;
  const goal = target === null ? '' : `, target ${target}: ${met ? 'met' : 'missed'}`;
  console.error(`  ${result.case}: ${result.ours.toPrecision(4)} ${result.unit}${against}${times}${goal}`);
};
let failure: BenchFailure | undefined;
try {
  for await (const sample of definition.run(context)) {
    samples.push(sample);
    for (const rounds of lines.add(sample)) tell(rounds);
  }
} catch (error) {
  if (!(error instanceof BenchFailure)) throw error;
  failure = error;
}
for (const rounds of lines.rest()) tell(rounds);
if (samples.length === 0) fail(`'${name}' measured nothing`);
const results = summarize(samples).map((result) => judge(definition.name, result));
const json = `${JSON.stringify({ bench: name, machine, results }, null, 2)}\n`;
if (values.json === standardOutput) process.stdout.write(json);
else console.log(tableOf(results));
if (values.json && values.json !== standardOutput) writeFileSync(values.json, json);
if (failure) fail(failure.message);
