import { activate, conv2d, type Padding, pool2d, reshape, toChannelsLast } from './layers.ts';
import { createOnnxGraph, type OnnxGraph, type Value } from './onnx.ts';
import { type ManifestEntry, readWeights, type WeightTensor } from './weights.ts';

/**
 * Converts a TensorFlow.js graph model (a topology of nodes and a weight manifest) to ONNX. Feature maps are kept
 * [1, C, H, W] throughout and turned back only where the order of axes can be seen: before a reshape and at outputs.
 * Knows the operators of the networks that are embedded; any other one is an error.
 */
interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, AttributeValue>>;
}

interface AttributeValue {
  readonly s?: string;
  readonly i?: string;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
  readonly shape?: { readonly dim?: readonly { readonly size: string }[] };
}

export interface GraphModel {
  readonly modelTopology: { readonly node: readonly GraphNode[] };
  readonly weightsManifest: readonly { readonly weights: readonly ManifestEntry[] }[];
}

const base64 = (text: string): string => Buffer.from(text, 'base64').toString();

function textOf(node: GraphNode, name: string): string {
  return base64(node.attr?.[name]?.s ?? '');
}

function integersOf(node: GraphNode, name: string): number[] {
  return (node.attr?.[name]?.list?.i ?? []).map(Number);
}

function paddingOf(node: GraphNode): Padding {
  const text = textOf(node, 'padding');
  if (text !== 'SAME' && text !== 'VALID') throw new Error(`${node.name}: unknown padding '${text}'`);
  return text === 'SAME' ? 'same' : 'valid';
}

function strideOf(node: GraphNode): number {
  const [, height, width] = integersOf(node, 'strides');
  if (height === undefined || height !== width) throw new Error(`${node.name}: strides must be equal`);
  return height;
}

/** @param outputs our name of each wanted output -> name of its node. Nodes that lead to none of them are left out. */
export function convertGraphModel(
  name: string,
  model: GraphModel,
  binary: Uint8Array,
  outputs: Readonly<Record<string, string>>,
): OnnxGraph {
  const graph = createOnnxGraph(name);
  const nodes = new Map(model.modelTopology.node.map((node) => [node.name, node]));
  const weights = readWeights(
    model.weightsManifest.flatMap((group) => group.weights),
    binary,
  );
  const done = new Map<string, Value>();

  const inputsOf = (node: GraphNode): string[] =>
    (node.input ?? []).filter((input) => !input.startsWith('^')).map((input) => input.replace(/:0$/, ''));
  const weightOf = (node: GraphNode, index: number): WeightTensor => {
    const tensor = weights.get(inputsOf(node)[index] ?? '');
    if (!tensor) throw new Error(`${node.name}: input ${index} is not a constant`);
    return tensor;
  };
  const valueAt = (node: GraphNode, index: number): Value => {
    const input = inputsOf(node)[index];
    if (input === undefined) throw new Error(`${node.name} has no input ${index}`);
    return convert(input);
  };

  const prelu = (x: Value, slope: WeightTensor): Value => {
    const channels = x.shape[1] ?? 1;
    return graph.node('PRelu', [x, graph.floats([channels, 1, 1], slope.data)], x.shape);
  };

  const fusedConv = (node: GraphNode): Value => {
    const [first, activation, ...rest] = (node.attr?.['fused_ops']?.list?.s ?? []).map(base64);
    if ((first && first !== 'BiasAdd') || rest.length) throw new Error(`${node.name}: unknown fusion`);
    const bias = first ? weightOf(node, 2).data : undefined;
    const window = { stride: strideOf(node), padding: paddingOf(node) };
    const x = conv2d(graph, valueAt(node, 0), weightOf(node, 1), bias, window);
    if (!activation) return x;
    if (activation === 'Relu') return activate(graph, 'Relu', x);
    if (activation === 'Prelu') return prelu(x, weightOf(node, 3));
    throw new Error(`${node.name}: unknown activation ${activation}`);
  };

  const pad = (node: GraphNode): Value => {
    const x = valueAt(node, 0);
    // [N, H, W, C] x [begin, end]
    const pads = [...weightOf(node, 1).data];
    const order = [0, 3, 1, 2];
    const begins = order.map((axis) => pads[axis * 2] ?? 0);
    const ends = order.map((axis) => pads[axis * 2 + 1] ?? 0);
    const shape = x.shape.map((side, axis) => side + (begins[axis] ?? 0) + (ends[axis] ?? 0));
    return graph.node('Pad', [x, graph.integers([...begins, ...ends])], shape);
  };

  const channelsLast = (x: Value): Value => (x.shape.length === 4 ? toChannelsLast(graph, x) : x);

  const concat = (node: GraphNode): Value => {
    const count = inputsOf(node).length - 1;
    const [axis] = weightOf(node, count).data;
    const parts = Array.from({ length: count }, (_, index) => valueAt(node, index));
    const [first] = parts;
    if (axis !== 3 || first?.shape.length !== 4) throw new Error(`${node.name}: only channels can be joined`);
    const channels = parts.reduce((sum, part) => sum + (part.shape[1] ?? 0), 0);
    return graph.node('Concat', parts, [1, channels, ...first.shape.slice(2)], { axis: 1 });
  };

  const reshaped = (node: GraphNode): Value => {
    const x = channelsLast(valueAt(node, 0));
    const size = x.shape.reduce((product, side) => product * side, 1);
    const wanted = [...weightOf(node, 1).data];
    const known = wanted.filter((side) => side >= 0).reduce((product, side) => product * side, 1);
    return reshape(
      graph,
      x,
      wanted.map((side) => (side < 0 ? size / known : side)),
    );
  };

  const convertNode = (node: GraphNode): Value => {
    switch (node.op) {
      case 'Placeholder': {
        const [, height = 0, width = 0, channels = 0] = (node.attr?.['shape']?.shape?.dim ?? []).map((d) =>
          Number(d.size),
        );
        return graph.input('input', [1, channels, height, width]);
      }
      case '_FusedConv2D':
        return fusedConv(node);
      case 'DepthwiseConv2dNative': {
        const window = { stride: strideOf(node), padding: paddingOf(node), depthwise: true };
        return conv2d(graph, valueAt(node, 0), weightOf(node, 1), undefined, window);
      }
      case 'AddV2':
        return graph.node('Add', [valueAt(node, 0), valueAt(node, 1)], valueAt(node, 0).shape);
      case 'Relu':
      case 'Sigmoid':
        return activate(graph, node.op, valueAt(node, 0));
      case 'Prelu':
        return prelu(valueAt(node, 0), weightOf(node, 1));
      case 'MaxPool': {
        const [, height = 1, width = 1] = integersOf(node, 'ksize');
        const window = { kernel: [height, width] as const, stride: strideOf(node), padding: paddingOf(node) };
        return pool2d(graph, 'MaxPool', valueAt(node, 0), window);
      }
      case 'Pad':
        return pad(node);
      case 'ConcatV2':
        return concat(node);
      case 'Reshape':
        return reshaped(node);
      case 'Identity':
        return valueAt(node, 0);
      default:
        throw new Error(`${node.name}: operator ${node.op} is not known`);
    }
  };

  function convert(nodeName: string): Value {
    const before = done.get(nodeName);
    if (before) return before;
    const node = nodes.get(nodeName);
    if (!node) throw new Error(`no node '${nodeName}'`);
    const value = convertNode(node);
    done.set(nodeName, value);
    return value;
  }

  for (const [outputName, nodeName] of Object.entries(outputs)) {
    graph.output(outputName, channelsLast(convert(nodeName)));
  }
  return graph;
}
