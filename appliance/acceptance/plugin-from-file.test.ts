import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultDescriptorVersion, packSdkDescriptor } from '#domain/descriptor/descriptor';
import { type DaemonProcess, startDaemonProcess, temporaryDataDir } from './daemon-process.ts';

/** Own plugins in files, as the bundled daemon loads them: they share no module with it. */
const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
const headers = { 'Luna-Account-Id': account, 'Content-Type': 'application/json' };
const example = /<!-- test: plugin -->\n```js\n([\s\S]*?)```/.exec(readFileSync('CONTRIBUTING.md', 'utf8'))?.[1] ?? '';

/** Hands back what is asked of it at first, then answers with an error. */
const moody = `export default () => {
  let context, asked = 0;
  return {
    name: 'moody',
    async init(given) { context = given; },
    async close() {},
    cost: ({ filters }) => (filters.user_data === 'moody' ? 1 : Infinity),
    async match() {
      asked += 1;
      if (asked <= 5) throw context.rematch('not in the mood');
      return context.lunaError('NoMatcher');
    },
  };
};`;

/** Makes a plugin that is made by `make` tell when it is asked. */
const telling = `
export default () => {
  const plugin = make();
  const match = (request, signal) => {
    console.error('the example is asked');
    return plugin.match(request, signal);
  };
  return { ...plugin, match };
};`;

interface Context {
  folder: string;
  dataDir: string;
}
const test = suite<Context>('plugins in files');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'perigee-plugins-'));
  context.dataDir = temporaryDataDir();
});
test.after.each(({ folder, dataDir }) => {
  for (const dir of [folder, dataDir]) rmSync(dir, { recursive: true, force: true });
});

const vector = (who: number): Float32Array => Float32Array.from({ length: 128 }, (_, i) => Math.sin(who + i * who) / 8);
const sdk = (who: number) => ({
  type: 'sdk_descriptor',
  id: `${who}`,
  data: Buffer.from(packSdkDescriptor(defaultDescriptorVersion, vector(who))).toString('base64'),
});

async function post(daemon: DaemonProcess, path: string, body: unknown) {
  const answer = await fetch(daemon.restUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what is there.
  return { status: answer.status, body: (await answer.json()) as any };
}

async function enrol(daemon: DaemonProcess, who: number, list: string): Promise<string> {
  const { body } = await post(daemon, '/6/attributes', { descriptors: [sdk(who)] });
  const face = { attribute_id: body.attribute_id, lists: [list], user_data: 'moody' };
  return (await post(daemon, '/6/faces', face)).body.face_id;
}

const settings = (file: string, own: object = {}): Record<string, string> => ({
  PERIGEE_LOG_LEVEL: 'debug',
  PERIGEE_MATCHER_PROXY: JSON.stringify({
    enabled: true,
    plugins: [file],
    failures_before_pause: 1,
    check_every: 1,
    plugin_settings: { [file]: own },
  }),
});

test('a plugin hands a search back without a failure, and an error that it returns is what the caller gets', async (context) => {
  const { folder, dataDir } = context;
  const file = join(folder, 'moody.mjs');
  writeFileSync(file, moody);
  const daemon = await startDaemonProcess({ dataDir, env: settings(file) });
  try {
    const { body } = await post(daemon, '/6/lists', {});
    const face = await enrol(daemon, 1, body.list_id);
    const search = {
      references: [sdk(1)],
      candidates: [{ filters: { origin: 'faces', user_data: 'moody' }, targets: ['face_id'] }],
    };
    for (let i = 0; i < 5; i++) {
      const found = await post(daemon, '/6/matcher/faces', search);
      assert.is(found.body[0].matches[0].result[0].face.face_id, face);
    }
    const health = await fetch(`${daemon.restUrl}/healthcheck?include_luna_services=1`);
    assert.is(health.status, 200, 'to hand back is no failure');
    const refused = await post(daemon, '/6/matcher/faces', search);
    assert.is(refused.status, 403);
    assert.is(refused.body.error_code, 31011);
    assert.match(daemon.output(), /not in the mood/);
  } finally {
    await daemon.end('SIGTERM');
  }
});

test('the example of the recipe answers as the Python Matcher does, and follows changes', async (context) => {
  const { folder, dataDir } = context;
  const file = join(folder, 'one-list.mjs');
  assert.ok(example, 'CONTRIBUTING has the example');
  writeFileSync(file, example.replace('export default', 'const make =') + telling);
  const first = await startDaemonProcess({ dataDir });
  const { body } = await post(first, '/6/lists', {});
  const list: string = body.list_id;
  const faces = [await enrol(first, 1, list), await enrol(first, 2, list)];
  await first.end('SIGTERM');

  const daemon = await startDaemonProcess({ dataDir, env: settings(file, { list_id: list }) });
  try {
    faces.push(await enrol(daemon, 3, list));
    for (const [i, face] of faces.entries()) {
      const { body: found } = await post(daemon, '/6/matcher/faces', {
        references: [sdk(i + 1)],
        candidates: [{ filters: { origin: 'faces', list_id: list }, targets: ['face_id'], limit: 2 }],
      });
      assert.is(found[0].matches[0].result[0].face.face_id, face);
      assert.is(found[0].matches[0].result.length, 2);
    }
    const health = await fetch(`${daemon.restUrl}/healthcheck?include_luna_services=1`);
    assert.is(health.status, 200, 'every answer was compared, and one failure would make it rest');
    assert.not(/matching plugin (failed|stays off|cannot)/.test(daemon.output()), daemon.output());
    assert.is(daemon.output().match(/the example is asked/g)?.length, faces.length);
  } finally {
    await daemon.end('SIGTERM');
  }
});

test.run();
