import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DemoAppliance {
  restUrl: string;
  mqttUrl: string;
  /** Ends what the demo itself has started; nothing otherwise. */
  stop(): Promise<void>;
}

const readyLimitMs = 60_000;

/**
 * A running appliance (`PERIGEE_URL`, or the default port on this machine), else one of our own on a temporary
 * directory and free ports. `PERIGEE_MQTT_URL`: where a running one publishes, if not on port 1883 of the same host.
 */
export async function findOrStartAppliance(env: NodeJS.ProcessEnv): Promise<DemoAppliance> {
  const restUrl = (env['PERIGEE_URL'] ?? 'http://127.0.0.1:5000').replace(/\/$/, '');
  if (await answers(restUrl)) {
    const mqttUrl = env['PERIGEE_MQTT_URL'] ?? `mqtt://${new URL(restUrl).hostname}:1883`;
    console.log(`Using the appliance at ${restUrl}, MQTT at ${new URL(mqttUrl).host}`);
    return { restUrl, mqttUrl, stop: async () => {} };
  }
  if (env['PERIGEE_URL']) throw new Error(`No appliance answers at ${restUrl}. Start it, or unset PERIGEE_URL.`);
  return startAppliance(env);
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/version`, { signal: AbortSignal.timeout(1500) });
    // Something else may listen on the port.
    return answer.ok && JSON.stringify(await answer.json()).includes('major');
  } catch {
    return false;
  }
}

function startAppliance(env: NodeJS.ProcessEnv): Promise<DemoAppliance> {
  const dir = mkdtempSync(join(tmpdir(), 'perigee-demo-'));
  console.log(`No appliance is running: starting one for the demo in ${dir}`);
  const inherited = Object.entries(env).filter(([name]) => !name.startsWith('PERIGEE_'));
  const child = spawn(process.execPath, ['dist/daemon.js'], {
    env: {
      ...Object.fromEntries(inherited),
      PERIGEE_DATA_DIR: dir,
      PERIGEE_PORT: '0',
      PERIGEE_MQTT_PORT: '0',
      PERIGEE_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      void stop().then(() => reject(new Error(reason)));
    };
    const timer = setTimeout(() => fail(`The appliance was not ready after ${readyLimitMs / 1000} s.`), readyLimitMs);
    child.once('error', (error) => fail(error.message));
    const tooEarly = (): void => fail('The appliance ended before it was ready.');
    child.once('exit', tooEarly);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const [, restUrl, mqttUrl] = /Perigee is ready\n +REST +(\S+)[^\n]*\n +MQTT +(\S+)/.exec(output) ?? [];
      if (!restUrl || !mqttUrl) return;
      clearTimeout(timer);
      child.off('exit', tooEarly);
      resolve({ restUrl, mqttUrl, stop });
    });
  });
}
