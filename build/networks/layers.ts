import type { OnnxGraph, Value } from './onnx.ts';

/**
 * Layers over an `OnnxGraph`. Feature maps are [1, channels, height, width]; weights come as TensorFlow stores them
 * (height, width, in, out) and are turned here. 'same' padding is TensorFlow's: asymmetric, the odd pixel at the end.
 */
export type Padding = 'same' | 'valid';

export interface ConvWeights {
  /** [height, width, in, out], or [height, width, channels, multiplier] of a depth-wise layer. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

function sideOf(value: Value, axis: number): number {
  const side = value.shape[axis];
  if (side === undefined) throw new Error(`${value.name} has no axis ${axis}`);
  return side;
}

function slide(
  size: number,
  kernel: number,
  stride: number,
  padding: Padding,
): [out: number, begin: number, end: number] {
  if (padding === 'valid') return [Math.floor((size - kernel) / stride) + 1, 0, 0];
  const out = Math.ceil(size / stride);
  const total = Math.max((out - 1) * stride + kernel - size, 0);
  const begin = Math.floor(total / 2);
  return [out, begin, total - begin];
}

interface Window {
  kernel: readonly [number, number];
  stride: number;
  padding: Padding;
}

function windowOver(x: Value, { kernel, stride, padding }: Window) {
  const [height, top, bottom] = slide(sideOf(x, 2), kernel[0], stride, padding);
  const [width, left, right] = slide(sideOf(x, 3), kernel[1], stride, padding);
  return {
    height,
    width,
    attributes: { kernel_shape: kernel, strides: [stride, stride], pads: [top, left, bottom, right] },
  };
}

/** [a, b, c, d] in the given order of axes, as ONNX's Transpose has it. */
function permute4(data: Float32Array, shape: readonly number[], order: readonly [number, number, number, number]) {
  const [s0 = 1, s1 = 1, s2 = 1, s3 = 1] = shape;
  const strides = [s1 * s2 * s3, s2 * s3, s3, 1];
  const sides = [s0, s1, s2, s3];
  const [n0, n1, n2, n3] = order.map((axis) => sides[axis] ?? 1) as [number, number, number, number];
  const [t0, t1, t2, t3] = order.map((axis) => strides[axis] ?? 1) as [number, number, number, number];
  const out = new Float32Array(data.length);
  let at = 0;
  for (let a = 0; a < n0; a++)
    for (let b = 0; b < n1; b++)
      for (let c = 0; c < n2; c++)
        for (let d = 0; d < n3; d++) out[at++] = data[a * t0 + b * t1 + c * t2 + d * t3] as number;
  return { shape: [n0, n1, n2, n3], data: out };
}

export function conv2d(
  graph: OnnxGraph,
  x: Value,
  weights: ConvWeights,
  bias: Float32Array | undefined,
  { stride, padding, depthwise = false }: { stride: number; padding: Padding; depthwise?: boolean },
): Value {
  const [kernelHeight = 1, kernelWidth = 1, channels = 1, last = 1] = weights.shape;
  const outChannels = depthwise ? channels * last : last;
  // Depth-wise: output channel = input channel * multiplier + index, so (in, multiplier) become one axis.
  const turned = depthwise
    ? permute4(weights.data, weights.shape, [2, 3, 0, 1])
    : permute4(weights.data, weights.shape, [3, 2, 0, 1]);
  const kernelShape = depthwise ? [outChannels, 1, kernelHeight, kernelWidth] : turned.shape;
  const { height, width, attributes } = windowOver(x, { kernel: [kernelHeight, kernelWidth], stride, padding });
  const inputs = [x, graph.floats(kernelShape, turned.data)];
  if (bias) inputs.push(graph.floats([outChannels], bias));
  return graph.node('Conv', inputs, [1, outChannels, height, width], {
    ...attributes,
    group: depthwise ? channels : 1,
  });
}

export function pool2d(graph: OnnxGraph, kind: 'MaxPool' | 'AveragePool', x: Value, window: Window): Value {
  const { height, width, attributes } = windowOver(x, window);
  return graph.node(kind, [x], [1, sideOf(x, 1), height, width], attributes);
}

/** The same shape out as in: Relu, Sigmoid, Softmax ... */
export function activate(graph: OnnxGraph, operator: 'Relu' | 'Sigmoid', x: Value): Value {
  return graph.node(operator, [x], x.shape);
}

export function add(graph: OnnxGraph, a: Value, b: Value): Value {
  return graph.node('Add', [a, b], a.shape);
}

/** Zeros behind the end of each axis until `shape` is reached. */
export function padTo(graph: OnnxGraph, x: Value, shape: readonly number[]): Value {
  const ends = shape.map((side, axis) => side - sideOf(x, axis));
  if (ends.every((end) => end === 0)) return x;
  return graph.node('Pad', [x, graph.integers([...shape.map(() => 0), ...ends])], shape);
}

/** Back to TensorFlow's order of axes, where the next layer counts on it. */
export function toChannelsLast(graph: OnnxGraph, x: Value): Value {
  const [n = 1, c = 1, h = 1, w = 1] = x.shape;
  return graph.node('Transpose', [x], [n, h, w, c], { perm: [0, 2, 3, 1] });
}

export function reshape(graph: OnnxGraph, x: Value, shape: readonly number[]): Value {
  return graph.node('Reshape', [x, graph.integers(shape)], shape);
}

/** x [1, in] times weights [in, out], plus bias [out]. */
export function dense(graph: OnnxGraph, x: Value, weights: ConvWeights, bias?: Float32Array): Value {
  const out = weights.shape[1] ?? 1;
  const product = graph.node('MatMul', [x, graph.floats(weights.shape, weights.data)], [1, out]);
  return bias ? add(graph, product, graph.floats([out], bias)) : product;
}

/** (x - mean per channel) / 255, as all networks of face-api begin. */
export function subtractMean(graph: OnnxGraph, x: Value, mean: readonly [number, number, number]): Value {
  const centred = graph.node('Sub', [x, graph.floats([3, 1, 1], Float32Array.from(mean))], x.shape);
  return graph.node('Mul', [centred, graph.floats([1], Float32Array.of(1 / 255))], x.shape);
}
