import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packsFolder } from '#contract/data-folder';
import { requirePackage, testsWith } from '../../build/testing/debian.ts';
import { zipOf } from '../../engine/inference/packs/archive/archive.fixture.ts';
import { tinyPackEntries } from '../../engine/inference/packs/tiny-pack.fixture.ts';
import { requireOwnKey } from '../../engine/services/model-packs/own-key.ts';
import { type DaemonProcess, startDaemonProcess } from './daemon-process.ts';

/** The commands of the README, in its order, against a fresh appliance: what it shows is what happens. */
const text = readFileSync('README.md', 'utf8');
const blocksOf = (kind: string): string[] =>
  [...text.matchAll(new RegExp(`<!-- test: ${kind} -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );

const readme = suite<{ daemon: DaemonProcess; home: string }>('README');

readme.before(async (context) => {
  context.home = mkdtempSync(join(tmpdir(), 'perigee-readme-'));
  context.daemon = await startDaemonProcess();
});
readme.after(async ({ daemon, home }) => {
  await daemon?.end('SIGTERM');
  rmSync(home, { recursive: true, force: true });
});

/** The block as a reader would paste it, but for the ports, which the system chose. */
function placed(block: string, daemon: DaemonProcess): string {
  return block
    .replaceAll('http://127.0.0.1:5000', daemon.restUrl)
    .replaceAll('-p 1883', `-p ${new URL(daemon.mqttUrl).port}`);
}

function run(script: string, home: string, more: Record<string, string> = {}): Promise<string> {
  // The lockfile's Node is the reader's `node`.
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
  return new Promise((resolve, reject) => {
    execFile(
      'bash',
      ['-euo', 'pipefail', '-c', script],
      { env: { PATH, HOME: home, ...more } },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
        else resolve(stdout);
      },
    );
  });
}

testsWith(readme, requirePackage('mosquitto-clients', 'mosquitto_sub'))(
  'the first event arrives at the listener, the named person is recognised, the earlier visit is found',
  async (_, { daemon, home }) => {
    const [background] = blocksOf('background');
    const steps = blocksOf('run');
    assert.ok(background && steps.length >= 2, 'the README has its marked commands');
    let heard = '';
    const listener = spawn('bash', ['-c', `exec ${placed(background ?? '', daemon).trim()}`]);
    listener.stdout.on('data', (chunk) => {
      heard += chunk;
    });
    try {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const printed = await run(placed(steps.join('\n'), daemon), home);
      assert.match(printed, /"event_id":"[0-9a-f-]{36}"/);
      assert.match(printed, /"label":"staff"/);
      assert.match(printed, /"tags":\["known"\]/);
      assert.match(printed, /"result":\[\{"event":\{"event_id"/);
      for (let waitedMs = 0; !heard.includes('"event_type":"match"') && waitedMs < 10_000; waitedMs += 100) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.match(heard, /^perigee\/[a-z0-9-]+\/event\/face \{/m);
      assert.match(heard, /"source":"gate-1"/);
      assert.match(heard, /"external_id":"17","user_data":"Ann"/);
    } finally {
      listener.kill();
    }
  },
);

readme('a model pack goes in, into use, and away again, by the command and by REST', async ({ daemon, home }) => {
  const { dataDir } = daemon;
  // A pack that this appliance could have made itself stands for the reader's.
  const archive = join(home, 'tiny.zip');
  writeFileSync(archive, zipOf(tinyPackEntries(requireOwnKey(packsFolder(dataDir)))));
  const blocks = blocksOf('packs');
  assert.is(blocks.length, 2);
  const [byCommand, byRest] = blocks.map((block) =>
    placed(block, daemon).replaceAll('silent-face.zip', archive).replaceAll('silent-face', 'tiny'),
  );
  const told = await run(byCommand ?? '', home, { PERIGEE_DATA_DIR: dataDir });
  for (const line of [/^sound: tiny-1.0.0/m, /^installed: /m, /^ {2}tiny-1.0.0/m, /^active: /m, /^removed: /m]) {
    assert.match(told, line);
  }
  const answered = await run(byRest ?? '', home);
  assert.match(answered, /"id":"tiny-1.0.0".*"active":true,"in_use":true.*"active":false,"in_use":false/s);
  assert.not(existsSync(join(packsFolder(dataDir), 'tiny-1.0.0')));
});

readme('every local file that it links to is there', () => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? '');
  assert.ok(links.length > 0);
  for (const link of links) assert.ok(existsSync(link), link);
});

readme('every npm command that it names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/npm (?:run )?(start|test|(?<=run )[a-z]+)/g)].map((match) => match[1] ?? '');
  assert.ok(named.includes('start') && named.includes('test') && named.includes('demo'));
  for (const name of named) assert.ok(scripts[name], name);
});

readme.run();
