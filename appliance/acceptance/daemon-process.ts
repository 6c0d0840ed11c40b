/** The real daemon in a process of its own, for tests that start, kill and restart it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DaemonProcess {
  readonly pid: number;
  readonly restUrl: string;
  readonly mqttUrl: string;
  readonly dataDir: string;
  /** Milliseconds from spawn to the ready block. */
  readonly readyMs: number;
  /** What it has printed so far, both streams. */
  output(): string;
  /** Sends the signal and waits for the end. Resolves to the exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** A daemon that ended before it was ready. */
export class DaemonFailure extends Error {
  readonly exitCode: number | null;
  readonly output: string;
  constructor(exitCode: number | null, output: string) {
    super(`the daemon ended with code ${exitCode}:\n${output}`);
    this.exitCode = exitCode;
    this.output = output;
  }
}

export function temporaryDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'perigee-data-'));
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Starts `dist/daemon.js` on ports that the system chooses. Rejects with `DaemonFailure` when it does not get ready. */
export function startDaemonProcess(
  options: { dataDir?: string; env?: Record<string, string>; readyLimitMs?: number } = {},
): Promise<DaemonProcess> {
  const dataDir = options.dataDir ?? temporaryDataDir();
  const readyLimitMs = options.readyLimitMs ?? 30_000;
  const startedAt = performance.now();
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PERIGEE_'));
  const child = spawn(process.execPath, ['dist/daemon.js'], {
    env: {
      ...Object.fromEntries(own),
      PERIGEE_DATA_DIR: dataDir,
      PERIGEE_PORT: '0',
      PERIGEE_MQTT_PORT: '0',
      PERIGEE_LOG_LEVEL: 'warn',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not ready after ${readyLimitMs} ms:\n${output}`));
    }, readyLimitMs);
    const look = (chunk: Buffer): void => {
      output += chunk;
      const block =
        /Perigee is ready\n {2}REST +(\S+)[^\n]*\n {2}MQTT +(\S+)[^\n]*\n(?: {13}[^\n]*\n)? {2}Data +[^\n]*\n/.exec(
          output,
        );
      if (!block || !child.pid) return;
      clearTimeout(timer);
      resolve({
        pid: child.pid,
        restUrl: block[1] ?? '',
        mqttUrl: block[2] ?? '',
        dataDir,
        readyMs: performance.now() - startedAt,
        output: () => output,
        end(signal) {
          child.kill(signal);
          return ended(child);
        },
      });
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void ended(child).then((code) => {
      clearTimeout(timer);
      // Give the pipes their last words.
      setImmediate(() => reject(new DaemonFailure(code, output)));
    });
  });
}
