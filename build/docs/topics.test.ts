import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { topicsPage } from './topics.ts';

const page = suite('page of the MQTT topics');

page('the committed page is the one that the topic map makes', () => {
  assert.is(readFileSync('appliance/mqtt/TOPICS.md', 'utf8'), topicsPage());
});

page('every member of a face event stands on it', () => {
  const text = topicsPage();
  for (const member of [
    'seq',
    'event_type',
    'similarity',
    'margin',
    'liveness.prediction',
    'lists[].list_id',
    'bbox',
  ]) {
    assert.ok(text.includes(`| \`${member}\` |`), member);
  }
});

page.run();
