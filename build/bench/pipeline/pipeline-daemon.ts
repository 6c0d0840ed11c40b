import { rmSync } from 'node:fs';
import { type DaemonProcess, startDaemonProcess } from '../../../appliance/acceptance/daemon-process.ts';

const account = { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904480' };

/** The whole appliance as a contender: JPEGs over REST to committed events with their samples and messages. */
export interface DaemonTeam {
  /** Committed events per second, `parallel` requests under way. */
  run(jpeg: Uint8Array, durationMs: number, parallel: number): Promise<number>;
  end(): Promise<void>;
}

async function post(daemon: DaemonProcess, path: string, type: string, body: Uint8Array | string): Promise<unknown> {
  const answer = await fetch(`${daemon.restUrl}/6${path}`, {
    method: 'POST',
    headers: { ...account, 'Content-Type': type },
    body: body as NonNullable<RequestInit['body']>,
  });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export async function startDaemonTeam(): Promise<DaemonTeam> {
  const daemon = await startDaemonProcess();
  const { handler_id } = (await post(daemon, '/handlers', 'application/json', '{"policies":{}}')) as {
    handler_id: string;
  };
  return {
    async run(jpeg, durationMs, parallel) {
      const startedAt = performance.now();
      let committed = 0;
      await Promise.all(
        Array.from({ length: parallel }, async () => {
          while (performance.now() - startedAt < durationMs) {
            const made = (await post(daemon, `/handlers/${handler_id}/events`, 'image/jpeg', jpeg)) as {
              events: unknown[];
            };
            committed += made.events.length;
          }
        }),
      );
      return (committed * 1000) / (performance.now() - startedAt);
    },
    async end() {
      await daemon.end('SIGTERM');
      rmSync(daemon.dataDir, { recursive: true, force: true });
    },
  };
}
