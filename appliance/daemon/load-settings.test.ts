import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#kernel/log';
import { loadSettings, SettingsError, settingsFile } from './load-settings.ts';
import { keepPrivate } from './private-file.ts';

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

settings('own ports of services are all, none, or some by name', ({ dir }) => {
  const portsOf = (value: string) => loadSettings({ PERIGEE_DATA_DIR: dir, PERIGEE_COMPAT_PORTS: value }).compat_ports;
  assert.is(loadSettings({ PERIGEE_DATA_DIR: dir }).compat_ports, false);
  assert.is(portsOf('1'), true);
  assert.is(portsOf('false'), false);
  assert.equal(portsOf('{"luna-python-matcher": 6100}'), { 'luna-python-matcher': 6100 });
  writeFileSync(
    join(dir, 'perigee.yaml'),
    'compat_ports: {luna-python-matcher: 6101}\nmatcher: {reference_limit: 7}\n',
  );
  const loaded = loadSettings({ PERIGEE_DATA_DIR: dir });
  assert.equal(loaded.compat_ports, { 'luna-python-matcher': 6101 });
  assert.equal(loaded.matcher, { reference_limit: 7 });
});

settings('hosts whose pictures are taken are a list, as they stand in a parsed url', ({ dir }) => {
  const hostsOf = (value: string) =>
    loadSettings({ PERIGEE_DATA_DIR: dir, PERIGEE_ALLOWED_URL_HOSTS: value }).allowed_url_hosts;
  assert.equal(loadSettings({ PERIGEE_DATA_DIR: dir }).allowed_url_hosts, []);
  assert.equal(hostsOf(''), []);
  assert.equal(hostsOf(' Gate-1.LAN, 192.168.1.20,[FD00::0:1],fd00::80,'), [
    'gate-1.lan',
    '192.168.1.20',
    'fd00::1',
    'fd00::80',
  ]);
  writeFileSync(join(dir, 'perigee.yaml'), 'allowed_url_hosts: [Gate-2.lan]\n');
  assert.equal(loadSettings({ PERIGEE_DATA_DIR: dir }).allowed_url_hosts, ['gate-2.lan']);
});

settings('a user of the embedded broker has a password, and no message repeats it', ({ dir }) => {
  const given = { PERIGEE_DATA_DIR: dir, PERIGEE_MQTT_USER: 'door', PERIGEE_MQTT_PASSWORD: 's3cret' };
  const { mqtt_user, mqtt_password } = loadSettings(given);
  assert.equal([mqtt_user, mqtt_password], ['door', 's3cret']);
  for (const more of [{ PERIGEE_MQTT_URL: 'mqtt://broker' }, { PERIGEE_PORT: 'x' }, { PERIGEE_MQTT_USER: '' }]) {
    try {
      loadSettings({ ...given, ...more });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, SettingsError);
      assert.not.match((error as Error).message, /s3cret/);
    }
  }
});

settings('a settings file that cannot be read is named as such', ({ dir }) => {
  mkdirSync(join(dir, 'perigee.yaml'));
  assert.throws(() => loadSettings({ PERIGEE_DATA_DIR: dir }), /perigee\.yaml cannot be read \(EISDIR\)/);
});

settings('the settings file is taken out of the sight of other users', ({ dir }) => {
  const file = settingsFile(dir);
  writeFileSync(file, 'port: 1\n');
  chmodSync(file, 0o644);
  const lines: string[] = [];
  const log = createLog('warn', { write: (line) => void lines.push(line) });
  keepPrivate(file, log);
  assert.is(statSync(file).mode & 0o777, 0o600);
  keepPrivate(join(dir, 'none'), log);
  assert.equal(lines, []);
  keepPrivate(join(file, 'inside a file'), log);
  assert.match(lines.join(''), /other users of this machine may read/);
});

const wrong: readonly [what: string, yaml: string, environment: Record<string, string>, says: RegExp][] = [
  ['an unknown variable', '', { PERIGEE_PROT: '1' }, /PERIGEE_PROT.*Known settings: .*PERIGEE_PORT/],
  ['an unknown key of the file', 'prot: 1', {}, /'prot'.*perigee\.yaml/],
  ['a port that is none', '', { PERIGEE_PORT: '70000' }, /PERIGEE_PORT.*environment/],
  ['an empty port', '', { PERIGEE_PORT: '' }, /PERIGEE_PORT.*whole number/],
  ['a port of spaces', '', { PERIGEE_MQTT_PORT: ' ' }, /PERIGEE_MQTT_PORT.*whole number/],
  ['a port left out in the file', 'port:', {}, /PERIGEE_PORT.*whole number/],
  ['a port that is a yes', 'port: true', {}, /PERIGEE_PORT.*whole number/],
  ['no workers by a no', 'workers: false', {}, /PERIGEE_WORKERS.*whole number/],
  ['an own port that is empty', '', { PERIGEE_COMPAT_PORTS: '{"luna-python-matcher": ""}' }, /PERIGEE_COMPAT_PORTS/],
  ['a device that is none', '', { PERIGEE_DEVICE: 'tpu' }, /PERIGEE_DEVICE.*tensorrt/],
  ['a level that is none', 'log_level: loud', {}, /PERIGEE_LOG_LEVEL.*perigee\.yaml/],
  ['a broker url of another protocol', '', { PERIGEE_MQTT_URL: 'http://x' }, /mqtt:\/\//],
  ['an own port of nobody', '', { PERIGEE_COMPAT_PORTS: '{"luna-x": 1}' }, /PERIGEE_COMPAT_PORTS.*luna-x/],
  ['JSON that is none', '', { PERIGEE_MATCHER: '{"a"' }, /PERIGEE_MATCHER/],
  ['a user without a password', '', { PERIGEE_MQTT_USER: 'door' }, /PERIGEE_MQTT_PASSWORD.*missing/],
  ['a password without a user', '', { PERIGEE_MQTT_PASSWORD: 'x' }, /PERIGEE_MQTT_USER.*missing/],
  ['a password that is a number', 'mqtt_user: door\nmqtt_password: 12', {}, /PERIGEE_MQTT_PASSWORD.*quotes/],
  ['a host with a port', '', { PERIGEE_ALLOWED_URL_HOSTS: 'gate:8080' }, /PERIGEE_ALLOWED_URL_HOSTS.*'gate:8080'/],
  ['a host with port 80', '', { PERIGEE_ALLOWED_URL_HOSTS: 'gate:80' }, /PERIGEE_ALLOWED_URL_HOSTS.*'gate:80'/],
  ['an address with a port', '', { PERIGEE_ALLOWED_URL_HOSTS: '[::1]:80' }, /PERIGEE_ALLOWED_URL_HOSTS.*port/],
  ['a url among hosts', '', { PERIGEE_ALLOWED_URL_HOSTS: 'a,http://gate/' }, /PERIGEE_ALLOWED_URL_HOSTS.*'http:/],
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
