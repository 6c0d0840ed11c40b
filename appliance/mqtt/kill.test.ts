import { spawn } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMqttAppliance, listen, temporaryDir } from '../../build/testing/mqtt-appliance.ts';
import { freePort } from '../../build/testing/tcp-proxy.ts';

const killing = suite('kill -9 of the publisher and its embedded broker');
const door = { clientId: 'door', clean: false };

/** Runs the victim for a while, kills it, and gives the events that it had committed. */
function runAndKill(dir: string, port: number, lifeMs: number, whenReady: () => Promise<void>): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['build/testing/mqtt-victim.ts', dir, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    let ready = false;
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (ready || !output.startsWith('ready\n')) return;
      ready = true;
      whenReady().then(() => setTimeout(() => child.kill('SIGKILL'), lifeMs), reject);
    });
    child.once('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the victim ended by itself:\n${output}`));
      // A line that was cut was written after its commit all the same, but cannot be read.
      resolve(output.split('\n').slice(1, -1));
    });
  });
}

const { dir, remove } = temporaryDir();
const committed: string[] = [];
const delivered = new Map<string, number>();
const rounds = 3;
const killsPerRound = 4;

function note(eventIds: readonly string[]): void {
  for (const id of eventIds) if (!delivered.has(id)) delivered.set(id, delivered.size);
}

for (let round = 0; round < rounds; round++) {
  killing(`kills ${round * killsPerRound + 1} to ${(round + 1) * killsPerRound} under load`, async () => {
    for (let i = 0; i < killsPerRound; i++) {
      const port = await freePort();
      // The subscriber is there, away, or vanishes together with the appliance.
      const attend = round + i === 0 || i % 3 !== 1;
      let subscriber: Awaited<ReturnType<typeof listen>> | undefined;
      const lifeMs = 20 + (((round * killsPerRound + i) * 37) % 180);
      const ids = await runAndKill(dir, port, lifeMs, async () => {
        if (attend) subscriber = await listen(port, 'perigee/+/event/#', door);
      });
      committed.push(...ids);
      if (subscriber) {
        note(subscriber.eventIds());
        await subscriber.vanish();
      }
    }
    assert.ok(committed.length > 0);
  });
}

killing('everything that was committed has been delivered to the subscriber that comes back, in order', async () => {
  const appliance = createMqttAppliance({ dir });
  await appliance.mqtt.start();
  const port = Number(/:(\d+) /.exec(appliance.mqtt.describe())?.[1]);
  const back = await listen(port, [], door);
  // The subscriber was introduced in the first life: only what was committed before it subscribed is not for it.
  const firstHeard = committed.findIndex((id) => delivered.has(id));
  const owed = committed.slice(firstHeard);
  const missing = (): string[] => {
    note(back.eventIds());
    return owed.filter((id) => !delivered.has(id));
  };
  await back.until(() => missing().length === 0, 30_000).catch(() => {});
  assert.equal(missing(), []);
  const places = owed.map((id) => delivered.get(id) ?? -1);
  assert.equal(
    places,
    [...places].sort((a, b) => a - b),
    'first deliveries in the order of the events',
  );
  console.log(`${committed.length} events committed over ${rounds * killsPerRound} kills, all delivered`);
  assert.is(appliance.identity.boot, rounds * killsPerRound + 1);
  await back.leave();
  await appliance.stop();
});

killing.after(remove);
killing.run();
