import type { ProbeAnswer } from './device.ts';
import { dlibResnet } from './models/descriptor.dlib.ts';
import { createNetworks, readManifest } from './networks.ts';

const warmUpRuns = 2;
const timedRuns = 5;

/** Runs the descriptor network on one device, on a fixed input. In a process of its own: see `createProbe`. */
export async function probeDevice(executionProvider: string, networksDir: string): Promise<ProbeAnswer> {
  const networks = createNetworks(networksDir, readManifest(networksDir), { executionProvider, intraOpThreads: 1 });
  const network = networks.get(dlibResnet.network);
  for (let i = 0; i < network.input.length; i++) network.input[i] = (i * 7919) % 256;
  let values: number[] = [];
  for (let run = 0; run < warmUpRuns; run++) values = [...dlibResnet.decode(await network.run())];
  const startedAt = performance.now();
  for (let run = 0; run < timedRuns; run++) await network.run();
  const ms = (performance.now() - startedAt) / timedRuns;
  await networks.release();
  return { values, ms };
}
