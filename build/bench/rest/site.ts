/** What the questions are asked of: the database of a site after some years, made through the storage's own tables. */
import { databaseFile, filesFolder } from '#contract/settings/data-folder';
import { createLog } from '#kernel/log';
import type { FaceRow, NewEvent } from '#storage/rows';
import { openStorage, type Storage } from '#storage/storage';
import { createSeededRandom } from '../seeded-random.ts';

export const account = '6d071cca-fda5-4a03-84d5-5bea65904480';

const startMs = Date.parse('2024-01-01T00:00:00Z');
/** Between two events: about 2,900 a day. */
const eventStepMs = 30_000;
const faceStepMs = 20_000;
/** Of so many faces, those who come every day. They make up half of the events; anybody else is seen by chance. */
export const regularsOf = (faces: number): number => Math.ceil(faces / 1000);
const rowsPerTransaction = 20_000;

export const labels = ['staff', 'guests', 'blocked', 'vip'] as const;
export const cameras = 16;
export const handlers = 4;

/** A UUIDv7 that tells its number: ascending with it, as the ids of the appliance ascend with time. */
function idOf(ms: number, kind: number, i: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-700${kind}-8000-${i.toString(16).padStart(12, '0')}`;
}

export const faceId = (i: number): string => idOf(startMs + i * faceStepMs, 1, i);
export const eventTimeMs = (i: number): number => startMs + i * eventStepMs;
export const handlerId = (n: number): string => idOf(startMs, 3, n);
export const listId = (n: number): string => idOf(startMs, 4, n);
export const cameraName = (n: number): string => `camera-${n}`;

function faceRow(i: number): Omit<FaceRow, 'face_key'> {
  return {
    face_id: faceId(i),
    account_id: account,
    event_id: null,
    user_data: `Person ${i}`,
    external_id: `badge-${i}`,
    avatar: `/6/samples/faces/${idOf(startMs + i * faceStepMs, 5, i)}`,
    create_time: startMs + i * faceStepMs,
  };
}

/** An event as the handlers store them: somebody seen, recognised in two of three cases, with the best candidates. */
function eventOf(i: number, random: () => number, faces: number): NewEvent {
  const time = eventTimeMs(i);
  const person = random() < 0.5 ? Math.floor(random() * regularsOf(faces)) : Math.floor(random() * faces);
  const similarity = Math.round(random() * 1e6) / 1e6;
  const known = random() < 0.67;
  const label = labels[person % labels.length] ?? '';
  const candidates = [person, (person + 7919) % faces, (person + 104_729) % faces].map((n, rank) => ({
    face: {
      face_id: faceId(n),
      user_data: `Person ${n}`,
      external_id: `badge-${n}`,
      lists: [listId(n % labels.length)],
    },
    similarity: similarity / (rank + 1),
  }));
  const seen = new Date(time).toISOString();
  return {
    event_id: idOf(time, 2, i),
    account_id: account,
    handler_id: handlerId(Math.floor(random() * handlers)),
    create_time: time,
    end_time: time + 400,
    insert_time: time + 700,
    external_id: '',
    user_data: '',
    source: cameraName(Math.floor(random() * cameras)),
    track_id: `track-${i}`,
    stream_id: null,
    face_id: known ? faceId(person) : null,
    gender: person % 2,
    age: 18 + (person % 60),
    emotion: 1 + (i % 7),
    ethnic_group: null,
    mask: null,
    liveness: 1,
    top_label: known ? label : null,
    top_similarity: known ? similarity : null,
    top_object_id: known ? faceId(person) : null,
    top_object_type: known ? 'face' : null,
    top_external_id: known ? `badge-${person}` : null,
    city: 'Tula',
    area: null,
    district: null,
    street: null,
    house_number: null,
    longitude: 37.61,
    latitude: 54.19,
    document: {
      tags: known ? [label] : [],
      attach_result: known ? [listId(person % labels.length)] : [],
      match_result: [{ label, candidates: known ? candidates : [] }],
      face_detections: [
        {
          sample_id: idOf(time, 5, i),
          image_origin: null,
          detect_time: seen,
          detect_ts: null,
          detection: { rect: { x: 120 + (i % 500), y: 80 + (i % 300), width: 160, height: 210 } },
        },
      ],
      body_detections: [],
      meta: null,
    },
    descriptors: [],
  };
}

function fill(storage: Storage, rows: number, progress: (text: string) => void): void {
  const inPortions = (what: string, portion: (from: number, to: number) => void): void => {
    const startedAt = performance.now();
    for (let from = 0; from < rows; from += rowsPerTransaction) {
      storage.atomically(() => portion(from, Math.min(rows, from + rowsPerTransaction)));
    }
    progress(`${rows} ${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  };
  const listIds = labels.map((_, n) => listId(n));
  storage.atomically(() => {
    for (const [n, list_id] of listIds.entries()) {
      const user_data = labels[n] ?? '';
      storage.lists.insert({
        list_id,
        account_id: account,
        user_data,
        create_time: startMs,
        last_update_time: startMs,
      });
    }
  });
  // One face of ten is in a list.
  inPortions('faces', (from, to) => {
    const members = listIds.map((): number[] => []);
    for (let i = from; i < to; i++) {
      const key = storage.faces.insert(faceRow(i));
      if (i % 10 === 0) members[(i / 10) % labels.length]?.push(key);
    }
    for (const [n, keys] of members.entries()) storage.faces.link(listIds[n] ?? '', keys);
  });
  const random = createSeededRandom(3);
  inPortions('events', (from, to) => {
    for (let i = from; i < to; i++) storage.events.insert(eventOf(i, random, rows));
  });
}

const madeKey = 'bench.rest.rows';

/** Makes `rows` faces and as many events in the data folder, unless an earlier run has done so. */
export function prepareRows(dataDir: string, rows: number, progress: (text: string) => void): void {
  const storage = openStorage({
    file: databaseFile(dataDir),
    filesDir: filesFolder(dataDir),
    log: createLog('silent'),
  });
  try {
    const made = storage.meta.get(madeKey);
    if (made === String(rows)) return;
    if (made !== undefined) throw new Error(`${dataDir} holds ${made} rows of each kind, not ${rows}`);
    fill(storage, rows, progress);
    storage.meta.set(madeKey, String(rows));
  } finally {
    storage.close();
  }
}
