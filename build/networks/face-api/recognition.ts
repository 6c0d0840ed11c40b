import { activate, add, conv2d, dense, type Padding, padTo, pool2d, reshape, subtractMean } from '../layers.ts';
import { createOnnxGraph, type OnnxGraph, type Value } from '../onnx.ts';
import { meanColour, type Weights } from './blocks.ts';

/** Convolution, bias, then a scale and a shift per channel: folded into one convolution. */
function scaledConv(
  graph: OnnxGraph,
  weights: Weights,
  name: string,
  x: Value,
  stride: number,
  padding: Padding,
): Value {
  const filters = weights.get(`${name}/conv/filters`);
  const bias = weights.get(`${name}/conv/bias`).data;
  const scale = weights.get(`${name}/scale/weights`).data;
  const shift = weights.get(`${name}/scale/biases`).data;
  const channels = scale.length;
  const data = filters.data.map((value, i) => value * (scale[i % channels] as number));
  const folded = bias.map((value, channel) => value * (scale[channel] as number) + (shift[channel] as number));
  return conv2d(graph, x, { shape: filters.shape, data }, folded, { stride, padding });
}

function residual(graph: OnnxGraph, weights: Weights, name: string, x: Value): Value {
  const first = activate(graph, 'Relu', scaledConv(graph, weights, `${name}/conv1`, x, 1, 'same'));
  const second = scaledConv(graph, weights, `${name}/conv2`, first, 1, 'same');
  return activate(graph, 'Relu', add(graph, second, x));
}

/** Halves the map. Branch and shortcut are filled with zeros at their ends until both have the larger shape. */
function residualDown(graph: OnnxGraph, weights: Weights, name: string, x: Value): Value {
  const first = activate(graph, 'Relu', scaledConv(graph, weights, `${name}/conv1`, x, 2, 'valid'));
  const branch = scaledConv(graph, weights, `${name}/conv2`, first, 1, 'same');
  const shortcut = pool2d(graph, 'AveragePool', x, { kernel: [2, 2], stride: 2, padding: 'valid' });
  const shape = branch.shape.map((side, axis) => Math.max(side, shortcut.shape[axis] ?? 0));
  return activate(graph, 'Relu', add(graph, padTo(graph, branch, shape), padTo(graph, shortcut, shape)));
}

/** dlib's face recognition ResNet as face-api carries it: RGB 0..255 [1,3,150,150] -> descriptor [1,128]. */
export function buildRecognition(weights: Weights): OnnxGraph {
  const graph = createOnnxGraph('face_recognition');
  const input = subtractMean(graph, graph.input('input', [1, 3, 150, 150]), meanColour);
  let x = activate(graph, 'Relu', scaledConv(graph, weights, 'conv32_down', input, 2, 'valid'));
  x = pool2d(graph, 'MaxPool', x, { kernel: [3, 3], stride: 2, padding: 'valid' });
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) x = residual(graph, weights, name, x);
  x = residualDown(graph, weights, 'conv64_down', x);
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) x = residual(graph, weights, name, x);
  x = residualDown(graph, weights, 'conv128_down', x);
  for (const name of ['conv128_1', 'conv128_2']) x = residual(graph, weights, name, x);
  x = residualDown(graph, weights, 'conv256_down', x);
  for (const name of ['conv256_1', 'conv256_2']) x = residual(graph, weights, name, x);
  x = residualDown(graph, weights, 'conv256_down_out', x);
  const channels = x.shape[1] ?? 0;
  const average = reshape(graph, graph.node('GlobalAveragePool', [x], [1, channels, 1, 1]), [1, channels]);
  graph.output('descriptor', dense(graph, average, weights.get('fc')));
  return graph;
}
