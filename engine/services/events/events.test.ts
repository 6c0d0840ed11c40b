import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EventQuery } from '#contract/events/event-filters';
import type { NewEvent } from '#storage/rows';
import { accountA, accountB, callerOfAccount, openRouteBench } from '../route-bench.ts';
import { eventTargets } from './event.schema.ts';
import { createEventsRoutes } from './events.routes.ts';
import { createEvents, type Events } from './events.service.ts';
import { sampleEvent } from './sample-events.fixture.ts';

const made: Events[] = [];
const bench = openRouteBench((deps) => {
  const events = createEvents(deps);
  made.push(events);
  return [createEventsRoutes({ events, clock: deps.clock })];
});
const { call, storage, ids } = bench;
const service = made[0] as Events;
const unknown = '0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d';
const all = callerOfAccount(accountB, { accountType: 'advanced_user', seesAllAccounts: true });

const own: NewEvent[] = [];
const foreign: NewEvent[] = [];
storage.atomically(() => {
  for (let i = 0; i < 240; i++) {
    const event = sampleEvent(ids, i, { account_id: i % 6 === 5 ? accountB : accountA });
    storage.events.insert(event);
    (event.account_id === accountA ? own : foreign).push(event);
  }
});
const newestFirst = (events: readonly NewEvent[]): string[] =>
  events.toSorted((a, b) => b.create_time - a.create_time).map((event) => event.event_id);

const events = suite('events');
events.after(() => bench.close());

const find = async (query: string, caller = callerOfAccount(accountA)): Promise<string[]> => {
  const answer = await call('GET', `/events?page_size=1000&targets=event_id&${query}`, { caller });
  assert.is(answer.status, 200, answer.body.detail);
  return answer.body.events.map((event: { event_id: string }) => event.event_id);
};
const time = (i: number): string => new Date(Date.parse('2026-03-01T00:00:00Z') + i * 60_000).toISOString();
const among =
  (column: keyof NewEvent, ...values: unknown[]) =>
  (event: NewEvent): boolean =>
    values.includes(event[column]);

const first = own[0] as NewEvent;
const filters: readonly (readonly [query: string, holds: (event: NewEvent) => boolean])[] = [
  ['', () => true],
  [`event_ids=${own[3]?.event_id},${own[9]?.event_id},${unknown}`, (e) => e === own[3] || e === own[9]],
  [`handler_ids=${first.handler_id}`, among('handler_id', first.handler_id)],
  [
    `handler_ids=${first.handler_id.toUpperCase()},${own[1]?.handler_id}`,
    among('handler_id', first.handler_id, own[1]?.handler_id),
  ],
  [`face_ids=${first.face_id}`, among('face_id', first.face_id)],
  [`face_ids=${first.face_id},${unknown}`, among('face_id', first.face_id)],
  ['external_ids=ext-1', among('external_id', 'ext-1')],
  ['external_ids=ext-1,ext-2', among('external_id', 'ext-1', 'ext-2')],
  ['external_ids=', among('external_id', '')],
  ['track_ids=track-1&track_ids=track-2', among('track_id', 'track-1', 'track-2')],
  ['track_ids=null', among('track_id', null)],
  ['stream_id=stream', among('stream_id', 'stream')],
  ['sources=gate-1', among('source', 'gate-1')],
  ['sources=gate-1,gate-2', among('source', 'gate-1', 'gate-2')],
  ['sources=null', among('source', null)],
  ['sources=null,gate-2', among('source', null, 'gate-2')],
  [`create_time__gte=${time(50)}`, (e) => e.create_time >= Date.parse(time(50))],
  [`create_time__lt=${time(50)}`, (e) => e.create_time < Date.parse(time(50))],
  [
    `end_time__gte=${time(50)}&end_time__lt=${time(60)}`,
    (e) => e.end_time >= Date.parse(time(50)) && e.end_time < Date.parse(time(60)),
  ],
  [`insert_time__lt=${time(20)}`, (e) => e.insert_time < Date.parse(time(20))],
  [`insert_time__gte=${time(20)}`, (e) => e.insert_time >= Date.parse(time(20))],
  [
    `insert_time__gte=${time(20)}&insert_time__lt=${time(30)}`,
    (e) => e.insert_time >= Date.parse(time(20)) && e.insert_time < Date.parse(time(30)),
  ],
  ['create_time__gte=now-106h', (e) => e.create_time >= bench.clock.now() - 106 * 3_600_000],
  ['tags=even', (e) => e.document.tags.includes('even')],
  ['tags=even,third', (e) => e.document.tags.length === 2],
  ['tags=even,absent', () => false],
  ['user_data=note', among('user_data', 'note')],
  ['gender=1', among('gender', 1)],
  ['gender=male', among('gender', 1)],
  ['gender=null', among('gender', null)],
  ['age__gte=30&age__lt=40', (e) => e.age !== null && e.age >= 30 && e.age < 40],
  ['emotions=1,neutral', among('emotion', 1, 5)],
  ['emotions=null,1', among('emotion', null, 1)],
  ['ethnic_groups=3', among('ethnic_group', 3)],
  ['masks=medical_mask', among('mask', 2)],
  ['liveness=0,2', among('liveness', 0, 2)],
  ['top_matching_candidates_label=vip', among('top_label', 'vip')],
  [`top_similar_object_ids=${own[1]?.top_object_id}`, among('top_object_id', own[1]?.top_object_id)],
  ['top_similar_object_type=event', among('top_object_type', 'event')],
  ['top_similar_external_ids=top-1', among('top_external_id', 'top-1')],
  [
    'top_similar_object_similarity__gte=0.5&top_similar_object_similarity__lt=0.6',
    (e) => e.top_similarity !== null && e.top_similarity >= 0.5 && e.top_similarity < 0.6,
  ],
  ['cities=Tula,Omsk', among('city', 'Tula', 'Omsk')],
  ['cities=null', among('city', null)],
  ['areas=north', among('area', 'north')],
  ['districts=d1', among('district', 'd1')],
  ['streets=s1', among('street', 's1')],
  ['house_numbers=2a', among('house_number', '2a')],
  [
    'origin_longitude=36.05&origin_latitude=55.05&longitude_delta=0.035&latitude_delta=0.035',
    (e) =>
      e.longitude !== null && Math.abs(e.longitude - 36.05) <= 0.035 && Math.abs((e.latitude ?? 0) - 55.05) <= 0.035,
  ],
  ['ethnic_groups=null', among('ethnic_group', null)],
  ['masks=null', among('mask', null)],
  ['masks=null,2', among('mask', null, 2)],
  ['liveness=null', among('liveness', null)],
  ['liveness=null,1', among('liveness', null, 1)],
  ['areas=null', among('area', null)],
  ['streets=null,s1', () => true],
  ['streets=null', among('street', null)],
  ['stream_id=null', among('stream_id', null)],
  // Of bodies and deepfakes: no event has a value, whatever is asked for, and every event has none.
  ...[
    'deepfake=1',
    'apparent_age__gte=0',
    'apparent_age__lt=1000',
    'headwear_states=0,1,2',
    'sleeve_lengths=short,long',
    'backpack_states=1',
    'lower_garment_types=skirt',
    'lower_garment_colors=red',
    'shoes_apparent_colors=white',
    'headwear_apparent_colors=white',
  ].map((query) => [query, () => false] as const),
  ...['deepfake=null', 'headwear_states=null', 'sleeve_lengths=null,short', 'backpack_states=null'].map(
    (query) => [query, () => true] as const,
  ),
  ['apparent_gender=1', () => false],
  ['apparent_gender=null', () => true],
  ['upper_clothing_colors=black', () => false],
  ['meta.a__eq=1&something=else', () => true],
  [
    'sources=gate-1&tags=even&gender=0',
    (e) => e.source === 'gate-1' && e.gender === 0 && e.document.tags.includes('even'),
  ],
  [`account_id=${accountB}`, () => false],
];
for (const [query, holds] of filters) {
  events(`filter '${query.slice(0, 60)}' gives exactly the events it describes, newest first`, async () => {
    assert.equal(await find(query), newestFirst(own.filter(holds)));
  });
}

events('the filters of this test meet some events each, but not all', () => {
  const idle = filters.filter(([query, holds]) => {
    const met = own.filter(holds).length;
    const never = /apparent|upper|lower|headwear|sleeve|backpack|deepfake|absent|account_id|^$|meta|null,s1/.test(
      query,
    );
    return !never && (met === 0 || met === own.length);
  });
  assert.equal(
    idle.map(([query]) => query),
    [],
  );
});

events('every filter that is a parameter is used in this test', () => {
  const used = new Set(filters.flatMap(([query]) => [...new URLSearchParams(query).keys()]));
  // Ids as bounds have a test of their own, below; the older spelling is the same filter.
  const elsewhere = ['event_id__gte', 'event_id__lt', 'headwear_apparent_color'];
  const idle = Object.keys(EventQuery.shape).filter((name) => !used.has(name) && !elsewhere.includes(name));
  assert.equal(idle, []);
});

events('who sees all accounts reads all events, or those of one', async () => {
  assert.equal(await find('', all), newestFirst([...own, ...foreign]));
  assert.equal(
    await find(`account_id=${accountA}&sources=gate-1`, all),
    newestFirst(own.filter(among('source', 'gate-1'))),
  );
});

events('order and pages go over every event once', async () => {
  const expected = newestFirst(own).toReversed();
  assert.equal(await find('order=asc'), expected);
  const pages: string[] = [];
  for (let page = 1; page <= 3; page++) {
    const answer = await call('GET', `/events?order=asc&page=${page}&page_size=90&targets=event_id`);
    pages.push(...answer.body.events.map((event: { event_id: string }) => event.event_id));
  }
  assert.equal(pages, expected);
  const withRest = await call('GET', '/events?order=asc&page=2&page_size=30&tags=even&targets=event_id');
  const even = expected.filter((id) => own.find((event) => event.event_id === id)?.document.tags.includes('even'));
  assert.equal(
    withRest.body.events.map((event: { event_id: string }) => event.event_id),
    even.slice(30, 60),
  );
});

events('paging by id goes over every event once, in both directions', async () => {
  const sorted = own.map((event) => event.event_id).sort();
  for (const [query, expected] of [
    ['event_id__gte=', sorted],
    ['event_id__lt=', sorted.toReversed()],
  ] as const) {
    const seen = new Set<string>();
    let from = query.includes('gte') ? '00000000-0000-0000-0000-000000000000' : 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    for (;;) {
      const answer = await call('GET', `/events?${query}${from}&page_size=50&targets=event_id`);
      const page = answer.body.events.map((event: { event_id: string }) => event.event_id);
      for (const id of page) seen.add(id);
      if (page.length < 50) break;
      from = page.at(-1);
    }
    assert.equal([...seen], expected);
  }
});

events('a page answers every target alone as it does among all members', async () => {
  const page = async (targets: string): Promise<Record<string, unknown>[]> =>
    (await call('GET', `/events?page_size=24&order=asc${targets}`)).body.events;
  const whole = await page('');
  for (const name of eventTargets) {
    const expected = whole.map((event) => ({ [name]: event[name] }));
    assert.equal(await page(`&targets=${name}`), expected, name);
  }
});

events('an event is answered with every member, or with the targets', async () => {
  const event = own.find((e) => e.top_label && e.longitude !== null) as NewEvent;
  const answer = await call('GET', `/events/${event.event_id.toUpperCase()}`);
  assert.is(answer.status, 200);
  assert.is(answer.body.top_match.label, event.top_label);
  assert.equal(answer.body.location.geo_position, { longitude: event.longitude, latitude: event.latitude });
  assert.equal(answer.body.face_detections, event.document.face_detections);
  assert.equal(answer.body.body_basic_attributes, answer.body.basic_attributes);
  assert.is(answer.body.deepfake, null);
  assert.is(Object.keys(answer.body).length, 32);
  assert.equal((await call('GET', `/events/${event.event_id}?targets=source,tags`)).body, {
    source: event.source,
    tags: event.document.tags,
  });
  assert.is((await call('HEAD', `/events/${event.event_id}`)).status, 200);
  assert.is((await call('HEAD', `/events/${unknown}`)).status, 404);
  assert.is((await call('GET', `/events/${foreign[0]?.event_id}`)).body.error_code, 23001);
});

const refused: readonly [what: string, path: string, code: number][] = [
  ['an unknown target', '/events?targets=event_id,shoe', 22016],
  ['an unknown target of one event', `/events/${unknown}?targets=shoe`, 22016],
  ['an emotion that is none', '/events?emotions=9', 12012],
  ['an empty gender', '/events?gender=', 12012],
  ['an age that is none', '/events?age__gte=old', 12012],
  ['half an origin', '/events?origin_longitude=3', 12012],
  ['a longitude of 181', '/events?origin_longitude=181&origin_latitude=1', 12012],
  ['a similarity of 2', '/events?top_similar_object_similarity__gte=2', 12012],
  ['an id that is none', '/events?handler_ids=1', 12001],
  ['a keyset id that is none', '/events?event_id__gte=1', 12001],
  ['a time that is none', '/events?create_time__lt=soon', 12012],
  ['1,001 ids', `/events?event_ids=${Array(1001).fill(unknown)}`, 12012],
  ['an event id that is none', '/events/7', 12001],
];
for (const [what, path, code] of refused) {
  events(`${what} answers 400 with ${code}`, async () => {
    const answer = await call('GET', path);
    assert.equal([answer.status, answer.body.error_code], [400, code], answer.body.detail);
  });
}

events('removing takes what meets the conditions, with tags, and tells what it was', async () => {
  const before = bench.clock.now();
  const old = foreign.filter((event) => event.create_time < Date.parse(time(100)));
  const told: string[] = [];
  const removed = await service.remove(
    [
      { column: 'account_id', oneOf: [accountB] },
      { column: 'create_time', below: Date.parse(time(100)) },
    ],
    { onRemoved: (some) => void told.push(...some.map((event) => event.event_id)) },
  );
  assert.is(removed, old.length);
  assert.equal(told.sort(), old.map((event) => event.event_id).sort());
  assert.equal(await find(`account_id=${accountB}`, all), newestFirst(foreign.filter((event) => !old.includes(event))));
  assert.equal(await find(''), newestFirst(own));
  assert.is(bench.clock.now(), before);
});

events.run();
