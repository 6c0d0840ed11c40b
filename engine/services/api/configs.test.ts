import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openRouteBench } from '../route-bench.ts';
import { createConfigsRoutes } from './configs.routes.ts';

const secret = 'hunter2';
const settings = {
  port: 5000,
  mqtt_user: 'door',
  mqtt_password: secret,
  mqtt_url: `mqtts://gate:${secret}@broker.site:8883/x`,
  external_address: undefined,
  pack_keys: 'AAAA=',
  allowed_url_hosts: ['camera', `http://a:${secret}@b`],
  matcher_proxy: {
    enabled: true,
    plugin_settings: {
      pgvector: { url: `postgres://me:${secret}@db/faces?password=${secret}&sslmode=require` },
      own: [{ apiKey: secret, dsn: `host=db password=${secret} user=me` }],
    },
  },
};

const configs = suite('settings in effect');
const bench = openRouteBench(() => [createConfigsRoutes(() => settings)]);
configs.after(() => bench.close());

configs('are answered as JSON under both names, without any password', async () => {
  for (const path of ['/configs', '/config']) {
    const { status, body } = await bench.call('GET', path);
    assert.is(status, 200);
    assert.not.match(JSON.stringify(body), secret);
    assert.equal(body, {
      port: 5000,
      mqtt_user: 'door',
      mqtt_password: '***',
      mqtt_url: 'mqtts://gate:***@broker.site:8883/x',
      external_address: null,
      pack_keys: 'AAAA=',
      allowed_url_hosts: ['camera', 'http://a:***@b'],
      matcher_proxy: {
        enabled: true,
        plugin_settings: {
          pgvector: { url: 'postgres://me:***@db/faces?password=***&sslmode=require' },
          own: [{ apiKey: '***', dsn: 'host=db password=*** user=me' }],
        },
      },
    });
  }
});

configs('are a configuration file for who asks for text', async () => {
  const { headers, body } = await bench.call('GET', '/configs', { headers: { Accept: 'text/plain, */*' } });
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  assert.not.match(body, secret);
  assert.match(body, /^port = 5000\nmqtt_user = door\nmqtt_password = \*\*\*\n/);
  assert.match(body, /\n\n\[matcher_proxy\]\nenabled = true\n\n\[matcher_proxy\.plugin_settings\]\n/);
});

configs('are nothing else, and not for everybody', async () => {
  assert.is((await bench.call('GET', '/configs', { headers: { Accept: 'image/png' } })).body.error_code, 12023);
  assert.is((await bench.call('GET', '/configs', { caller: null })).body.error_code, 12010);
});

configs.run();
