import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceName } from '#domain/devices';
import { prepareNetworks } from '../../build/networks/prepare.ts';
import { chooseDevice, createProbe, missingLibrary, type Probe } from './device.ts';

const right = [0.1, -0.2];
/** A machine on which each device answers as given. */
function machine(answers: Partial<Record<DeviceName, { values: number[]; ms: number } | Error>>) {
  const asked: DeviceName[] = [];
  const probe: Probe = async (device) => {
    asked.push(device);
    const answer = answers[device];
    if (!answer) throw new Error(`${device} was not to be asked`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const missing = (device: DeviceName): string | null => (answers[device] ? null : `lib${device}.so is not installed`);
  return { asked, deps: { probe, missingLibrary: missing } };
}

async function failure(job: Promise<unknown>): Promise<string> {
  return job.then(
    () => {
      throw new Error('did not fail');
    },
    (error: Error) => error.message,
  );
}

const device = suite('device');

device('without any accelerator the processor is chosen and nothing is run', async () => {
  const { asked, deps } = machine({});
  const report = await chooseDevice('auto', deps);
  assert.is(report.chosen, 'cpu');
  assert.equal(asked, []);
  assert.equal(
    report.detected.map(({ name, usable }) => [name, usable]),
    [
      ['cpu', true],
      ['cuda', false],
      ['tensorrt', false],
      ['webgpu', false],
    ],
  );
  assert.is(report.detected[1]?.reason, 'libcuda.so is not installed');
  assert.ok(report.cores > 0);
});

device('the fastest device with right answers is chosen', async () => {
  const { deps } = machine({
    cpu: { values: right, ms: 8 },
    cuda: { values: right, ms: 1 },
    webgpu: { values: right, ms: 3 },
  });
  assert.is((await chooseDevice('auto', deps)).chosen, 'cuda');
});

device('a slower accelerator loses to the processor', async () => {
  const { deps } = machine({ cpu: { values: right, ms: 8 }, webgpu: { values: right, ms: 90 } });
  assert.is((await chooseDevice('auto', deps)).chosen, 'cpu');
});

device('a fast device with wrong answers is not used', async () => {
  for (const values of [[0.1, 0.3], [0.1], [Number.NaN, Number.NaN]]) {
    const { deps } = machine({ cpu: { values: right, ms: 8 }, cuda: { values, ms: 1 } });
    const report = await chooseDevice('auto', deps);
    assert.is(report.chosen, 'cpu');
    assert.match(report.detected.find(({ name }) => name === 'cuda')?.reason ?? '', 'wrong answers');
  }
});

device('a device that fails says why, and the others are used', async () => {
  const { deps } = machine({ cpu: { values: right, ms: 8 }, cuda: new Error('no driver\nat line 3') });
  const report = await chooseDevice('auto', deps);
  assert.is(report.chosen, 'cpu');
  assert.is(report.detected.find(({ name }) => name === 'cuda')?.reason, 'no driver');
});

device('a device that was asked for by name and cannot be used is an error', async () => {
  assert.match(
    await failure(chooseDevice('cuda', machine({}).deps)),
    "'cuda' cannot be used: libcuda.so is not installed",
  );
  const failing = machine({ cpu: { values: right, ms: 8 }, cuda: new Error('no driver') });
  assert.match(await failure(chooseDevice('cuda', failing.deps)), 'no driver');
});

device('a device that was asked for by name is used even when it is slower', async () => {
  const { deps } = machine({ cpu: { values: right, ms: 8 }, webgpu: { values: right, ms: 90 } });
  assert.is((await chooseDevice('webgpu', deps)).chosen, 'webgpu');
  assert.is((await chooseDevice('cpu', deps)).chosen, 'cpu');
});

device('a real probe process answers for the processor, and says why for a device that is not there', async () => {
  await prepareNetworks({ outDir: 'dist/networks', onProgress: () => {} });
  const probe = createProbe(new URL('./inference.worker.ts', import.meta.url), 'dist/networks');
  const { values, ms } = await probe('cpu');
  assert.is(values.length, 128);
  assert.ok(ms > 0 && values.every(Number.isFinite));
  if (missingLibrary('cuda')) assert.ok((await failure(probe('cuda'))).length > 10);
});

device.run();
