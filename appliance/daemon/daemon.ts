import { flushCompileCache } from 'node:module';
import { resolve } from 'node:path';
import type { BootSettings } from '#contract/settings/boot-settings';
import { createEngine } from '#engine';
import { createLifecycle, stopMs } from '#kernel/lifecycle';
import { createLog, type Log } from '#kernel/log';
import { StartError } from '#kernel/start-error';
import { createMqtt } from '../mqtt/mqtt.ts';
import { createRestServer } from '../rest/rest.ts';
import { directoryProblem, lockDataDirectory } from './data-lock.ts';
import { loadSettings, SettingsError, settingsFile } from './load-settings.ts';
import { keepPrivate } from './private-file.ts';
import { readyBlock } from './ready-block.ts';

/** A stop that takes longer than its parts may take is ended hard. */
const stopLimitMs = stopMs.mqtt + stopMs.rest + stopMs.engine + 500;

/** Folders of `dist/`: the networks and kernels that the preparation made, beside the bundle. */
function shippedFolder(): string {
  return import.meta.url.endsWith('.ts') ? resolve('dist') : import.meta.dirname;
}

/** Put the parts together, start them in order. Exported for tests that run a daemon inside their process. */
export async function startDaemon(
  settings: BootSettings,
  log: Log,
): Promise<{ restAddress: string; block: string; stop(): Promise<void> }> {
  let unlock: () => void;
  try {
    unlock = lockDataDirectory(settings.data_dir);
  } catch (error) {
    throw directoryProblem(settings.data_dir, error);
  }
  keepPrivate(settingsFile(settings.data_dir), log);
  try {
    const engine = await createEngine({
      settings,
      log,
      shippedDir: shippedFolder(),
      restAddress: () => rest.address(),
    });
    const rest = createRestServer({ engine, settings });
    const mqtt = createMqtt({ engine, settings, apiUrl: () => rest.address(), log });
    engine.watch({
      name: 'mqtt',
      own: false,
      check() {
        const { state, lastError } = mqtt.status();
        if (state !== 'connected') throw new Error(lastError?.message ?? state);
      },
    });
    const lifecycle = createLifecycle([engine, rest, mqtt], (name, error) => log.error({ err: error }, `stop ${name}`));
    await lifecycle.start();
    return {
      restAddress: rest.address(),
      block: readyBlock({
        rest: rest.address(),
        ownPorts: rest.ownAddresses(),
        mqtt: mqtt.describe(),
        mqttWarning: mqtt.warning(),
        settings,
        device: engine.device(),
      }),
      async stop() {
        await lifecycle.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** What to tell the integrator about an error that kept the daemon from starting; undefined when it is a defect. */
export function startProblem(error: unknown, settings: BootSettings): string | undefined {
  if (error instanceof StartError) return error.message;
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    const key = port === settings.mqtt_port ? 'PERIGEE_MQTT_PORT' : 'PERIGEE_PORT';
    return `Port ${port} on ${address} is taken by another program. End that one, or choose another port with ${key}.`;
  }
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${settings.host}. Change PERIGEE_HOST.`;
  if (code === 'EACCES' && port) return `Port ${port} may not be used by this user. Choose one above 1023.`;
  return undefined;
}

/** The process: settings from the environment, a block on standard output when ready, an orderly end on a signal. */
export async function runDaemon(): Promise<void> {
  let settings: BootSettings;
  try {
    settings = loadSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exit(78);
  }
  const log = createLog(settings.log_level);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  let stopRequested = false;
  let daemon: Awaited<ReturnType<typeof startDaemon>> | undefined;
  const stop = async (signal: string): Promise<void> => {
    if (stopRequested) return;
    stopRequested = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('the stop took too long');
      process.exit(1);
    }, stopLimitMs).unref();
    await daemon?.stop();
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  try {
    daemon = await startDaemon(settings, log);
  } catch (error) {
    const problem = startProblem(error, settings);
    if (problem) console.error(problem);
    else console.error(error);
    process.exit(1);
  }
  process.stdout.write(daemon.block);
  // Node itself would do so at an orderly end only, and boxes are often just switched off.
  flushCompileCache();
}
