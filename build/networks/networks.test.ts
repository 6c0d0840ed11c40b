import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { feeds, type Golden, goldenPicture } from './golden/golden.ts';
import { readLock, sha256Of } from './lock.ts';
import { prepareNetworks } from './prepare.ts';
import { networkSources } from './sources.ts';
import { halfToFloat, readWeights } from './weights.ts';

const networksDir = 'dist/networks';
const folder = mkdtempSync(join(tmpdir(), 'perigee-networks-'));
const quiet = { onProgress: () => {} };
await prepareNetworks({ outDir: networksDir, ...quiet });

/** The made-up picture of a seed as our networks take it: [1, 3, side, side]. */
function feedOf(network: string, seed: number): ort.Tensor {
  const feed = feeds[network];
  assert.ok(feed, network);
  const { side, scale, offset } = feed;
  const picture = goldenPicture(seed, side);
  const area = side * side;
  const planes = Float32Array.from(picture, (_, i) => {
    const channel = Math.floor(i / area);
    return (picture[(i % area) * 3 + channel] as number) * scale + offset;
  });
  return new ort.Tensor('float32', planes, [1, 3, side, side]);
}

const conversion = suite('converted networks');
conversion.after(() => rmSync(folder, { recursive: true }));

for (const { name } of networkSources) {
  conversion(`${name} answers what the original answers`, async () => {
    const golden = JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8')) as Golden;
    const session = await ort.InferenceSession.create(join(networksDir, `${name}.onnx`), {
      intraOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    assert.ok(golden.cases.length >= 3);
    for (const { seed, outputs } of golden.cases) {
      const answers = await session.run({ input: feedOf(name, seed) });
      assert.equal(Object.keys(answers).sort(), Object.keys(outputs).sort());
      for (const [output, { length, indices, values }] of Object.entries(outputs)) {
        const data = answers[output]?.data as Float32Array;
        const tolerance = feeds[name]?.tolerance[output];
        assert.ok(tolerance, `${output} has a tolerance`);
        assert.is(data.length, length);
        const worst = Math.max(...indices.map((index, i) => Math.abs((data[index] as number) - (values[i] as number))));
        assert.ok(worst <= tolerance, `${output} of seed ${seed}: ${worst} off, ${tolerance} allowed`);
      }
    }
    await session.release();
  });
}

conversion('the golden pictures of a network do not all give the same answer', () => {
  for (const { name } of networkSources) {
    const golden = JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8')) as Golden;
    const [first, second] = golden.cases;
    assert.not.equal(first?.outputs, second?.outputs, name);
  }
});

conversion('a second preparation makes nothing', async () => {
  const made: string[] = [];
  await prepareNetworks({ outDir: networksDir, onProgress: (text) => made.push(text) });
  assert.equal(made, []);
});

conversion('a damaged network is made again', async () => {
  const path = join(networksDir, 'age_gender.onnx');
  const copy = join(folder, 'out');
  cpSync(networksDir, copy, { recursive: true });
  const damaged = readFileSync(path);
  damaged[1000] = (damaged[1000] as number) ^ 1;
  writeFileSync(join(copy, 'age_gender.onnx'), damaged);
  const made: string[] = [];
  await prepareNetworks({ outDir: copy, onProgress: (text) => made.push(text) });
  assert.is(made.length, 1);
  assert.is(sha256Of(readFileSync(join(copy, 'age_gender.onnx'))), readLock()['age_gender']?.sha256);
});

conversion('weights with a wrong checksum are refused by name, and nothing is written', async () => {
  const packagesDir = join(folder, 'packages');
  for (const { packageName, files } of networkSources) {
    for (const file of files) cpSync(join('node_modules', packageName, file), join(packagesDir, packageName, file));
  }
  const broken = join(packagesDir, '@vladmandic/human/models/blazeface.bin');
  const bytes = readFileSync(broken);
  bytes[0] = (bytes[0] as number) ^ 1;
  writeFileSync(broken, bytes);
  const outDir = join(folder, 'refused');
  let message = '';
  await prepareNetworks({ outDir, packagesDir, ...quiet }).catch((error: Error) => {
    message = error.message;
  });
  assert.match(message, 'blazeface.bin');
  assert.match(message, 'sha256');
  assert.throws(() => statSync(join(outDir, 'blazeface.onnx')));
});

conversion('a missing package says what to do', async () => {
  let message = '';
  await prepareNetworks({ outDir: join(folder, 'none'), packagesDir: folder, ...quiet }).catch((error: Error) => {
    message = error.message;
  });
  assert.match(message, /blazeface\.json is missing: install/);
});

conversion('half floats are read as IEEE 754 has them', () => {
  const known: [bits: number, value: number][] = [
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
    [0x7c00, Number.POSITIVE_INFINITY],
  ];
  for (const [bits, value] of known) assert.is(halfToFloat(bits), value);
  assert.ok(Number.isNaN(halfToFloat(0x7c01)));
});

conversion('weights that are too short or too long are refused', () => {
  const entries = [{ name: 'w', shape: [3], dtype: 'float32' }] as const;
  assert.throws(() => readWeights(entries, new Uint8Array(8)), /end inside 'w'/);
  assert.throws(() => readWeights(entries, new Uint8Array(16)), /4 bytes of weights belong to no tensor/);
});

conversion.run();
