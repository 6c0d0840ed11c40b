/** For tests: a matcher over an in-memory database, and a truth to compare it with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDescriptorVersion, packSdkDescriptor, vectorBytes } from '#domain/descriptor/descriptor';
import { descriptorVersions, similarityOf } from '#domain/descriptor/similarity';
import { createSeededChance } from '#kernel/chance';
import { createFixedClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { createLog } from '#kernel/log';
import { createMatching } from '#matching/matching';
import type { EventColumns, FaceRow } from '#storage/rows';
import { openStorage } from '#storage/storage';
import { createMatcher } from './matcher.service.ts';
import { MatcherSettings } from './matcher.settings.ts';

export const accountA = '00000000-0000-4000-b000-00000000000a';
export const accountB = '00000000-0000-4000-b000-00000000000b';
export const startMs = Date.UTC(2026, 2, 5, 10, 20, 30);
const version = defaultDescriptorVersion;

/** Similarity of a picture with itself: the most there is. */
const known = descriptorVersions.get(version);
export const sameSimilarity = known ? similarityOf(known, 0) : Number.NaN;

/** mulberry32: repeatable numbers 0..1. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A picture of person `who`: pictures of one person lie close together. `blur` 0..1 is the distance from the ideal. */
export function picture(who: number, blur = 0, seed = 1): Float32Array {
  const person = createRandom(who * 7919 + 17);
  const noise = createRandom(who * 31 + seed);
  return Float32Array.from({ length: 128 }, () => (person() - 0.5) * 0.24 + (noise() - 0.5) * 0.24 * blur);
}

export function sdk(vector: Float32Array): { type: 'sdk_descriptor'; id: string; data: string } {
  return { type: 'sdk_descriptor', id: 'r', data: Buffer.from(packSdkDescriptor(version, vector)).toString('base64') };
}

const attribute = (vector: Float32Array) => ({
  age: 30,
  gender: 1,
  ethnic_group: null,
  basic_attributes_samples: [],
  face_descriptor_samples: [],
  descriptors: [{ version, score: 0.9, vector: vectorBytes(vector) }],
});

/** `kernels`: of `prepareKernels`. */
export async function openWorld(options: {
  kernels: string;
  settings?: Partial<MatcherSettings>;
  file?: string;
  dir?: string;
  versionInUse?: () => number;
  /** Descriptors per gallery. */
  maxRows?: number;
}) {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'matcher-'));
  const { kernels } = options;
  const clock = createFixedClock(startMs);
  const log = createLog('silent');
  const limits = options.maxRows === undefined ? {} : { maxRows: options.maxRows };
  const ids = createIds({ clock, chance: createSeededChance(5) });
  const storage = openStorage({ file: options.file ?? ':memory:', filesDir: join(dir, 'files'), log });
  const engine = createMatching({ kernels, log, dir: join(dir, 'galleries'), rerank: 'file', workers: 1, limits });
  const settings = MatcherSettings.parse(options.settings);
  const { versionInUse = () => version } = options;
  const matcher = createMatcher({ storage, engine, settings, ids, clock, log, versionInUse });
  await engine.start();
  await matcher.start();
  return {
    dir,
    clock,
    log,
    ids,
    storage,
    engine,
    matcher,
    addList(accountId = accountA): string {
      const list_id = ids.next();
      const now = clock.now();
      storage.lists.insert({ list_id, account_id: accountId, user_data: '', create_time: now, last_update_time: now });
      return list_id;
    },
    addFace(vector: Float32Array | null, row: Partial<FaceRow> = {}, lists: readonly string[] = []): string {
      const face_id = row.face_id ?? ids.next();
      const create_time = row.create_time ?? clock.now();
      storage.atomically(() => {
        const key = storage.faces.insert({
          account_id: accountA,
          event_id: null,
          user_data: '',
          external_id: '',
          avatar: '',
          ...row,
          face_id,
          create_time,
        });
        if (vector) storage.faces.setAttribute(key, attribute(vector), create_time);
        for (const list of lists) storage.faces.link(list, [key]);
      });
      return face_id;
    },
    /** Puts one more descriptor beside those that the face has. */
    describeFace(faceId: string, other: number, vector: Float32Array): void {
      const key = storage.faces.findById(faceId, null)?.face_key ?? -1;
      const before = storage.faces.attributeOf(key) ?? attribute(vector);
      const descriptors = before.descriptors.filter((one) => one.version !== other);
      const added = { version: other, score: 0.9, vector: vectorBytes(vector) };
      storage.faces.setAttribute(key, { ...before, descriptors: [...descriptors, added] }, startMs);
    },
    faceKey: (faceId: string): number => storage.faces.findById(faceId, null)?.face_key ?? -1,
    addEvent(vector: Float32Array | null, row: Partial<EventColumns> & { tags?: string[] } = {}): string {
      const event_id = ids.next();
      const now = clock.now();
      const { tags = [], ...columns } = row;
      storage.events.insert({
        event_id,
        account_id: accountA,
        handler_id: '00000000-0000-4000-8000-0000000000f1',
        create_time: now,
        end_time: now,
        insert_time: now,
        external_id: '',
        user_data: '',
        source: null,
        track_id: null,
        stream_id: null,
        face_id: null,
        gender: null,
        age: null,
        emotion: null,
        ethnic_group: null,
        mask: null,
        liveness: null,
        top_label: null,
        top_similarity: null,
        top_object_id: null,
        top_object_type: null,
        top_external_id: null,
        city: null,
        area: null,
        district: null,
        street: null,
        house_number: null,
        longitude: null,
        latitude: null,
        ...columns,
        document: { tags, attach_result: [], match_result: [], face_detections: [], body_detections: [], meta: null },
        descriptors: vector ? attribute(vector).descriptors : [],
      });
      return event_id;
    },
    addAttribute(vector: Float32Array | null, accountId = accountA, ttlMs = 300_000): string {
      const attribute_id = ids.next();
      const create_time = clock.now();
      const data = attribute(vector ?? picture(0));
      storage.attributes.insert({
        ...data,
        descriptors: vector ? data.descriptors : [],
        attribute_id,
        account_id: accountId,
        create_time,
        expire_time: create_time + ttlMs,
      });
      return attribute_id;
    },
    /** `keep`: leaves the folder for another world. */
    async close(keep = false): Promise<void> {
      await matcher.stop();
      await engine.stop();
      storage.close();
      if (!keep) rmSync(dir, { recursive: true, force: true });
    },
  };
}
export type World = Awaited<ReturnType<typeof openWorld>>;
