import { rmSync } from 'node:fs';
import { databaseFile, filesFolder, galleriesFolder } from '#contract/data-folder';
import { defaultDescriptorVersion, packSdkDescriptor, vectorBytes } from '#domain/descriptor';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage } from '#storage/storage';
import { startDaemonProcess, temporaryDataDir } from '../../appliance/acceptance/daemon-process.ts';
import { type Gallery, makeGallery } from './matching-data.ts';

const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const perTransaction = 2000;

/** SDK container in base64, of the default version. */
export function sdkText(vector: Float32Array): string {
  return Buffer.from(packSdkDescriptor(defaultDescriptorVersion, vector)).toString('base64');
}

/** Milliseconds from the start of the process. */
export interface ColdStart {
  'daemon-ready': number;
  'first-answer': number;
}

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

/** Asks until it is answered: a daemon that is not ready yet refuses the connection. */
async function startAndSearch(dataDir: string, query: Float32Array): Promise<ColdStart> {
  const startedAt = performance.now();
  const daemon = await startDaemonProcess({ dataDir, readyLimitMs: 120_000 });
  try {
    const reference = { type: 'sdk_descriptor', id: 'first', data: sdkText(query) };
    const answer = await fetch(`${daemon.restUrl}/6/matcher/faces`, {
      method: 'POST',
      headers: { 'Luna-Account-Id': account, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        references: [reference],
        candidates: [{ filters: { origin: 'faces' }, limit: 3, threshold: 0 }],
      }),
    });
    const matches = (await answer.json()) as [{ matches: [{ result: unknown[] }] }];
    if (answer.status !== 200 || matches[0].matches[0].result.length !== 3) throw new Error('no first answer');
    return { 'daemon-ready': daemon.readyMs, 'first-answer': performance.now() - startedAt };
  } finally {
    await daemon.end('SIGTERM');
  }
}

/** Starts of the daemon on so many faces: without galleries (rebuilt from the database) and with their snapshots. */
export async function* coldStarts(
  count: number,
  rounds: number,
  progress: (text: string) => void,
): AsyncGenerator<{ how: 'rebuilding' | 'snapshot'; times: ColdStart }> {
  const dataDir = temporaryDataDir();
  try {
    progress(`filling a database with ${count} faces`);
    const data = makeGallery(count, 128, rounds);
    fillDatabase(dataDir, data);
    for (const query of data.queries) {
      rmSync(galleriesFolder(dataDir), { recursive: true, force: true });
      yield { how: 'rebuilding', times: await startAndSearch(dataDir, query) };
      yield { how: 'snapshot', times: await startAndSearch(dataDir, query) };
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
