import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLunaError, type LunaError } from '#kernel/errors';
import { createLog } from '#kernel/log';
import type { AttributeData, NewEvent } from './rows.ts';
import { openStorage } from './storage.ts';

const dir = mkdtempSync(join(tmpdir(), 'perigee-storage-'));
const log = createLog('silent');
const open = (file = ':memory:') => openStorage({ file, filesDir: join(dir, 'files'), log });
const storage = open();
const { faces, lists, events, outbox, matchChanges, meta } = storage;

const account = 'aaaaaaaa-0000-4000-8000-000000000001';
let count = 0;
const id = (): string => {
  count += 1;
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
};
const newFace = (): number =>
  faces.insert({
    face_id: id(),
    account_id: account,
    event_id: null,
    user_data: '',
    external_id: '',
    avatar: '',
    create_time: count,
  });
const newList = (): string => {
  const list_id = id();
  lists.insert({ list_id, account_id: account, user_data: '', create_time: 1, last_update_time: 1 });
  return list_id;
};
const vector = new Uint8Array(new Float32Array([0.5, -1.25, 3e-8]).buffer);
const data: AttributeData = {
  age: 31,
  gender: 0,
  ethnic_group: null,
  basic_attributes_samples: [],
  face_descriptor_samples: ['s'],
  descriptors: [{ version: 20001, score: null, vector }],
};
const newEvent = (): NewEvent => ({
  ...(Object.fromEntries(
    (
      'source track_id stream_id face_id gender age emotion ethnic_group mask liveness top_label top_similarity ' +
      'top_object_id top_object_type top_external_id city area district street house_number longitude latitude'
    )
      .split(' ')
      .map((name) => [name, null]),
  ) as unknown as NewEvent),
  event_id: id(),
  account_id: account,
  handler_id: id(),
  create_time: 5,
  end_time: 5,
  insert_time: 5,
  external_id: '',
  user_data: '',
  document: {
    tags: ['a', 'a'],
    attach_result: [],
    match_result: [],
    face_detections: [],
    body_detections: [],
    meta: { deep: [1] },
  },
  descriptors: data.descriptors,
});

const suiteOf = suite('storage');
suiteOf.after(() => {
  storage.close();
  rmSync(dir, { recursive: true, force: true });
});

suiteOf('a transaction is all or nothing, and an inner one belongs to the outer', () => {
  const before = lists.count({ account_id: null });
  assert.throws(
    () =>
      storage.atomically(() => {
        newList();
        storage.atomically(newList);
        throw new Error('stop');
      }),
    /stop/,
  );
  assert.is(lists.count({ account_id: null }), before);
  assert.is(
    storage.atomically(() => newList().length),
    36,
  );
  assert.is(lists.count({ account_id: null }), before + 1);
});

suiteOf('a transaction that would wait is refused and leaves nothing', () => {
  const before = lists.count({ account_id: null });
  assert.throws(() => storage.atomically(async () => newList()), /synchronous/);
  assert.is(lists.count({ account_id: null }), before);
});

suiteOf('an error of SQLite names the statement, never its text', () => {
  const row = { list_id: id(), account_id: account, user_data: '', create_time: 1, last_update_time: 1 };
  lists.insert(row);
  try {
    lists.insert(row);
    assert.unreachable();
  } catch (error) {
    assert.ok(isLunaError(error, 'Database'));
    assert.match((error as LunaError).message, /SQLITE_CONSTRAINT_PRIMARYKEY in list\.insert/);
    assert.not.match((error as LunaError).message, /VALUES/);
  }
});

suiteOf('attributes come back as they went in, to the last bit', () => {
  const key = newFace();
  const { descriptors: given, ...basics } = data;
  assert.is(given.length, 1);
  faces.setAttribute(key, data, 77);
  const { descriptors = [], ...rest } = faces.attributeOf(key) ?? { descriptors: [] };
  assert.equal(rest, { ...basics, create_time: 77 });
  assert.ok(Buffer.from(descriptors[0]?.vector ?? []).equals(vector));
  assert.is(descriptors[0]?.score, null);
  faces.setAttribute(key, { ...data, age: 40, descriptors: [] }, 78);
  assert.is(faces.attributeOf(key)?.age, 40);
  assert.equal(faces.attributeOf(key)?.descriptors, []);
});

suiteOf('a removed face takes its links along, a removed list its memberships', () => {
  const [one, two] = [newFace(), newFace()];
  const list = newList();
  assert.is(faces.link(list, [one, two]), 2);
  assert.is(faces.link(list, [one, two]), 0, 'members stay members');
  faces.remove(one);
  assert.equal(faces.keysInList(list, 0, 10), [two]);
  lists.remove(list, account);
  assert.equal(faces.listIdsOf(two), []);
});

suiteOf('whatever a search depends on leaves a change, in order, also by cascade', () => {
  const start = matchChanges.lastSeq();
  const key = newFace();
  const list = newList();
  faces.link(list, [key]);
  faces.setAttribute(key, data, 1);
  lists.remove(list, account);
  faces.remove(key);
  const event = events.insert(newEvent());
  events.removeByKeys([event]);
  const changes = matchChanges.after(start, 100).map(({ origin, object_key }) => `${origin} ${object_key}`);
  assert.equal(changes, [
    `faces ${key}`,
    `faces ${key}`,
    `faces ${key}`,
    `faces ${key}`,
    `events ${event}`,
    `events ${event}`,
  ]);
  const last = matchChanges.lastSeq();
  const before = matchChanges.after(0, 1000).length;
  assert.is(matchChanges.trim(last - 3, 2), 2, 'in portions, the oldest first');
  assert.is(matchChanges.after(0, 1000).length, before - 2);
  while (matchChanges.trim(last - 3, 2) > 0);
  assert.equal(
    matchChanges.after(0, 1000).map(({ seq }) => seq),
    [last - 2, last - 1, last],
  );
  assert.is(matchChanges.trim(last, 1000), 3);
  assert.is(matchChanges.lastSeq(), last, 'trimming forgets no number');
});

suiteOf('an event comes back with its document; its tags and descriptors go with it', () => {
  const event = newEvent();
  const key = events.insert(event);
  const { descriptors, ...columns } = event;
  assert.equal(events.findById(event.event_id, account), { ...columns, event_key: key });
  assert.is(events.findById(event.event_id, id()), undefined);
  assert.ok(Buffer.from(events.descriptorsOf(key)[0]?.vector ?? []).equals(vector));
  assert.is(descriptors.length, 1);
  events.removeByKeys([key]);
  assert.equal(events.descriptorsOf(key), []);
});

suiteOf('attributes are looked through page by page, those alive of one account or of all', () => {
  const own = id();
  const insert = (account_id: string, expire_time: number): string => {
    const attribute_id = id();
    storage.attributes.insert({ ...data, attribute_id, account_id, create_time: 1, expire_time });
    return attribute_id;
  };
  const made = [100, 100, 5, 100, 100].map((expiry) => insert(own, expiry));
  const foreign = insert(account, 100);
  const alive = made.filter((_, i) => i !== 2);
  const walk = (accountId: string | null, limit: number): string[] => {
    const ids: string[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const { rows, next } = storage.attributes.page(accountId, after, 50, limit);
      for (const row of rows) assert.equal(row, storage.attributes.findById(row.attribute_id, null, 50));
      ids.push(...rows.map(({ attribute_id }) => attribute_id));
      after = next;
    }
    return ids;
  };
  for (const limit of [1, 2, 3, 5, 6, 100]) {
    assert.equal(walk(own, limit), alive, `${limit} at a time`);
    assert.equal(walk(null, limit), [...alive, foreign], `${limit} at a time, of all accounts`);
  }
});

suiteOf('the outbox gives the oldest first and never the same number twice', () => {
  const message = { account_id: account, kind: 'face-event', create_time: 1, payload: '{}' };
  const first = outbox.append(message);
  assert.throws(() =>
    storage.atomically(() => {
      outbox.append(message);
      throw new Error('rolled back');
    }),
  );
  const second = outbox.append(message);
  assert.is(second, first + 1, 'a rolled back message leaves no gap');
  assert.equal(
    outbox.peek(10).map(({ seq }) => seq),
    [first, second],
  );
  assert.equal(
    outbox.peek(10, first).map(({ seq }) => seq),
    [second],
  );
  assert.is(outbox.oldest()?.seq, first);
  outbox.remove(second);
  outbox.remove(first);
  assert.is(outbox.count(), 0);
  assert.is(outbox.append(message), second + 1);
});

suiteOf('handlers and verifiers are kept by their owners', () => {
  const row = {
    handler_id: id(),
    account_id: account,
    description: 'gate',
    is_dynamic: 0,
    policies: '{"a":1}',
    create_time: 3,
    last_update_time: 3,
  };
  storage.handlers.insert(row);
  assert.equal(storage.handlers.findById(row.handler_id, null), row);
  assert.is(storage.handlers.update({ ...row, account_id: id(), policies: '{}' }), false);
  assert.is(storage.handlers.update({ ...row, policies: '{"b":2}', last_update_time: 9 }), true);
  assert.equal(storage.handlers.page({ account_id: account, description: 'gate' }, 10, 0), [
    { ...row, policies: '{"b":2}', last_update_time: 9 },
  ]);
  assert.is(storage.handlers.count({ account_id: account, is_dynamic: 1 }), 0);
  assert.is(storage.handlers.remove(row.handler_id, id()), false);
  assert.is(storage.handlers.remove(row.handler_id, account), true);
});

suiteOf('everything is there again after a restart, also without an orderly end', async () => {
  const file = join(dir, 'kept', 'perigee.db');
  const first = open(file);
  first.meta.set('name', 'box');
  first.lists.insert({ list_id: id(), account_id: account, user_data: 'x', create_time: 1, last_update_time: 1 });
  // Opened a second time beside the first, as after a crash: nothing was checkpointed, the log has it all.
  const second = open(file);
  assert.is(second.meta.get('name'), 'box');
  assert.is(second.lists.count({ account_id: account, user_data: 'x' }), 1);
  assert.ok(second.sizeBytes() > 8192);
  const copy = join(dir, 'copy.db');
  await second.backup(copy);
  second.close();
  first.close();
  const restored = open(copy);
  assert.is(restored.meta.get('name'), 'box');
  restored.close();
});

suiteOf('single values are set, replaced and removed', () => {
  meta.set('a', '1');
  meta.set('a', '2');
  assert.is(meta.get('a'), '2');
  assert.ok(meta.remove('a'));
  assert.is(meta.get('a'), undefined);
});

suiteOf.run();
