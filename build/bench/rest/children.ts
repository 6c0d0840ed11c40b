/** Processes beside the benchmark's own: what is measured must not wait for who measures. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** Sends a command and waits for the answer. */
  ask<Answer>(command: string): Promise<Answer>;
  end(): Promise<void>;
}

/** Starts `./<name>.process.ts`. Resolves with its first message. */
export async function startChild<Greeting>(
  name: 'peer' | 'slow',
  options: readonly (string | number)[],
): Promise<{ child: Child; greeting: Greeting }> {
  const process: ChildProcess = fork(
    fileURLToPath(new URL(`./${name}.process.ts`, import.meta.url)),
    options.map(String),
    { execArgv: ['--disable-warning=ExperimentalWarning'] },
  );
  const ended = once(process, 'exit');
  const failed = ended.then(([code]): never => {
    throw new Error(`${name} ended with code ${code}`);
  });
  failed.catch(() => undefined);
  const next = async <Message>(): Promise<Message> => {
    const [message] = await Promise.race([once(process, 'message'), failed]);
    return message as Message;
  };
  const greeting = await next<Greeting>();
  return {
    greeting,
    child: {
      pid: process.pid ?? 0,
      ask<Answer>(command: string) {
        process.send(command);
        return next<Answer>();
      },
      async end() {
        process.disconnect();
        await ended;
      },
    },
  };
}

/** Milliseconds that the main thread of a process has been on a processor, from the kernel's scheduler. */
export function mainThreadMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
