import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AggregateEstimate } from '#domain/face/aggregate';
import { faceOf } from '../handlers-bench.ts';
import type { Filters, StoragePolicy } from '../policies.schema.ts';
import { Policies } from '../policies.schema.ts';
import { resolvePolicies } from '../resolve-policies.ts';
import type { EventFacts } from './event-facts.ts';
import { type FilterFacts, holds } from './filters.ts';
import { planEvent } from './plan.ts';

const list = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const man: AggregateEstimate = {
  basicAttributes: { age: 30.4, gender: 1, maleProbability: 0.9 },
  emotions: { anger: 0, disgust: 0, fear: 0, happiness: 0.8, neutral: 0.2, sadness: 0, surprise: 0 },
  liveness: { prediction: 'real', probability: 0.9, quality: 1 },
  descriptor: faceOf(1).descriptor,
};
const nothing: AggregateEstimate = { basicAttributes: null, emotions: null, liveness: null, descriptor: null };
const facts = (attributes: AggregateEstimate, similarities: Record<string, number> = {}): FilterFacts => ({
  attributes,
  bestSimilarity: new Map(Object.entries(similarities)),
});

const filters = suite('event filters');

const holding: readonly [what: string, filters: Filters, facts: FilterFacts, expected: boolean][] = [
  ['no filter on anything', {}, facts(nothing), true],
  ['the gender', { gender: 1 }, facts(man), true],
  ['the other gender', { gender: 0 }, facts(man), false],
  ['a gender nobody estimated', { gender: 1 }, facts(nothing), false],
  ['the lower age, which is inside', { age__gte: 30 }, facts(man), true],
  ['the upper age, which is outside', { age__lt: 30 }, facts(man), false],
  ['the upper age above', { age__lt: 31 }, facts(man), true],
  ['an age nobody estimated', { age__gte: 0 }, facts(nothing), false],
  ['the strongest emotion', { emotions: [1, 4] }, facts(man), true],
  ['another emotion', { emotions: [5] }, facts(man), false],
  ['an emotion nobody estimated', { emotions: [1, 2, 3, 4, 5, 6, 7] }, facts(nothing), false],
  ['the liveness', { liveness: [1] }, facts(man), true],
  ['another liveness', { liveness: [0, 2] }, facts(man), false],
  ['a liveness nobody asked for', { liveness: [0, 1, 2] }, facts(nothing), false],
  ['masks, which nobody estimates', { masks: [1, 2, 3] }, facts(man), false],
  ['ethnic groups, which nobody estimates', { ethnic_groups: [1, 2, 3, 4] }, facts(man), false],
  ['a similarity inside', { match: [{ label: 'a', similarity__gte: 0.5 }] }, facts(man, { a: 0.5 }), true],
  ['a similarity below', { match: [{ label: 'a', similarity__gte: 0.5 }] }, facts(man, { a: 0.499 }), false],
  ['a similarity at the upper end', { match: [{ label: 'a', similarity__lte: 0.5 }] }, facts(man, { a: 0.5 }), true],
  ['a similarity above', { match: [{ label: 'a', similarity__lte: 0.5 }] }, facts(man, { a: 0.51 }), false],
  [
    'an unknown person: no candidate is similarity 0',
    { match: [{ label: 'a', similarity__lte: 0.3 }] },
    facts(man),
    true,
  ],
  ['no candidate for a known person', { match: [{ label: 'a', similarity__gte: 0.01 }] }, facts(man), false],
  [
    'all conditions of several labels',
    {
      match: [
        { label: 'a', similarity__gte: 0.5 },
        { label: 'b', similarity__lte: 0.2 },
      ],
    },
    facts(man, { a: 0.6, b: 0.1 }),
    true,
  ],
  [
    'one failing condition among several',
    {
      match: [
        { label: 'a', similarity__gte: 0.5 },
        { label: 'b', similarity__lte: 0.2 },
      ],
    },
    facts(man, { a: 0.6, b: 0.3 }),
    false,
  ],
  ['members together, one of which fails', { gender: 1, age__lt: 20 }, facts(man), false],
];
for (const [what, given, known, expected] of holding) {
  filters(`${what}: ${expected ? 'holds' : 'does not hold'}`, () => assert.is(holds(given, known), expected));
}
filters.run();

const plan = suite('event plan');

function eventFacts(
  aggregate: AggregateEstimate,
  more: Partial<EventFacts> & { origin?: string | null } = {},
): EventFacts {
  const picture = {
    filename: 'a.jpg',
    bytes: new Uint8Array(),
    format: 'jpeg',
    width: 640,
    height: 480,
    detectTimeMs: null,
    detectTs: null,
    origin: more.origin ?? null,
    sampleId: null,
  } as const;
  const detections = [{ picture, face: faceOf(1), faceQuality: null }];
  return { detections, aggregate, matches: more.matches ?? [] };
}
const match = (similarity: number) => [
  { label: 'staff', threshold: 0, found: [{ face: { face_id: list }, similarity }], shown: [] },
];
const planOf = (storage: StoragePolicy, of: EventFacts, policies: object = {}, tags: string[] = []) =>
  planEvent(resolvePolicies(Policies.parse({ ...policies, storage_policy: storage })), of, tags);
const staff = { match_policy: [{ label: 'staff', candidates: { origin: 'faces' } }] };
const known = { match: [{ label: 'staff', similarity__gte: 0.8 }] };

plan('by default samples, the event and its message are kept, and nothing else', () => {
  assert.equal(planOf({}, eventFacts(man)), {
    tags: [],
    storeSamples: true,
    storeAttribute: false,
    storeFace: false,
    listIds: [],
    avatar: true,
    storeEvent: true,
    notify: true,
    origins: ['none'],
  });
});

plan('each part is kept when it is switched on and its filters hold', () => {
  const women: Filters = { gender: 0 };
  const men: Filters = { gender: 1 };
  const made = (f: Filters) =>
    planOf(
      {
        face_sample_policy: { store_sample: 1, filters: f },
        image_origin_policy: { store_image: 1, filters: f },
        attribute_policy: { store_attribute: 1, filters: f },
        face_policy: { store_face: 1, filters: f },
        event_policy: { store_event: 1, filters: f },
        notification_policy: { send_notification: 1, filters: f },
      },
      eventFacts(man),
    );
  const kept = ({ storeSamples, storeAttribute, storeFace, storeEvent, notify, origins }: ReturnType<typeof made>) => [
    storeSamples,
    storeAttribute,
    storeFace,
    storeEvent,
    notify,
    origins[0] === 'store',
  ];
  assert.equal(kept(made(men)), [true, true, true, true, true, true]);
  assert.equal(kept(made(women)), [false, false, false, false, false, false]);
});

plan('an attribute without anything in it is not kept', () => {
  const storage: StoragePolicy = { attribute_policy: { store_attribute: 1 } };
  assert.is(planOf(storage, eventFacts(nothing)).storeAttribute, false);
  assert.is(planOf(storage, eventFacts({ ...nothing, descriptor: man.descriptor })).storeAttribute, true);
  assert.is(planOf(storage, eventFacts({ ...nothing, basicAttributes: man.basicAttributes })).storeAttribute, true);
});

plan('a face is linked to the lists whose filters hold, each once, and to none when it is not stored', () => {
  const links = [
    { list_id: list, filters: known },
    { list_id: other, filters: { match: [{ label: 'staff', similarity__lte: 0.5 }] } },
    { list_id: list },
  ];
  const policy = (store: 0 | 1): StoragePolicy => ({ face_policy: { store_face: store, link_to_lists_policy: links } });
  assert.equal(planOf(policy(1), eventFacts(man, { matches: match(0.9) }), staff).listIds, [list]);
  assert.equal(planOf(policy(1), eventFacts(man, { matches: match(0.4) }), staff).listIds, [other, list]);
  assert.equal(planOf(policy(0), eventFacts(man, { matches: match(0.9) }), staff).listIds, []);
});

plan('conditional tags follow those of the request, each once', () => {
  const policies = {
    ...staff,
    conditional_tags_policy: [
      { tag: 'vip', filters: known },
      { tag: 'door', filters: {} },
      { tag: 'stranger', filters: { match: [{ label: 'staff', similarity__lte: 0.5 }] } },
    ],
  };
  assert.equal(planOf({}, eventFacts(man, { matches: match(0.9) }), policies, ['door', 'x']).tags, [
    'door',
    'x',
    'vip',
  ]);
  assert.equal(planOf({}, eventFacts(man), policies, []).tags, ['door', 'stranger']);
});

plan('a picture that the client keeps is referred to, unless references are off', () => {
  const at = eventFacts(man, { origin: 'http://camera/1.jpg' });
  assert.equal(planOf({ image_origin_policy: { store_image: 1 } }, at).origins, ['reference']);
  assert.equal(planOf({ image_origin_policy: { store_image: 1, use_external_references: 0 } }, at).origins, ['store']);
  assert.equal(planOf({ image_origin_policy: { store_image: 1 } }, eventFacts(man)).origins, ['store']);
  assert.equal(planOf({ image_origin_policy: { store_image: 0 } }, at).origins, ['none']);
});

plan.run();
