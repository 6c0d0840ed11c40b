/** For tests: an age and gender pack that tells colours, not people. */
import type { PackDescription } from '../../../build/models/write-pack.ts';
import { createOnnxGraph } from '../../../build/networks/onnx.ts';
import { goldenInput } from './check-networks.ts';
import type { PackManifest } from './manifest.ts';
import { planeMeans, tinyDescription } from './tiny-pack.fixture.ts';

const side = 32;
const feeding: PackManifest['feeding'] = {
  side,
  colour: 'bgr',
  mean: [10, 20, 30],
  deviation: [2, 4, 8],
  crop: 'box-1.2',
  decode: 'age-gender',
};
/** Of what the network is fed: blue, green, red. Years and logits; each row is blind to what is grey. */
const rows = [
  [-1, -1, 6],
  [0.1, 0, -0.4],
  [-0.1, 0, 0.4],
] as const;

/**
 * Years for a picture whose red is everywhere `redder` than its blue and its green `greener`: 0.75 (`redder` - 20) -
 * 0.25 (`greener` - 10).
 */
export function tinyAge(redder: number, greener: number): number {
  return 0.75 * (redder - 20) - 0.25 * (greener - 10);
}

function answerOf(seed: number): { age: number; gender: number[] } {
  const means = planeMeans(goldenInput(seed, feeding));
  const [age = 0, male = 0, female = 0] = rows.map((row) =>
    row.reduce<number>((sum, weight, i) => sum + weight * (means[i] as number), 0),
  );
  const maleProbability = 1 / (1 + Math.exp(female - male));
  return { age, gender: [maleProbability, 1 - maleProbability] };
}

/** Redder pictures are older; pictures redder than blue by more than 20 show women, others men. */
export function tinyAttributes(gender: 'probabilities' | 'logits' = 'probabilities'): {
  description: PackDescription;
  contents: Record<string, Uint8Array>;
} {
  const graph = createOnnxGraph('colours');
  const input = graph.input('input', [1, 3, side, side]);
  const pooled = graph.node('GlobalAveragePool', [input], [1, 3, 1, 1]);
  const flat = graph.node('Reshape', [pooled, graph.integers([1, 3])], [1, 3]);
  const weigh = (columns: readonly (readonly number[])[]) => {
    const weights = Float32Array.from([0, 1, 2].flatMap((channel) => columns.map((row) => row[channel] as number)));
    return graph.node('MatMul', [flat, graph.floats([3, columns.length], weights)], [1, columns.length]);
  };
  graph.output('age', weigh(rows.slice(0, 1)));
  const logits = weigh(rows.slice(1));
  const softmax = graph.node('Softmax', [logits], [1, 2], { axis: 1 });
  graph.output('gender', gender === 'logits' ? logits : softmax);
  const description: PackDescription = {
    ...tinyDescription(),
    name: 'colours',
    kind: 'attributes',
    recipe: 'age-gender',
    networks: [
      {
        id: 'colours',
        file: 'colours.onnx',
        input: { name: 'input', shape: [1, 3, side, side] },
        outputs: { age: [1, 1], gender: [1, 2] },
      },
    ],
    feeding,
    golden: [5, 6].map((seed) => {
      const answer = answerOf(seed);
      const outputs = { age: { values: [answer.age] }, gender: { values: answer.gender } };
      return { network: 'colours', seed, outputs, tolerance: 1e-3 };
    }),
  };
  return {
    description,
    contents: { 'colours.onnx': graph.toBytes(), 'LICENSE.txt': Buffer.from('Do what you like.') },
  };
}
