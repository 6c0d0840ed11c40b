import { activate, add, pool2d, subtractMean } from '../layers.ts';
import { createOnnxGraph, type OnnxGraph, type Value } from '../onnx.ts';
import {
  averageFeatures,
  denseBlock,
  fullyConnected,
  meanColour,
  plainConv,
  separableConv,
  type Weights,
} from './blocks.ts';

const side = 112;

function softmax(graph: OnnxGraph, x: Value): Value {
  return graph.node('Softmax', [x], x.shape, { axis: 1 });
}

/** RGB 0..255 [1,3,112,112] -> [1,7]: neutral, happy, sad, angry, fearful, disgusted, surprised; sum 1. */
export function buildExpression(weights: Weights): OnnxGraph {
  const graph = createOnnxGraph('face_expression');
  let x = subtractMean(graph, graph.input('input', [1, 3, side, side]), meanColour);
  for (let block = 0; block < 4; block++) x = denseBlock(graph, weights, `dense${block}`, x, block === 0);
  const result = fullyConnected(graph, weights, 'fc', averageFeatures(graph, x));
  graph.output('expressions', softmax(graph, result));
  return graph;
}

/** RGB 0..255 [1,3,112,112] -> age [1,1] in years, gender [1,2]: male, female; sum 1. */
export function buildAgeGender(weights: Weights): OnnxGraph {
  const graph = createOnnxGraph('age_gender');
  const relu = (x: Value): Value => activate(graph, 'Relu', x);
  const separable = (name: string, x: Value): Value => separableConv(graph, weights, name, x);
  const reduce = (name: string, input: Value, first: boolean): Value => {
    const begin = separable(`${name}/separable_conv0`, first ? input : relu(input));
    const main = separable(`${name}/separable_conv1`, relu(begin));
    const pooled = pool2d(graph, 'MaxPool', main, { kernel: [3, 3], stride: 2, padding: 'same' });
    return add(graph, pooled, plainConv(graph, weights, `${name}/expansion_conv`, input, 2));
  };
  let x = subtractMean(graph, graph.input('input', [1, 3, side, side]), meanColour);
  x = relu(plainConv(graph, weights, 'entry_flow/conv_in', x, 2));
  x = reduce('entry_flow/reduction_block_0', x, true);
  x = reduce('entry_flow/reduction_block_1', x, false);
  for (const block of ['middle_flow/main_block_0', 'middle_flow/main_block_1']) {
    let inner = x;
    for (let layer = 0; layer < 3; layer++) inner = separable(`${block}/separable_conv${layer}`, relu(inner));
    x = add(graph, inner, x);
  }
  x = reduce('exit_flow/reduction_block', x, false);
  const features = averageFeatures(graph, relu(separable('exit_flow/separable_conv', x)));
  graph.output('age', fullyConnected(graph, weights, 'fc/age', features));
  graph.output('gender', softmax(graph, fullyConnected(graph, weights, 'fc/gender', features)));
  return graph;
}
