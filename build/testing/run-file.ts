/**
 * Runs one test file: `import { suite } from 'uvu'` inside it gets our own over uvu (`timed-uvu.ts`). A suite that is not
 * run fails the file, and so does a handle that is still open when the tests are over (a server, a worker, a timer).
 */
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const openHandleGraceMs = 5000;
const timedUvu = new URL('./timed-uvu.ts', import.meta.url).href;
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'uvu' && context.parentURL !== timedUvu) return { url: timedUvu, shortCircuit: true };
    return nextResolve(specifier, context);
  },
});

const file = process.argv[2];
if (!file) throw new Error('usage: run-file.ts FILE');
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [[null]] });
await import(pathToFileURL(resolve(file)).href);
const { exec, suitesNotRun } = await import('./timed-uvu.ts');
await exec();
for (const line of suitesNotRun()) {
  console.error(line);
  process.exitCode = 1;
}
setTimeout(() => {
  console.error(`Still open after the tests: ${process.getActiveResourcesInfo().join(', ')}`);
  process.exit(1);
}, openHandleGraceMs).unref();
