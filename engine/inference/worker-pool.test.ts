import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { detectionOnly, type PictureEstimate } from '#domain/face/estimation';
import { isLunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

/** A worker that does what the "picture" says: answer, wait, hang, throw, exit, or answer an error. */
const obedient = `
import { openSync } from 'node:fs';
import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', ({ id, picture }) => {
  const word = Buffer.from(picture).toString();
  const answer = () => parentPort.postMessage({ kind: 'estimate', id, estimate: { width: threadId, faces: [] } });
  if (word === 'hang') for (;;);
  if (word.startsWith('open ')) openSync(word.slice(5), 'r');
  if (word === 'throw') throw new Error('told to');
  if (word === 'exit') process.exit(3);
  if (word === 'refuse') parentPort.postMessage({ kind: 'error', id, errorName: 'ImageConversion', detail: 'told to' });
  else if (word === 'wait') setTimeout(answer, 100);
  else answer();
});
parentPort.postMessage({ kind: 'ready' });
`;
const moduleUrl = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`);

function poolOf(settings: {
  source?: string;
  size?: number;
  queue?: number;
  timeoutMs?: number;
  waitMs?: number;
}): WorkerPool {
  const { source = obedient, size = 1, queue = 4, timeoutMs = 1000, waitMs = 30_000 } = settings;
  return createWorkerPool({
    url: moduleUrl(source),
    workerData: null,
    size,
    queue,
    timeoutMs,
    waitMs,
    log: createLog('silent'),
  });
}

const told = (pool: WorkerPool, word: string, signal?: AbortSignal): Promise<PictureEstimate> =>
  pool.run(Buffer.from(word), detectionOnly, signal);

async function refusal(job: Promise<unknown>): Promise<unknown> {
  return job.then(
    () => assert.unreachable('was not refused'),
    (error: unknown) => error,
  );
}

const workerPool = suite('worker pool');

workerPool('answers and errors come back to their callers, whose bytes stay theirs', async () => {
  const pool = poolOf({ size: 2 });
  await pool.start();
  const bytes = Buffer.from('answer');
  const [a, b, refused] = await Promise.all([
    pool.run(bytes, detectionOnly),
    told(pool, 'wait'),
    refusal(told(pool, 'refuse')),
  ]);
  assert.ok(a.width > 0 && b.width > 0);
  assert.ok(isLunaError(refused, 'ImageConversion'));
  assert.is((refused as Error).message, 'told to');
  assert.is(bytes.toString(), 'answer');
  await pool.stop();
});

for (const word of ['throw', 'exit']) {
  workerPool(`a worker told to ${word} loses its own picture only, and is replaced`, async () => {
    const pool = poolOf({});
    await pool.start();
    const lost = refusal(told(pool, word));
    const waiting = told(pool, 'answer');
    assert.ok(isLunaError(await lost, 'DetectionFailed'));
    assert.ok((await waiting).width > 0);
    await pool.stop();
  });
}

workerPool('a worker that takes too long is ended and replaced', async () => {
  const pool = poolOf({ timeoutMs: 150 });
  await pool.start();
  const first = (await told(pool, 'answer')).width;
  const late = refusal(told(pool, 'hang'));
  const waiting = told(pool, 'answer');
  assert.ok(isLunaError(await late, 'RequestTimeout'));
  assert.is.not((await waiting).width, first, 'another thread answers');
  await pool.stop();
});

workerPool('a worker that the system holds is given up, and another one takes its place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'worker-pool-'));
  const fifo = join(folder, 'never');
  execFileSync('mkfifo', [fifo]);
  const pool = poolOf({ timeoutMs: 500 });
  await pool.start();
  // Opening a pipe that nobody writes to blocks as native code does that never returns: no signal of ours ends it.
  const late = refusal(told(pool, `open ${fifo}`));
  assert.ok(isLunaError(await late, 'RequestTimeout'));
  assert.is(pool.live, 0);
  assert.ok((await told(pool, 'answer')).width > 0);
  assert.is(pool.live, 1);
  await pool.stop();
  openSync(fifo, 'w');
  rmSync(folder, { recursive: true });
});

workerPool('a picture does not wait for ever for a worker', async () => {
  const pool = poolOf({ source: `${obedient} parentPort.removeAllListeners('message');`, waitMs: 200 });
  await pool.start();
  const jobs = Array.from({ length: 4 }, () => refusal(told(pool, 'answer')));
  for (const error of await Promise.all(jobs)) assert.ok(isLunaError(error, 'RequestTimeout'));
  assert.is(pool.waiting, 0);
  await pool.stop();
});

workerPool('a full queue refuses at once, and takes pictures again when it has room', async () => {
  const pool = poolOf({ queue: 2 });
  await pool.start();
  const accepted = [told(pool, 'wait'), told(pool, 'wait'), told(pool, 'wait')];
  assert.is(pool.waiting, 2);
  assert.is(pool.running, 1);
  assert.ok(isLunaError(await refusal(told(pool, 'answer')), 'ServiceBusy'));
  await Promise.all(accepted);
  await told(pool, 'answer');
  await pool.stop();
});

workerPool('an aborted picture leaves the queue and frees its place', async () => {
  const pool = poolOf({ queue: 1 });
  await pool.start();
  const running = told(pool, 'wait');
  const controller = new AbortController();
  const waiting = refusal(told(pool, 'answer', controller.signal));
  controller.abort(new Error('gone away'));
  assert.is(((await waiting) as Error).message, 'gone away');
  assert.is(pool.waiting, 0);
  await running;
  assert.is(((await refusal(told(pool, 'answer', AbortSignal.abort(new Error('before'))))) as Error).message, 'before');
  await pool.stop();
});

workerPool('a worker that cannot start fails the start', async () => {
  for (const source of ['throw new Error("no networks")', 'process.exit(1)']) {
    const pool = poolOf({ source, size: 2 });
    assert.ok((await refusal(pool.start())) instanceof Error);
  }
});

workerPool('stopping refuses what waits and what runs, and what comes after', async () => {
  const pool = poolOf({});
  await pool.start();
  const jobs = ['hang', 'answer'].map((word) => refusal(told(pool, word)));
  await pool.stop();
  for (const error of await Promise.all(jobs)) assert.ok(isLunaError(error, 'ServiceBusy'));
  assert.ok(isLunaError(await refusal(told(pool, 'answer')), 'ServiceBusy'));
});

workerPool.run();
