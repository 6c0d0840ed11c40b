import { type ScheduledTask, schedule } from 'node-cron';
import type { Subsystem } from '#kernel/lifecycle';
import type { Log } from '#kernel/log';

/** Something that is done again and again, a bounded part at a time. A failure is logged and the next turn tries again. */
export interface Chore {
  readonly name: string;
  /** Cron expression, six fields: seconds first. */
  readonly when: string;
  run(signal: AbortSignal): Promise<unknown> | unknown;
}

/** Runs the chores at their times, each once at a time. `stop` waits for the one under way, which sees its signal. */
export function createHousekeeping(deps: { chores: readonly Chore[]; log: Log }): Subsystem {
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  let tasks: ScheduledTask[] = [];
  const turn = async ({ name, run }: Chore): Promise<void> => {
    try {
      await run(ending.signal);
    } catch (error) {
      deps.log.error({ err: error, chore: name }, 'housekeeping failed');
    }
  };
  return {
    name: 'housekeeping',
    start() {
      tasks = deps.chores.map((chore) =>
        schedule(
          chore.when,
          () => {
            const done = turn(chore).finally(() => running.delete(done));
            running.add(done);
            return done;
          },
          { noOverlap: true },
        ),
      );
    },
    async stop() {
      ending.abort();
      await Promise.all(tasks.map((task) => task.destroy()));
      await Promise.all(running);
    },
  };
}
