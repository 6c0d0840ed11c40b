import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSeededChance } from '#kernel/chance';
import { createFixedClock } from '#kernel/clock';
import { createIds } from '#kernel/ids';
import { sampleEvent } from '../../services/events/sample-events.fixture.ts';
import { pickTargets } from '../matching/targets.ts';
import { partsFor, toEventJson, toEventRecord } from './event-record.ts';

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

records('every target is answered from the parts that are named for it', () => {
  for (const event of events) {
    const row: Record<string, unknown> = asRow(event);
    for (const [name, value] of Object.entries(toEventRecord(event))) {
      const parts = partsFor([name]);
      const read = Object.fromEntries(parts.map((part) => [part, row[part]]));
      assert.equal(JSON.parse(toEventJson(read, [name])), { [name]: value });
      assert.ok(parts.length <= 7, name);
    }
  }
  assert.equal(partsFor(['tags', 'event_id', 'meta', 'deepfake']), ['document', 'event_id']);
});

records.run();
