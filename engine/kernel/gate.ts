import { lunaError } from './errors.ts';

/** Lets a bounded number of jobs run, a bounded number wait, and refuses the rest: memory stays bounded. */
export interface Gate {
  /** Runs `job` when its turn comes. Throws `ServiceBusy` at once when the waiting room is full. */
  pass<T>(job: () => Promise<T>): Promise<T>;
  readonly running: number;
  readonly waiting: number;
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

export function createGate(limits: { name: string; concurrent: number; waiting: number }): Gate {
  let running = 0;
  const queue: (() => void)[] = [];
  let idleListeners: (() => void)[] = [];
  const leave = (): void => {
    const next = queue.shift();
    if (next) {
      next();
      return;
    }
    running -= 1;
    if (running === 0) {
      for (const listener of idleListeners.splice(0)) listener();
    }
  };
  return {
    async pass(job) {
      if (running < limits.concurrent) {
        running += 1;
      } else {
        if (queue.length >= limits.waiting) throw lunaError('ServiceBusy', { queue: limits.name });
        await new Promise<void>((resolve) => queue.push(resolve));
      }
      try {
        return await job();
      } finally {
        leave();
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return queue.length;
    },
    idle() {
      if (running === 0) return Promise.resolve();
      return new Promise((resolve) => {
        idleListeners = [...idleListeners, resolve];
      });
    },
  };
}
