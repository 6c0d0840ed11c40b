/**
 * Compiles AssemblyScript kernels to WebAssembly. Fixed-width SIMD and threads (shared memory) are the only features asked
 * for; both are in every Node that the project runs on.
 *
 * usage: compile.ts [OUT_DIR]   (default: dist)
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

/** Folders of sources; the file that has the name of the kernels exports them. */
const folders = { matching: 'engine/matching/kernels', sampling: 'engine/inference/sampling/kernels' } as const;
type KernelName = keyof typeof folders;
const folderOf = (name: KernelName): string => fileURLToPath(new URL(`../../${folders[name]}`, import.meta.url));
const options = [
  '--runtime',
  'stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--enable',
  'relaxed-simd',
  '--optimizeLevel',
  '3',
  '--shrinkLevel',
  '0',
  '--converge',
  '--noAssert',
  '--uncheckedBehavior',
  'always',
];

/** Changes with any of the sources, by name or content, and with the options. */
async function stampOfSources(sources: string): Promise<string> {
  const hash = createHash('sha256').update(options.join(' '));
  for (const name of (await readdir(sources)).sort()) {
    const text = await readFile(resolve(sources, name));
    hash.update(`\n${name} ${text.byteLength}\n`).update(text);
  }
  return hash.digest('hex');
}

/**
 * Makes `<outDir>/kernels/<name>.wasm` and returns its path. Skipped when the file was made from the same sources with
 * the same options; written to a temporary name and renamed, so that two builds at once do not meet.
 */
export async function prepareKernels({
  outDir,
  name = 'matching',
}: {
  outDir: string;
  name?: KernelName;
}): Promise<string> {
  const folder = resolve(outDir, 'kernels');
  const wasm = resolve(folder, `${name}.wasm`);
  const stamp = resolve(folder, `${name}.sha256`);
  const sources = folderOf(name);
  const made = await stampOfSources(sources);
  const before = await readFile(stamp, 'utf8').catch(() => '');
  if (before === made && (await readFile(wasm).catch(() => undefined))) return wasm;

  await mkdir(folder, { recursive: true });
  const draft = `${name}.${process.pid}.${Date.now()}`;
  const draftWasm = resolve(folder, `${draft}.wasm`);
  const { error, stderr } = await compile([
    resolve(sources, `${name}.ts`),
    '--outFile',
    draftWasm,
    '--baseDir',
    '/',
    ...options,
  ]);
  if (error) {
    await rm(draftWasm, { force: true });
    throw new Error(`AssemblyScript: ${error.message}\n${stderr.toString()}`);
  }
  await rename(draftWasm, wasm);
  await writeFile(resolve(folder, draft), made);
  await rename(resolve(folder, draft), stamp);
  return wasm;
}

if (import.meta.main) {
  const outDir = process.argv[2] ?? 'dist';
  for (const name of Object.keys(folders) as KernelName[]) console.log(await prepareKernels({ outDir, name }));
}
