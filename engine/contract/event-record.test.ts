import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSeededChance } from '#kernel/chance';
import { createFixedClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { sampleEvent } from '../services/events/sample-events.fixture.ts';
import { toEventJson, toEventRecord } from './event-record.ts';
import { pickTargets } from './targets.ts';

const ids = createIds({ clock: createFixedClock(0), chance: createSeededChance(1) });
const account_id = 'aaaaaaaa-0000-4000-8000-000000000001';
const events = Array.from({ length: 24 }, (_, i) => {
  const { descriptors, ...event } = sampleEvent(ids, i, { account_id });
  const document = { ...event.document, meta: { text: '"}, {', number: i }, attach_result: [account_id] };
  return { ...event, document };
});
const asRow = (event: (typeof events)[number]) => ({ ...event, document: JSON.stringify(event.document) });

const records = suite('event records');

records('the JSON of a row has the members of its record, whatever the document holds', () => {
  for (const event of events) {
    assert.equal(JSON.parse(toEventJson(asRow(event), undefined)), toEventRecord(event));
  }
});

records('targets pick among columns and among what the document holds', () => {
  for (const targets of [['event_id'], ['top_match', 'location', 'age'], ['meta', 'event_id', 'match_result'], []]) {
    for (const event of events) {
      assert.equal(JSON.parse(toEventJson(asRow(event), targets)), pickTargets(toEventRecord(event), targets));
    }
  }
});

records('a document is read only for targets that it holds', () => {
  const [event] = events.map(asRow);
  if (!event) throw new Error('no event');
  assert.ok(toEventJson({ ...event, document: 'unread' }, ['event_id', 'top_match']).includes(event.event_id));
  assert.throws(() => toEventJson({ ...event, document: 'unread' }, ['tags']));
});

records.run();
