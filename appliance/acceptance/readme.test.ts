import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packsFolder } from '#contract/settings/data-folder';
import { requirePackage, testsWith } from '../../build/testing/debian.ts';
import { zipOf } from '../../engine/inference/packs/archive/archive.fixture.ts';
import { tinyPackEntries } from '../../engine/inference/packs/tiny-pack.fixture.ts';
import { requireOwnKey } from '../../engine/services/model-packs/own-key.ts';

/** The commands of the README, in its order, against the appliance that its first one starts: what it shows is what happens. */
const text = readFileSync('README.md', 'utf8');

/** A block of commands, and the marker above it: how it is run, or why it cannot be. */
interface Block {
  kind: string | undefined;
  reason: string | undefined;
  script: string;
}
const blocks: Block[] = [...text.matchAll(/(?:<!-- test: ([a-z ]+)(?:: (.+))? -->\n)?```sh\n([\s\S]*?)```/g)].map(
  ([, kind, reason, script = '']) => ({ kind, reason, script }),
);
const kinds = ['start', 'demo', 'background', 'run', 'account', 'import', 'packs', 'cannot run'];
const blocksOf = (kind: string): string[] => blocks.filter((block) => block.kind === kind).map(({ script }) => script);
const onlyBlockOf = (kind: string): string => {
  const [script = '', ...others] = blocksOf(kind);
  assert.ok(script && others.length === 0, `one block of the kind '${kind}'`);
  return script;
};

/** What `npm start` started. */
interface Started {
  child: ChildProcess;
  restUrl: string;
  mqttUrl: string;
  /** The block that says so. */
  said: string;
}

const readme = suite<{ home: string; dataDir: string; started: Started }>('README');
const readyLimitMs = 40_000;

/** The lockfile's Node is the reader's `node`. */
const environment = (home: string, more: Record<string, string> = {}): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  HOME: home,
  ...more,
});

function start(home: string, dataDir: string): Promise<Started> {
  const child = spawn('bash', ['-c', `exec ${onlyBlockOf('start').trim()}`], {
    env: environment(home, {
      PERIGEE_DATA_DIR: dataDir,
      PERIGEE_PORT: '0',
      PERIGEE_MQTT_PORT: '0',
      PERIGEE_LOG_LEVEL: 'warn',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready:\n${output}`)), readyLimitMs);
    const look = (chunk: Buffer): void => {
      output += chunk;
      const [said = '', restUrl = '', mqttUrl = ''] =
        /^Perigee is ready\n {2}REST +(\S+).*\n {2}MQTT +(\S+).*\n(?: {2}\w+ .*\n| {13}.*\n)+/m.exec(output) ?? [];
      if (!/^ {2}Inference /m.test(said)) return;
      clearTimeout(timer);
      resolve({ child, restUrl, mqttUrl, said });
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', (code) => reject(new Error(`npm start ended with code ${code}:\n${output}`)));
  });
}

readme.before(async (context) => {
  context.home = mkdtempSync(join(tmpdir(), 'perigee-readme-'));
  context.dataDir = join(context.home, 'data');
  context.started = await start(context.home, context.dataDir);
});
readme.after(({ home }) => rmSync(home, { recursive: true, force: true }));

/** The block as a reader would paste it, but for the ports, which the system chose. */
function placed(block: string, { restUrl, mqttUrl }: Started): string {
  return block.replaceAll('http://127.0.0.1:5000', restUrl).replaceAll('-p 1883', `-p ${new URL(mqttUrl).port}`);
}

function run(script: string, env: Record<string, string>, input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('bash', ['-euo', 'pipefail', '-c', script], { env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}

readme('every block of commands says how it is tested, or why it cannot be', () => {
  for (const { kind, reason, script } of blocks) {
    assert.ok(kind && kinds.includes(kind), `no marker, or an unknown one: ${script}`);
    assert.is(kind === 'cannot run', reason !== undefined, script);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    assert.is(status, 0, `${script}: ${stderr}`);
  }
  for (const kind of kinds) assert.ok(blocksOf(kind).length > 0, kind);
  const [, installer = ''] = /^node (\S+) /m.exec(blocksOf('cannot run').join('\n')) ?? [];
  assert.ok(existsSync(`${installer}.js`), installer);
});

readme('the ready block is what `npm start` prints', ({ started }) => {
  const [, shown = ''] = /```text\n(Perigee is ready\n[\s\S]*?)```/.exec(text) ?? [];
  // What differs from machine to machine: ports, the name of the device, the folder, reasons about accelerators.
  const alike = (block: string): string[] =>
    block
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replace(/perigee\/[a-z0-9]+\/#/, 'perigee/DEVICE/#')
      .replace(/(Data {7}).*/, '$1FOLDER')
      .replace(/(Inference {2}\w+) \(.+\)/, '$1 (REASON)')
      .trimEnd()
      .split('\n');
  const [said, read] = [alike(started.said), alike(shown)];
  assert.equal(read.slice(0, 5), said.slice(0, 5));
  for (const line of [...said, ...read].slice(5).filter((one) => one.startsWith(' '.repeat(13)))) {
    assert.match(line, /^ {13}[a-z]+: .+/);
  }
});

testsWith(readme, requirePackage('mosquitto-clients', 'mosquitto_sub'))(
  'the first event arrives at the listener, the named person is recognised, the earlier visit is found, a wrong one rejected',
  async (_, { started, home }) => {
    let heard = '';
    const listener = spawn('bash', ['-c', `exec ${placed(onlyBlockOf('background'), started).trim()}`]);
    listener.stdout.on('data', (chunk) => {
      heard += chunk;
    });
    try {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const printed = await run(placed(blocksOf('run').join('\n'), started), environment(home));
      assert.match(printed, /"event_id":"[0-9a-f-]{36}"/);
      assert.match(printed, /"label":"staff"/);
      assert.match(printed, /"tags":\["known"\]/);
      assert.match(printed, /"result":\[\{"event":\{"event_id"/);
      // The same search by the same event: before the rejection, and after it.
      assert.match(printed, /"result":\[\{"face":\{"user_data":"Ann"\}[\s\S]*"result":\[\]/);
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

readme('the demo recognises who it enrolled and hears all of it over MQTT', async ({ started, home }) => {
  const env = environment(home, { PERIGEE_URL: started.restUrl, PERIGEE_MQTT_URL: started.mqttUrl });
  const printed = await run(onlyBlockOf('demo'), env);
  assert.match(printed, / {2}Guest \w/);
  assert.match(printed, /\d+ events, all of them over MQTT/);
  assert.ok(existsSync('perigee-demo.jpg'));
});

readme('the account that is made on the box signs in with its password', async ({ started, home, dataDir }) => {
  const env = environment(home, { PERIGEE_DATA_DIR: dataDir });
  await run(onlyBlockOf('account'), env, 'correct horse\n');
  const Authorization = `Basic ${Buffer.from('owner@site.com:correct horse').toString('base64')}`;
  const answer = await fetch(`${started.restUrl}/6/account`, { headers: { Authorization } });
  assert.is(answer.status, 200);
  const { login, account_type } = (await answer.json()) as { login: string; account_type: string };
  assert.equal([login, account_type], ['owner@site.com', 'admin']);
});

readme('without the files that nobody but the reader can download, the import says where they are', async (context) => {
  const folder = join(context.home, 'silent-face');
  mkdirSync(folder);
  const env = environment(context.home, { PERIGEE_DATA_DIR: context.dataDir });
  const failure = await run(onlyBlockOf('import').replace('FOLDER', folder), env).catch(String);
  assert.match(failure, /2\.7_80x80_MiniFASNetV2\.pth is missing\. Download it from https:\S+/);
});

readme('a model pack goes in, into use, and away again, by the command and by REST', async (context) => {
  const { started, home, dataDir } = context;
  // A pack that this appliance could have made itself stands for the reader's.
  const archive = join(home, 'tiny.zip');
  writeFileSync(archive, zipOf(tinyPackEntries(requireOwnKey(packsFolder(dataDir)))));
  const [byCommand = '', byRest = '', ...others] = blocksOf('packs').map((block) =>
    placed(block, started).replaceAll('silent-face.zip', archive).replaceAll('silent-face', 'tiny'),
  );
  assert.equal(others, []);
  const told = await run(byCommand, environment(home, { PERIGEE_DATA_DIR: dataDir }));
  for (const line of [/^sound: tiny-1.0.0/m, /^installed: /m, /^ {2}tiny-1.0.0/m, /^active: /m, /^removed: /m]) {
    assert.match(told, line);
  }
  const answered = await run(byRest, environment(home));
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

/** The daemon that `npm start` has below it: the process that has the data directory's settings and runs `dist/daemon.js`. */
function daemonBelow(pid: number): number | undefined {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  for (const child of children) {
    if (readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('\0dist/daemon.js')) return child;
    const below = daemonBelow(child);
    if (below) return below;
  }
  return undefined;
}

readme(
  'the daemon runs with the settings that `npm start` gives its process, and SIGTERM to npm ends it',
  async ({ started }) => {
    const { child, restUrl } = started;
    const pid = daemonBelow(child.pid as number) as number;
    const environ = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    for (const setting of [
      'MALLOC_ARENA_MAX=2',
      'MALLOC_MMAP_THRESHOLD_=1048576',
      `NODE_COMPILE_CACHE=${resolvePath('dist/compile-cache')}`,
    ]) {
      assert.ok(environ.includes(setting), setting);
    }
    assert.ok((await fetch(`${restUrl}/healthcheck`)).ok);
    child.kill('SIGTERM');
    for (let waitedMs = 0; existsSync(`/proc/${pid}`) && waitedMs < 20_000; waitedMs += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.not(existsSync(`/proc/${pid}`), 'the daemon is gone');
  },
);

readme.run();
