import { rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { DaemonFailure, type DaemonProcess, startDaemonProcess, temporaryDataDir } from './daemon-process.ts';

const startAndStop = suite<{ dataDir: string }>('start and stop');

startAndStop.before.each((context) => {
  context.dataDir = temporaryDataDir();
});
startAndStop.after.each(({ dataDir }) => rmSync(dataDir, { recursive: true, force: true }));

async function failureOf(start: Promise<DaemonProcess>): Promise<DaemonFailure> {
  try {
    const daemon = await start;
    await daemon.end('SIGKILL');
  } catch (error) {
    if (error instanceof DaemonFailure) return error;
    throw error;
  }
  throw new Error('the daemon started');
}

startAndStop('a fresh daemon says where it serves, answers, and ends in order on SIGTERM', async ({ dataDir }) => {
  const daemon = await startDaemonProcess({ dataDir });
  const health = await fetch(`${daemon.restUrl}/healthcheck`);
  assert.is(health.status, 200);
  assert.type(((await health.json()) as { execution_time: number }).execution_time, 'number');
  assert.match(daemon.output(), /Inference +cpu/);
  assert.is(await daemon.end('SIGTERM'), 0);
});

startAndStop('what was in flight when SIGINT came is finished', async ({ dataDir }) => {
  const daemon = await startDaemonProcess({ dataDir });
  const account = { 'Luna-Account-Id': '6d071cca-fda5-4a03-84d5-5bea65904480' };
  const answers = Array.from({ length: 20 }, () =>
    fetch(`${daemon.restUrl}/6/lists`, {
      method: 'POST',
      headers: { ...account, 'Content-Type': 'application/json' },
      body: '{"user_data":"x"}',
    }).then(async (answer) => (answer.status === 201 ? '' : `${answer.status} ${await answer.text()}`)),
  );
  await Promise.race(answers);
  const code = await daemon.end('SIGINT');
  const statuses = (await Promise.allSettled(answers)).filter((answer) => answer.status === 'fulfilled');
  assert.ok(statuses.length > 0);
  for (const answer of statuses) assert.is(answer.value, '', daemon.output());
  assert.is(code, 0);
});

startAndStop(
  'neither a deaf WebSocket nor a hung broker nor an endless upload keeps it from an orderly end',
  async ({ dataDir }) => {
    const held: Socket[] = [];
    // Accepts the connection (CONNACK), and acknowledges nothing after that.
    const broker = createServer((socket) => {
      held.push(socket.on('error', () => {}));
      socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])));
    });
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
    const { port } = broker.address() as AddressInfo;
    const daemon = await startDaemonProcess({ dataDir, env: { PERIGEE_MQTT_URL: `mqtt://127.0.0.1:${port}` } });
    const account = '6d071cca-fda5-4a03-84d5-5bea65904480';
    const deaf = new WebSocket(`${daemon.restUrl.replace('http', 'ws')}/6/ws?luna-account-id=${account}`);
    await new Promise((resolve, reject) => deaf.once('open', resolve).once('error', reject));
    deaf.on('error', () => {});
    deaf.pause();
    const upload = connect(Number(new URL(daemon.restUrl).port), '127.0.0.1');
    held.push(upload.on('error', () => {}));
    upload.write(
      `POST /6/images HTTP/1.1\r\nHost: box\r\nLuna-Account-Id: ${account}\r\nContent-Type: image/jpeg\r\nContent-Length: 100\r\n\r\nx`,
    );
    await fetch(`${daemon.restUrl}/healthcheck`);
    assert.is(await daemon.end('SIGTERM'), 0, daemon.output());
    deaf.terminate();
    for (const socket of held) socket.destroy();
    broker.close();
  },
);

startAndStop('a data directory that cannot be made is named', async ({ dataDir }) => {
  const file = join(dataDir, 'a file');
  writeFileSync(file, 'x');
  for (const impossible of ['/proc/perigee/data', join(file, 'data')]) {
    const failure = await failureOf(startDaemonProcess({ dataDir: impossible }));
    assert.is(failure.exitCode, 1);
    assert.match(failure.output, new RegExp(`^The data directory ${impossible} cannot be made there`));
  }
});

startAndStop('a second daemon on the same data directory is refused and told what to do', async ({ dataDir }) => {
  const first = await startDaemonProcess({ dataDir });
  try {
    const failure = await failureOf(startDaemonProcess({ dataDir }));
    assert.is(failure.exitCode, 1);
    assert.match(failure.output, new RegExp(`in use by another Perigee \\(process ${first.pid}\\)`));
    assert.match(failure.output, /PERIGEE_DATA_DIR/);
  } finally {
    await first.end('SIGTERM');
  }
});

startAndStop('a daemon that was killed leaves no lock behind', async ({ dataDir }) => {
  const first = await startDaemonProcess({ dataDir });
  await first.end('SIGKILL');
  const second = await startDaemonProcess({ dataDir });
  assert.is(await second.end('SIGTERM'), 0);
});

for (const key of ['PERIGEE_PORT', 'PERIGEE_MQTT_PORT']) {
  startAndStop(`a taken port is refused and ${key} is named`, async ({ dataDir }) => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const port = (blocker.address() as { port: number }).port;
    try {
      const failure = await failureOf(startDaemonProcess({ dataDir, env: { [key]: String(port) } }));
      assert.is(failure.exitCode, 1);
      assert.match(failure.output, new RegExp(`Port ${port} .*is taken.*${key}`));
    } finally {
      blocker.close();
    }
  });
}

startAndStop('a wrong setting is refused by name before anything is opened', async ({ dataDir }) => {
  writeFileSync(join(dataDir, 'perigee.yaml'), 'prot: 1\n');
  const failure = await failureOf(startDaemonProcess({ dataDir }));
  assert.is(failure.exitCode, 78);
  assert.match(failure.output, /'prot'/);
});

startAndStop(
  'an outside broker that is not there is told by the full health check, and does not stop the work',
  async ({ dataDir }) => {
    const daemon = await startDaemonProcess({ dataDir, env: { PERIGEE_MQTT_URL: 'mqtt://127.0.0.1:1' } });
    try {
      assert.is((await fetch(`${daemon.restUrl}/healthcheck`)).status, 200);
      let full = await fetch(`${daemon.restUrl}/healthcheck?include_luna_services=1`);
      for (let i = 0; i < 50 && !/listens/.test(await full.clone().text()); i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        full = await fetch(`${daemon.restUrl}/healthcheck?include_luna_services=1`);
      }
      assert.is(full.status, 502);
      assert.match(((await full.json()) as { detail: string }).detail, /mqtt .*nothing listens there/);
    } finally {
      assert.is(await daemon.end('SIGTERM'), 0);
    }
  },
);

startAndStop('a device that was forced and does not work keeps the daemon from starting', async ({ dataDir }) => {
  const failure = await failureOf(startDaemonProcess({ dataDir, env: { PERIGEE_DEVICE: 'cuda' } }));
  assert.is(failure.exitCode, 1);
  assert.match(failure.output, /cuda/i);
});

startAndStop.run();
