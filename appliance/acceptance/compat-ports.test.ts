import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exampleDescriptor } from '#contract/matching/raw-descriptors';
import { DaemonFailure, startDaemonProcess, temporaryDataDir } from './daemon-process.ts';

/** The bundled daemon with ports of its own for the matching services, and with settings of theirs that are wrong. */
const compat = suite<{ dataDir: string }>('own ports of the daemon');

compat.before.each((context) => {
  context.dataDir = temporaryDataDir();
});
compat.after.each(({ dataDir }) => rmSync(dataDir, { recursive: true, force: true }));

const headers = { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904480', 'Content-Type': 'application/json' };

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape are looked into
async function post(url: string, json: unknown): Promise<any> {
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(json) });
  const text = await answer.text();
  assert.ok(answer.ok, `${url}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

async function refusal(dataDir: string, env: Record<string, string>): Promise<DaemonFailure> {
  try {
    const daemon = await startDaemonProcess({ dataDir, env });
    await daemon.end('SIGKILL');
  } catch (error) {
    if (error instanceof DaemonFailure) return error;
    throw error;
  }
  throw new Error('the daemon started');
}

compat("the bundled workers search, asked on the public port and on the matcher's own", async ({ dataDir }) => {
  const env = {
    PERIGEE_WORKERS: '2',
    PERIGEE_COMPAT_PORTS: '{"luna-python-matcher": 0, "luna-python-matcher-proxy": 0}',
    PERIGEE_MATCHER_PROXY: '{"enabled": true}',
  };
  const daemon = await startDaemonProcess({ dataDir, env });
  try {
    for (let waitedMs = 0; !daemon.output().includes('matcher-proxy)') && waitedMs < 5000; waitedMs += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const addressOf = (service: string): string =>
      new RegExp(`(http://127\\.0\\.0\\.1:\\d+) +\\(${service}\\)`).exec(daemon.output())?.[1] ?? '';
    const attribute = { descriptors: [{ type: exampleDescriptor.type, data: exampleDescriptor.data }] };
    const { attribute_id } = await post(`${daemon.restUrl}/6/attributes`, attribute);
    const { face_id } = await post(`${daemon.restUrl}/6/faces`, { attribute_id });
    const search = { references: [exampleDescriptor], candidates: [{ filters: { origin: 'faces' } }] };
    for (const path of [
      `${daemon.restUrl}/6`,
      `${addressOf('luna-python-matcher')}/1`,
      `${addressOf('luna-python-matcher-proxy')}/1`,
    ]) {
      const [{ matches }] = await post(`${path}/matcher/faces`, search);
      assert.is(matches[0].result[0].face.face_id, face_id, path);
    }
  } finally {
    assert.is(await daemon.end('SIGTERM'), 0);
  }
});

compat('a port that is taken is named with its service', async ({ dataDir }) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const { exitCode, output } = await refusal(dataDir, { PERIGEE_COMPAT_PORTS: `{"luna-python-matcher": ${port}}` });
  other.close();
  assert.is(exitCode, 1);
  assert.match(output, new RegExp(`Port ${port} of luna-python-matcher .*taken.*PERIGEE_COMPAT_PORTS`));
});

const wrong: readonly [what: string, env: Record<string, string>, says: RegExp][] = [
  ['a port for a service that is off', { PERIGEE_COMPAT_PORTS: '{"luna-python-matcher-proxy": 0}' }, /switched off/],
  ['a member of the matcher that is none', { PERIGEE_MATCHER: '{"limit": 3}' }, /PERIGEE_MATCHER'.*"limit"/],
  ['a value at depth', { PERIGEE_MATCHER: '{"ivf": {"probes": 0}}' }, /PERIGEE_MATCHER': ivf\.probes: /],
  ['a member of the proxy that is none', { PERIGEE_MATCHER_PROXY: '{"on": true}' }, /PERIGEE_MATCHER_PROXY'.*"on"/],
];
compat('settings of the matching services that are wrong are refused by name', async ({ dataDir }) => {
  for (const [what, env, says] of wrong) {
    const { exitCode, output } = await refusal(dataDir, env);
    assert.is(exitCode, 1, what);
    assert.match(output, says, what);
  }
});

compat.run();
