import type { Subsystem } from './lifecycle.ts';

/**
 * Work that is done at the start and then again and again, `intervalMs` after it ended last. It never overlaps with
 * itself, and a failure never ends it. `stop` waits for what is running; `work` looks at `signal` when it takes long.
 */
export function createPeriodic(options: {
  name: string;
  intervalMs: number;
  work: (signal: AbortSignal) => Promise<unknown>;
  onError: (error: unknown) => void;
}): Subsystem {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let controller = new AbortController();
  const round = async (signal: AbortSignal): Promise<void> => {
    try {
      await options.work(signal);
    } catch (error) {
      if (!signal.aborted) options.onError(error);
    }
    if (!signal.aborted) timer = setTimeout(() => begin(signal), options.intervalMs).unref();
  };
  const begin = (signal: AbortSignal): void => {
    running = round(signal);
  };
  return {
    name: options.name,
    start() {
      controller = new AbortController();
      begin(controller.signal);
    },
    async stop() {
      controller.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
