import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { lunaError } from '#kernel/errors';
import type { Log } from '#kernel/log';
import {
  type AssignAnswer,
  type AssignJob,
  type Attachment,
  cancelledAt,
  type FromWorker,
  type ScanAnswer,
  type ScanJob,
  type ToWorker,
  type WorkerSetup,
} from './messages.ts';

/**
 * The matcher's worker threads. A worker that dies or hangs is replaced and its job fails with `WorkerLost`. One that the
 * system does not let go of (a read from a disk that never answers) is given up: its thread ends when that read does.
 */
export interface Pool {
  readonly lost: number;
  /** Resolves when all workers are there and warm. A scan asked for before waits for them. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Gives the job to all workers. `attachment` is sent first to workers that have an older `shape` of the gallery. */
  scan(job: ScanJob, attachment: () => Attachment, shape: number): Promise<ScanAnswer[]>;
  assign(job: AssignJob, attachment: () => Attachment, shape: number): Promise<AssignAnswer[]>;
  detach(gallery: number): void;
  /** Replaces workers that are gone, as each job does, too. Rejects when one cannot start. */
  repair(): Promise<void>;
  /** For tests of the recovery: ends one worker at once. */
  kill(worker: number): Promise<void>;
}

/** A worker died with a job in its hands: the job may be tried again. */
export class WorkerLost extends Error {}

type Answer = ScanAnswer | AssignAnswer;
type Order = Extract<ToWorker, { kind: 'scan' | 'assign' }>;

interface Member {
  readonly worker: Worker;
  readonly index: number;
  /** Gallery -> shape it was sent. */
  readonly shapes: Map<number, number>;
  isGone: boolean;
  settle: { job: number; resolve(answer: Answer): void; reject(error: Error): void } | undefined;
}

const ownCode = new URL(
  import.meta.url.endsWith('.ts') ? '../matching.worker.ts' : './matching.worker.js',
  import.meta.url,
);

/** How long a worker that was ended may take until it is given up. */
const endTimeoutMs = 2000;

export function createPool(options: {
  kernels: WebAssembly.Module;
  workers: number;
  /** For one job, and for a worker to become ready. */
  timeoutMs: number;
  log: Log;
  /** What a worker runs. Default: `matching.worker`. */
  code?: URL;
}): Pool {
  const { log, timeoutMs, code = ownCode } = options;
  const members: (Member | undefined)[] = [];
  let starting: Promise<unknown> = Promise.resolve();
  let repairing: Promise<void> | undefined;
  let stopping = false;
  let lost = 0;

  /** Takes a worker out, once; its job may be tried again. */
  function forget(member: Member, reason: string): WorkerLost {
    const gone = new WorkerLost(`matcher worker ${member.index} ${reason}`);
    if (members[member.index] === member) members[member.index] = undefined;
    if (member.isGone) return gone;
    member.isGone = true;
    if (!stopping) lost += 1;
    member.settle?.reject(gone);
    member.settle = undefined;
    return gone;
  }

  /**
   * `work` of a worker, which is ended when that takes too long. Throws `WorkerLost` when it does not even end: should
   * its thread come back later, it stops before it does anything.
   */
  async function within<T>(member: Member, work: Promise<T>): Promise<T> {
    let giveUp: (error: Error) => void = () => {};
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    let timer = setTimeout(() => {
      log.error({ worker: member.index }, 'a matcher worker hangs and is ended');
      timer = setTimeout(() => {
        log.error({ worker: member.index }, 'a matcher worker cannot be ended and is given up');
        giveUp(forget(member, 'does not end'));
      }, endTimeoutMs);
      void member.worker.terminate();
    }, timeoutMs);
    try {
      return await Promise.race([work, givenUp]);
    } finally {
      clearTimeout(timer);
    }
  }

  async function spawn(index: number): Promise<void> {
    const workerData: WorkerSetup = { kernels: options.kernels, worker: index };
    const worker = new Worker(code, { workerData, name: `matching-${index}` });
    const member: Member = { worker, index, shapes: new Map(), isGone: false, settle: undefined };
    const ready = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') return resolve();
        const { settle } = member;
        const job = message.kind === 'answer' ? message.answer.job : message.job;
        if (settle?.job !== job) return;
        member.settle = undefined;
        if (message.kind === 'answer') settle.resolve(message.answer);
        else settle.reject(lunaError('StorageFailed', { reason: message.reason }));
      });
      worker.on('error', (error) => log.error({ worker: index, err: error }, 'a matcher worker failed'));
      worker.on('exit', (exitCode) => reject(forget(member, `ended with code ${exitCode}`)));
    });
    await within(member, ready);
    members[index] = member;
  }

  function ask(index: number, order: Order, attachment: () => Attachment, shape: number): Promise<Answer> {
    const job = order.kind === 'scan' ? order.scan : order.assign;
    const member = members[index];
    if (!member) return Promise.reject(new WorkerLost(`matcher worker ${index} is gone`));
    const send = (message: ToWorker): void => member.worker.postMessage(message);
    const answer = new Promise<Answer>((resolve, reject) => {
      member.settle = { job: job.job, resolve, reject };
      if (member.shapes.get(job.gallery) !== shape) {
        send({ kind: 'attach', attachment: attachment() });
        member.shapes.set(job.gallery, shape);
      }
      send(order);
    });
    return within(member, answer);
  }

  async function spawnMissing(): Promise<void> {
    await starting;
    for (let index = 0; index < options.workers; index++) if (!members[index] && !stopping) await spawn(index);
  }

  /** Once at a time: nobody shall get two successors. */
  function repair(): Promise<void> {
    repairing ??= spawnMissing().finally(() => {
      repairing = undefined;
    });
    return repairing;
  }

  async function askAll(order: Order, attachment: () => Attachment, shape: number): Promise<Answer[]> {
    await repair();
    // All are awaited, also after one failed: nobody may still be scanning when the next write is applied.
    const outcomes = await Promise.allSettled(
      Array.from({ length: options.workers }, async (_, index) => {
        try {
          return await ask(index, order, attachment, shape);
        } catch (error) {
          // What the others still do is in vain.
          if (order.kind === 'scan') Atomics.store(new Int32Array(order.scan.control), cancelledAt, 1);
          throw error;
        }
      }),
    );
    const answers: Answer[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      answers.push(outcome.value);
    }
    return answers;
  }

  return {
    get lost() {
      return lost;
    },
    async start() {
      const all = Promise.all(Array.from({ length: options.workers }, (_, index) => spawn(index)));
      starting = all.catch(() => {});
      await all;
    },
    async stop() {
      stopping = true;
      await starting;
      await repairing?.catch(() => {});
      await Promise.all(
        members.map(async (member) => {
          if (!member) return;
          const gone = once(member.worker, 'exit');
          member.worker.postMessage({ kind: 'stop' } satisfies ToWorker);
          await within(member, gone).catch(() => {});
        }),
      );
    },
    scan: (scan, attachment, shape) => askAll({ kind: 'scan', scan }, attachment, shape) as Promise<ScanAnswer[]>,
    assign: (assign, attachment, shape) =>
      askAll({ kind: 'assign', assign }, attachment, shape) as Promise<AssignAnswer[]>,
    detach(gallery) {
      for (const member of members) {
        member?.shapes.delete(gallery);
        member?.worker.postMessage({ kind: 'detach', gallery } satisfies ToWorker);
      }
    },
    repair,
    async kill(worker) {
      await members[worker]?.worker.terminate();
    },
  };
}
