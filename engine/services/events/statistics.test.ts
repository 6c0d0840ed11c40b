import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountA, accountB, callerOfAccount, openRouteBench } from '../route-bench.ts';
import { createEventsRoutes } from './events.routes.ts';
import { createEvents } from './events.service.ts';
import { sampleEvent } from './sample-events.fixture.ts';

const bench = openRouteBench((deps) => [createEventsRoutes({ events: createEvents(deps), clock: deps.clock })]);
const { call, storage, ids } = bench;
// More than a slice, so that the parts are really put together.
const own = Array.from({ length: 6000 }, (_, i) => sampleEvent(ids, i, { account_id: accountA }));
storage.atomically(() => {
  for (const event of own) storage.events.insert(event);
  for (let i = 0; i < 50; i++) storage.events.insert(sampleEvent(ids, i, { account_id: accountB, age: 99 }));
});
const ask = async (body: object) => {
  const answer = await call('POST', '/events/stats', { body });
  assert.is(answer.status, 200, answer.body.detail);
  return answer.body.statistic;
};

const statistics = suite('event statistics');
statistics.after(() => bench.close());

statistics('without groups there is one element, of the own account only', async () => {
  const ages = own.flatMap(({ age }) => age ?? []);
  assert.equal(
    await ask({
      targets: [
        { column: 'event_id', aggregator: 'count' },
        { column: 'age', aggregator: 'count' },
        { column: 'age', aggregator: 'max' },
        { column: 'age', aggregator: 'min' },
        { column: 'age', aggregator: 'avg' },
        { column: 'create_time', aggregator: 'max' },
      ],
    }),
    [
      {
        event_id__count: own.length,
        age__count: ages.length,
        age__max: Math.max(...ages),
        age__min: Math.min(...ages),
        age__avg: ages.reduce((a, b) => a + b, 0) / ages.length,
        create_time__max: new Date(own.at(-1)?.create_time ?? 0).toISOString(),
      },
    ],
  );
  const all = callerOfAccount(accountB, { seesAllAccounts: true });
  const body = { targets: [{ column: 'event_id', aggregator: 'count' }] };
  const everybody = await call('POST', '/events/stats', { body, caller: all });
  assert.equal(everybody.body.statistic, [{ event_id__count: own.length + 50 }]);
});

statistics('groups of a column, null included, in ascending order', async () => {
  const count = (gender: number | null): number => own.filter((event) => event.gender === gender).length;
  const targets = [
    { column: 'event_id', aggregator: 'count' },
    { column: 'gender', aggregator: 'group_by' },
  ];
  const expected = [null, 0, 1].map((gender) => ({ gender, event_id__count: count(gender) }));
  assert.equal(await ask({ targets }), expected);
  assert.equal(await ask({ targets: targets.slice(0, 1), group_by: 'gender' }), expected);
  const filtered = await ask({ targets, filters: [{ column: 'gender', operator: 'eq', value: 'male' }] });
  assert.equal(filtered, [expected[2]]);
});

statistics('times are grouped by interval and by frequency', async () => {
  const groupBy = (more: object) =>
    ask({
      targets: [
        { column: 'event_id', aggregator: 'count' },
        { column: 'create_time', aggregator: 'group_by', ...more },
      ],
    });
  const hours = await groupBy({ interval: '1h' });
  assert.is(hours.length, 100);
  assert.equal(hours[1], {
    create_time: '2026-03-01T01:00:00.000Z',
    group: '2026-03-01T01:00:00.000Z',
    event_id__count: 60,
  });
  const weeks = await groupBy({ interval: '1w' });
  assert.equal(
    weeks.map(({ group, event_id__count }: { group: string; event_id__count: number }) => [group, event_id__count]),
    [
      ['2026-02-23T00:00:00.000Z', 1440],
      ['2026-03-02T00:00:00.000Z', 4560],
    ],
  );
  assert.equal((await groupBy({ interval: '1M' }))[0].group, '2026-03-01T00:00:00.000Z');
  assert.equal((await groupBy({ interval: '1y' }))[0].group, '2026-01-01T00:00:00.000Z');
  const weekdays = await groupBy({ frequency: 'weekday' });
  assert.equal(
    weekdays.map(({ group }: { group: number }) => group),
    [1, 2, 3, 4, 7],
    'from Sunday to Thursday',
  );
  assert.is((await groupBy({ frequency: 'hour' })).length, 24);
  assert.equal((await groupBy({ frequency: 'year' }))[0].group, 2026);
});

statistics('groups of a text are in order, null first', async () => {
  const cities = await ask({ targets: [{ column: 'event_id', aggregator: 'count' }], group_by: 'city' });
  const named = [...new Set(own.map(({ city }) => city))].filter((city) => city !== null).sort();
  assert.ok(named.length > 1 && own.some(({ city }) => city === null));
  assert.equal(
    cities.map(({ city }: { city: string | null }) => city),
    [null, ...named],
  );
});

statistics('one time may be grouped in several ways, and each of them is told', async () => {
  const ways = [
    { column: 'create_time', frequency: 'weekday' },
    { column: 'create_time', frequency: 'hour' },
    { column: 'create_time', interval: '1d' },
  ];
  const found = await ask({ targets: [{ column: 'event_id', aggregator: 'count' }], group_by: ways });
  assert.equal(found[0], {
    create_time__weekday: 1,
    create_time__hour: 0,
    create_time__1d: '2026-03-02T00:00:00.000Z',
    event_id__count: 60,
  });
  assert.is(found.length, 100);
});

const operators: readonly [filter: object, holds: (event: (typeof own)[number]) => boolean][] = [
  [{ column: 'age', operator: 'gte', value: 30 }, (e) => e.age !== null && e.age >= 30],
  [{ column: 'age', operator: 'gt', value: 30 }, (e) => e.age !== null && e.age > 30],
  [{ column: 'age', operator: 'lt', value: 30 }, (e) => e.age !== null && e.age < 30],
  [{ column: 'age', operator: 'lte', value: 30 }, (e) => e.age !== null && e.age <= 30],
  [{ column: 'city', operator: 'eq', value: null }, (e) => e.city === null],
  [{ column: 'city', operator: 'neq', value: null }, (e) => e.city !== null],
  [{ column: 'city', operator: 'neq', value: 'Tula' }, (e) => e.city !== 'Tula'],
  [{ column: 'city', operator: 'in', value: ['Tula', null] }, (e) => e.city !== 'Omsk'],
  [{ column: 'emotion', operator: 'nin', value: [1, null] }, (e) => e.emotion === 5],
  [{ column: 'source', operator: 'like', value: 'ate-2' }, (e) => e.source === 'gate-2'],
  [{ column: 'tags', operator: 'in', value: ['even', 'third'] }, (e) => e.document.tags.length > 0],
  [{ column: 'tags', operator: 'nin', value: ['even'] }, (e) => !e.document.tags.includes('even')],
  [{ column: 'create_time', operator: 'gte', value: 'now-1d' }, (e) => e.create_time >= bench.clock.now() - 86_400_000],
  [{ column: 'similarity', operator: 'gte', value: 0.9 }, (e) => (e.top_similarity ?? 0) >= 0.9],
  [{ column: 'handler_id', operator: 'eq', value: own[1]?.handler_id }, (e) => e.handler_id === own[1]?.handler_id],
];
for (const [filter, holds] of operators) {
  statistics(`${JSON.stringify(filter)} counts what it describes`, async () => {
    const expected = own.filter(holds).length;
    assert.ok(expected > 0 && expected < own.length);
    const targets = [{ column: 'event_id', aggregator: 'count' }];
    assert.equal(await ask({ targets, filters: [filter] }), [{ event_id__count: expected }]);
  });
}

statistics('nothing met: a count of 0 and no maximum', async () => {
  const filters = [{ column: 'city', operator: 'eq', value: 'Rome' }];
  const targets = [
    { column: 'age', aggregator: 'count' },
    { column: 'age', aggregator: 'max' },
  ];
  assert.equal(await ask({ targets: [...targets, { column: 'gender', aggregator: 'group_by' }], filters }), []);
  assert.equal(await ask({ targets, filters }), [{ age__count: 0, age__max: null }]);
});

const count = { column: 'event_id', aggregator: 'count' };
const refused: readonly [what: string, body: unknown, path: RegExp][] = [
  ['no targets', {}, /targets/],
  ['an unknown column', { targets: [{ column: 'password', aggregator: 'count' }] }, /targets\.0\.column/],
  ['SQL for a column', { targets: [{ column: 'age) FROM face --', aggregator: 'max' }] }, /targets\.0\.column/],
  ['an average of texts', { targets: [{ column: 'source', aggregator: 'avg' }] }, /targets\.0/],
  ['an unknown operator', { targets: [count], filters: [{ column: 'age', operator: 'is', value: 1 }] }, /operator/],
  [
    'a text for a number',
    { targets: [count], filters: [{ column: 'age', operator: 'eq', value: 'x' }] },
    /filters\.0\.value/,
  ],
  [
    'an object for a value',
    { targets: [count], filters: [{ column: 'age', operator: 'eq', value: {} }] },
    /filters\.0\.value/,
  ],
  [
    'a list for a range',
    { targets: [count], filters: [{ column: 'age', operator: 'lt', value: [1, 2] }] },
    /filters\.0/,
  ],
  ['an interval of a text', { targets: [count], group_by: { column: 'source', interval: '1h' } }, /group_by\.0/],
  [
    'a second grouping of a text by time',
    { targets: [count], group_by: ['gender', { column: 'source', frequency: 'hour' }] },
    /group_by\.1/,
  ],
  ['one grouping twice', { targets: [count], group_by: ['gender', 'age', 'gender'] }, /group_by\.2/],
  ['an interval that is none', { targets: [count], group_by: { column: 'create_time', interval: '0h' } }, /group_by/],
];
for (const [what, body, path] of refused) {
  statistics(`${what} answers 12022 with its path`, async () => {
    const answer = await call('POST', '/events/stats', { body });
    assert.equal([answer.status, answer.body.error_code], [400, 12022], answer.body.detail);
    assert.match(answer.body.detail, path);
  });
}

statistics('more than 10,000 groups are refused instead of filling the memory', async () => {
  storage.atomically(() => {
    for (let i = 0; i < 4100; i++) storage.events.insert(sampleEvent(ids, i, { account_id: accountA }));
  });
  const body = { targets: [count, { column: 'event_id', aggregator: 'group_by' }] };
  const answer = await call('POST', '/events/stats', { body });
  assert.equal([answer.status, answer.body.error_code], [400, 12022]);
  assert.match(answer.body.detail, /10000 groups/);
});

statistics.run();
