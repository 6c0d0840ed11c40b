import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { databaseFile, filesFolder, galleriesFolder } from '#contract/settings/data-folder';
import { defaultDescriptorVersion, packSdkDescriptor, vectorBytes } from '#domain/descriptor/descriptor';
import { descriptorVersions, exactScore, similarityOf } from '#domain/descriptor/similarity';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage } from '#storage/storage';
import { type DaemonProcess, startDaemonProcess } from '../../../appliance/acceptance/daemon-process.ts';
import { type Gallery, makeGallery } from '../matching/matching-data.ts';

const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const perTransaction = 2000;

/** SDK container in base64, of the default version. */
export function sdkText(vector: Float32Array): string {
  return Buffer.from(packSdkDescriptor(defaultDescriptorVersion, vector)).toString('base64');
}

/** Milliseconds: from the start of the process, and how long its main thread was held up while many searched. */
export interface ColdStart {
  'daemon-ready': number;
  'first-answer': number;
  'main-thread-delay-p99-daemon': number;
}

const probe = new URL('./loop-probe.mjs', import.meta.url).href;
const clients = 16;

/** Puts the faces into the database of a data directory, many per transaction. */
export function fillDatabase(dataDir: string, data: Gallery): void {
  const storage = openStorage({
    file: databaseFile(dataDir),
    filesDir: filesFolder(dataDir),
    log: createLog('warn'),
  });
  const ids = createIds({ clock: systemClock, chance: systemChance });
  const now = systemClock.now();
  for (let start = 0; start < data.count; start += perTransaction) {
    storage.atomically(() => {
      for (let i = start; i < Math.min(data.count, start + perTransaction); i++) {
        const key = storage.faces.insert({
          face_id: ids.next(),
          account_id: account,
          event_id: null,
          user_data: 'person',
          external_id: '',
          avatar: '',
          create_time: now,
        });
        const descriptors = [{ version: defaultDescriptorVersion, score: 0.9, vector: vectorBytes(data.row(i)) }];
        const basic = { age: null, gender: null, ethnic_group: null };
        const samples = { basic_attributes_samples: [], face_descriptor_samples: [] };
        storage.faces.setAttribute(key, { ...basic, ...samples, descriptors }, now);
      }
    });
  }
  storage.close();
}

/** The similarity that the best candidate must have, compared one by one. */
function bestSimilarity(data: Gallery, query: Float32Array): number {
  const version = descriptorVersions.get(defaultDescriptorVersion);
  if (!version) throw new Error('there is no default descriptor version');
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.count; i++) best = Math.max(best, exactScore(version, query, data.row(i)));
  return similarityOf(version, best);
}

async function search(daemon: DaemonProcess, query: Float32Array): Promise<{ similarity: number }[]> {
  const reference = { type: 'sdk_descriptor', id: 'first', data: sdkText(query) };
  const answer = await fetch(`${daemon.restUrl}/6/matcher/faces`, {
    method: 'POST',
    headers: { 'Luna-Account-Id': account, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      references: [reference],
      candidates: [{ filters: { origin: 'faces' }, limit: 3, threshold: 0 }],
    }),
  });
  if (answer.status !== 200) throw new Error(`the daemon answers ${answer.status}: ${await answer.text()}`);
  const [match] = (await answer.json()) as [{ matches: [{ result: { similarity: number }[] }] }];
  return match.matches[0].result;
}

/** Milliseconds (p99) since the last call. */
async function loopDelay(daemon: DaemonProcess): Promise<number> {
  const lines = (): string[] => daemon.output().match(/^loop-delay-p99-ms .*$/gm) ?? [];
  const before = lines().length;
  process.kill(daemon.pid, 'SIGUSR2');
  while (lines().length === before) await pause(10);
  return Number(lines().at(-1)?.split(' ')[1]);
}

async function startAndSearch(dataDir: string, data: Gallery, query: Float32Array, ms: number): Promise<ColdStart> {
  const startedAt = performance.now();
  const env = { NODE_OPTIONS: `--import ${probe}` };
  const daemon = await startDaemonProcess({ dataDir, env, readyLimitMs: 120_000 });
  try {
    const result = await search(daemon, query);
    const answeredMs = performance.now() - startedAt;
    if (result.length !== 3 || result[0]?.similarity !== bestSimilarity(data, query)) {
      throw new Error(`the first answer is not right: ${JSON.stringify(result)}`);
    }
    await loopDelay(daemon);
    const until = performance.now() + ms;
    const ask = async (): Promise<void> => {
      while (performance.now() < until) await search(daemon, query);
    };
    await Promise.all(Array.from({ length: clients }, ask));
    const delay = await loopDelay(daemon);
    return { 'daemon-ready': daemon.readyMs, 'first-answer': answeredMs, 'main-thread-delay-p99-daemon': delay };
  } finally {
    await daemon.end('SIGTERM');
  }
}

/**
 * Starts of the daemon on so many faces: without galleries (rebuilt from the database) and with their snapshots, each with
 * many clients that search for `searchMs` once it has answered. `folder`: where the data lie, the system's own by default.
 */
export async function* coldStarts(
  count: number,
  { rounds, searchMs, folder }: { rounds: number; searchMs: number; folder: string | undefined },
  progress: (text: string) => void,
): AsyncGenerator<{ how: 'rebuilding' | 'snapshot'; times: ColdStart }> {
  const dataDir = mkdtempSync(join(folder ?? tmpdir(), 'bench-daemon-'));
  try {
    progress(`filling a database with ${count} faces`);
    const data = makeGallery(count, 128, rounds);
    fillDatabase(dataDir, data);
    for (const query of data.queries) {
      rmSync(galleriesFolder(dataDir), { recursive: true, force: true });
      yield { how: 'rebuilding', times: await startAndSearch(dataDir, data, query, searchMs) };
      yield { how: 'snapshot', times: await startAndSearch(dataDir, data, query, searchMs) };
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
