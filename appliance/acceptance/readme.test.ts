import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requirePackage, testsWith } from '../../build/testing/debian.ts';
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

function run(script: string, home: string): Promise<string> {
  // The lockfile's Node is the reader's `node`.
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
  return new Promise((resolve, reject) => {
    execFile('bash', ['-euo', 'pipefail', '-c', script], { env: { PATH, HOME: home } }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
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
