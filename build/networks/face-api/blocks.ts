import { activate, add, type ConvWeights, conv2d, dense, pool2d, reshape, toChannelsLast } from '../layers.ts';
import type { OnnxGraph, Value } from '../onnx.ts';
import type { WeightTensor } from '../weights.ts';

/** Mean colour that all networks of face-api subtract: R, G, B of 0..255. */
export const meanColour = [122.782, 117.001, 104.298] as const;

/** Weights of one network by name. */
export interface Weights {
  get(name: string): WeightTensor;
}

export function weightsOf(tensors: ReadonlyMap<string, WeightTensor>): Weights {
  return {
    get(name) {
      const tensor = tensors.get(name);
      if (!tensor) throw new Error(`the weights have no '${name}'`);
      return tensor;
    },
  };
}

export function plainConv(graph: OnnxGraph, weights: Weights, name: string, x: Value, stride: number): Value {
  const filters: ConvWeights = weights.get(`${name}/filters`);
  return conv2d(graph, x, filters, weights.get(`${name}/bias`).data, { stride, padding: 'same' });
}

/** Depth-wise 3x3, then point-wise 1x1 with the bias. */
export function separableConv(graph: OnnxGraph, weights: Weights, name: string, x: Value, stride = 1): Value {
  const depth = conv2d(graph, x, weights.get(`${name}/depthwise_filter`), undefined, {
    stride,
    padding: 'same',
    depthwise: true,
  });
  const bias = weights.get(`${name}/bias`).data;
  return conv2d(graph, depth, weights.get(`${name}/pointwise_filter`), bias, { stride: 1, padding: 'valid' });
}

/** Four layers, each of which sees the sum of all before it. */
export function denseBlock(graph: OnnxGraph, weights: Weights, name: string, x: Value, first: boolean): Value {
  const separable = (layer: number, input: Value, stride = 1): Value =>
    separableConv(graph, weights, `${name}/conv${layer}`, input, stride);
  const begin = first ? plainConv(graph, weights, `${name}/conv0`, x, 2) : separable(0, x, 2);
  const out1 = activate(graph, 'Relu', begin);
  const out2 = separable(1, out1);
  const sum2 = add(graph, out1, out2);
  const out3 = separable(2, activate(graph, 'Relu', sum2));
  const sum3 = add(graph, sum2, out3);
  const out4 = separable(3, activate(graph, 'Relu', sum3));
  return activate(graph, 'Relu', add(graph, sum3, out4));
}

/** Averages the 7x7 map and flattens it in TensorFlow's order of axes: [1, features]. */
export function averageFeatures(graph: OnnxGraph, x: Value): Value {
  const pooled = pool2d(graph, 'AveragePool', x, { kernel: [7, 7], stride: 2, padding: 'valid' });
  const features = pooled.shape.reduce((product, side) => product * side, 1);
  return reshape(graph, toChannelsLast(graph, pooled), [1, features]);
}

export function fullyConnected(graph: OnnxGraph, weights: Weights, name: string, x: Value): Value {
  return dense(graph, x, weights.get(`${name}/weights`), weights.get(`${name}/bias`).data);
}
