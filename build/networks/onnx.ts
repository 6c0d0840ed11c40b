import {
  bytesField,
  floatField,
  integerField,
  joinBytes,
  type Message,
  messageField,
  stringField,
} from './protobuf.ts';

/**
 * Builds one ONNX graph with static shapes and writes it as a file. Field numbers are those of `onnx.proto3`
 * (IR version 8, operator set 13). Everything is float32 except shapes and pads, which are int64.
 */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface OnnxGraph {
  input(name: string, shape: readonly number[]): Value;
  floats(shape: readonly number[], data: Float32Array): Value;
  integers(data: readonly number[]): Value;
  /** Adds a node with one output of the given shape. */
  node(
    operator: string,
    inputs: readonly Value[],
    shape: readonly number[],
    attributes?: Readonly<Record<string, Attribute>>,
  ): Value;
  output(name: string, value: Value): void;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  toBytes(): Uint8Array;
}

const irVersion = 8;
const operatorSet = 13;
const elementFloat = 1;
const elementInt64 = 7;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function attributeMessage(name: string, value: Attribute): Message {
  const head = stringField(1, name);
  if (typeof value === 'number') return [...head, ...integerField(3, value), ...integerField(20, 2)];
  if (typeof value === 'string') return [...head, ...stringField(4, value), ...integerField(20, 3)];
  if ('float' in value) return [...head, ...floatField(2, value.float), ...integerField(20, 1)];
  return [...head, ...value.flatMap((item) => integerField(8, item)), ...integerField(20, 7)];
}

function tensorMessage(value: Value, elementType: number, data: Uint8Array): Message {
  return [
    ...value.shape.flatMap((side) => integerField(1, side)),
    ...integerField(2, elementType),
    ...stringField(8, value.name),
    ...bytesField(9, data),
  ];
}

function valueInfoMessage({ name, shape }: Value): Message {
  const dimensions = shape.flatMap((side) => messageField(1, integerField(1, side)));
  const tensorType = [...integerField(1, elementFloat), ...messageField(2, dimensions)];
  return [...stringField(1, name), ...messageField(2, messageField(1, tensorType))];
}

export function createOnnxGraph(graphName: string): OnnxGraph {
  const nodes: Message[] = [];
  const initializers: Message[] = [];
  const inputs: Value[] = [];
  const outputs: Value[] = [];
  let made = 0;
  const nextName = (kind: string): string => `${kind}_${made++}`;

  const addInitializer = (shape: readonly number[], elementType: number, data: ArrayBufferView): Value => {
    const value = { name: nextName('const'), shape };
    initializers.push(tensorMessage(value, elementType, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
    return value;
  };
  const addNode = (
    operator: string,
    nodeInputs: readonly Value[],
    output: Value,
    attributes: Readonly<Record<string, Attribute>>,
  ): void => {
    nodes.push([
      ...nodeInputs.flatMap((input) => stringField(1, input.name)),
      ...stringField(2, output.name),
      ...stringField(3, output.name),
      ...stringField(4, operator),
      ...Object.entries(attributes).flatMap(([name, value]) => messageField(5, attributeMessage(name, value))),
    ]);
  };

  return {
    inputs,
    outputs,
    input(name, shape) {
      const value = { name, shape };
      inputs.push(value);
      return value;
    },
    floats(shape, data) {
      if (data.length !== elementCount(shape)) throw new Error(`${data.length} values for the shape [${shape}]`);
      return addInitializer(shape, elementFloat, data);
    },
    integers: (data) => addInitializer([data.length], elementInt64, BigInt64Array.from(data.map(BigInt))),
    node(operator, nodeInputs, shape, attributes = {}) {
      const value = { name: nextName(operator.toLowerCase()), shape };
      addNode(operator, nodeInputs, value, attributes);
      return value;
    },
    output(name, value) {
      const output = { name, shape: value.shape };
      addNode('Identity', [value], output, {});
      outputs.push(output);
    },
    toBytes() {
      const graph = [
        ...nodes.flatMap((node) => messageField(1, node)),
        ...stringField(2, graphName),
        ...initializers.flatMap((tensor) => messageField(5, tensor)),
        ...inputs.flatMap((value) => messageField(11, valueInfoMessage(value))),
        ...outputs.flatMap((value) => messageField(12, valueInfoMessage(value))),
      ];
      const model = [
        ...integerField(1, irVersion),
        ...stringField(2, 'perigee'),
        ...messageField(7, graph),
        ...messageField(8, integerField(2, operatorSet)),
      ];
      return joinBytes(model);
    },
  };
}
