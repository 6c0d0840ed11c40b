import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BootSettings } from '#contract/settings/boot-settings';
import { readyBlock } from './ready-block.ts';

const block = suite('ready block');

const facts: Parameters<typeof readyBlock>[0] = {
  rest: 'http://0.0.0.0:5000',
  ownPorts: [],
  mqtt: 'mqtt://0.0.0.0:1883',
  mqttWarning: null,
  settings: BootSettings.parse({ data_dir: '/data', mqtt_user: 'door', mqtt_password: 's3cret' }),
  device: { chosen: 'cpu', reason: 'no other device', detected: [] } as never,
};

block('it says who may listen right below the broker, when there is something to say', () => {
  assert.match(readyBlock({ ...facts, mqttWarning: 'anybody may listen' }), /1883\n {13}anybody may listen\n {2}Data/);
  assert.match(readyBlock(facts), /1883\n {2}Data/);
});

block('it shows no password', () => {
  assert.not.match(readyBlock(facts), /s3cret/);
});

block.run();
