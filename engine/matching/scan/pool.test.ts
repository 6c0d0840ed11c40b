import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import { type Attachment, cancelledAt, type ScanJob } from './messages.ts';
import { createPool, WorkerLost } from './pool.ts';

const pools = suite<{ folder: string }>('matching workers that misbehave');
pools.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'pool-'));
});
pools.after(({ folder }) => rmSync(folder, { recursive: true }));

/** An empty WebAssembly module: these workers have other things in mind. */
const kernels = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));

/**
 * A pool of two whose worker 1 does `deed` at its first job, or, with `always`, at each; worker 0 and its successors
 * answer. `run` makes one job of all workers.
 */
function poolOf(deed: string, options: { always?: boolean; atStart?: string } = {}) {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    import { openSync } from 'node:fs';
    const { worker } = workerData;
    const answer = (job) => parentPort.postMessage({ kind: 'answer', answer: { job, counts: [worker], looked: 0 } });
    ${options.atStart ?? ''}
    parentPort.on('message', (message) => {
      if (message.kind === 'stop') parentPort.close();
      if (message.kind !== 'scan') return;
      const { job, control } = message.scan;
      const isFirst = Atomics.add(new Int32Array(control), 0, 1) < 2;
      if (worker === 1 && (isFirst || ${options.always === true})) { ${deed} }
      answer(job);
    });
    parentPort.postMessage({ kind: 'ready' });`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const lines: string[] = [];
  const log = createLog('error', { write: (line) => void lines.push(line) });
  const pool = createPool({ kernels, workers: 2, timeoutMs: 1000, log, code: url });
  const control = new SharedArrayBuffer(8);
  let jobs = 0;
  return {
    pool,
    lines,
    control,
    async run() {
      const job = { job: ++jobs, gallery: 1, control } as ScanJob;
      const answers = await pool.scan(job, () => ({ gallery: 1 }) as Attachment, 1);
      return answers.map(({ job, counts }) => [job, [...counts]]);
    },
  };
}

async function lossOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof WorkerLost) return error.message;
    throw error;
  }
  return 'nothing lost';
}

for (const [what, deed, says] of [
  ['dies', 'process.exit(3);', /worker 1 ended with code 3/],
  ['throws', "throw new Error('broken');", /worker 1 ended/],
  ['computes for ever', 'for (;;);', /worker 1 ended/],
  ['never answers', 'return;', /worker 1 ended/],
  ['answers another job', 'answer(job - 1); return;', /worker 1 ended/],
] as const) {
  pools(`one that ${what} costs its job, and the next job has a new one`, async () => {
    const { pool, run, control } = poolOf(deed);
    await pool.start();
    assert.match(await lossOf(run()), says);
    assert.is(Atomics.load(new Int32Array(control), cancelledAt), 1, 'the others are told that the scan is in vain');
    assert.is(pool.lost, 1);
    assert.equal(await run(), [
      [2, [0]],
      [2, [1]],
    ]);
    assert.is(pool.lost, 1, 'worker 0 stayed');
    await pool.stop();
    assert.is(pool.lost, 1);
  });
}

pools('one that answers twice is taken at its first word', async () => {
  const { pool, run } = poolOf('answer(job);', { always: true });
  await pool.start();
  for (const job of [1, 2, 3]) {
    assert.equal(await run(), [
      [job, [0]],
      [job, [1]],
    ]);
  }
  assert.is(pool.lost, 0);
  await pool.stop();
});

pools('one that never becomes ready is ended, and a job says so', async () => {
  const { pool, run } = poolOf('', { atStart: 'if (worker === 1) for (;;);' });
  assert.match(await lossOf(pool.start()), /worker 1 ended/);
  assert.match(await lossOf(run()), /worker 1 ended/);
  await pool.stop();
});

pools('one that the system holds is given up, and the next job has a new one', async ({ folder }) => {
  const fifo = join(folder, 'disk');
  execFileSync('mkfifo', [fifo]);
  // Opening a pipe that nobody writes to blocks as a read from a dead disk does: no signal of ours ends it.
  const { pool, run, lines } = poolOf(`openSync(${JSON.stringify(fifo)}, 'r');`);
  await pool.start();
  assert.match(await lossOf(run()), /worker 1 does not end/);
  assert.ok(lines.some((line) => line.includes('given up')));
  assert.equal(await run(), [
    [2, [0]],
    [2, [1]],
  ]);
  assert.is(pool.lost, 1);
  await pool.stop();
  openSync(fifo, 'w');
});

pools.run();
