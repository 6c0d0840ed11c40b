/** For tests: a detector pack of YuNet's form that takes red marks for faces. */

import type { Rect } from '#domain/face/estimation';
import type { PackDescription } from '../../../build/models/write-pack.ts';
import { createOnnxGraph } from '../../../build/networks/onnx.ts';
import { yunetOutputs } from '../models/detector.yunet.ts';
import { goldenInput } from './check-networks.ts';
import type { PackManifest } from './manifest.ts';
import { tinyDescription } from './tiny-pack.fixture.ts';

const side = 32;
const stride = 8;
const cells = side / stride;
const feeding: PackManifest['feeding'] = {
  side,
  colour: 'bgr',
  mean: [0, 20, 30],
  deviation: [1, 2, 4],
  crop: 'letterbox',
  decode: 'yunet',
};

/** Score of a cell that is all red (255, 0, 0): how much redder than green it is, less than a mean of 10, of 255. */
export const scoreOfRed = 245 / 255;

/** The same of what the network is fed, worked out here. */
function cellScores(planes: Float32Array): number[] {
  const area = side * side;
  return Array.from({ length: cells * cells }, (_, cell) => {
    let sum = 0;
    for (let i = 0; i < stride * stride; i++) {
      const row = Math.floor(cell / cells) * stride + Math.floor(i / stride);
      const at = row * side + (cell % cells) * stride + (i % stride);
      sum += 4 * (planes[2 * area + at] as number) - 2 * (planes[area + at] as number);
    }
    return sum / 255 / stride ** 2;
  });
}

/**
 * The mark is a cell: a quarter of a square picture's side, squared, at the picture's corner or as far from it as a whole
 * number of cells.
 *
 * @param face the box it gives, in cells from the mark's upper left corner
 */
export function tinyDetector(face: Rect): { description: PackDescription; contents: Record<string, Uint8Array> } {
  const graph = createOnnxGraph('marks');
  const input = graph.input('input', [1, 3, side, side]);
  const weights = graph.floats([1, 3, 1, 1], Float32Array.of(0, -2 / 255, 4 / 255));
  const redness = graph.node('Conv', [input, weights], [1, 1, side, side], { kernel_shape: [1, 1] });
  const window = { kernel_shape: [stride, stride], strides: [stride, stride] };
  const pooled = graph.node('AveragePool', [redness], [1, 1, cells, cells], window);
  const scores = graph.node('Reshape', [pooled, graph.integers([1, cells ** 2, 1])], [1, cells ** 2, 1]);
  const perCell = {
    bbox_8: [face.x + face.width / 2, face.y + face.height / 2, Math.log(face.width), Math.log(face.height)],
    // The eyes, level, then what nobody reads.
    kps_8: [
      face.x + 0.3 * face.width,
      face.y + face.height / 3,
      face.x + 0.7 * face.width,
      face.y + face.height / 3,
    ].concat([0, 0, 0, 0, 0, 0]),
  };
  const shapes = Object.entries(yunetOutputs(side)).map(([name, length]): [string, number[]] => {
    const values = { cls: 1, obj: 1, bbox: 4, kps: 10 }[name.split('_')[0] as 'cls'];
    return [name, [1, length / values, values]];
  });
  const constants = new Map<string, Float32Array>();
  for (const [name, shape] of shapes) {
    if (name === 'cls_8' || name === 'obj_8') {
      graph.output(name, scores);
      continue;
    }
    const [, count = 0, values = 0] = shape;
    const row = perCell[name as keyof typeof perCell] ?? new Array<number>(values).fill(0);
    const data = Float32Array.from({ length: count * values }, (_, i) => row[i % values] as number);
    constants.set(name, data);
    graph.output(name, graph.floats(shape, data));
  }
  const seed = 4;
  const answered = cellScores(goldenInput(seed, feeding));
  const outputs = Object.fromEntries(
    shapes.map(([name]) => [name, { values: [...(constants.get(name) ?? answered)] }]),
  );
  const description: PackDescription = {
    ...tinyDescription(),
    name: 'marks',
    kind: 'detector',
    recipe: 'yunet',
    networks: [
      {
        id: 'marks',
        file: 'marks.onnx',
        input: { name: 'input', shape: [1, 3, side, side] },
        outputs: Object.fromEntries(shapes),
      },
    ],
    feeding,
    golden: [{ network: 'marks', seed, outputs, tolerance: 1e-3 }],
  };
  return { description, contents: { 'marks.onnx': graph.toBytes(), 'LICENSE.txt': Buffer.from('Do what you like.') } };
}
