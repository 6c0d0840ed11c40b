import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './tcp-proxy.ts';

export interface Mosquitto {
  readonly port: number;
  /** Ends the process; `start` brings it back on the same port. Queued messages survive an orderly end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** An external broker for a test. `lines` are added to its configuration. */
export async function startMosquitto(
  path: string,
  lines: readonly string[] = ['allow_anonymous true'],
): Promise<Mosquitto> {
  const dir = mkdtempSync(join(tmpdir(), 'perigee-mosquitto-'));
  const port = await freePort();
  const config = join(dir, 'mosquitto.conf');
  writeFileSync(
    config,
    [
      `listener ${port} 127.0.0.1`,
      'set_tcp_nodelay true',
      'user root',
      'persistence true',
      `persistence_location ${dir}/`,
      'max_queued_messages 100000',
      ...lines.map((line) => line.replaceAll('{dir}', dir)),
    ].join('\n'),
  );
  let child: ChildProcess | undefined;
  const mosquitto: Mosquitto = {
    port,
    async start() {
      child = spawn(path, ['-c', config], { stdio: 'ignore' });
      for (let i = 0; i < 100; i++) {
        if (await reachable(port)) return;
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      throw new Error('mosquitto does not listen');
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill(signal);
      await ended;
    },
    async remove() {
      await mosquitto.stop('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await mosquitto.start();
  return mosquitto;
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
