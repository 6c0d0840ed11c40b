import type { DescriptorVersion } from '#domain/descriptor/descriptor';
import { arcfaceSize } from '#domain/face/face-template';
import { faceApiAgeGender } from '../models/age-gender.faceapi.ts';
import { arcface112 } from '../models/descriptor.arcface.ts';
import { yunet, yunetOutputs } from '../models/detector.yunet.ts';
import { prepareOf } from '../models/feeding.ts';
import { silentFace } from '../models/liveness.silent-face.ts';
import type { ModelSet } from '../models/model-set.ts';
import { areProbabilities, isProbability } from '../models/probabilities.ts';
import { type PackKind, type PackManifest, packId, type RecipeName } from './manifest.ts';
import { PackError } from './pack-error.ts';

type Network = PackManifest['networks'][number];

/** What a recipe wants of a manifest, and the models it makes of one that passed. */
interface Recipe {
  readonly kind: PackKind;
  readonly crop: PackManifest['feeding']['crop'];
  readonly decode: PackManifest['feeding']['decode'];
  /** Null: the manifest chooses. */
  readonly side: number | null;
  readonly networks: { readonly least: number; readonly most: number };
  /** Why the outputs of a network cannot be read by this recipe; null when they can. */
  problemOf(network: Network, manifest: PackManifest): string | null;
  /** Why a golden picture cannot be answered like this; null when it can. `values`: of an output, or some of them. */
  valuesProblemOf(output: string, values: ArrayLike<number>, areAll: boolean): string | null;
  modelsOf(manifest: PackManifest): Partial<ModelSet>;
}

const lengthOf = (shape: readonly number[] | undefined): number =>
  shape === undefined ? 0 : shape.reduce((product, side) => product * side, 1);

const onlyOutput = ({ outputs }: Network): string => Object.keys(outputs)[0] ?? '';

/** Name of a pack's network among all networks in use. */
export function networkName(manifest: PackManifest, { id }: Pick<Network, 'id'>): string {
  return `${packId(manifest)}/${id}`;
}

function wantSingleOutput({ outputs }: Network, length: number): string | null {
  const lengths = Object.values(outputs).map(lengthOf);
  return lengths.length === 1 && lengths[0] === length ? null : `must have one output of ${length} values`;
}

function firstOf(manifest: PackManifest): Network {
  const [network] = manifest.networks;
  if (!network) throw new PackError('the pack has no network');
  return network;
}

const one = { least: 1, most: 1 };

function wantNumbers(output: string, values: ArrayLike<number>): string | null {
  return Array.from(values).every(Number.isFinite) ? null : `'${output}' has values that are no numbers`;
}

/** Logits would be taken for what they are not, and an attack for a living face. */
function wantProbabilities(output: string, values: ArrayLike<number>, areAll: boolean): string | null {
  const sound = areAll ? areProbabilities(values) : Array.from(values).every(isProbability);
  return sound ? null : `'${output}' is not probabilities (each 0..1, together 1), but ${Array.from(values)}`;
}

export const recipes: Readonly<Record<RecipeName, Recipe>> = {
  'silent-face': {
    kind: 'liveness',
    crop: 'context',
    decode: 'living-of-three',
    side: null,
    networks: { least: 1, most: 4 },
    problemOf: (network) =>
      network.context_scale === undefined ? 'needs a context_scale' : wantSingleOutput(network, 3),
    valuesProblemOf: wantProbabilities,
    modelsOf: (manifest) => ({
      liveness: manifest.networks.map((network) =>
        silentFace({
          network: networkName(manifest, network),
          side: manifest.feeding.side,
          feeding: manifest.feeding,
          scale: network.context_scale ?? 1,
          output: onlyOutput(network),
        }),
      ),
    }),
  },
  yunet: {
    kind: 'detector',
    crop: 'letterbox',
    decode: 'yunet',
    side: null,
    networks: one,
    problemOf({ outputs }, { feeding }) {
      if (feeding.side % 32 !== 0) return 'the side of the input must be a multiple of 32';
      const wanted = Object.entries(yunetOutputs(feeding.side));
      const wrong = wanted.find(([name, length]) => lengthOf(outputs[name]) !== length);
      return wrong ? `must have an output '${wrong[0]}' of ${wrong[1]} values` : null;
    },
    valuesProblemOf: wantNumbers,
    modelsOf(manifest) {
      const { side } = manifest.feeding;
      const network = networkName(manifest, firstOf(manifest));
      return { detector: yunet({ network, side, feeding: manifest.feeding }) };
    },
  },
  'arcface-112': {
    kind: 'descriptor',
    crop: 'arcface-112',
    decode: 'unit-vector',
    side: arcfaceSize,
    networks: one,
    problemOf: (network, { descriptor }) => wantSingleOutput(network, descriptor?.length ?? 0),
    valuesProblemOf: wantNumbers,
    modelsOf(manifest) {
      const network = firstOf(manifest);
      const { version, length } = requireDescriptor(manifest);
      const name = networkName(manifest, network);
      const { feeding } = manifest;
      return { descriptor: arcface112({ network: name, feeding, output: onlyOutput(network), version, length }) };
    },
  },
  'age-gender': {
    kind: 'attributes',
    crop: 'box-1.2',
    decode: 'age-gender',
    side: null,
    networks: one,
    problemOf: ({ outputs }) =>
      lengthOf(outputs['age']) === 1 && lengthOf(outputs['gender']) === 2
        ? null
        : "must have the outputs 'age' (years) and 'gender' (male, female)",
    valuesProblemOf: (output, values, areAll) =>
      output === 'gender' ? wantProbabilities(output, values, areAll) : wantNumbers(output, values),
    modelsOf(manifest) {
      const network = networkName(manifest, firstOf(manifest));
      const { side } = manifest.feeding;
      return { ageGender: { ...faceApiAgeGender, network, side, prepare: prepareOf(manifest.feeding) } };
    },
  },
};

function requireDescriptor({ descriptor }: PackManifest): NonNullable<PackManifest['descriptor']> {
  if (!descriptor)
    throw new PackError('manifest.json: descriptor: a descriptor pack needs its version and calibration');
  return descriptor;
}

/** The descriptor version that a pack brings; null for other kinds. Calibration as the pack states it. */
export function descriptorVersionOf(manifest: PackManifest): DescriptorVersion | null {
  if (manifest.kind !== 'descriptor') return null;
  return { ...requireDescriptor(manifest), name: packId(manifest), metric: 'cosine' };
}

/** Throws `PackError` where the manifest contradicts itself or its recipe. */
export function checkRecipe(manifest: PackManifest): void {
  const { feeding, networks, golden, files, licence } = manifest;
  const recipe = recipes[manifest.recipe];
  const refuse = (what: string): never => {
    throw new PackError(`manifest.json: ${what}`);
  };
  for (const member of ['kind', 'crop', 'decode'] as const) {
    const stated = member === 'kind' ? manifest.kind : feeding[member];
    if (stated !== recipe[member])
      refuse(`recipe '${manifest.recipe}' has ${member} '${recipe[member]}', not '${stated}'`);
  }
  if (recipe.side !== null && feeding.side !== recipe.side) refuse(`feeding.side must be ${recipe.side}`);
  const { least, most } = recipe.networks;
  if (networks.length < least || networks.length > most)
    refuse(`recipe '${manifest.recipe}' takes ${least} to ${most} networks`);
  if (manifest.kind === 'descriptor') requireDescriptor(manifest);
  else if (manifest.descriptor) refuse(`descriptor: a ${manifest.kind} pack has none`);
  if (!files[licence.file]) refuse(`licence.file '${licence.file}' is not among the files`);
  if (new Set(networks.map(({ id }) => id)).size < networks.length) refuse('two networks have the same id');
  for (const network of networks) {
    if (!files[network.file]) refuse(`the network file '${network.file}' is not among the files`);
    const shape = [1, 3, feeding.side, feeding.side];
    if (shape.join() !== network.input.shape.join()) refuse(`network '${network.id}': the input must be [${shape}]`);
    const problem = recipe.problemOf(network, manifest);
    if (problem) refuse(`network '${network.id}' ${problem}`);
    if (!golden.some((one) => one.network === network.id)) refuse(`network '${network.id}' has no golden vector`);
  }
  for (const { network, outputs, tolerance } of golden) {
    const known = networks.find(({ id }) => id === network);
    if (!known) refuse(`golden: there is no network '${network}'`);
    for (const [name, { values, indices }] of Object.entries(outputs)) {
      const length = lengthOf(known?.outputs[name]);
      if (length === 0) refuse(`golden: network '${network}' has no output '${name}'`);
      if (indices ? indices.length !== values.length : values.length !== length) {
        refuse(`golden: output '${name}' of '${network}' has another number of values than places`);
      }
      const problem = recipe.valuesProblemOf(name, values, indices === undefined);
      if (problem) refuse(`golden: network '${network}': ${problem}`);
      if (indices?.some((index) => index >= length)) refuse(`golden: output '${name}' of '${network}' is shorter`);
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Wider than this, a tolerance would let another network pass.
      if (tolerance > 0.01 * Math.max(1, largest)) refuse(`golden: a tolerance of ${tolerance} proves nothing`);
    }
    if (Object.keys(outputs).length < Object.keys(known?.outputs ?? {}).length) {
      refuse(`golden: not every output of '${network}' has values`);
    }
  }
}
