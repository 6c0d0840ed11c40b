import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NetworkCheck } from './check-networks.ts';
import { PackError } from './pack-error.ts';

const timeoutMs = 60_000;
/** Of private memory, in KiB: the largest network, several times. */
const memoryKib = 3 * 1024 * 1024;

/** Throws `PackError` when the networks of the pack in `dir` do not do what its manifest says. */
export type CheckNetworks = (dir: string) => Promise<void>;

/** `worker`: the file of the inference worker, which as a process runs `checkPackNetworks` and ends. */
export function createNetworkCheck(worker: URL): CheckNetworks {
  return async (dir) => {
    const answer = await new Promise<NetworkCheck>((resolve, reject) => {
      // The shell sets the limit, then becomes the process.
      const child = spawn(
        '/bin/sh',
        [
          '-c',
          `ulimit -d ${memoryKib}; exec "$@"`,
          'sh',
          process.execPath,
          '--disable-warning=ExperimentalWarning',
          fileURLToPath(worker),
        ],
        {
          env: { ...process.env, PERIGEE_CHECK_PACK: dir },
          stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
          timeout: timeoutMs,
          killSignal: 'SIGKILL',
        },
      );
      let received: NetworkCheck | undefined;
      let errors = '';
      child.stderr?.on('data', (chunk) => {
        errors = `${errors}${chunk}`.slice(-2000);
      });
      child.on('message', (message) => {
        received = message as NetworkCheck;
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        const last = errors.trim().split('\n').pop() ?? '';
        resolve(received ?? { problem: `its networks broke the process that tried them (${signal ?? code}) ${last}` });
      });
    });
    if (answer.problem) throw new PackError(answer.problem);
  };
}
