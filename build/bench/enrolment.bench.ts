import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { BootSettings } from '#contract/boot-settings';
import { CandidateSet } from '#contract/candidates';
import { databaseFile, filesFolder } from '#contract/data-folder';
import { RawDescriptor } from '#contract/raw-descriptors';
import { defaultDescriptorVersion } from '#domain/descriptor';
import { systemChance } from '#kernel/chance';
import { systemClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { openStorage } from '#storage/storage';
import { composeMatching } from '../../engine/compose-matching.ts';
import { createFaces } from '../../engine/services/faces/faces.service.ts';
import { prepareKernels } from '../kernels/compile.ts';
import type { BenchDefinition, Sample } from './definition.ts';
import { type ColdStart, coldStarts, sdkText } from './enrolment-daemon.ts';
import { makeGallery } from './matching-data.ts';
import { alone } from './matching-sides.ts';

const dimensions = 128;
const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
/** Faces between two searches, each of which must find the face enrolled last. */
const perRound = 1000;
/** Clients that enrol at the same time; the writes of one turn share one commit. */
const parallel = 50;
const ids = createIds({ clock: systemClock, chance: systemChance });

/** One table, one row and one commit per face, as safe as ours: what SQLite itself can do on this disk. */
function openBareTable(file: string) {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE face (face_key INTEGER PRIMARY KEY, face_id TEXT UNIQUE, user_data TEXT, vector BLOB)');
  const insert = db.prepare('INSERT INTO face (face_id, user_data, vector) VALUES (?, ?, ?)');
  return {
    add: (vector: Float32Array) =>
      insert.run(ids.next(), 'person', new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)),
    close: () => db.close(),
  };
}

/** Faces per second, on the disk; a round ends when a search has found its last face. */
async function* enrolment(count: number): AsyncGenerator<Sample> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-enrolment-'));
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
      for (let i = start; i < start + perRound; i++) bare.add(data.row(i));
      const mine = (perRound * 1000) / (enrolledAt - startedAt);
      const theirs = (perRound * 1000) / (performance.now() - enrolledAt);
      const name = `enrol-${count}-storage-path/bare-sqlite`;
      yield { case: name, unit: 'faces/s', better: 'higher', ours: mine, peer: 'bare-sqlite', peerValue: theirs };
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
};

export const bench: BenchDefinition = {
  name: 'enrolment',
  description:
    'Faces with descriptors through the storage path of the API for 50 clients, beside one bare SQLite table; then the ' +
    'daemon on many faces: from its start to the first exact answer over REST, rebuilding and with a snapshot.',
  async *run(context) {
    yield* enrolment(context.quick ? 10_000 : 100_000);
    const count = context.quick ? 50_000 : 1_000_000;
    for await (const { how, times } of coldStarts(count, context.quick ? 2 : 5, context.progress)) {
      for (const [name, { unit, better }] of Object.entries(cases)) {
        yield alone(`${name}-${count}x${dimensions}-${how}`, unit, better, times[name as keyof ColdStart]);
      }
    }
  },
};
