import { build } from 'esbuild';

/** Packages with native code or files of their own: they stay in node_modules and are shipped as they are. */
const external = ['better-sqlite3', 'sharp', 'onnxruntime-node', 'electron', 'bufferutil', 'utf-8-validate'];

/** CommonJS packages inside an ES module bundle still ask for these three. */
const banner = `import { createRequire as perigeeCreateRequire } from 'node:module';
import { fileURLToPath as perigeeFileURLToPath } from 'node:url';
const require = perigeeCreateRequire(import.meta.url);
const __filename = perigeeFileURLToPath(import.meta.url);
const __dirname = perigeeFileURLToPath(new URL('.', import.meta.url));`;

/** Bundles the daemon and its workers, each into one file of `outDir`. */
export async function bundleDaemon(outDir: string): Promise<void> {
  await build({
    entryPoints: {
      daemon: 'appliance/daemon/main.ts',
      'inference.worker': 'engine/inference/inference.worker.ts',
      'matching.worker': 'engine/matching/matching.worker.ts',
    },
    outdir: outDir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    sourcemap: true,
    external,
    banner: { js: banner },
    logLevel: 'warning',
  });
}
