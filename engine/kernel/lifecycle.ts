/**
 * Milliseconds that each part of the process has for its stop. Together with a little for the process itself they are what
 * a stop may take: the engine, which writes what makes the next start fast, always gets its turn.
 */
export const stopMs = { rest: 2500, mqtt: 2500, engine: 4000 } as const;

/** The two verbs every long-lived part of the appliance has. */
export interface Subsystem {
  readonly name: string;
  /** How long its stop is waited for; then the next has its turn. Without it: as long as it takes. */
  readonly stopMs?: number;
  start(): Promise<void> | void;
  /** Finishes what is in flight and frees what was taken. Called once, after a completed `start`. */
  stop(): Promise<void> | void;
}

export interface Lifecycle {
  /** Starts in the given order. When one fails, those already started are stopped in reverse and the error is thrown. */
  start(): Promise<void>;
  /** Stops in reverse order. Every part is given its turn; the errors are handed to `onStopError`. */
  stop(): Promise<void>;
}

/** The stop of a part, as long as that may take. */
async function within(subsystem: Subsystem): Promise<void> {
  const { stopMs } = subsystem;
  if (stopMs === undefined) return subsystem.stop();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not stopped within ${stopMs} ms`)), stopMs);
  });
  try {
    await Promise.race([subsystem.stop(), late]);
  } finally {
    clearTimeout(timer);
  }
}

export function createLifecycle(
  subsystems: readonly Subsystem[],
  onStopError: (name: string, error: unknown) => void,
): Lifecycle {
  const running: Subsystem[] = [];
  const stop = async (): Promise<void> => {
    for (let subsystem = running.pop(); subsystem; subsystem = running.pop()) {
      try {
        await within(subsystem);
      } catch (error) {
        onStopError(subsystem.name, error);
      }
    }
  };
  return {
    async start() {
      for (const subsystem of subsystems) {
        try {
          await subsystem.start();
          running.push(subsystem);
        } catch (error) {
          await stop();
          throw error;
        }
      }
    },
    stop,
  };
}

/**
 * Chains of parts that need nothing of each other, as one part: their starts run side by side, each chain in its order.
 * When one fails, the others are awaited, all are stopped and its error is thrown. Stops run one after the other, the
 * last chain first.
 */
export function sideBySide(
  name: string,
  chains: readonly (readonly Subsystem[])[],
  onStopError: (name: string, error: unknown) => void,
): Subsystem {
  const lifecycles = chains.map((chain) => createLifecycle(chain, onStopError));
  const stop = async (): Promise<void> => {
    for (const lifecycle of lifecycles.toReversed()) await lifecycle.stop();
  };
  return {
    name,
    async start() {
      const outcomes = await Promise.allSettled(lifecycles.map((lifecycle) => lifecycle.start()));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (!failed) return;
      await stop();
      throw failed.reason;
    },
    stop,
  };
}
