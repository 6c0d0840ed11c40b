/** Makes in `dist/` what the daemon runs on: converted networks, compiled kernels, the bundle. Called by setup.mjs. */
import { bundleDaemon } from './bundle.ts';
import { prepareKernels } from './kernels/compile.ts';
import { prepareNetworks } from './networks/prepare.ts';

const outDir = 'dist';
const step = (text: string): void => console.error(`perigee: ${text}`);

async function timed(name: string, job: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  step(`${name} ...`);
  await job();
  step(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

try {
  await timed('converting networks', () => prepareNetworks({ outDir: `${outDir}/networks`, onProgress: step }));
  await timed('compiling kernels', async () => {
    await prepareKernels({ outDir, name: 'matching' });
    await prepareKernels({ outDir, name: 'sampling' });
  });
  await timed('bundling the daemon', () => bundleDaemon(outDir));
} catch (error) {
  const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  console.error(full ? 'perigee: the disk is full. Free space, then try again.' : error);
  process.exit(1);
}
