import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Condition, FaceConditionColumn, FaceConditions } from '#domain/event/conditions';
import { createLog } from '#kernel/log';
import { openStorage } from './storage.ts';

const storage = openStorage({ file: ':memory:', filesDir: '/nonexistent', log: createLog('silent') });
const { faces, lists } = storage;
const [one, two] = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002'];

interface Model {
  face_key: number;
  face_id: string;
  account_id: string;
  user_data: string;
  external_id: string;
  create_time: number;
  lists: string[];
}

const listIds = ['0', '1'].map((n) => `11111111-0000-4000-8000-00000000000${n}`);
const total = 20_000;
const model: Model[] = [];
storage.atomically(() => {
  for (const list_id of listIds) {
    lists.insert({ list_id, account_id: one, user_data: '', create_time: 0, last_update_time: 0 });
  }
  for (let i = 0; i < total; i++) {
    const row = {
      // Not in the order of insertion.
      face_id: `${((i * 2654435761) >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-${String(i).padStart(12, '0')}`,
      account_id: i % 10 === 9 ? two : one,
      event_id: null,
      user_data: i % 7000 === 3 ? 'rare' : i % 2 ? 'odd' : '',
      external_id: `e${i % 6000}`,
      avatar: '',
      // Many faces of one moment, more than a slice: an import.
      create_time: i < 4000 ? 1 : Math.floor(i / 3),
    };
    const face_key = faces.insert(row);
    const own = listIds.filter((_, n) => (n === 0 ? i % 2 === 0 : i % 500 === 0));
    for (const listId of own) faces.link(listId, [face_key]);
    model.push({ ...row, face_key, lists: own });
  }
});

const member = (row: Model, column: FaceConditionColumn): readonly (string | number)[] =>
  column === 'list_id' ? row.lists : [row[column as 'face_id']];
function holds(row: Model, condition: Condition<FaceConditionColumn>): boolean {
  if ('never' in condition) return false;
  const values = member(row, condition.column);
  if ('oneOf' in condition) return values.some((value) => condition.oneOf.includes(value));
  if ('noneOf' in condition) return !values.some((value) => condition.noneOf.includes(value));
  const [value = ''] = values;
  if ('contains' in condition) return String(value).includes(condition.contains);
  if ('atLeast' in condition) return value >= condition.atLeast;
  if ('atMost' in condition) return value <= condition.atMost;
  if ('above' in condition) return value > condition.above;
  return value < condition.below;
}

const cases: readonly FaceConditions[] = [
  [],
  [{ column: 'account_id', oneOf: [two] }],
  [{ column: 'account_id', oneOf: [one, two] }],
  [{ column: 'user_data', oneOf: ['rare'] }],
  [
    { column: 'account_id', oneOf: [one] },
    { column: 'user_data', contains: 'are' },
  ],
  [
    { column: 'account_id', oneOf: [one] },
    { column: 'user_data', oneOf: ['odd'] },
    { column: 'external_id', contains: '77' },
  ],
  [{ column: 'user_data', oneOf: [''] }],
  [{ column: 'user_data', noneOf: ['', 'odd'] }],
  [{ column: 'external_id', oneOf: ['e17', 'e5999', 'none'] }],
  [{ column: 'external_id', oneOf: Array.from({ length: 3000 }, (_, i) => `e${i}`) }],
  [{ column: 'list_id', oneOf: [listIds[0] ?? ''] }],
  [
    { column: 'list_id', oneOf: [listIds[1] ?? ''] },
    { column: 'account_id', oneOf: [one] },
  ],
  [{ column: 'list_id', noneOf: [listIds[0] ?? ''] }],
  [
    { column: 'create_time', atLeast: 1 },
    { column: 'create_time', below: 2000 },
    { column: 'list_id', oneOf: [listIds[0] ?? ''] },
  ],
  // Windows with a filter that no index answers, also among many rows of one moment.
  [
    { column: 'create_time', atLeast: 1 },
    { column: 'create_time', atMost: 5000 },
    { column: 'external_id', contains: '7' },
  ],
  [
    { column: 'account_id', oneOf: [one] },
    { column: 'create_time', above: 0 },
    { column: 'create_time', below: 6000 },
    { column: 'user_data', contains: 'are' },
  ],
  [
    { column: 'face_id', above: '20000000-0000-0000-0000-000000000000' },
    { column: 'face_id', below: 'e0000000-0000-0000-0000-000000000000' },
    { column: 'user_data', contains: 'd' },
  ],
  [
    { column: 'face_id', above: '80000000-0000-0000-0000-000000000000' },
    { column: 'face_id', atMost: '81000000-0000-0000-0000-000000000000' },
  ],
  [{ column: 'face_id', oneOf: model.slice(100, 1100).map((row) => row.face_id) }],
  [{ never: true }],
  [{ column: 'external_id', oneOf: [] }],
];
const orders = (['create_time', 'id'] as const).flatMap((by) =>
  [true, false].map((descending) => ({ by, descending })),
);

const walk = suite('walks');
walk.after(() => storage.close());

for (const conditions of cases) {
  walk(`pages, counts and keys of ${JSON.stringify(conditions).slice(0, 90)} are those of a plain search`, async () => {
    const met = model.filter((row) => conditions.every((condition) => holds(row, condition)));
    assert.is(await faces.count(conditions), met.length);
    const keys: number[] = [];
    for await (const some of faces.matchingKeys(conditions)) keys.push(...some);
    assert.equal(
      keys.sort((a, b) => a - b),
      met.map((row) => row.face_key),
    );
    for (const order of orders) {
      const sign = order.descending ? -1 : 1;
      const sorted = met.toSorted((a, b) => {
        const first = order.by === 'id' ? (a.face_id < b.face_id ? -1 : 1) : a.create_time - b.create_time;
        return sign * (first || a.face_key - b.face_key);
      });
      for (const [limit, offset] of [
        [10, 0],
        [100, 37],
        [1000, 3500],
      ] as const) {
        const page = await faces.page(conditions, { order, limit, offset });
        assert.equal(
          page.map((row) => row.face_key),
          sorted.slice(offset, offset + limit).map((row) => row.face_key),
          `${order.by} ${order.descending} ${offset}`,
        );
      }
    }
  });
}

walk('a search that has to look at every row lets others have their turn', async () => {
  let turns = 0;
  let walking = true;
  const others = (async () => {
    while (walking) {
      await new Promise(setImmediate);
      turns += 1;
    }
  })();
  const found = await faces.page([{ column: 'user_data', contains: 'nobody has this' }], {
    order: { by: 'create_time', descending: true },
    limit: 1,
    offset: 0,
  });
  walking = false;
  await others;
  assert.equal(found, []);
  assert.ok(turns >= 3, `${turns} turns`);
});

walk.run();
