import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRouter } from '#contract/http/http';
import { detectionOnly } from '#domain/face/estimation';
import { createWorkerPool } from '#inference/worker-pool';
import { type LunaError, toErrorBody } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { createPool } from '#matching/scan/pool';
import { createHealthChecks } from './health-checks.ts';
import { createHealthRoutes } from './services/api/service.routes.ts';
import { openRouteBench } from './services/route-bench.ts';

const moduleUrl = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`);
const log = createLog('silent');

/** Starts, dies at its first picture, and has no successor. */
const inferenceWorker = `
import { parentPort, workerData } from 'node:worker_threads';
const starts = Atomics.add(new Int32Array(workerData), 0, 1);
if (starts > 0) process.exit(1);
parentPort.on('message', () => process.exit(1));
parentPort.postMessage({ kind: 'ready' });`;
/** Starts as long as it is allowed to. */
const matchingWorker = `
import { parentPort, workerData } from 'node:worker_threads';
if (process.env.PERIGEE_TEST_NO_WORKERS) process.exit(1);
parentPort.on('message', () => parentPort.close());
parentPort.postMessage({ kind: 'ready' });`;

const health = suite('health check');

async function open() {
  const storage = openRouteBench(() => []);
  const inference = createWorkerPool({
    url: moduleUrl(inferenceWorker),
    workerData: new SharedArrayBuffer(4),
    size: 1,
    queue: 1,
    timeoutMs: 1000,
    waitMs: 1000,
    log,
  });
  const matching = createPool({
    kernels: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    workers: 2,
    timeoutMs: 1000,
    log,
    code: moduleUrl(matchingWorker),
  });
  await Promise.all([inference.start(), matching.start()]);
  const app = createRouter();
  app.onError((error, context) => context.json(toErrorBody(error as LunaError), (error as LunaError).status as 502));
  app.route(
    '/',
    createHealthRoutes(
      createHealthChecks({
        storage: storage.storage,
        inference: { stats: () => ({ workers: inference.live, running: 0, waiting: 0 }) },
        matching,
        packChanges: { problems: () => [] },
        proxy: undefined,
      }),
    ),
  );
  return {
    inference,
    matching,
    async ask(): Promise<[number, string]> {
      const answer = await app.request('/healthcheck');
      return [answer.status, await answer.text()];
    },
    async close() {
      await Promise.all([inference.stop(), matching.stop()]);
      storage.close();
    },
  };
}

health('it is good while the workers live, and names inference when none is left', async () => {
  const { ask, inference, close } = await open();
  assert.is((await ask())[0], 200);
  await inference.run(new Uint8Array(1), detectionOnly).catch(() => {});
  const [status, body] = await ask();
  assert.is(status, 502);
  assert.match(body, /inference does not work: no worker is left/);
  await close();
});

health('matching workers that died are replaced; it names matching when they cannot be', async () => {
  const { ask, matching, close } = await open();
  await matching.kill(0);
  assert.is((await ask())[0], 200);
  process.env['PERIGEE_TEST_NO_WORKERS'] = '1';
  await Promise.all([matching.kill(0), matching.kill(1)]);
  const [status, body] = await ask();
  delete process.env['PERIGEE_TEST_NO_WORKERS'];
  assert.is(status, 502);
  assert.match(body, /matching does not work: matcher worker 0 ended/);
  assert.is((await ask())[0], 200, 'and is good again once they can');
  await close();
});

health.run();
