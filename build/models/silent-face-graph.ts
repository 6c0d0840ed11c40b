import { add } from '../networks/layers.ts';
import { createOnnxGraph, type OnnxGraph, type Value } from '../networks/onnx.ts';
import type { WeightTensor } from '../networks/weights.ts';

/**
 * MiniFASNet of minivision's Silent-Face-Anti-Spoofing (V2 and V1SE), from its weights: MobileFaceNet's units of a
 * point-wise, a depth-wise and a linear point-wise convolution, the last residual one of each stage with or without
 * squeeze-and-excitation. Channel counts come from the weights.
 */
export const silentFaceSide = 80;
const batchNormEpsilon = 1e-5;
/** The depth of the residual stages and the stride between them is what the weights do not tell. */
const stages = [
  { down: 'conv_23', residual: 'conv_3', depth: 4 },
  { down: 'conv_34', residual: 'conv_4', depth: 6 },
  { down: 'conv_45', residual: 'conv_5', depth: 2 },
] as const;

type Tensors = ReadonlyMap<string, WeightTensor>;

function createBuilder(graph: OnnxGraph, tensors: Tensors) {
  const unused = new Set([...tensors.keys()].filter((name) => !name.endsWith('num_batches_tracked')));
  const has = (name: string): boolean => tensors.has(name);
  const read = (name: string): WeightTensor => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`the weights have no '${name}'`);
    unused.delete(name);
    return tensor;
  };

  /** Per channel: y = x * scale + shift. */
  const batchNorm = (name: string): { scale: Float32Array; shift: Float32Array } => {
    const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
      (part) => read(`${name}.${part}`).data,
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    const scale = weight.map((value, i) => value / Math.sqrt((variance[i] as number) + batchNormEpsilon));
    const shift = bias.map((value, i) => value - (mean[i] as number) * (scale[i] as number));
    return { scale, shift };
  };

  /** Convolution without bias and the normalisation behind it, as one convolution. */
  const convolve = (x: Value, conv: string, norm: string, stride: number, padding: number): Value => {
    const { shape, data } = read(conv);
    const [outChannels = 0, perGroup = 1, kernel = 1] = shape;
    const { scale, shift } = batchNorm(norm);
    const perFilter = data.length / outChannels;
    const folded = data.map((value, i) => value * (scale[Math.floor(i / perFilter)] as number));
    const side = Math.floor(((x.shape[2] ?? 0) + 2 * padding - kernel) / stride) + 1;
    const inputs = [x, graph.floats(shape, folded), graph.floats([outChannels], shift)];
    return graph.node('Conv', inputs, [1, outChannels, side, side], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      group: (x.shape[1] ?? 1) / perGroup,
    });
  };

  const linear = (x: Value, name: string, stride: number, padding: number): Value =>
    convolve(x, `${name}.conv.weight`, `${name}.bn`, stride, padding);

  const block = (x: Value, name: string, stride: number, padding: number): Value => {
    const y = linear(x, name, stride, padding);
    const { data } = read(`${name}.prelu.weight`);
    return graph.node('PRelu', [y, graph.floats([data.length, 1, 1], data)], y.shape);
  };

  const excite = (x: Value, name: string): Value => {
    const channels = x.shape[1] ?? 0;
    const mean = graph.node('GlobalAveragePool', [x], [1, channels, 1, 1]);
    const squeezed = convolve(mean, `${name}.fc1.weight`, `${name}.bn1`, 1, 0);
    const active = graph.node('Relu', [squeezed], squeezed.shape);
    const excited = convolve(active, `${name}.fc2.weight`, `${name}.bn2`, 1, 0);
    return graph.node('Mul', [x, graph.node('Sigmoid', [excited], excited.shape)], x.shape);
  };

  const unit = (x: Value, name: string, stride: number): Value => {
    const wide = block(x, `${name}.conv`, 1, 0);
    const deep = block(wide, `${name}.conv_dw`, stride, 1);
    const narrow = linear(deep, `${name}.project`, 1, 0);
    const excited = has(`${name}.se_module.fc1.weight`) ? excite(narrow, `${name}.se_module`) : narrow;
    return stride === 1 ? add(graph, excited, x) : excited;
  };

  /** x [1, in] times weights [out, in]. */
  const dense = (x: Value, name: string): Value => {
    const { shape, data } = read(name);
    return graph.node('Gemm', [x, graph.floats(shape, data)], [1, shape[0] ?? 0], { transB: 1 });
  };

  return { block, linear, unit, dense, batchNorm, unused };
}

/** Input `input` [1, 3, 80, 80], blue, green, red bytes; output `probabilities` [1, 3], the second: a living face. */
export function buildSilentFace(name: string, tensors: Tensors): OnnxGraph {
  const graph = createOnnxGraph(name);
  const { block, linear, unit, dense, batchNorm, unused } = createBuilder(graph, tensors);
  let x = graph.input('input', [1, 3, silentFaceSide, silentFaceSide]);
  x = block(x, 'conv1', 2, 1);
  x = block(x, 'conv2_dw', 1, 1);
  for (const { down, residual, depth } of stages) {
    x = unit(x, down, 2);
    for (let i = 0; i < depth; i++) x = unit(x, `${residual}.model.${i}`, 1);
  }
  x = block(x, 'conv_6_sep', 1, 0);
  x = linear(x, 'conv_6_dw', 1, 0);
  const features = x.shape[1] ?? 0;
  x = graph.node('Reshape', [x, graph.integers([1, features])], [1, features]);
  x = dense(x, 'linear.weight');
  const { scale, shift } = batchNorm('bn');
  x = graph.node('Mul', [x, graph.floats([scale.length], scale)], x.shape);
  x = graph.node('Add', [x, graph.floats([shift.length], shift)], x.shape);
  x = dense(x, 'prob.weight');
  graph.output('probabilities', graph.node('Softmax', [x], x.shape, { axis: 1 }));
  if (unused.size > 0) throw new Error(`weights that the network does not have: ${[...unused].slice(0, 5).join(', ')}`);
  return graph;
}
