import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { type DeviceName, deviceNames } from '#domain/devices';

export interface DeviceReport {
  /** Every device that was looked for, and why it can or cannot be used. */
  detected: { name: DeviceName; usable: boolean; reason: string; ms: number | null }[];
  chosen: DeviceName;
  reason: string;
  cpuModel: string;
  cores: number;
}

/** What a probe process answers: the descriptor network's output on a fixed input, and the time of one run. */
export interface ProbeAnswer {
  values: number[];
  ms: number;
}

export type Probe = (device: DeviceName) => Promise<ProbeAnswer>;

/** Highest difference to the processor's answer: devices round differently, a wrong one is far off (values to 0.5). */
const tolerance = 0.01;
const probeTimeoutMs = 20_000;

/** Files without which a provider cannot load: looked for first, because loading it in vain takes long. */
export function missingLibrary(device: DeviceName): string | null {
  if (device === 'cpu') return null;
  if (device === 'webgpu') {
    const folders = [
      ...(process.env['LD_LIBRARY_PATH'] ?? '').split(':'),
      '/usr/lib',
      '/usr/lib64',
      '/usr/local/lib',
      ...['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu`),
    ];
    const found = folders.some((folder) => folder && existsSync(join(folder, 'libvulkan.so.1')));
    return found ? null : 'libvulkan.so.1 is not installed';
  }
  // The package's entry is dist/index.js.
  const packageDir = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
  const library = `libonnxruntime_providers_${device}.so`;
  return existsSync(join(packageDir, 'bin', 'napi-v6', platform(), arch(), library))
    ? null
    : `${library} is not installed`;
}

/** Asks in a process of its own, which a broken driver may take down with it. */
export function createProbe(worker: URL, networksDir: string): Probe {
  return (device) =>
    new Promise((resolve, reject) => {
      const child = fork(worker, [], {
        env: { ...process.env, PERIGEE_PROBE_DEVICE: device, PERIGEE_PROBE_NETWORKS: networksDir },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        timeout: probeTimeoutMs,
        killSignal: 'SIGKILL',
      });
      let errors = '';
      child.stderr?.on('data', (chunk) => {
        errors = `${errors}${chunk}`.slice(-2000);
      });
      let answer: ProbeAnswer | { error: string } | undefined;
      child.on('message', (message) => {
        answer = message as ProbeAnswer | { error: string };
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (answer && 'values' in answer) resolve(answer);
        else if (answer) reject(new Error(answer.error));
        else reject(new Error(`the probe ended with ${signal ?? code}: ${errors.trim().split('\n').pop() ?? ''}`));
      });
    });
}

/** One line: providers report several, with paths. */
function shortReason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 300) ?? 'unknown';
}

function worstDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

/**
 * Finds the fastest device that gives right answers. `auto` looks for all; another name asks for that one alone and
 * throws when it cannot be used. When there is nothing but the processor, nothing is run: the start stays fast.
 */
export async function chooseDevice(
  wanted: DeviceName | 'auto',
  deps: { probe: Probe; missingLibrary: typeof missingLibrary },
): Promise<DeviceReport> {
  const machine = { cpuModel: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() };
  const detected: DeviceReport['detected'] = [];
  const accelerators = deviceNames.filter((name) => name !== 'cpu' && (wanted === 'auto' || wanted === name));
  const candidates: DeviceName[] = [];
  for (const name of accelerators) {
    const missing = deps.missingLibrary(name);
    if (missing) detected.push({ name, usable: false, reason: missing, ms: null });
    else candidates.push(name);
  }
  if (candidates.length === 0) {
    if (wanted !== 'auto' && wanted !== 'cpu') throw unusable(wanted, detected[0]?.reason ?? 'unknown');
    detected.unshift({ name: 'cpu', usable: true, reason: 'always there', ms: null });
    return {
      detected,
      chosen: 'cpu',
      reason: wanted === 'cpu' ? 'by setting' : 'no accelerator was found',
      ...machine,
    };
  }
  const reference = await deps.probe('cpu');
  detected.unshift({ name: 'cpu', usable: true, reason: 'always there', ms: reference.ms });
  for (const name of candidates) {
    try {
      const answer = await deps.probe(name);
      const difference = worstDifference(answer.values, reference.values);
      // NaN counts as wrong.
      const usable = difference <= tolerance;
      const reason = usable ? 'gives the right answers' : `gives wrong answers (off by ${difference})`;
      detected.push({ name, usable, reason, ms: answer.ms });
    } catch (error) {
      detected.push({ name, usable: false, reason: shortReason(error), ms: null });
    }
  }
  const fastest = detected
    .filter(({ name, usable }) => usable && (wanted === 'auto' || name === wanted))
    .sort((a, b) => (a.ms ?? 0) - (b.ms ?? 0))[0];
  if (!fastest) throw unusable(wanted, detected.find(({ name }) => name === wanted)?.reason ?? 'unknown');
  const reason = wanted === 'auto' ? 'the fastest one with right answers' : 'by setting';
  return { detected, chosen: fastest.name, reason, ...machine };
}

function unusable(name: string, reason: string): Error {
  return new Error(`The inference device '${name}' cannot be used: ${reason}. Set the device to 'auto' or 'cpu'.`);
}
