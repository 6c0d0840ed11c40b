import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';
import { CandidateSet } from '#contract/matching/candidates';
import { RawDescriptor } from '#contract/matching/raw-descriptors';
import { BootSettings } from '#contract/settings/boot-settings';
import { databaseFile, filesFolder } from '#contract/settings/data-folder';
import { defaultDescriptorVersion } from '#domain/descriptor/descriptor';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage } from '#storage/storage';
import { composeMatching } from '../../engine/compose-matching.ts';
import { createFaces } from '../../engine/services/faces/faces.service.ts';
import { prepareKernels } from '../kernels/compile.ts';
import type { BenchDefinition, Sample } from './definition.ts';
import { type ColdStart, coldStarts, sdkText } from './enrolment/enrolment-daemon.ts';
import { makeGallery } from './matching/matching-data.ts';
import { alone } from './matching/matching-sides.ts';

const dimensions = 128;
const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
/** Faces between two searches, each of which must find the face enrolled last. */
const perRound = 1000;
/** Clients that enrol at the same time; the writes of one turn share one commit. */
const parallel = 50;
const ids = createIds({ clock: systemClock, chance: systemChance });

/** One table and one row per face, committed as safely as ours: what SQLite itself can do on this disk. */
function openBareTable(file: string) {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE face (face_key INTEGER PRIMARY KEY, face_id TEXT UNIQUE, user_data TEXT, vector BLOB)');
  const insert = db.prepare('INSERT INTO face (face_id, user_data, vector) VALUES (?, ?, ?)');
  const add = (vector: Float32Array) =>
    insert.run(ids.next(), 'person', new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  return {
    add,
    /** In one commit. */
    addAll: db.transaction((vectors: readonly Float32Array[]) => {
      for (const vector of vectors) add(vector);
    }),
    close: () => db.close(),
  };
}

/** Faces per second, on the disk; a round ends when a search has found its last face. */
async function* enrolment(count: number, folder: string | undefined): AsyncGenerator<Sample> {
  const dir = mkdtempSync(join(folder ?? tmpdir(), 'bench-enrolment-'));
  const log = createLog('warn');
  await prepareKernels({ outDir: 'dist' });
  const storage = openStorage({ file: databaseFile(dir), filesDir: filesFolder(dir), log });
  const settings = BootSettings.parse({ data_dir: dir });
  const clock = systemClock;
  const { matching, matcher } = await composeMatching({ settings, storage, ids, clock, log, shippedDir: 'dist' });
  const faces = createFaces({ storage, clock, ids });
  const bare = openBareTable(join(dir, 'bare.db'));
  const data = makeGallery(count, dimensions, 1);
  try {
    await matching.start();
    await matcher.start();
    const list_id = ids.next();
    const now = clock.now();
    storage.lists.insert({ list_id, account_id: account, user_data: '', create_time: now, last_update_time: now });
    const enrol = (vector: Float32Array): Promise<string> => {
      const descriptor = RawDescriptor.parse({ type: 'sdk_descriptor', data: sdkText(vector) });
      return faces.create(account, {
        external_id: '',
        user_data: 'person',
        avatar: '',
        event_id: null,
        lists: [list_id],
        attribute: { descriptors: [descriptor], basic_attributes_samples: [], face_descriptor_samples: [] },
      });
    };
    const set = CandidateSet.parse({ filters: { origin: 'faces', list_id }, limit: 1, threshold: 0 });
    for (let start = 0; start < count; start += perRound) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const startedAt = performance.now();
      let last = '';
      for (let i = start; i < start + perRound; i += parallel) {
        const under = Array.from({ length: parallel }, (_, n) => enrol(data.row(i + n)));
        last = (await Promise.all(under)).at(-1) ?? '';
      }
      const vector = data.row(start + perRound - 1).slice();
      const [best] = await matcher.matchVector({ vector, version: defaultDescriptorVersion }, set, account);
      if (best?.face?.['face_id'] !== last) throw new Error('the face enrolled last is not found');
      const enrolledAt = performance.now();
      delay.disable();
      for (let i = start; i < start + perRound; i++) bare.add(data.row(i));
      const singlyAt = performance.now();
      for (let i = start; i < start + perRound; i += parallel) {
        bare.addAll(Array.from({ length: parallel }, (_, n) => data.row(i + n)));
      }
      const togetherAt = performance.now();
      const perSecond = (ms: number): number => (perRound * 1000) / ms;
      const mine = perSecond(enrolledAt - startedAt);
      const theirs = { 'bare-sqlite': singlyAt - enrolledAt, [`bare-sqlite-by-${parallel}`]: togetherAt - singlyAt };
      for (const [peer, ms] of Object.entries(theirs)) {
        const name = `enrol-${count}-storage-path/${peer}`;
        yield { case: name, unit: 'faces/s', better: 'higher', ours: mine, peer, peerValue: perSecond(ms) };
      }
      yield alone(`main-thread-delay-p99-enrol-${count}`, 'ms', 'lower', delay.percentile(99) / 1e6);
    }
  } finally {
    bare.close();
    await matcher.stop();
    await matching.stop();
    storage.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

const cases: Record<keyof ColdStart, { unit: string; better: Sample['better'] }> = {
  'daemon-ready': { unit: 'ms', better: 'lower' },
  'first-answer': { unit: 'ms', better: 'lower' },
  'main-thread-delay-p99-daemon': { unit: 'ms', better: 'lower' },
};

export const bench: BenchDefinition = {
  name: 'enrolment',
  description:
    'Faces with descriptors through the storage path of the API for 50 clients, beside one bare SQLite table with one row ' +
    'and with 50 rows a commit; then the daemon on many faces: from its start to the first exact answer over REST, ' +
    'rebuilding and with a snapshot, and waits of its main thread while 16 clients search. FOLDER: where the data lie.',
  async *run(context) {
    yield* enrolment(context.quick ? 10_000 : 100_000, context.dataDir);
    const count = context.quick ? 50_000 : 1_000_000;
    const options = {
      rounds: context.quick ? 2 : 5,
      searchMs: context.quick ? 1500 : 5000,
      folder: context.dataDir,
    };
    for await (const { how, times } of coldStarts(count, options, context.progress)) {
      for (const [name, { unit, better }] of Object.entries(cases)) {
        yield alone(`${name}-${count}x${dimensions}-${how}`, unit, better, times[name as keyof ColdStart]);
      }
    }
  },
};
