import { buildAgeGender, buildExpression } from './face-api/attributes.ts';
import { type Weights, weightsOf } from './face-api/blocks.ts';
import { buildRecognition } from './face-api/recognition.ts';
import { convertGraphModel, type GraphModel } from './graph-model.ts';
import type { OnnxGraph } from './onnx.ts';
import { type ManifestEntry, readWeights } from './weights.ts';

/** One embedded network: where its weights come from and how it is built of them. */
export interface NetworkSource {
  readonly name: string;
  readonly packageName: '@vladmandic/human' | '@vladmandic/face-api';
  /** Inside the package: the description (JSON), then the weights. */
  readonly files: readonly [description: string, weights: string];
  build(description: unknown, weights: Uint8Array): OnnxGraph;
}

function human(name: string, outputs: Readonly<Record<string, string>>): NetworkSource {
  return {
    name,
    packageName: '@vladmandic/human',
    files: [`models/${name}.json`, `models/${name}.bin`],
    build: (description, weights) => convertGraphModel(name, description as GraphModel, weights, outputs),
  };
}

function faceApi(name: string, build: (weights: Weights) => OnnxGraph): NetworkSource {
  return {
    name,
    packageName: '@vladmandic/face-api',
    files: [`model/${name}_model-weights_manifest.json`, `model/${name}_model.bin`],
    build: (description, binary) => {
      const groups = description as readonly { readonly weights: readonly ManifestEntry[] }[];
      return build(
        weightsOf(
          readWeights(
            groups.flatMap((group) => group.weights),
            binary,
          ),
        ),
      );
    },
  };
}

/** Every embedded network, in the order in which a picture meets them. */
export const networkSources: readonly NetworkSource[] = [
  // Feature maps of stride 16 (16x16 cells, 2 anchors) and 32 (8x8 cells, 6 anchors).
  human('blazeface', { scores16: 'Identity', boxes16: 'Identity_2', scores32: 'Identity_1', boxes32: 'Identity_3' }),
  human('facemesh', { mesh: 'Identity_2', face: 'Identity_1' }),
  human('iris', { points: 'Identity' }),
  faceApi('face_recognition', buildRecognition),
  faceApi('face_expression', buildExpression),
  faceApi('age_gender', buildAgeGender),
];
