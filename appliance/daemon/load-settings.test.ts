import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSettings, SettingsError } from './load-settings.ts';

const settings = suite<{ dir: string }>('boot settings');

settings.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'perigee-settings-'));
});
settings.after.each(({ dir }) => rmSync(dir, { recursive: true }));

settings('defaults serve loopback on 5000 with an embedded broker on 1883', ({ dir }) => {
  const loaded = loadSettings({ PERIGEE_DATA_DIR: dir });
  assert.is(loaded.host, '127.0.0.1');
  assert.is(loaded.port, 5000);
  assert.is(loaded.mqtt_port, 1883);
  assert.is(loaded.mqtt_url, undefined);
  assert.is(loaded.data_dir, dir);
});

settings('the environment wins over perigee.yaml, which takes either spelling', ({ dir }) => {
  writeFileSync(join(dir, 'perigee.yaml'), 'port: 6000\nPERIGEE_MQTT_PORT: 2000\nsmall_faces: true\n');
  const loaded = loadSettings({ PERIGEE_DATA_DIR: dir, PERIGEE_PORT: '7000', HOME: '/' });
  assert.is(loaded.port, 7000);
  assert.is(loaded.mqtt_port, 2000);
  assert.is(loaded.small_faces, true);
});

const wrong: readonly [what: string, yaml: string, environment: Record<string, string>, says: RegExp][] = [
  ['an unknown variable', '', { PERIGEE_PROT: '1' }, /PERIGEE_PROT.*Known settings: .*PERIGEE_PORT/],
  ['an unknown key of the file', 'prot: 1', {}, /'prot'.*perigee\.yaml/],
  ['a port that is none', '', { PERIGEE_PORT: '70000' }, /PERIGEE_PORT.*environment/],
  ['a level that is none', 'log_level: loud', {}, /PERIGEE_LOG_LEVEL.*perigee\.yaml/],
  ['a broker url of another protocol', '', { PERIGEE_MQTT_URL: 'http://x' }, /mqtt:\/\//],
  ['a file that is not YAML', 'port: [', {}, /not YAML/],
  ['a file that is a list', '- 1', {}, /keys and values/],
  ['a data directory inside the file', 'data_dir: /x', {}, /environment/],
];
for (const [what, yaml, environment, says] of wrong) {
  settings(`${what} is refused by name`, ({ dir }) => {
    writeFileSync(join(dir, 'perigee.yaml'), yaml);
    try {
      loadSettings({ PERIGEE_DATA_DIR: dir, ...environment });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, SettingsError);
      assert.match((error as Error).message, says);
    }
  });
}

settings.run();
