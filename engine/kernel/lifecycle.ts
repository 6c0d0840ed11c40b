/** The two verbs every long-lived part of the appliance has. */
export interface Subsystem {
  readonly name: string;
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

export function createLifecycle(
  subsystems: readonly Subsystem[],
  onStopError: (name: string, error: unknown) => void,
): Lifecycle {
  const running: Subsystem[] = [];
  const stop = async (): Promise<void> => {
    for (let subsystem = running.pop(); subsystem; subsystem = running.pop()) {
      try {
        await subsystem.stop();
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
