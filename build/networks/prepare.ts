/**
 * Converts the embedded networks to `<outDir>/<name>.onnx`, as `build/models.lock.json` has them.
 *
 * usage: prepare.ts [--update-lock]   (the flag: after a new package version or a change of the conversion)
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ModelsLock, type NetworkLock, readLock, sha256Of, writeLock } from './lock.ts';
import type { OnnxGraph } from './onnx.ts';
import { type NetworkSource, networkSources } from './sources.ts';

export interface PrepareOptions {
  outDir: string;
  onProgress: (text: string) => void;
  /** Folder with the npm packages; the repository's own by default. */
  packagesDir?: string;
}

const repositoryPackages = fileURLToPath(new URL('../../node_modules', import.meta.url));

function requireLocked(lock: ModelsLock, name: string): NetworkLock {
  const entry = lock[name];
  if (!entry) throw new Error(`build/models.lock.json has no entry for the network '${name}'`);
  return entry;
}

function readSource(packagesDir: string, source: NetworkSource, file: string): Buffer {
  const path = join(packagesDir, source.packageName, file);
  if (!existsSync(path)) throw new Error(`${path} is missing: install the packages (npm ci), then try again`);
  return readFileSync(path);
}

function convert(source: NetworkSource, description: Buffer, weights: Buffer): { graph: OnnxGraph; onnx: Uint8Array } {
  const graph = source.build(JSON.parse(description.toString('utf8')), weights);
  return { graph, onnx: graph.toBytes() };
}

function convertLocked(packagesDir: string, source: NetworkSource, locked: NetworkLock): Uint8Array {
  const [description, weights] = source.files.map((file) => {
    const data = readSource(packagesDir, source, file);
    if (sha256Of(data) !== locked.sources[file]) {
      throw new Error(
        `${join(packagesDir, source.packageName, file)} is not the file of ${locked.package} ${locked.version} ` +
          '(its sha256 differs from build/models.lock.json). Remove node_modules, install again, then try again.',
      );
    }
    return data;
  });
  if (!description || !weights) throw new Error(`${source.name}: a network needs two source files`);
  const { onnx } = convert(source, description, weights);
  if (sha256Of(onnx) !== locked.sha256) {
    throw new Error(
      `the converted network '${source.name}' differs from build/models.lock.json: after a change of the conversion ` +
        'run build/networks/prepare.ts --update-lock',
    );
  }
  return onnx;
}

/** Whole or not at all: a crash leaves at worst a file that nothing reads. */
function writeWhole(path: string, data: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.part`;
  writeFileSync(temporary, data, { flush: true });
  renameSync(temporary, path);
}

/** What the daemon reads at its start: files with their checksums, inputs and outputs. */
function manifestOf(lock: ModelsLock): string {
  const networks = networkSources.map(({ name }) => {
    const { sha256, sizeBytes, inputs, outputs, origin, licence } = requireLocked(lock, name);
    return [name, { file: `${name}.onnx`, sha256, sizeBytes, inputs, outputs, origin, licence }];
  });
  return `${JSON.stringify({ networks: Object.fromEntries(networks) }, null, 2)}\n`;
}

function isCurrent(path: string, locked: NetworkLock): boolean {
  return existsSync(path) && sha256Of(readFileSync(path)) === locked.sha256;
}

/**
 * Makes every network that is missing, damaged or of another conversion; a second call only checks (about 50 ms).
 * Throws an error that names the file whose checksum is wrong.
 */
export async function prepareNetworks({ outDir, onProgress, packagesDir = repositoryPackages }: PrepareOptions) {
  const lock = readLock();
  mkdirSync(outDir, { recursive: true });
  for (const source of networkSources) {
    const locked = requireLocked(lock, source.name);
    const path = join(outDir, `${source.name}.onnx`);
    if (isCurrent(path, locked)) continue;
    onProgress(`network ${source.name} (${(locked.sizeBytes / 1e6).toFixed(1)} MB)`);
    writeWhole(path, convertLocked(packagesDir, source, locked));
  }
  const manifestPath = join(outDir, 'manifest.json');
  const manifest = manifestOf(lock);
  if (!existsSync(manifestPath) || readFileSync(manifestPath, 'utf8') !== manifest) writeWhole(manifestPath, manifest);
}

function updateLock(): void {
  const before = readLock();
  const lock: ModelsLock = {};
  for (const source of networkSources) {
    const packageFile = join(repositoryPackages, source.packageName, 'package.json');
    const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
    const [description, weights] = source.files.map((file) => readSource(repositoryPackages, source, file));
    if (!description || !weights) throw new Error(`${source.name}: a network needs two source files`);
    const { graph, onnx } = convert(source, description, weights);
    const shapes = (values: OnnxGraph['inputs']) => Object.fromEntries(values.map(({ name, shape }) => [name, shape]));
    const { origin = 'unknown', licence = 'unknown' } = before[source.name] ?? {};
    lock[source.name] = {
      package: source.packageName,
      version,
      sources: { [source.files[0]]: sha256Of(description), [source.files[1]]: sha256Of(weights) },
      origin,
      licence,
      sha256: sha256Of(onnx),
      sizeBytes: onnx.length,
      inputs: shapes(graph.inputs),
      outputs: shapes(graph.outputs),
    };
  }
  writeLock(lock);
}

if (import.meta.main) {
  if (process.argv.includes('--update-lock')) updateLock();
  await prepareNetworks({ outDir: 'dist/networks', onProgress: (text) => console.error(`perigee: ${text}`) });
}
